"""What came back for a request: the text, or what went wrong, and what the provider counted.

Where the counts are: ``prompt_tokens_details`` has what was read from the provider's cache and what was written to it
(OpenAI, OpenRouter, Groq, Gemini), DeepSeek has ``prompt_cache_hit_tokens``. OpenAI tells the service tier that it
really served, OpenRouter what it charged. Gemini leaves thinking out of ``completion_tokens`` but not out of the total.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from ranker.llm.failures import Failure, of_body
from ranker.llm.parse import read_json

T = TypeVar("T")
_LARGEST = 2**31
"""No count or sum of one call comes to that; a database could not keep it."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back for one request. ``tokens_*`` and ``cost`` are ``None`` where the provider did not say.

    ``tokens_cached`` and ``tokens_written`` are part of ``tokens_in``; thinking is part of ``tokens_out``. ``tier`` is
    the service tier that was served, "" where nothing was said.
    """

    text: str = ""
    served: str = ""
    tokens_in: int | None = None
    tokens_cached: int | None = None
    tokens_out: int | None = None
    cost: float | None = None
    failure: Failure | None = None
    tokens_written: int | None = None
    tier: str = ""


def read_reply(body: Any) -> Reply:
    """The reply in a parsed answer; a provider's extras are looked for and not relied on."""
    usage = getattr(body, "usage", None)
    details = getattr(usage, "prompt_tokens_details", None)
    cached = _whole(getattr(details, "cached_tokens", None))
    if cached is None:
        cached = _whole(getattr(usage, "prompt_cache_hit_tokens", None))
    into, out = _whole(getattr(usage, "prompt_tokens", None)), _whole(getattr(usage, "completion_tokens", None))
    total = _whole(getattr(usage, "total_tokens", None))
    if into is not None and out is not None and total is not None:
        out = max(out, total - into)
    text, failure = _said(body)
    return Reply(
        text, _name(getattr(body, "model", None)), into, cached, out, _charged(usage), failure,
        _whole(getattr(details, "cache_write_tokens", None)), _name(getattr(body, "service_tier", None)),
    )  # fmt: skip


def _said(body: Any) -> tuple[str, Failure | None]:
    choices = getattr(body, "choices", None)
    if not choices:
        error = getattr(body, "error", None)
        return "", of_body(error) if error else Failure("empty")
    message, reason = choices[0].message, choices[0].finish_reason
    text = (message.content if message is not None else None) or ""
    if message is not None and getattr(message, "refusal", None):
        return text, Failure("refused")
    if reason == "content_filter":
        return text, Failure("filtered")
    if reason == "length":
        return text, Failure("cut")
    return text, None if text.strip() else Failure("empty")


def _charged(usage: Any) -> float | None:
    """The dollars that the provider says it charged; with a key of one's own for the provider behind it, both."""
    cost = _dollars(getattr(usage, "cost", None))
    if cost is None or getattr(usage, "is_byok", None) is not True:
        return cost
    details = getattr(usage, "cost_details", None)
    behind = _dollars(details.get("upstream_inference_cost")) if isinstance(details, dict) else None
    return None if behind is None else cost + behind


def _dollars(value: Any) -> float | None:
    known = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < _LARGEST
    return float(value) if known else None


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _LARGEST else None


def _name(value: Any) -> str:
    """Without signs that a database can't keep: whatever a provider calls itself, a paid call is written down."""
    return "".join(sign for sign in value[:200] if sign.isprintable()) if isinstance(value, str) else ""


def taken(reply: Reply, check: Callable[[Any], T]) -> tuple[T | None, str | None, Failure | None]:
    """(What ``check`` makes of the answer, the JSON that is kept of it, None); or only the failure."""
    if reply.failure is not None:
        return None, None, reply.failure
    try:
        data = read_json(reply.text)
        return check(data), json.dumps({"value": data, "served": reply.served}), None
    except (ValueError, KeyError, TypeError):
        return None, None, Failure("invalid")

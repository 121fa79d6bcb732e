"""What can go wrong with a call, and what follows: each kind of failure has one policy."""

from __future__ import annotations

import email.utils
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import openai


@dataclass(frozen=True, slots=True)
class Policy:
    """What follows a kind of failure.

    ``tries``: how often a question is asked in all, if this is what goes wrong each time. ``ends``: this provider
    is not asked again by anybody. ``moves_on``: the next provider may answer. ``shakes``: it counts for the circuit
    breaker. ``billed``: whether it can have cost something. ``words``: for the person, after "The model".
    """

    tries: int
    words: str
    ends: bool = False
    moves_on: bool = False
    shakes: bool = False
    billed: bool = False


POLICIES: dict[str, Policy] = {
    "rate": Policy(8, "asked us to slow down again and again", moves_on=True),
    "busy": Policy(12, "had no room for us again and again", moves_on=True),
    "quota": Policy(1, "is not paid for: the account's credit is used up", ends=True, moves_on=True),
    "auth": Policy(1, "refused the key", ends=True, moves_on=True),
    "model": Policy(1, "is not offered at this address under that name", ends=True, moves_on=True),
    "tier": Policy(1, "is not offered at the service tier of RANKER_SERVICE_TIER", ends=True, moves_on=True),
    "request": Policy(1, "refused the question as invalid"),
    "too_long": Policy(1, "can't take a question of this length"),
    "server": Policy(6, "had an error of its own", moves_on=True, shakes=True),
    "network": Policy(6, "could not be reached, or hung up", moves_on=True, shakes=True, billed=True),
    "timeout": Policy(4, "took too long to answer", moves_on=True, shakes=True, billed=True),
    "refused": Policy(4, "declined to answer", billed=True),
    "filtered": Policy(3, "had its answer withheld by a filter", billed=True),
    "cut": Policy(4, "did not come to an end within the limit", billed=True),
    "empty": Policy(5, "gave an empty answer", billed=True),
    "invalid": Policy(5, "gave an answer of the wrong form", billed=True),
}
"""Every kind of failure. ``quota``, ``auth`` and ``model`` get exactly one attempt. ``busy``: a tier
that serves when it has room (OpenAI's flex) had none, and charges nothing for that.
"""

SLOWED = frozenset({"rate", "busy"})
"""Failures after which the whole provider is left alone for a moment."""

ACCOUNT = frozenset({"quota", "auth"})
"""Failures that a person mends: by paying, or with another key."""

UNSUPPORTED = "unsupported"
"""Not a failure: the address does not know a parameter, and is asked again without it."""

AGAIN = "again"
"""Not a failure: nothing was sent, because the provider went out of reach while the question waited for its turn."""

_LONGEST_WAIT = 180.0
"""Seconds; a provider that says to wait longer has a limit of the day, not of the minute."""
# Not "exceeded your current quota": that is how Gemini words a limit of the minute.
_QUOTA = re.compile(r"insufficient_quota|billing_hard_limit|insufficient.{0,3}(?:balance|credit|funds)", re.IGNORECASE)
_NO_ROOM = re.compile(r"resource.{0,3}unavailable|capacity_exceeded", re.IGNORECASE)
_TOO_LONG = re.compile(
    r"context_length|context size|maximum context|context window|too many tokens|prompt is too long", re.IGNORECASE
)
_PARAMETER = re.compile(
    r"response_format|json.schema|json_object|structured output|temperature|max_tokens|max_completion_tokens|"
    r"reasoning_effort", re.IGNORECASE,
)  # fmt: skip
_RETRY_IN = re.compile(
    r"""(?:retry|try again)(?:delay|_after)?["']?\s*(?:in|:)?\s*["']?(\d+(?:\.\d+)?)\s*(ms|s)\b""", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Failure:
    """One attempt that failed. ``wait``: seconds that the provider asked for. ``parameter``: what it can't take."""

    kind: str
    wait: float | None = None
    parameter: str = ""

    @property
    def policy(self) -> Policy:
        """What follows."""
        return POLICIES[self.kind]


def classify(error: Exception) -> Failure:
    """The failure that an exception of the ``openai`` package stands for. Its text is read, and kept nowhere."""
    if isinstance(error, openai.APITimeoutError):
        return Failure("timeout")
    if isinstance(error, openai.APIConnectionError):
        return Failure("network")
    if isinstance(error, openai.APIStatusError):
        return _by_status(error.status_code, _said(error), dict(error.response.headers))
    return Failure("invalid")


def of_body(error: Any) -> Failure:
    """The failure in an answer of status 200 whose body is an error, as some routers send it."""
    said = json.dumps(error, default=str)
    code = error.get("code") if isinstance(error, dict) else None
    return _by_status(code if isinstance(code, int) else 500, said, {})


def _said(error: openai.APIStatusError) -> str:
    body = json.dumps(error.body, default=str)
    return f"{getattr(error, 'code', '')} {getattr(error, 'type', '')} {error.message} {body}"


def _by_status(status: int, said: str, headers: Mapping[str, str]) -> Failure:
    if status == 402 or (status in {403, 429} and _QUOTA.search(said)):
        return Failure("quota")
    if status == 498 or (status == 429 and _NO_ROOM.search(said)):  # 498 is Groq's
        return Failure("busy", told_wait(headers, said))
    if status == 429:
        wait = told_wait(headers, said)
        return Failure("quota") if wait is not None and wait > _LONGEST_WAIT else Failure("rate", wait)
    if status in {401, 403}:
        return Failure("auth")
    if status == 404:
        return Failure("model")
    if status == 413 or (status in {400, 422} and _TOO_LONG.search(said)):
        return Failure("too_long")
    if status in {400, 422} and "service_tier" in said:
        return Failure("tier")
    if status in {400, 422}:
        found = _PARAMETER.search(said)
        return Failure(UNSUPPORTED, parameter=found[0].lower()) if found else Failure("request")
    if status in {408, 409, 425} or status >= 500:
        return Failure("server", told_wait(headers, ""))
    return Failure("request")


def told_wait(headers: Mapping[str, str], said: str = "") -> float | None:
    """The seconds that an answer says to wait: ``retry-after-ms``, ``Retry-After`` (seconds or a date), or its text."""
    milliseconds = headers.get("retry-after-ms")
    after = headers.get("retry-after")
    try:
        if milliseconds is not None:
            return max(0.0, float(milliseconds) / 1000)
        if after is not None:
            return max(0.0, float(after))
    except ValueError:
        date = email.utils.parsedate_to_datetime(after) if after and _is_date(after) else None
        return None if date is None else max(0.0, date.timestamp() - time.time())
    match = _RETRY_IN.search(said)
    return None if match is None else float(match[1]) / (1000 if match[2].lower() == "ms" else 1)


def _is_date(text: str) -> bool:
    return email.utils.parsedate_tz(text) is not None

"""Providers that speak OpenAI's protocol, each with what it does differently. Written from their documents, not tried
live: an address that answers otherwise is told so by its own errors, and the client adapts to the common ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

Rung = Literal["json_schema", "json_object", "plain"]
LADDER: tuple[Rung, ...] = ("json_schema", "json_object", "plain")
"""Ways to ask for a structured answer, the strictest first."""

# Models that reason before they answer: they take no temperature, and think within the limit of the answer.
_REASONING = re.compile(r"(?:^|/)(?:gpt-5(?!.*chat)|o[134](?:-|$)|gpt-6)")


@dataclass(frozen=True, slots=True)
class Preset:
    """A provider. ``key_variable`` holds its key; ``needs_key`` is no for servers of one's own.

    ``limit_name`` is the field that limits an answer's length. ``requests_per`` are the seconds that the
    ``x-ratelimit-*-requests`` headers speak of. ``routes``: others stand behind it, at prices of their own.
    ``local``: on one's own machine, so that an answer costs nothing. ``tiers``: the service tiers that a request can
    name, the plain one first.
    """

    name: str
    title: str
    base_url: str
    key_variable: str
    needs_key: bool = True
    first_rung: Rung = "json_schema"
    limit_name: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    requests_per: float = 60.0
    routes: bool = False
    local: bool = False
    tiers: tuple[str, ...] = ()


PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset(
            "openai", "OpenAI", "https://api.openai.com/v1", "OPENAI_API_KEY", limit_name="max_completion_tokens",
            tiers=("default", "flex", "priority"),
        ),
        Preset("openrouter", "OpenRouter", "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY", routes=True),
        # Groq's headers count requests of a day and tokens of a minute.
        Preset(
            "groq", "Groq", "https://api.groq.com/openai/v1", "GROQ_API_KEY",
            limit_name="max_completion_tokens", requests_per=86_400.0,
        ),
        Preset(
            "gemini", "Gemini", "https://generativelanguage.googleapis.com/v1beta/openai", "GEMINI_API_KEY"
        ),
        # DeepSeek has no json_schema.
        Preset(
            "deepseek", "DeepSeek", "https://api.deepseek.com/v1", "DEEPSEEK_API_KEY", first_rung="json_object"
        ),
        Preset("ollama", "Ollama", "http://127.0.0.1:11434/v1", "OLLAMA_API_KEY", needs_key=False, local=True),
        Preset("other", "your own address", "", "OPENAI_API_KEY", needs_key=False),
    )
}  # fmt: skip


def preset_of(base_url: str) -> Preset:
    """The preset whose address this is; ``other`` for any address that none of them has."""
    host = _host(base_url)
    if not host:
        return PRESETS["openai"]
    for preset in PRESETS.values():
        if preset.base_url and not preset.local and _host(preset.base_url) == host:
            return preset
    if host in _LOOPBACK and urlsplit(base_url).port == 11434:
        return PRESETS["ollama"]
    return PRESETS["other"]


_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def on_this_machine(base_url: str) -> bool:
    """Whether an address is one of this machine's own."""
    return _host(base_url) in _LOOPBACK


def _host(base_url: str) -> str:
    try:
        return (urlsplit(base_url).hostname or "").lower()
    except ValueError:
        return ""


def reasons(model: str) -> bool:
    """Whether a model thinks before it answers: it takes no temperature and needs room to think."""
    return _REASONING.search(model.lower()) is not None

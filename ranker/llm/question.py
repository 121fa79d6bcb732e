"""A question, the request that it becomes at one provider, and the answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from ranker.llm.providers import LADDER, Preset, Rung, reasons

T = TypeVar("T")

_THINKING = 1_000
"""Tokens that a reasoning model may think, beyond what it writes; as many again as it writes come on top."""
_OVERHEAD = 64
"""Tokens that a provider adds around messages, at most."""
_BYTES_A_TOKEN = 4.0
_LIMITS = ("max_tokens", "max_completion_tokens")
_MOST_CHANGES = 6


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. ``system`` is the same for many questions and comes first, so that providers can cache it.

    ``schema`` is the JSON schema of the answer, under ``name``; ``max_output`` the tokens that it can take. ``apart``
    is never sent: questions that are equal but for it share no answer.
    """

    purpose: str
    system: str
    user: str
    name: str
    schema: Mapping[str, Any]
    max_output: int
    apart: str = ""

    def worst_input(self) -> int:
        """More tokens than the request can have: no tokenizer makes more tokens than there are bytes."""
        return len(self.system.encode()) + len(self.user.encode()) + len(json.dumps(self.schema)) + _OVERHEAD

    def likely_input(self, bytes_a_token: float = _BYTES_A_TOKEN) -> float:
        """About how many tokens the request has."""
        return (len(self.system.encode()) + len(self.user.encode())) / bytes_a_token + _OVERHEAD / 4


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """A checked answer; ``cached``: it was asked before, and cost nothing now."""

    value: T
    provider: str
    served: str
    cached: bool


@dataclass(slots=True)
class Manners:
    """How one provider's model wants to be asked; it is learned from its refusals."""

    rung: Rung
    temperature: bool
    limit_name: str
    effort: bool
    version: int = 0

    @classmethod
    def of(cls, preset: Preset, model: str) -> Manners:
        """What is known before the first request."""
        thinks = reasons(model)
        return cls(preset.first_rung, not thinks, preset.limit_name, thinks and preset.name in {"openai", "openrouter"})

    def adapt(self, parameter: str) -> bool:
        """Leave out or replace what a provider said it can't take; False if there is nothing left to change."""
        if self.version >= _MOST_CHANGES:
            return False
        if parameter == "temperature":
            changed, self.temperature = self.temperature, False
        elif parameter == "reasoning_effort":
            changed, self.effort = self.effort, False
        elif parameter in _LIMITS:
            changed, self.limit_name = True, next(name for name in _LIMITS if name != self.limit_name)
        else:
            changed = self.rung != LADDER[-1]
            self.rung = LADDER[min(LADDER.index(self.rung) + 1, len(LADDER) - 1)]
        self.version += 1
        return changed


def output_limit(question: Question, model: str, grown: int = 1) -> int:
    """The limit of an answer in tokens; ``grown`` times as much after one that was cut."""
    return question.max_output * grown + ((_THINKING + question.max_output) * grown if reasons(model) else 0)


def request_of(question: Question, model: str, manners: Manners, temperature: float, limit: int) -> dict[str, Any]:
    """The arguments of ``chat.completions.create``."""
    system = question.system
    if manners.rung != "json_schema":
        system += f"\n\nAnswer with one JSON object of this schema and nothing else:\n{json.dumps(question.schema)}"
    request: dict[str, Any] = {
        "model": model,
        "messages": [{"role": "system", "content": system}, {"role": "user", "content": question.user}],
        manners.limit_name: limit,
    }
    if manners.temperature:
        request["temperature"] = temperature
    if manners.effort:
        request["reasoning_effort"] = "low"
    if manners.rung == "json_schema":
        request["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": question.name, "strict": True, "schema": dict(question.schema)},
        }
    elif manners.rung == "json_object":
        request["response_format"] = {"type": "json_object"}
    return request


def cache_key(question: Question, provider: str, model: str, temperature: float, repeat: int = 1) -> str:
    """The hash of everything that decides the answer. How it is asked for (the ladder) does not.

    ``repeat``: the how-manieth answer to the same question; each of them is kept, and only the first is shared.
    """
    said = [provider, model, question.system, question.user, question.name, question.schema, temperature]
    if repeat > 1:
        said.append(repeat)
    if question.apart:
        said.append(question.apart)
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

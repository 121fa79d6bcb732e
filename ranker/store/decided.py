"""By what a run judged, in words: strategy, provider, models, prompts, persona; and what two runs had otherwise."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Decided:
    """What a variant decides by. Everything is blank where the run names no variant.

    ``models`` and ``templates`` are task → name, or version. ``persona`` is the hash of its text, ``persona_id`` the
    persona that this is a version of. ``rest`` is all that has no field of its own here.
    """

    engine: str = ""
    strategy: str = ""
    provider: str = ""
    models: Mapping[str, str] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)
    temperature: float | None = None
    persona: str = ""
    persona_id: int | None = None
    rest: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_json(cls, engine: str, settings: str, persona_id: int | None) -> Decided:
        """What ``variant.settings`` holds."""
        said = json.loads(settings or "{}") | {"engine": engine, "persona_id": persona_id}
        known = {name: said.pop(name) for name in cls.__dataclass_fields__ if name in said}
        return cls(**known, rest=said)

    @property
    def is_model(self) -> bool:
        """Whether a language model was asked."""
        return self.engine.startswith("llm")

    @property
    def names(self) -> tuple[str, ...]:
        """The models, each once, in the order of the tasks."""
        return tuple(dict.fromkeys(self.models.values()))


def otherwise(first: Decided, second: Decided) -> str:
    """What made two runs judge the same lead differently, in one sentence."""
    found = [_persona(first, second)] if first.persona != second.persona else []
    if first.is_model != second.is_model:
        also = f"; {found[0]} differs as well" if found else ""
        order = ("rules", "a model") if second.is_model else ("a model", "rules")
        return f"The lead is the same; first {order[0]} judged it, then {order[1]}{also}."
    if first.is_model:
        found += _asked(first, second)
    if not found:
        if (first.engine, first.rest) != (second.engine, second.rest):
            return "The lead is the same; the program was updated in between."
        return "Nothing differs but the answer: the model was asked again and judged otherwise."
    listed = " and ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found)
    return f"The lead is the same; {listed} {'differs' if len(found) == 1 and found[0] != _PROMPTS else 'differ'}."


_PROMPTS = "the prompts"


def _persona(first: Decided, second: Decided) -> str:
    same = first.persona_id is not None and first.persona_id == second.persona_id
    return "the persona's version" if same else "the persona"


def _asked(first: Decided, second: Decided) -> list[str]:
    """What differs between two that ask a model. Tasks that only one of them has belong to its strategy."""
    both = first.models.keys() & second.models.keys()
    models = set(first.names) != set(second.names) or any(first.models[task] != second.models[task] for task in both)
    told = first.templates.keys() & second.templates.keys()
    prompts = any(first.templates[task] != second.templates[task] for task in told)
    parts = {
        "the strategy": first.strategy != second.strategy,
        "the model": models,
        "the provider": first.provider != second.provider,
        _PROMPTS: prompts,
        "the temperature": first.temperature != second.temperature,
    }
    return [name for name, differs in parts.items() if differs]

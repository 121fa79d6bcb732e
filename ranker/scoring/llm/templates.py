"""What a model is told: templates in files, rendered in a sandbox. A lead's text goes in as data and nothing else.

A value from a file becomes one JSON object on one line: quotes and line breaks are escaped, so are the signs that the
tags around it are made of, and what can't be seen is dropped. It can neither end its row nor begin another, and it is
never read as a template.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ranker.errors import LlmSetup
from ranker.templates.catalog import TemplateText
from ranker.templates.parts import SPLIT, parts_of
from ranker.templates.shipped import shipped_text
from ranker.templates.version import template_hash

LONGEST = {
    "title": 300, "name": 150, "domain": 100, "size": 40, "industry": 120, "reason": 240, "wrong": 400, "mend": 400,
    "value": 400, "text": 300, "role": 160, "summary": 600, "content": 800, "about": 2_000,
}  # fmt: skip
"""Characters of each value that a model is shown."""


def shown(text: str, most: int) -> str:
    """A value as a model is shown it: one line, no control or invisible signs, at most ``most`` characters."""
    kept = "".join(" " if unicodedata.category(sign) in {"Cc", "Zl", "Zp"} else sign for sign in text[: most * 4])
    kept = "".join(sign for sign in kept if unicodedata.category(sign) not in {"Cf", "Cs", "Co", "Cn"})
    line = " ".join(kept.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def row(values: Mapping[str, Any]) -> str:
    """One line of JSON in which nothing of a value can be taken for a tag, a line break or the end of the value."""
    clean = {key: shown(one, LONGEST.get(key, 150)) if isinstance(one, str) else one for key, one in values.items()}
    return re.sub(r"[<>]", lambda sign: f"\\u{ord(sign[0]):04x}", json.dumps(clean, ensure_ascii=False))


@dataclass(frozen=True, slots=True)
class Prompt:
    """A template, ready to render; ``version`` is the hash of its text."""

    name: str
    version: str
    _system: Template
    _user: Template

    def system(self, *, persona: str, size: str, threshold: str) -> str:
        """The part that is the same for all leads of a size."""
        return _render(self, self._system, {"persona": persona, "size": size, "threshold": threshold})

    def user(self, *, companies: Sequence[Mapping[str, Any]], leads: Sequence[Mapping[str, Any]]) -> str:
        """The part with the leads; ``companies`` and ``leads`` are rows of plain values."""
        return _render(self, self._user, {"companies": companies, "leads": leads})

    def filled(self, above: Mapping[str, Any], below: Mapping[str, Any]) -> tuple[str, str]:
        """Both parts, for a task with variables of its own (``ranker.templates.tasks``)."""
        return _render(self, self._system, above), _render(self, self._user, below)


def _render(prompt: Prompt, template: Template, values: Mapping[str, Any]) -> str:
    try:
        return template.render(values).strip()
    except TemplateError as error:
        raise LlmSetup(f"The prompt template “{prompt.name}” can't be rendered: {error}.") from None


@lru_cache(maxsize=64)  # a server reads the same few for every request
def read_prompt(name: str, source: str) -> Prompt:
    """Make a prompt of a template's text. Raises ``LlmSetup`` if it has no user part or is no template."""
    parts = parts_of(source)
    if parts is None:
        raise LlmSetup(f"The prompt template “{name}” needs a line “{SPLIT}” before the part with the leads.")
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    environment.filters["row"] = row
    try:
        halves = environment.from_string(parts.system), environment.from_string(parts.user)
    except TemplateError as error:
        raise LlmSetup(f"The prompt template “{name}” is not well formed: {error}.") from None
    return Prompt(name, template_hash(source), *halves)


@lru_cache(maxsize=16)
def load_prompt(name: str) -> Prompt:
    """The prompt of a task as it comes with the ranker, one of ``tasks.BATCH``."""
    return read_prompt(name, shipped_text(name))


def prompts_of(texts: Mapping[str, TemplateText]) -> dict[str, Prompt]:
    """The prompts of versions in the database, by task. Raises ``LlmSetup`` for one that can't be used."""
    return {task: read_prompt(task, one.content) for task, one in texts.items()}

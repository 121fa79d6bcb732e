"""One task as it is asked: its template filled in, its schema, and how long its answer can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ranker.llm.question import Question
from ranker.personas.slice import persona_slice
from ranker.personas.spec import PersonaSpec
from ranker.scoring.llm.leads import Lead, rows_of
from ranker.scoring.llm.rows import TOP, schema_of
from ranker.scoring.llm.templates import Prompt, load_prompt
from ranker.scoring.reasons import people

BATCH = {"pointwise": 1, "qualify": 50, "rank": 50, "score": 15, "rescore": 15, "final": 15}
"""Leads in one question."""
TASKS = {"pointwise": ("pointwise",), "two-phase": ("qualify", "rank"), "cascade": ("score", "rescore", "final")}
"""Strategies that ask a model, and their tasks in order."""
_ONE_COMPANY = frozenset({"pointwise", "rank"})
"""Tasks whose prompt is about the leads of one company."""
TOKENS_A_LEAD = {"pointwise": 90, "qualify": 45, "rank": 90, "score": 25, "rescore": 14, "final": 55}
"""Tokens of one row of an answer, about."""
_ROOM = 2
"""An answer's limit is this many times what it is expected to take."""


def shipped_prompts() -> dict[str, Prompt]:
    """The prompts that come with the ranker, by task."""
    return {name: load_prompt(name) for name in BATCH}


@dataclass(frozen=True)
class Tasks:
    """The questions of one persona. ``threshold`` is 0 to 100."""

    text: str
    spec: PersonaSpec
    threshold: float
    prompts: Mapping[str, Prompt] = field(default_factory=shipped_prompts)
    _systems: dict[tuple[str, tuple[str, ...]], str] = field(default_factory=dict)

    def question(self, task: str, leads: Sequence[Lead]) -> Question:
        """What is asked about leads that share one part of the persona; they have the ids 1, 2, 3 …"""
        companies, rows = rows_of(leads, shared=task not in _ONE_COMPANY)
        return Question(
            purpose=task,
            system=self._system(task, leads[0].brackets),
            user=self.prompts[task].user(companies=companies, leads=rows),
            name="verdicts",
            schema=schema_of(task, len(leads)),
            max_output=200 + TOKENS_A_LEAD[task] * _ROOM * len(leads),
        )

    def versions(self, strategy: str) -> dict[str, str]:
        """The version of each template that a strategy uses."""
        return {task: self.prompts[task].version for task in TASKS[strategy]}

    def _system(self, task: str, brackets: tuple[str, ...]) -> str:
        known = self._systems.get((task, brackets))
        if known is None:
            top = TOP.get(task, 100)
            known = self._systems[task, brackets] = self.prompts[task].system(
                persona=self._persona(brackets), size=self._size(brackets), threshold=f"{self.threshold * top / 100:g}"
            )
        return known

    def _persona(self, names: tuple[str, ...]) -> str:
        if len(names) == 1:
            return persona_slice(self.text, self.spec, names[0])
        sizes = {bracket.name: people(bracket) for bracket in self.spec.brackets}
        return "\n\n".join(
            f"# At {sizes[name]}\n\n{persona_slice(self.text, self.spec, name)}" for name in names
        )  # fmt: skip

    def _size(self, names: tuple[str, ...]) -> str:
        if len(names) == 1:
            return next(people(bracket) for bracket in self.spec.brackets if bracket.name == names[0])
        return "a size that is not known, so that only somebody who fits at every size below is relevant"


def expected_output(task: str, count: int) -> int:
    """Tokens that an answer about so many leads takes, about."""
    return 10 + TOKENS_A_LEAD[task] * count

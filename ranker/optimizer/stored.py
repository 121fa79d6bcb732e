"""Optimizations in the database: the row of each, its candidates and their figures; the same on every database.

Every write here is an upsert within the caller's transaction, so that a step that is repeated after a crash writes the
same again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from ranker.errors import UsageError
from ranker.optimizer.memory import Candidate
from ranker.optimizer.settings import Settings
from ranker.optimizer.subject import Figures
from ranker.store.clock import now

KIND = "optimize"
"""The kind of their runs."""
_CANDIDATE = text(
    "INSERT INTO candidate (run_id, search, number, parent, generation, hash, content, critique, edit, state, reason, "
    "created_at) VALUES (:run, :search, :number, :parent, :generation, :hash, :content, :critique, :edit, :state, "
    ":reason, :at) ON CONFLICT (run_id, search, number) DO UPDATE SET parent=excluded.parent, "
    "generation=excluded.generation, hash=excluded.hash, content=excluded.content, critique=excluded.critique, "
    "edit=excluded.edit, state=excluded.state, reason=excluded.reason"
)
_SCORE = text(
    "INSERT INTO candidate_score (run_id, hash, company, figures) VALUES (:run, :hash, :company, :figures) "
    "ON CONFLICT (run_id, hash, company) DO UPDATE SET figures=excluded.figures"
)
_OPTIMIZATION = (
    "SELECT run_id, eval_set_id, persona_version_id, template_version_id, slot, settings, split, result, openings, "
    "decision, decided_by, decided_at FROM optimization"
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What an optimization was started with. ``strategy``: ``rules``, or one that asks a model.

    ``models``: those of the two steps of its own (critique, edit); ``templates``: the hashes of their prompts; both
    empty for rules. ``open_at_end``: whether the hold-out is opened without a further click.
    """

    search: Settings
    strategy: str = "rules"
    models: Mapping[str, str] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)
    max_calls: int | None = None
    open_at_end: bool = True

    def as_json(self) -> dict[str, Any]:
        """Plain values, for ``from_json``."""
        search = {name: getattr(self.search, name) for name in self.search.__slots__}
        return {
            "search": search, "strategy": self.strategy, "models": dict(self.models), "templates": dict(self.templates),
            "max_calls": self.max_calls, "open_at_end": self.open_at_end,
        }  # fmt: skip

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Plan:
        """What ``as_json`` gave; what it lacks is as by default."""
        return cls(**{**value, "search": Settings(**value.get("search", {}))})


@dataclass(frozen=True, slots=True)
class OptimizationRow:
    """The row of an optimization; ``run_id`` is its run's number, which says how far it is and what it may cost.

    ``openings``: one for each look at the hold-out, asked for or done. ``decision``: "", ``live`` or ``discarded``.
    """

    run_id: int
    set_id: int | None
    persona_version_id: int | None
    template_version_id: int | None
    slot: str
    plan: Plan
    split: Mapping[str, Any]
    result: Mapping[str, Any]
    openings: tuple[Mapping[str, Any], ...]
    decision: str
    decided_by: str
    decided_at: str


def add_optimization(
    session: Session, run_id: int, set_id: int, persona_version_id: int, template_version_id: int | None, slot: str,
    plan: Plan,
) -> None:  # fmt: skip
    """Write down what was started; one that is there stays."""
    session.connection().execute(
        text(
            "INSERT INTO optimization (run_id, eval_set_id, persona_version_id, template_version_id, slot, settings) "
            "VALUES (:run, :set, :persona, :template, :slot, :settings) ON CONFLICT (run_id) DO NOTHING"
        ),
        {
            "run": run_id, "set": set_id, "persona": persona_version_id, "template": template_version_id, "slot": slot,
            "settings": json.dumps(plan.as_json(), sort_keys=True),
        },
    )  # fmt: skip


def load_optimization(session: Session, run_id: int) -> OptimizationRow:
    """One optimization. Raises ``UsageError`` if there is none with this number."""
    found = session.connection().execute(text(f"{_OPTIMIZATION} WHERE run_id=:run"), {"run": run_id}).first()
    if found is None:
        raise UsageError(f"There is no optimization {run_id}. Choose one from the list.")
    return _row(found)


def list_rows(session: Session) -> list[OptimizationRow]:
    """Optimizations, the newest first."""
    return [_row(row) for row in session.connection().execute(text(f"{_OPTIMIZATION} ORDER BY run_id DESC"))]


def looks_before(session: Session, row: OptimizationRow) -> int:
    """How often companies that this optimization holds out were looked at, on whichever labelled set.

    By name: a set that has grown, or was uploaded again, has the same companies.
    """
    mine = frozenset(row.split.get("held_out", ()))
    return sum(
        "number" in look
        for other in list_rows(session)
        if mine & frozenset(other.split.get("held_out", ()))
        for look in other.openings
    )


def _row(row: Any) -> OptimizationRow:
    settings, split, result, openings = (json.loads(value) for value in row[5:9])
    return OptimizationRow(
        row[0], row[1], row[2], row[3], row[4], Plan.from_json(settings), split, result, tuple(openings), row[9],
        row[10], row[11],
    )  # fmt: skip


def set_columns(session: Session, run_id: int, **values: Any) -> None:
    """Change columns of an optimization; what is no text is kept as JSON."""
    named = ", ".join(f"{name}=:{name}" for name in values)
    plain = {name: one if isinstance(one, str) else json.dumps(one, sort_keys=True) for name, one in values.items()}
    session.connection().execute(text(f"UPDATE optimization SET {named} WHERE run_id=:run"), {**plain, "run": run_id})


def candidates(session: Session, run_id: int) -> dict[int, list[tuple[Candidate, int]]]:
    """Search → its candidates by number, each with the last generation whose beam it was in, plus 1 (0 for none)."""
    rows = session.connection().execute(
        text(
            "SELECT search, number, parent, generation, content, hash, critique, edit, state, reason, in_beam "
            "FROM candidate WHERE run_id=:run ORDER BY search, number"
        ),
        {"run": run_id},
    )
    found: dict[int, list[tuple[Candidate, int]]] = {}
    for row in rows:
        found.setdefault(row[0], []).append((Candidate(*row[1:10]), int(row[10])))
    return found


def scores(session: Session, run_id: int) -> dict[tuple[str, str], Figures]:
    """(Hash of a text, company) → its figures."""
    rows = session.connection().execute(
        text("SELECT hash, company, figures FROM candidate_score WHERE run_id=:run"), {"run": run_id}
    )
    return {(row[0], row[1]): json.loads(row[2]) for row in rows}


def keep_candidates(session: Session, run_id: int, search: int, batch: Iterable[Candidate]) -> None:
    """Write candidates, or write them again."""
    at = now()
    rows = [
        {
            "run": run_id, "search": search, "number": one.number, "parent": one.parent, "generation": one.generation,
            "hash": one.hash, "content": one.text, "critique": one.critique, "edit": one.edit, "state": one.state,
            "reason": one.reason, "at": at,
        }
        for one in batch
    ]  # fmt: skip
    if rows:
        session.connection().execute(_CANDIDATE, rows)


def keep_scores(session: Session, run_id: int, digest: str, found: Mapping[str, Figures]) -> None:
    """Write the figures of a text at companies. Raises ``ValueError`` for a number that is none."""
    rows = [
        {"run": run_id, "hash": digest, "company": company, "figures": json.dumps(dict(figures), allow_nan=False)}
        for company, figures in found.items()
    ]
    if rows:
        session.connection().execute(_SCORE, rows)


def keep_beam(session: Session, run_id: int, search: int, generation: int, numbers: Sequence[int]) -> None:
    """Write down which candidates were in the beam after a generation."""
    session.connection().execute(
        text(
            "UPDATE candidate SET in_beam=:beam WHERE run_id=:run AND search=:search AND in_beam<:beam "
            "AND number IN :numbers"
        ).bindparams(bindparam("numbers", expanding=True)),
        {"beam": generation + 1, "run": run_id, "search": search, "numbers": list(numbers)},
    )

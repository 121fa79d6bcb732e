"""Evaluations as they are listed: which variant on which set, how far, and the figures that were kept."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from ranker.errors import UsageError
from ranker.store.clock import now
from ranker.store.engine import Database
from ranker.store.run_list import RunLine, lines_of

_SELECT = (
    "SELECT e.run_id, e.eval_set_id, e.variant_id, e.repeat, e.figures, coalesce(v.live, 0) FROM eval_run AS e "
    "LEFT JOIN variant AS t ON t.id=e.variant_id LEFT JOIN persona_version AS v ON v.id=t.persona_version_id"
)


@dataclass(frozen=True, slots=True)
class EvalLine:
    """One evaluation. ``figures`` as ``ranker.evaluation.figures.Figures.from_json`` reads them; none until it is
    done. ``live``: its persona's version is in use, and so are its prompts, where it asks with any. ``prompts``: task →
    version of its prompt; without those that are gone.
    """

    run: RunLine
    set_id: int
    variant_id: int | None
    repeat: int
    live: bool
    prompts: Mapping[str, int]
    figures: Mapping[str, Any]

    @property
    def active(self) -> bool:
        """Whether it waits or works."""
        return self.run.state in {"queued", "running"}

    @property
    def dismissed(self) -> bool:
        """Whether it ended too early and a person has put it aside."""
        return "dismissed" in self.figures


def list_evaluations(database: Database, set_id: int) -> list[EvalLine]:
    """Every evaluation on a set, the newest first."""
    with database.session() as session:
        connection = session.connection()
        rows = connection.execute(text(f"{_SELECT} WHERE e.eval_set_id=:id ORDER BY e.run_id DESC"), {"id": set_id})
        return _lines(connection, rows.all())


def get_evaluation(database: Database, run_id: int) -> EvalLine:
    """One evaluation. Raises ``UsageError`` if there is none with this number."""
    with database.session() as session:
        connection = session.connection()
        rows = connection.execute(text(f"{_SELECT} WHERE e.run_id=:id"), {"id": run_id}).all()
        if not rows:
            raise UsageError(f"There is no evaluation {run_id}. Choose one from the list.")
        return _lines(connection, rows)[0]


def dismiss(database: Database, run_id: int, who: str = "") -> bool:
    """Put one that failed or was cancelled aside: the page shows it no more, Runs still does. False for any other."""
    with database.write() as session:
        changed = session.connection().execute(
            text(
                "UPDATE eval_run SET figures=:said WHERE run_id=:id AND figures='{}' "
                "AND run_id IN (SELECT id FROM run WHERE state IN ('failed', 'cancelled'))"
            ),
            {"id": run_id, "said": json.dumps({"dismissed": {"at": now(), "who": who}}, ensure_ascii=False)},
        )
        return bool(changed.rowcount)


def companies_of(database: Database, run_id: int) -> dict[str, dict[str, float | int | None]]:
    """The figures of each company of an evaluation, by the company's key; empty until it is done."""
    with database.session() as session:
        found = session.connection().execute(text("SELECT companies FROM eval_run WHERE run_id=:id"), {"id": run_id})
        kept: dict[str, dict[str, float | int | None]] = json.loads(found.scalar() or "{}")
        return kept


def _lines(connection: Connection, rows: Sequence[Any]) -> list[EvalLine]:
    runs = lines_of(connection, [row[0] for row in rows])
    every = (
        "SELECT t.task, v.hash, v.version, v.live FROM template AS t JOIN template_version AS v ON v.template_id=t.id"
    )
    known = {(row[0], row[1]): (int(row[2]), bool(row[3])) for row in connection.execute(text(every))}
    return [_line(row, runs[row[0]], known) for row in rows]


def _line(row: Any, run: RunLine, known: Mapping[tuple[str, str], tuple[int, bool]]) -> EvalLine:
    asked = run.decided.templates.items()
    return EvalLine(
        run, row[1], row[2], row[3], bool(row[5]) and all(known.get(one, (0, False))[1] for one in asked),
        {one[0]: known[one][0] for one in asked if one in known}, json.loads(row[4]),
    )  # fmt: skip

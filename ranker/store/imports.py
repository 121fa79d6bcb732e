"""What the Import page reads: past imports, and the rows behind each number."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.store.engine import Database
from ranker.store.original import RawRows


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """One import in the list."""

    id: int
    file_name: str
    state: str
    row_count: int
    counts: dict[str, int]
    who: str
    staged_at: str
    done_at: str


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """One row of a file: its number as a spreadsheet counts, its cells, and what became of it.

    ``changes``: field → (before, after), for a changed lead only. ``problem`` is a code of
    ``ingest.problems.PROBLEMS``, or blank.
    """

    number: int
    outcome: str
    reason: str
    problem: str
    lead_id: int | None
    first_number: int | None
    cells: tuple[str, ...]
    changes: dict[str, tuple[Any, Any]]


def list_imports(database: Database, offset: int = 0, limit: int = 50) -> list[ImportSummary]:
    """Imports, the newest first."""
    with database.session() as session:
        rows = session.connection().execute(
            text(
                "SELECT id, file_name, state, row_count, counts, who, staged_at, done_at FROM import_batch "
                "ORDER BY id DESC LIMIT :limit OFFSET :offset"
            ),
            {"limit": limit, "offset": offset},
        )
        return [ImportSummary(*[*row[:4], json.loads(row[4]), *row[5:]]) for row in rows]


def count_imports(database: Database) -> int:
    """How many imports there are, whatever became of them."""
    with database.session() as session:
        return int(session.connection().execute(text("SELECT count(*) FROM import_batch")).scalar_one())


def import_rows(
    database: Database,
    batch_id: int,
    *,
    outcome: str = "",
    problem: str = "",
    offset: int = 0,
    limit: int = 50,
) -> tuple[list[ImportedRow], int]:
    """Rows of a checked import in file order, and how many there are; by outcome, by problem, or all."""
    condition, values = _condition(batch_id, outcome, problem)
    with database.session() as session:
        connection = session.connection()
        total = connection.execute(text(f"SELECT count(*) FROM import_row AS r WHERE {condition}"), values).scalar_one()
        rows = connection.execute(
            text(f"{_ROWS} WHERE {condition} ORDER BY r.number LIMIT :limit OFFSET :offset"),
            {**values, "limit": limit, "offset": max(0, offset)},
        )
        return list(_shaped(session, batch_id, rows.fetchall())), total


def all_import_rows(database: Database, batch_id: int, outcome: str = "") -> Iterator[ImportedRow]:
    """Every row of a checked import (of one outcome), for a file such as the rejects."""
    condition, values = _condition(batch_id, outcome, "")
    with database.session() as session:
        rows = session.connection().execute(text(f"{_ROWS} WHERE {condition} ORDER BY r.number"), values)
        yield from _shaped(session, batch_id, rows.fetchall())


def import_headers(database: Database, batch_id: int) -> tuple[str, ...]:
    """The headers of an imported file, verbatim."""
    with database.session() as session:
        found = session.connection().execute(text("SELECT headers FROM import_batch WHERE id=:id"), {"id": batch_id})
        return tuple(json.loads(found.scalar() or "[]"))


_ROWS = "SELECT r.number, r.outcome, r.reason, r.problem, r.lead_id, r.first_number, r.prior FROM import_row AS r"


def _condition(batch_id: int, outcome: str, problem: str) -> tuple[str, dict[str, Any]]:
    values: dict[str, Any] = {"id": batch_id}
    condition = "r.batch_id=:id"
    if outcome:
        condition, values = f"{condition} AND r.outcome=:outcome", {**values, "outcome": outcome}
    if problem:
        condition = f"{condition} AND r.problem=:problem AND r.outcome NOT IN ('rejected', 'repeated')"
        values = {**values, "problem": problem}
    return condition, values


def _shaped(session: Session, batch_id: int, rows: Iterable[Sequence[Any]]) -> Iterator[ImportedRow]:
    raw = RawRows(session, batch_id)
    for *values, prior in rows:
        changes = {name: tuple(pair) for name, pair in json.loads(prior).items()} if prior else {}
        yield ImportedRow(*[*values, raw.cells(values[0]), changes])


def forget_gone_leads(session: Session) -> None:
    """Rows of files forget leads that are no more, so that a later lead of the same number is not taken for them.

    To be called where leads were removed: all rows are looked through once, however many leads went.
    """
    session.connection().execute(
        text("UPDATE import_row SET lead_id=NULL WHERE lead_id IS NOT NULL AND lead_id NOT IN (SELECT id FROM lead)")
    )

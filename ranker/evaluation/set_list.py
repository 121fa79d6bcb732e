"""The labelled sets that there are: listed, named anew, deleted."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.errors import UsageError
from ranker.evaluation.set_write import tidy_name
from ranker.store.engine import Database


@dataclass(frozen=True, slots=True)
class SetLine:
    """A saved set. ``source``: ``upload``, ``reviews`` or ``sample``; ``saved_at`` is UTC, ISO.

    ``rows``: of the file; they are ``leads`` and the sum of ``left_out`` (a key of ``set_rows.REASONS`` → rows).
    ``pairs``: of leads at one company whose labels differ. ``ordered``: whether it says who of the relevant ones comes
    first, and not only who is relevant. ``evaluations``: how often a variant was measured on it.
    """

    id: int
    name: str
    source: str
    file_name: str
    who: str
    saved_at: str
    rows: int
    leads: int
    companies: int
    ranked: int
    not_relevant: int
    pairs: int
    ordered: bool
    left_out: dict[str, int]
    evaluations: int


@dataclass(frozen=True, slots=True)
class DraftLine:
    """An upload that nobody saved or threw away yet."""

    id: int
    file_name: str
    who: str
    created_at: str


_SETS = (
    "SELECT s.id, s.name, s.source, s.file_name, s.who, s.saved_at, s.counts, "
    "(SELECT count(*) FROM eval_run AS r WHERE r.eval_set_id=s.id) FROM eval_set AS s WHERE s.state='saved'"
)


def list_sets(database: Database) -> list[SetLine]:
    """Saved sets, the newest first."""
    with database.session() as session:
        rows = session.connection().execute(text(f"{_SETS} ORDER BY s.id DESC"))
        return [_line(*row) for row in rows]


def get_set(database: Database, set_id: int) -> SetLine:
    """A saved set. Raises ``UsageError`` if there is none with this number."""
    with database.session() as session:
        return load_set(session, set_id)


def load_set(session: Session, set_id: int) -> SetLine:
    """``get_set`` within a transaction."""
    row = session.connection().execute(text(f"{_SETS} AND s.id=:id"), {"id": set_id}).first()
    if row is None:
        raise UsageError("This labelled set is not here any more. Choose another one.")
    return _line(*row)


def list_drafts(database: Database) -> list[DraftLine]:
    """Uploads that are looked at, the newest first."""
    with database.session() as session:
        rows = session.connection().execute(
            text("SELECT id, file_name, who, created_at FROM eval_set WHERE state='draft' ORDER BY id DESC")
        )
        return [DraftLine(*row) for row in rows]


def rename_set(database: Database, set_id: int, name: str) -> None:
    """Name a set anew; nothing else of it ever changes. Raises ``UsageError`` (blank, too long, no such set)."""
    line = tidy_name(name)
    with database.write() as session:
        load_set(session, set_id)
        session.connection().execute(text("UPDATE eval_set SET name=:name WHERE id=:id"), {"name": line, "id": set_id})


def delete_set(database: Database, set_id: int) -> None:
    """Delete a set with its labels and with what was measured on it.

    Its runs stay in the list: their calls and costs are theirs, and their numbers must not be given to other runs.
    Raises ``UsageError`` if there is no such set, or an evaluation or a search uses it now.
    """
    with database.write() as session:
        load_set(session, set_id)
        connection, key = session.connection(), {"id": set_id}
        using = connection.execute(
            text(
                "SELECT id FROM run WHERE state IN ('queued', 'running') AND id IN (SELECT run_id FROM eval_run WHERE "
                "eval_set_id=:id UNION SELECT run_id FROM optimization WHERE eval_set_id=:id)"
            ),
            key,
        ).first()
        if using is not None:
            raise UsageError(f"Run {using[0]} uses this set now. Wait until it is done, or cancel it under Runs.")
        connection.execute(text("DELETE FROM eval_set WHERE id=:id"), key)


def _line(
    set_id: int, name: str, source: str, file_name: str, who: str, saved_at: str, counts: str, evaluations: int
) -> SetLine:
    said = json.loads(counts)
    return SetLine(
        set_id, name, source, file_name, who, saved_at, said["rows"], said["leads"], said["companies"],
        said["ranked"], said["not_relevant"], said["pairs"], bool(said["ordered"]), said["left_out"], evaluations,
    )  # fmt: skip

"""Whether bytes of somebody who was deleted may still be in the file: remembered until they are wiped."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.store.engine import Database

PENDING = "wipe"
"""Counter that is 1 from a deletion until its traces are gone, so that a crash in between is not forgotten."""


def mark(session: Session, pending: bool) -> None:
    """Say whether traces are still to be removed, in the caller's transaction."""
    session.connection().execute(
        text(
            "INSERT INTO counter (name, value) VALUES (:name, :value) "
            "ON CONFLICT (name) DO UPDATE SET value=excluded.value"
        ),
        {"name": PENDING, "value": int(pending)},
    )


def is_pending(database: Database) -> bool:
    """Whether traces of a deletion are still to be removed."""
    with database.session() as session:
        found = session.connection().execute(text("SELECT value FROM counter WHERE name=:name"), {"name": PENDING})
        return bool(found.scalar())

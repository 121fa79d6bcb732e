"""A person's word on a lead: in, out, or taken back; it outlives every run."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from ranker.errors import UsageError
from ranker.store import currents
from ranker.store.clock import now
from ranker.store.engine import Database

VERDICTS = ("in", "out", "none")


@dataclass(frozen=True, slots=True)
class ReviewEntry:
    """One word on a lead, newest first in lists."""

    id: int
    verdict: str
    note: str
    who: str
    created_at: str


def review_lead(database: Database, lead_id: int, verdict: str, note: str = "", who: str = "") -> None:
    """Overrule the verdict on a lead (``none`` takes the overrule back), and rank its company again.

    Raises ``UsageError`` for another word or a lead that is not there.
    """
    if verdict not in VERDICTS:
        raise UsageError(f"A verdict is one of: {', '.join(VERDICTS)}.")
    with database.write() as session:
        connection = session.connection()
        if connection.execute(text("SELECT 1 FROM lead WHERE id=:id"), {"id": lead_id}).first() is None:
            raise UsageError(f"There is no lead {lead_id} any more. Go back to the list.")
        connection.execute(
            text(
                "INSERT INTO review (lead_id, verdict, note, who, created_at) "
                "VALUES (:lead, :verdict, :note, :who, :at)"
            ),
            {"lead": lead_id, "verdict": verdict, "note": note.strip(), "who": who, "at": now()},
        )
        currents.refresh(session, [lead_id])


def reviews_of(database: Database, lead_id: int) -> list[ReviewEntry]:
    """Everything that was said about a lead, newest first."""
    with database.session() as session:
        rows = session.connection().execute(
            text("SELECT id, verdict, note, who, created_at FROM review WHERE lead_id=:id ORDER BY id DESC"),
            {"id": lead_id},
        )
        return [ReviewEntry(*row) for row in rows]

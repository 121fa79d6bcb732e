"""Approving: a person's click that says that a sequence may be sent. Of a prospect one is approved at most.

An export takes one sequence a person, so approving another takes the approval of the one before away; both stay as they
are otherwise. Words that name something in no source have to be seen first: the click is asked for again.
"""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.errors import ProspectRefused, SequenceRefused
from ranker.events import tell
from ranker.ingest.mentions import INSTEAD
from ranker.outreach import refusals
from ranker.outreach.sequence_row import SequenceRow
from ranker.outreach.stored import read_sequence
from ranker.store.clock import now
from ranker.store.engine import Database

_STATES = {
    "waiting": "It is not written yet, so there is nothing to approve.",
    "failed": "It failed, so there is nothing to approve. Write another one.",
}


def approve(database: Database, sequence_id: int, who: str = "", *, despite_marks: bool = False) -> SequenceRow:
    """Approve a sequence, and take the approval of the prospect's others away; the sequence as it is then.

    Approved again, it stays as it was approved first. ``despite_marks``: somebody read what is marked as being in no
    source, and says that it is right. Raises ``SequenceRefused`` for one that is not complete or has marks, and
    ``ProspectRefused`` for somebody who must not be contacted any more; ``UsageError`` if it is not there.
    """
    with database.write() as session:
        found = read_sequence(session, sequence_id)
        if found.approved:
            return found
        if found.state != "complete":
            raise SequenceRefused(_STATES[found.state])
        if any(INSTEAD in one.content for one in found.messages):
            raise SequenceRefused(
                f"Somebody who was deleted was named where {INSTEAD} stands now. Edit the message first."
            )
        reason = refusals.of_prospects(session, [found.prospect_id]).get(found.prospect_id)
        if reason is not None:
            raise ProspectRefused(refusals.WORDS[reason], reason)
        marks = {one.step: ", ".join(f"“{mark.text}”" for mark in one.marks) for one in found.messages if one.marks}
        if marks and not despite_marks:
            named = ", ".join(marks.values())
            said = f"This names what is in nothing that we hold: {named}. Check it; then approve it all the same."
            raise SequenceRefused(said, marks)
        _take_back(session, found.prospect_id)
        session.connection().execute(
            text("UPDATE sequence SET approved_by=:who, approved_at=:at WHERE id=:id"),
            {"who": who, "at": now(), "id": sequence_id},
        )
        approved = read_sequence(session, sequence_id)
    tell("outreach.approved", sequence=sequence_id, marked=bool(marks))
    return approved


def take_back(database: Database, sequence_id: int) -> SequenceRow:
    """Take an approval back; one that has none stays as it is. Raises ``UsageError`` if it is not there."""
    with database.write() as session:
        found = read_sequence(session, sequence_id)
        if not found.approved:
            return found
        _take_back(session, found.prospect_id)
        taken = read_sequence(session, sequence_id)
    tell("outreach.taken_back", sequence=sequence_id)
    return taken


def _take_back(session: Session, prospect_id: int) -> None:
    session.connection().execute(
        text("UPDATE sequence SET approved_by='', approved_at='' WHERE prospect_id=:id AND approved_at<>''"),
        {"id": prospect_id},
    )

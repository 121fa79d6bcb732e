"""How often leads have changed, and people were deleted: tells whether what was read before still holds."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session


def leads_version(session: Session) -> int:
    """The number of changes to leads and companies so far."""
    return _value(session, "leads")


def leads_changed(session: Session) -> int:
    """Count one more change, and return the new number."""
    _one_more(session, "leads")
    return leads_version(session)


def deletions(session: Session) -> int:
    """How often people were deleted for good so far."""
    return _value(session, "deletions")


def people_deleted(session: Session) -> None:
    """Count one more deletion of people, one or many."""
    _one_more(session, "deletions")


def _value(session: Session, name: str) -> int:
    found = session.connection().execute(text("SELECT value FROM counter WHERE name=:name"), {"name": name}).scalar()
    return int(found or 0)


def _one_more(session: Session, name: str) -> None:
    session.connection().execute(
        text(
            "INSERT INTO counter (name, value) VALUES (:name, 1) "
            "ON CONFLICT (name) DO UPDATE SET value=counter.value + 1"
        ),
        {"name": name},
    )

"""How often leads have changed: tells whether a check of an import still holds."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session


def leads_version(session: Session) -> int:
    """The number of changes to leads and companies so far."""
    found = session.connection().execute(text("SELECT value FROM counter WHERE name='leads'")).scalar()
    return int(found or 0)


def leads_changed(session: Session) -> int:
    """Count one more change, and return the new number."""
    session.connection().execute(
        text(
            "INSERT INTO counter (name, value) VALUES ('leads', 1) "
            "ON CONFLICT (name) DO UPDATE SET value=counter.value + 1"
        )
    )
    return leads_version(session)

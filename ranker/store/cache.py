"""A cache in the database: a namespace, a key that is a hash of everything that decides, and a JSON text."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.store.clock import now

_LOOK = text("SELECT value FROM cache_entry WHERE namespace=:namespace AND key=:key")
_KEEP = text(
    "INSERT INTO cache_entry (namespace, key, value, created_at) VALUES (:namespace, :key, :value, :at) "
    "ON CONFLICT (namespace, key) DO UPDATE SET value=excluded.value, created_at=excluded.created_at"
)


def look(session: Session, namespace: str, key: str) -> str | None:
    """What is kept under a key, or ``None``."""
    found = session.connection().execute(_LOOK, {"namespace": namespace, "key": key})
    row = found.first()
    return None if row is None else str(row[0])


def keep(session: Session, namespace: str, key: str, value: str) -> None:
    """Keep a text under a key; what was there is replaced."""
    session.connection().execute(
        _KEEP,
        {"namespace": namespace, "key": key, "value": value, "at": now()},
    )

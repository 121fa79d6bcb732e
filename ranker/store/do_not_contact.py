"""The do-not-contact list as a page edits it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import text

from ranker.errors import UsageError
from ranker.store import bulk, currents, suppressions
from ranker.store.clock import now
from ranker.store.engine import Database
from ranker.store.suppressions import KINDS, Entry, normalise


def guess_kind(value: str) -> str:
    """What a line of an uploaded list is: an email, a profile (person), a domain, else a company's name."""
    plain = value.strip()
    if "@" in plain and " " not in plain:
        return "domain" if plain.startswith("@") else "email"
    if "linkedin.com/" in plain.lower():
        return "person"
    return "domain" if "." in plain and " " not in plain else "company"


def add_entries(database: Database, entries: Iterable[tuple[str, str]], note: str = "") -> tuple[int, int]:
    """Add (kind, value) pairs; an entry that is there stays as it is. (Entries added, leads now held.)

    Raises ``UsageError`` for another kind or a blank value, and then nothing is added.
    """
    rows, at = [], now()
    for kind, value in entries:
        if kind not in KINDS:
            raise UsageError(f"“{kind}” is no kind of entry. Choose one of: {', '.join(KINDS)}.")
        key = normalise(kind, value)
        if not key:
            raise UsageError("An entry of the do-not-contact list is blank. Write whom not to contact.")
        rows.append((kind, key, value.strip(), note.strip(), at))
    with database.write() as session:
        before = session.connection().execute(text("SELECT count(*) FROM suppression")).scalar_one()
        bulk.many(
            session,
            "INSERT INTO suppression (kind, value, shown, note, since) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            rows,
        )
        after = session.connection().execute(text("SELECT count(*) FROM suppression")).scalar_one()
        changed = suppressions.refresh(session)
        currents.refresh(session, changed)
        return after - before, len(changed)


def remove_entry(database: Database, kind: str, value: str) -> int:
    """Take one entry off the list; the number of leads that may be contacted again."""
    with database.write() as session:
        session.connection().execute(
            text("DELETE FROM suppression WHERE kind=:kind AND value=:value"),
            {"kind": kind, "value": normalise(kind, value)},
        )
        changed = suppressions.refresh(session)
        currents.refresh(session, changed)
        return len(changed)


def list_entries(database: Database) -> list[Entry]:
    """The list, the newest first."""
    with database.session() as session:
        rows = session.connection().execute(
            text("SELECT kind, value, shown, note, since FROM suppression ORDER BY since DESC, kind, value")
        )
        return [Entry(*row) for row in rows]

"""Keeping versions of personas: none is ever changed; which one is live is a person's choice."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.errors import UsageError
from ranker.personas.catalog import PersonaText, load_version
from ranker.personas.version import persona_hash
from ranker.store.clock import now
from ranker.store.engine import Database

MOST_CHARACTERS = 200_000
"""The longest text that is kept; the longest persona seen so far has 8,000."""
_LIVE = text("UPDATE persona_version SET live=CASE WHEN id=:id THEN 1 ELSE 0 END WHERE persona_id=:persona")


def add_version(
    database: Database,
    name: str,
    content: str,
    *,
    parent_id: int | None = None,
    note: str = "",
    who: str = "",
    live: bool | None = None,
) -> PersonaText:
    """Keep a text as a version of the persona ``name``; the same text again is the version there is.

    ``live``: make it the one in use; by default only the first version of a persona. Raises ``UsageError`` for a
    blank name or text.
    """
    with database.write() as session:
        persona = persona_of(session, name)
        return put(session, persona, content, parent_id=parent_id, note=note, who=who, live=live)


def persona_of(session: Session, name: str, *, new: bool = False) -> int:
    """The id of the persona of that name, made if it is not there. Raises ``UsageError`` for none, or a taken one."""
    plain = " ".join(name.split())
    if not plain or len(plain) > 200:
        raise UsageError("A persona needs a name of at most 200 characters.")
    connection = session.connection()
    found = connection.execute(text("SELECT id FROM persona WHERE name=:name"), {"name": plain}).scalar()
    if found is not None:
        if new:
            raise UsageError(f"There is a persona “{plain}” already, perhaps in the archive. Choose another name.")
        return int(found)
    made = text("INSERT INTO persona (name, created_at) VALUES (:name, :at) RETURNING id")
    return int(connection.execute(made, {"name": plain, "at": now()}).scalar_one())


def put(
    session: Session,
    persona_id: int,
    content: str,
    *,
    parent_id: int | None = None,
    note: str = "",
    who: str = "",
    live: bool | None = None,
) -> PersonaText:
    """``add_version`` within a transaction, for a persona that is there."""
    if not content.strip() or len(content) > MOST_CHARACTERS:
        raise UsageError(f"A persona needs a text of at most {MOST_CHARACTERS:,} characters.")
    connection, digest = session.connection(), persona_hash(content)
    newest = newest_version(session, persona_id)
    connection.execute(
        text(
            "INSERT INTO persona_version (persona_id, version, hash, content, parent_id, note, who, created_at) "
            "VALUES (:persona, :version, :hash, :content, :parent, :note, :who, :at) "
            "ON CONFLICT (persona_id, hash) DO NOTHING"
        ),
        {
            "persona": persona_id, "version": newest + 1, "hash": digest, "content": content,
            "parent": parent_id, "note": note.strip(), "who": who.strip(), "at": now(),
        },
    )  # fmt: skip
    found = connection.execute(
        text("SELECT id FROM persona_version WHERE persona_id=:persona AND hash=:hash"),
        {"persona": persona_id, "hash": digest},
    ).scalar_one()
    if live or (live is None and newest == 0):
        connection.execute(_LIVE, {"persona": persona_id, "id": found})
    return load_version(session, int(found))


def newest_version(session: Session, persona_id: int) -> int:
    """The number of a persona's newest version; 0 where it has none."""
    found = text("SELECT coalesce(max(version), 0) FROM persona_version WHERE persona_id=:id")
    return int(session.connection().execute(found, {"id": persona_id}).scalar_one())


def make_live(database: Database, version_id: int) -> PersonaText:
    """Put a version to use, or go back to one. Verdicts that were given stay until leads are ranked again.

    Raises ``UsageError`` if there is none with this number.
    """
    with database.write() as session:
        persona_id = load_version(session, version_id).persona_id
        session.connection().execute(_LIVE, {"persona": persona_id, "id": version_id})
        return load_version(session, version_id)


def archive(database: Database, persona_id: int) -> None:
    """Put a persona away: it is no longer offered for ranking; its versions, runs and verdicts stay.

    Raises ``UsageError`` for the last one that is offered, as ranking needs one.
    """
    with database.write() as session:
        others = text("SELECT count(*) FROM persona WHERE archived_at='' AND id<>:id")
        if not session.connection().execute(others, {"id": persona_id}).scalar():
            raise UsageError("This is the last persona that is offered, and ranking needs one. Make another one first.")
        session.connection().execute(
            text("UPDATE persona SET archived_at=:at WHERE id=:id AND archived_at=''"), {"at": now(), "id": persona_id}
        )


def unarchive(database: Database, persona_id: int) -> None:
    """Offer a persona again."""
    with database.write() as session:
        session.connection().execute(text("UPDATE persona SET archived_at='' WHERE id=:id"), {"id": persona_id})

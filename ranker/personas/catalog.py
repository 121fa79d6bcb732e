"""Personas in the database: the files of ``prompts/personas/`` are the first version of each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.errors import UsageError
from ranker.personas.reader import read_persona
from ranker.personas.version import persona_hash
from ranker.store.clock import now
from ranker.store.engine import Database

FOLDER = Path(__file__).parents[2] / "prompts" / "personas"
"""Where the first versions are."""


@dataclass(frozen=True, slots=True)
class PersonaSummary:
    """A persona in a list: its live version, and how many versions there are."""

    id: int
    name: str
    live_version_id: int
    live_version: int
    versions: int


@dataclass(frozen=True, slots=True)
class PersonaText:
    """One version of a persona; it never changes, but for which version is live."""

    id: int
    persona_id: int
    name: str
    version: int
    hash: str
    content: str
    live: bool
    note: str
    who: str
    created_at: str
    parent_id: int | None = None


_SELECT = (
    "SELECT v.id, v.persona_id, p.name, v.version, v.hash, v.content, v.live, v.note, v.who, v.created_at, v.parent_id "
    "FROM persona_version AS v JOIN persona AS p ON p.id=v.persona_id"
)


def seed_personas(database: Database, folder: Path = FOLDER) -> int:
    """Add the personas of a folder that are not there yet, each with its file as live version 1; how many.

    A persona's name is the first heading of its file. One that is there stays as it is, whatever its file says
    now: from the first version on, versions live in the database. Safe from several processes at once.
    Raises ``PersonaError`` for a file that can't be used; then nothing is added.
    """
    found = {}
    for path in sorted(folder.glob("*.md")):
        content = path.read_bytes().decode("utf-8-sig")
        found[read_persona(content).name] = content
    with database.session() as session:
        missing = found.keys() - _names(session)
    if not missing:
        return 0
    added = 0
    with database.write() as session:
        there = _names(session)
        for name, content in found.items():
            if name in there:
                continue
            persona_id = session.connection().execute(
                text("INSERT INTO persona (name, created_at) VALUES (:name, :at) RETURNING id"),
                {"name": name, "at": now()},
            ).scalar_one()  # fmt: skip
            session.connection().execute(
                text(
                    "INSERT INTO persona_version (persona_id, version, hash, content, live, note, created_at) "
                    "VALUES (:persona, 1, :hash, :content, 1, 'As it came with the ranker.', :at)"
                ),
                {"persona": persona_id, "hash": persona_hash(content), "content": content, "at": now()},
            )
            added += 1
    return added


def list_personas(database: Database, *, archived: bool = False) -> list[PersonaSummary]:
    """Every persona that is offered, by name; or those that were put away."""
    with database.session() as session:
        rows = session.connection().execute(
            text(
                "SELECT p.id, p.name, v.id, v.version, "
                "(SELECT count(*) FROM persona_version AS n WHERE n.persona_id=p.id) FROM persona AS p "
                "JOIN persona_version AS v ON v.persona_id=p.id AND v.live=1 "
                f"WHERE p.archived_at{'<>' if archived else '='}'' ORDER BY p.name"
            )
        )
        return [PersonaSummary(*row) for row in rows]


def live_version(database: Database, persona_id: int) -> PersonaText:
    """The version of a persona that is in use. Raises ``UsageError`` if there is no such persona."""
    with database.session() as session:
        return _one(session, "v.persona_id=:id AND v.live=1", persona_id, "persona")


def get_version(database: Database, version_id: int) -> PersonaText:
    """One version by its id. Raises ``UsageError`` if there is none."""
    with database.session() as session:
        return load_version(session, version_id)


def is_archived(database: Database, persona_id: int) -> bool:
    """Whether a persona was put away."""
    with database.session() as session:
        found = session.connection().execute(text("SELECT archived_at FROM persona WHERE id=:id"), {"id": persona_id})
        return bool(found.scalar())


def load_version(session: Session, version_id: int) -> PersonaText:
    """``get_version`` within a transaction."""
    return _one(session, "v.id=:id", version_id, "version of a persona")


def list_versions(database: Database, persona_id: int) -> list[PersonaText]:
    """Every version of a persona, the newest first."""
    with database.session() as session:
        rows = session.connection().execute(
            text(f"{_SELECT} WHERE v.persona_id=:id ORDER BY v.version DESC"), {"id": persona_id}
        )
        return [_text(row) for row in rows]


def _names(session: Session) -> set[str]:
    return {row[0] for row in session.connection().execute(text("SELECT name FROM persona"))}


def _one(session: Session, condition: str, number: int, what: str) -> PersonaText:
    row = session.connection().execute(text(f"{_SELECT} WHERE {condition}"), {"id": number}).first()
    if row is None:
        raise UsageError(f"There is no {what} {number}. Choose one from the list of personas.")
    return _text(row)


def _text(row: Any) -> PersonaText:
    values = list(row)
    values[6] = bool(values[6])
    return PersonaText(*values)

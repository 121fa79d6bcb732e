"""Personas, their immutable versions, and the variants that runs point to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from ranker.errors import UsageError
from ranker.store.clock import now
from ranker.store.engine import Database


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of a persona's text. ``version`` counts from 1; ``parent_id`` is the one it was edited from."""

    id: int
    persona_id: int
    name: str
    version: int
    hash: str
    content: str
    parent_id: int | None
    live: bool
    note: str
    who: str
    created_at: str


_VERSION = (
    "SELECT v.id, v.persona_id, p.name, v.version, v.hash, v.content, v.parent_id, v.live, v.note, v.who, "
    "v.created_at FROM persona_version AS v JOIN persona AS p ON p.id=v.persona_id"
)


def add_version(
    database: Database,
    name: str,
    content: str,
    *,
    parent_id: int | None = None,
    note: str = "",
    who: str = "",
    live: bool | None = None,
) -> VersionRow:
    """Keep a text as a version of the persona ``name``; the same text again is the version there is.

    The hash is that of ``personas.version.persona_hash``. ``live``: make it the one in use; by default only
    the first version of a persona. Raises ``UsageError`` for a blank name or text.
    """
    if not name.strip() or not content.strip():
        raise UsageError("A persona needs a name and a text.")
    digest = hashlib.sha256(content.encode("utf-8")).hexdigest()
    with database.write() as session:
        connection = session.connection()
        connection.execute(
            text("INSERT INTO persona (name, created_at) VALUES (:name, :at) ON CONFLICT (name) DO NOTHING"),
            {"name": name.strip(), "at": now()},
        )
        persona = connection.execute(
            text("SELECT id FROM persona WHERE name=:name"), {"name": name.strip()}
        ).scalar_one()
        newest = connection.execute(
            text("SELECT coalesce(max(version), 0) FROM persona_version WHERE persona_id=:id"), {"id": persona}
        ).scalar_one()
        connection.execute(
            text(
                "INSERT INTO persona_version (persona_id, version, hash, content, parent_id, note, who, created_at) "
                "VALUES (:persona, :version, :hash, :content, :parent, :note, :who, :at) "
                "ON CONFLICT (persona_id, hash) DO NOTHING"
            ),
            {
                "persona": persona, "version": newest + 1, "hash": digest, "content": content,
                "parent": parent_id, "note": note, "who": who, "at": now(),
            },
        )  # fmt: skip
        row = connection.execute(
            text(f"{_VERSION} WHERE v.persona_id=:persona AND v.hash=:hash"), {"persona": persona, "hash": digest}
        ).one()
        if live or (live is None and newest == 0):
            connection.execute(_LIVE, {"persona": persona, "id": row[0]})
            row = connection.execute(text(f"{_VERSION} WHERE v.id=:id"), {"id": row[0]}).one()
        return _version(row)


_LIVE = text("UPDATE persona_version SET live=CASE WHEN id=:id THEN 1 ELSE 0 END WHERE persona_id=:persona")


def make_live(database: Database, version_id: int) -> None:
    """Put a version to use, or go back to one. Raises ``UsageError`` if there is none with this number."""
    with database.write() as session:
        found = session.connection().execute(text(f"{_VERSION} WHERE v.id=:id"), {"id": version_id}).first()
        if found is None:
            raise UsageError(f"There is no version {version_id} of a persona.")
        session.connection().execute(_LIVE, {"persona": found[1], "id": version_id})


def list_versions(database: Database, name: str | None = None, *, live_only: bool = False) -> list[VersionRow]:
    """Versions by persona, the newest first."""
    condition = " WHERE (:name='' OR p.name=:name)" + (" AND v.live=1" if live_only else "")
    with database.session() as session:
        rows = session.connection().execute(
            text(f"{_VERSION}{condition} ORDER BY p.name, v.version DESC"), {"name": name or ""}
        )
        return [_version(row) for row in rows]


def get_version(database: Database, version_id: int) -> VersionRow:
    """One version. Raises ``UsageError`` if there is none with this number."""
    with database.session() as session:
        found = session.connection().execute(text(f"{_VERSION} WHERE v.id=:id"), {"id": version_id}).first()
    if found is None:
        raise UsageError(f"There is no version {version_id} of a persona.")
    return _version(found)


def keep_variant(
    database: Database, digest: str, engine: str, settings: Mapping[str, Any], persona_version_id: int | None
) -> int:
    """The number of the variant with this hash; written the first time, never changed."""
    with database.write() as session:
        connection = session.connection()
        connection.execute(
            text(
                "INSERT INTO variant (hash, engine, persona_version_id, settings, created_at) "
                "VALUES (:hash, :engine, :persona, :settings, :at) ON CONFLICT (hash) DO NOTHING"
            ),
            {
                "hash": digest, "engine": engine, "persona": persona_version_id,
                "settings": json.dumps(settings, sort_keys=True, ensure_ascii=False), "at": now(),
            },
        )  # fmt: skip
        return int(connection.execute(text("SELECT id FROM variant WHERE hash=:hash"), {"hash": digest}).scalar_one())


def _version(row: Any) -> VersionRow:
    return VersionRow(*[*row[:7], bool(row[7]), *row[8:]])

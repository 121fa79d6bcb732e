"""Copies of the embedded file in ``backups/`` beside it: made, listed, and the older automatic ones removed.

Nothing here opens the live file itself: closing any handle of it would drop the locks of this whole process
(see ``ranker.store.engine``). SQLite's own backup works from a connection that is open anyway.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ranker.errors import UsageError
from ranker.events import tell
from ranker.store.engine import Database

BY_HAND = "by-hand"
KEPT = 10
"""Automatic backups that are kept; one that a person made is never removed by itself."""
_NAME = re.compile(r"ranker-(\d{8})-(\d{6})-\d{6}-([a-z0-9-]+)\.db")
_PAGES = 1_000
"""Pages a step: writers get their turn in between."""


@dataclass(frozen=True, slots=True)
class Backup:
    """One copy. ``made_at``: ISO 8601 in UTC. ``leads`` and ``revision`` are None where it can't be read."""

    path: Path
    why: str
    made_at: str
    size_bytes: int
    leads: int | None
    revision: str | None

    @property
    def automatic(self) -> bool:
        """Whether the program made it by itself, and removes it when it is no longer among the newest."""
        return self.why != BY_HAND


def folder_of(database: Database) -> Path | None:
    """Where the backups are; None on Postgres."""
    return None if database.path is None else database.path.with_name("backups")


def make(database: Database, why: str = BY_HAND) -> Path | None:
    """Copy the embedded file as it is now, also while others write; None on Postgres, which has its own tools.

    ``why``: lower-case letters, digits and dashes. The copy is one file, for the owner only (mode 0600), checked
    before it gets its name. Raises ``UsageError`` if the check fails or the disk is full; then no file is left.
    """
    folder = folder_of(database)
    if folder is None:
        return None
    folder.mkdir(mode=0o700, exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    target = folder / f"ranker-{stamp}-{why}.db"
    part = target.with_suffix(".part")
    part.touch(mode=0o600)
    try:
        with database.engine.connect() as connection, closing(sqlite3.connect(part)) as copy:
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            driver.backup(copy, pages=_PAGES, sleep=0.01)
            problem = as_one_file(copy)
        if problem:
            raise UsageError(f"The backup was not kept, because its check failed ({problem}). Run the doctor.")
        part.replace(target)
    except sqlite3.Error as error:
        raise UsageError(
            f"The backup can't be written ({getattr(error, 'sqlite_errorname', 'SQLITE_ERROR')}). "
            f"Make room on the disk of {folder.name}, and try again."
        ) from None
    finally:
        part.unlink(missing_ok=True)
    tell("backup.made", why=why, bytes=target.stat().st_size, removed=len(prune(database)))
    return target


def as_one_file(copy: sqlite3.Connection) -> str:
    """Leave no write-ahead log beside the file, and check it; the first thing that is wrong, or ""."""
    copy.isolation_level = None
    copy.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    copy.execute("PRAGMA journal_mode=DELETE")
    said = str(copy.execute("PRAGMA integrity_check(1)").fetchone()[0])
    return "" if said == "ok" else "integrity"


def list_backups(database: Database) -> list[Backup]:
    """The backups, the newest first; () on Postgres."""
    folder = folder_of(database)
    if folder is None or not folder.is_dir():
        return []
    return [one for path in sorted(folder.glob("ranker-*.db"), reverse=True) if (one := read(path)) is not None]


def read(path: Path) -> Backup | None:
    """What is known of a backup; None for a file that is named otherwise."""
    named = _NAME.fullmatch(path.name)
    if named is None:
        return None
    made = datetime.strptime(named[1] + named[2], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    leads: int | None = None
    revision: str | None = None
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as copy:
            revision = copy.execute("SELECT version_num FROM alembic_version").fetchone()[0]
            leads = copy.execute("SELECT count(*) FROM lead").fetchone()[0]
    except (sqlite3.Error, TypeError):
        pass
    return Backup(path, named[3], made.strftime("%Y-%m-%dT%H:%M:%SZ"), path.stat().st_size, leads, revision)


def get_backup(database: Database, name: str) -> Backup:
    """The backup with this file name. Raises ``UsageError`` if there is none."""
    found = next((one for one in list_backups(database) if one.path.name == name), None)
    if found is None:
        raise UsageError(f"There is no backup “{name}”. Choose one from the list: python -m ranker backup --list")
    return found


def prune(database: Database) -> list[Path]:
    """Remove automatic backups beyond the newest ``KEPT``; the files that went."""
    folder = folder_of(database)
    names = sorted(folder.glob("ranker-*.db"), reverse=True) if folder is not None else []
    automatic = [path for path in names if (named := _NAME.fullmatch(path.name)) and named[3] != BY_HAND]
    for path in automatic[KEPT:]:
        path.unlink(missing_ok=True)
    return automatic[KEPT:]


def remove(database: Database, name: str) -> None:
    """Remove one backup. Raises ``UsageError`` if there is none with this name."""
    get_backup(database, name).path.unlink(missing_ok=True)

"""After a deletion: no byte of what was deleted stays in the database's file, its log, or a backup.

SQLite only marks room as free. Rewriting the file (VACUUM) and cutting its write-ahead log to nothing leaves what
the tables hold. Backups are rewritten one by one, each replaced by its cleaned copy in one move.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError, OperationalError

from ranker.care.apply import Applied, apply
from ranker.events import tell
from ranker.ingest.mentions import Person
from ranker.store import backups
from ranker.store.engine import FILE_NAME, Database, open_database
from ranker.store.tombstones import Graveyard, load
from ranker.store.traces import mark

_IN_MEMORY = 512 * 1024 * 1024


def wipe(database: Database, also: Mapping[Person, str] | None = None) -> bool:
    """Remove every trace from the file, its log and the backups; False if another window keeps them from going.

    ``also``: who was deleted just now. Without it, everybody who ever was is looked for, by hash. Safe to repeat.
    """
    with database.session() as session:
        graves = load(session)
    for one in backups.list_backups(database):
        _clean_backup(one.path, graves, also)
    with database.write() as session:
        mark(session, pending=False)
    done = vacuum(database)
    if not done:
        with database.write() as session:
            mark(session, pending=True)
    return done


def vacuum(database: Database) -> bool:
    """Rewrite the database without free room, and empty its log; False if somebody else is reading or writing."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not database.is_sqlite:
            for table in inspect(connection).get_table_names():
                connection.execute(text(f'VACUUM (FULL) "{table}"'))
            return True
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        try:
            large = driver.execute("PRAGMA page_count").fetchone()[0] * 4096 > _IN_MEMORY
            driver.execute(f"PRAGMA temp_store={'FILE' if large else 'MEMORY'}")
            rewrite(driver)
            busy, _, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy
        except (sqlite3.OperationalError, OperationalError):
            return False
        finally:
            driver.execute("PRAGMA temp_store=MEMORY")


def rewrite(driver: sqlite3.Connection) -> None:
    """Write the file anew, without free room; full-text indexes first, which keep words of rows that are gone."""
    indexes = driver.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%fts5%'").fetchall()
    for (name,) in indexes:
        driver.execute(f'INSERT INTO "{name}" ("{name}") VALUES (\'optimize\')')
    driver.execute("VACUUM")


def _clean_backup(path: Path, graves: Graveyard, also: Mapping[Person, str] | None) -> None:
    with tempfile.TemporaryDirectory(prefix="cleaning-", dir=path.parent) as folder:
        copy = Path(folder) / FILE_NAME
        try:
            copy_file(path, copy)
            applied = clean(Path(folder), graves, also)
        except (sqlite3.DatabaseError, DatabaseError) as error:
            if isinstance(error, (sqlite3.OperationalError, OperationalError)):
                raise
            path.unlink(missing_ok=True)  # damaged: nobody can be taken out of it, and nothing restored from it
            tell("backup.damaged", level="warning")
            return
        if applied is not None:
            copy.replace(path)


def clean(folder: Path, graves: Graveyard, also: Mapping[Person, str] | None) -> Applied | None:
    """Apply tombstones to the copy ``ranker.db`` in a folder of its own, whatever its age, and make it one file."""
    opened = open_database(folder=folder, migrate=False)
    try:
        with opened.session() as session:
            if not inspect(session.connection()).has_table("import_row"):
                return None  # not one of ours, or from before there was anything to delete
        with opened.write() as session:
            applied = apply(session, graves, also, files=also is None)
    finally:
        opened.close()
    with closing(sqlite3.connect(folder / FILE_NAME, isolation_level=None)) as copy:
        rewrite(copy)
        backups.as_one_file(copy)
    return applied


def copy_file(source: Path, target: Path) -> None:
    """Copy a backup, for the owner only; SQLite does it, so that a log beside it counts too."""
    target.touch(mode=0o600)
    with (
        closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)

"""Bringing an existing database up to the tables of this version, with a backup before."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from ranker.errors import UsageError
from ranker.events import tell
from ranker.store import backups
from ranker.store.engine import Database

HEAD = "0015"
"""The newest migration; a test compares it with the files in ``migrations/versions``."""

SCRIPTS = Path(__file__).with_name("migrations")
"""The folder of the migrations."""


def revision(database: Database) -> str | None:
    """The migration that the database stands at; None for an empty one."""
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def upgrade(database: Database, to: str = "head") -> None:
    """Run the migrations that are missing. Safe to call from several processes at once.

    SQLite: foreign keys are off while tables are rebuilt, and checked before the change is kept; a file with
    data is copied first to ``backups/``. Raises ``UsageError`` if the check finds a broken reference, and
    then nothing has changed.
    """
    at = revision(database)
    if at == HEAD and to in {"head", HEAD}:
        return
    if at is not None:
        backups.make(database, f"before-{to if to != 'head' else HEAD}")
    with database.engine.connect() as connection:
        if database.is_sqlite:  # a pragma has no effect within a transaction
            _pragma(connection, "foreign_keys=OFF")
        try:
            with connection.execution_options(ranker_write=True).begin():
                if not database.is_sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(7261005)"))
                _run(connection, to)
                if database.is_sqlite:
                    broken = connection.execute(text("PRAGMA foreign_key_check")).first()
                    if broken is not None:
                        raise UsageError(
                            f"The database can't be brought up to date: table {broken[0]} refers to rows that "
                            "are not there. Nothing was changed; the backup is in the folder “backups”."
                        )
        finally:
            if database.is_sqlite:
                _pragma(connection, "foreign_keys=ON")
    tell("database.migrated", before=at or "none", now=revision(database) or "none")


def _pragma(connection: Connection, statement: str) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute(f"PRAGMA {statement}")


def _run(connection: Connection, to: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)

"""Locks between processes; the operating system (Postgres: the server) lets go of them when their process dies,
however it dies, so that nobody has to guess from the age of a heartbeat.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine, text

from ranker.store.engine import Database

Release = Callable[[], None]


def hold(database: Database, name: str, number: int) -> Release | None:
    """Hold a lock of this database; what is returned lets go of it. None if somebody else holds it.

    On SQLite it is the file ``name``.lock beside the database, on Postgres the advisory lock ``number``.
    """
    if database.path is None:
        return _hold_number(database.engine, number)
    return _hold_file(database.path.with_name(f"{name}.lock"))


def _hold_file(path: Path) -> Release | None:
    """SQLite's own locking, because it works on every system."""
    path.touch(mode=0o600)
    connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("BEGIN IMMEDIATE")  # of two at once, one gets it; EXCLUSIVE can refuse both
    except sqlite3.OperationalError:
        connection.close()
        return None
    return connection.close


def _hold_number(engine: Engine, number: int) -> Release | None:
    connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    if not connection.execute(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": number}).scalar():
        connection.close()
        return None

    def release() -> None:
        connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": number})
        connection.close()

    return release

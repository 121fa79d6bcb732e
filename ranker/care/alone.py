"""One deletion or restore at a time, over all processes: a second one would work on what the first replaces."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from sqlalchemy import text

from ranker.errors import UsageError
from ranker.store.engine import Database

_LOCK = 7_261_006
"""The Postgres advisory lock."""
_BUSY = "Another deletion, backup or restore is under way. Wait until it is done, then try again."


@contextmanager
def alone(database: Database) -> Iterator[None]:
    """Hold the lock; the system lets go of it when the process dies. Raises ``UsageError`` if another holds it."""
    if database.path is None:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if not connection.execute(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _LOCK}).scalar():
                raise UsageError(_BUSY)
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
        return
    path = database.path.with_name("care.lock")
    path.touch(mode=0o600)
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as held:
        try:
            held.execute("BEGIN IMMEDIATE")  # of two at once, one gets it; EXCLUSIVE can refuse both
        except sqlite3.OperationalError:
            raise UsageError(_BUSY) from None
        yield

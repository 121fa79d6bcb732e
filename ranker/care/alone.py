"""One deletion or restore at a time, over all processes: a second one would work on what the first replaces."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ranker.errors import UsageError
from ranker.store import locks
from ranker.store.engine import Database

_LOCK = 7_261_006
"""The Postgres advisory lock."""


@contextmanager
def alone(database: Database) -> Iterator[None]:
    """Hold the lock; the system lets go of it when the process dies. Raises ``UsageError`` if another holds it."""
    release = locks.hold(database, "care", _LOCK)
    if release is None:
        raise UsageError("Another deletion, backup or restore is under way. Wait until it is done, then try again.")
    try:
        yield
    finally:
        release()

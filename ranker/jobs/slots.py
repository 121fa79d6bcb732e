"""Each working process holds a numbered slot; the number is its stable name, and a free slot is a dead process.

The operating system (Postgres: the server) lets go of a lock when its process dies, however it dies, so that
nobody has to guess from the age of a heartbeat.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, text

from ranker.store.engine import Database

SLOTS = 64
FIRST_LOCK = 7_261_100
"""Postgres advisory locks of the slots: this number and those that follow."""


class Slots(Protocol):
    """The slots of one database."""

    def hold(self, slot: int) -> bool:
        """Take a slot for as long as this process lives; False if another process holds it."""

    def free(self, slot: int) -> None:
        """Give a slot back."""


def slots_of(database: Database) -> Slots:
    """The slots that the processes of this database share."""
    return _Servers(database) if database.path is None else _Files(database.path.parent)


def take_slot(slots: Slots) -> int:
    """Hold the lowest slot that is free, and return it: after a restart that is the one held before."""
    for slot in range(SLOTS):
        if slots.hold(slot):
            return slot
    raise RuntimeError(f"more than {SLOTS} processes work on one database")


class _Files:
    """Slots as files with an exclusive lock; SQLite's own locking, because it works on every system."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[int, sqlite3.Connection] = {}

    def hold(self, slot: int) -> bool:
        path = self._folder / f"worker-{slot}.lock"
        path.touch(mode=0o600)
        connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            connection.close()
            return False
        self._held[slot] = connection
        return True

    def free(self, slot: int) -> None:
        connection = self._held.pop(slot, None)
        if connection is not None:
            connection.close()


class _Servers:
    """Slots as advisory locks of Postgres, each on a connection of its own."""

    def __init__(self, database: Database) -> None:
        self._engine = database.engine
        self._held: dict[int, Connection] = {}

    def hold(self, slot: int) -> bool:
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        sql = text("SELECT pg_try_advisory_lock(:lock)")
        if not connection.execute(sql, {"lock": FIRST_LOCK + slot}).scalar():
            connection.close()
            return False
        self._held[slot] = connection
        return True

    def free(self, slot: int) -> None:
        connection = self._held.pop(slot, None)
        if connection is not None:
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": FIRST_LOCK + slot})
            connection.close()

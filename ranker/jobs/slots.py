"""Each working process holds a numbered slot; the number is its stable name, and a free slot is a dead process."""

from __future__ import annotations

from ranker.store import locks
from ranker.store.engine import Database

SLOTS = 64
FIRST_LOCK = 7_261_100
"""Postgres advisory locks of the slots: this number and those that follow."""


class Slots:
    """The slots that the processes of a database share."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._held: dict[int, locks.Release] = {}

    def hold(self, slot: int) -> bool:
        """Take a slot for as long as this process lives; False if another process holds it."""
        release = locks.hold(self._database, f"worker-{slot}", FIRST_LOCK + slot)
        if release is None:
            return False
        self._held[slot] = release
        return True

    def free(self, slot: int) -> None:
        """Give a slot back."""
        release = self._held.pop(slot, None)
        if release is not None:
            release()


def take_slot(slots: Slots) -> int:
    """Hold the lowest slot that is free, and return it: after a restart that is the one held before."""
    for slot in range(SLOTS):
        if slots.hold(slot):
            return slot
    raise RuntimeError(f"more than {SLOTS} processes work on one database")

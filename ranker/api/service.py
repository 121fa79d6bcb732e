"""What all requests of one process share."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.orm import Session

from ranker.api.asking import Models
from ranker.api.keys import KeyBook
from ranker.llm.breaker import Breaker
from ranker.llm.ledger import Ledger
from ranker.store.engine import Database

T = TypeVar("T")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass
class Service:
    """``open``: whether it may be asked without a key while none is set, as on a loopback address.

    ``hosts``: names by which it lets itself be called, ``None`` for any. One thread writes, so that no request waits
    for another's lock. ``pause`` and ``breaker`` are those of ``LlmClient``.
    """

    database: Database
    keys: KeyBook
    open: bool = True
    hosts: frozenset[str] | None = frozenset(LOOPBACK)
    pause: float = 0.5
    breaker: Callable[[], Breaker] = Breaker

    def __post_init__(self) -> None:
        self.seeded = False  # whether the prompts that come with the program are in the database
        # Prospect → the last call of the ledger when their newest sequence told what it cost. The calls of a key and
        # day are one scope: an attempt that was told would count again with the next sequence for the same person.
        self.told: dict[int, int] = {}
        self._under_way: dict[int, tuple[asyncio.Lock, int]] = {}
        self.house = Ledger(self.database, "", None)
        self.models = Models(self.database, self.house, pause=self.pause, breaker=self.breaker)

    async def write(self, work: Callable[[Session], T]) -> T:
        """Write to the database beside the event loop; kept when this returns."""
        return await self.house.keep(work)

    async def read(self, work: Callable[[Session], T]) -> T:
        """Read from the database beside the event loop."""
        return await asyncio.to_thread(self._read, work)

    @asynccontextmanager
    async def alone_with(self, prospect_id: int) -> AsyncIterator[bool]:
        """One request after the other for one prospect: the next one sees what this one made. Whether it waited."""
        lock, users = self._under_way.get(prospect_id) or (asyncio.Lock(), 0)
        self._under_way[prospect_id] = lock, users + 1
        try:
            waited = lock.locked()
            async with lock:
                yield waited
        finally:
            _, users = self._under_way.pop(prospect_id)
            if users > 1:
                self._under_way[prospect_id] = lock, users - 1

    async def close(self) -> None:
        """End what is being asked and written."""
        await self.models.close()
        self.house.close()

    def _read(self, work: Callable[[Session], T]) -> T:
        with self.database.session() as session:
            return work(session)

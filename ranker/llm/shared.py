"""Providers under way that several clients share: their pace, breakers and places hold for all of them together.

A server asks for many pieces of work at once, each under a limit of money of its own. Clients of one scope share a
ledger too, so that one waits for what another has under way rather than give up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Self, TypeVar

from ranker.llm.breaker import Breaker
from ranker.llm.lane import Lane
from ranker.llm.ledger import Ledger
from ranker.llm.settings import Settings
from ranker.llm.watch import LOOK, Watch
from ranker.store.engine import Database

T = TypeVar("T")


class Shared:
    """Open it, give it to clients, close it; all in one event loop. ``heed``: what is known of a provider counts.

    ``house``: a ledger whose thread writes for all of it, where something else is written by it too (``Ledger.keep``):
    two threads that write would wait for each other's lock. It is not closed here.
    """

    def __init__(
        self, settings: Settings, database: Database, *, breaker: Callable[[], Breaker] = Breaker, look: float = LOOK,
        heed: bool = True, house: Ledger | None = None,
    ) -> None:  # fmt: skip
        self.settings, self._database, self._given = settings, database, house
        self._breaker, self._look, self._heed = breaker, look, heed
        self._ledgers: dict[str, tuple[Ledger, int]] = {}
        self._paid: set[asyncio.Task[Any]] = set()

    async def open(self) -> Self:
        """Prepare to ask; nothing is sent yet."""
        self.places = asyncio.Semaphore(self.settings.concurrency)
        self._house = self._given or Ledger(self._database, "", None)
        self.lanes = [Lane.open(provider, self.settings) for provider in self.settings.providers]
        for lane in self.lanes:
            lane.breaker = self._breaker()
        self.watch = Watch(self._house, every=self._look)
        await self.watch.begin(self.lanes, heed=self._heed)
        return self

    async def close(self, *, wait: bool = True) -> None:
        """End. ``wait``: for the calls under way, so that the ledger has what they cost; else they count as lost."""
        if not wait:
            for task in self._paid:
                task.cancel()
        await asyncio.gather(*self._paid, return_exceptions=True)
        for lane in self.lanes:
            await lane.close()
        if self._given is None:
            self._house.close()

    def enter(self, scope: str, cap: float | None, most_calls: int | None) -> Ledger:
        """The ledger of a scope, the same for all who use it now; leave it after."""
        ledger, users = self._ledgers.get(scope) or (Ledger(self._database, scope, cap, most_calls, self._house), 0)
        ledger.cap, ledger.most_calls = cap, most_calls
        self._ledgers[scope] = ledger, users + 1
        return ledger

    def leave(self, scope: str) -> None:
        """One who uses a scope's ledger less."""
        ledger, users = self._ledgers.pop(scope)
        if users > 1:
            self._ledgers[scope] = ledger, users - 1

    async def to_its_end(self, call: Coroutine[Any, Any, T]) -> T:
        """A call that money is reserved for: whoever asked may go away, it is paid and written down all the same."""
        task = asyncio.ensure_future(call)
        self._paid.add(task)
        task.add_done_callback(self._ended)
        return await asyncio.shield(task)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._paid.discard(task)
        if not task.cancelled():
            task.exception()  # nobody may be there any more to be told

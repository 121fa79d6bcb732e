"""The models of this process: one set of providers for all requests, so that pace and breakers hold across keys.

Settings are read anew for each request, as pages do; where they changed, what is under way ends with the old ones.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from ranker.llm.breaker import Breaker
from ranker.llm.client import LlmClient
from ranker.llm.ledger import Ledger
from ranker.llm.secret import Secret
from ranker.llm.settings import Settings
from ranker.llm.shared import Shared
from ranker.outreach.writing import TASKS
from ranker.store.engine import Database

_NO_KEY = Secret("")


@dataclass
class _UnderWay:
    shared: Shared
    shown: Any
    users: int = 0


class Models:
    """``house``: the ledger whose thread writes (``Shared``); ``pause``: seconds before a call is tried again.

    Close it at the end; for one event loop.
    """

    def __init__(
        self, database: Database, house: Ledger, *, pause: float = 0.5, breaker: Callable[[], Breaker] = Breaker
    ) -> None:
        self._house = house
        self._database, self._pause, self._breaker = database, pause, breaker
        self._now: _UnderWay | None = None
        self._one_at_a_time = asyncio.Lock()

    @asynccontextmanager
    async def client(self, settings: Settings, scope: str) -> AsyncIterator[LlmClient]:
        """A client for one request. Raises ``NoKey``, ``SpendingOff`` or ``PriceUnknown`` before anything is asked."""
        used = await self._open(settings)
        used.users += 1
        try:
            async with LlmClient(
                settings, self._database, scope, TASKS, pause=self._pause, shared=used.shared
            ) as client:
                yield client
        finally:
            used.users -= 1
            if used is not self._now and not used.users:
                await used.shared.close()

    async def close(self) -> None:
        """End, once calls under way are written down."""
        if self._now is not None:
            await self._now.shared.close()
            self._now = None

    async def _open(self, settings: Settings) -> _UnderWay:
        shown = _comparable(settings)
        async with self._one_at_a_time:
            before = self._now
            if before is None or before.shown != shown:
                shared = await Shared(settings, self._database, breaker=self._breaker, house=self._house).open()
                self._now = _UnderWay(shared, shown)
                if before is not None and not before.users:
                    await before.shared.close()
            assert self._now is not None
            return self._now


def _comparable(settings: Settings) -> tuple[Settings, tuple[Any, ...]]:
    """Equal for settings by which the same providers are asked in the same way; limits of money aside."""
    providers = tuple((replace(one, key=_NO_KEY), one.key.reveal()) for one in settings.providers)
    return replace(settings, providers=(), max_usd=None, max_calls=None), providers

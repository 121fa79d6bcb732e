"""The ledger and the cache for asynchronous callers: one thread writes, so that none waits for a lock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy.orm import Session

from ranker.errors import CapReached
from ranker.llm.grouped import Grouped
from ranker.store import ai_calls, cache, counter
from ranker.store.ai_calls import Attempt, Settled, Spending, Used
from ranker.store.engine import Database

T = TypeVar("T")
NAMESPACE = "llm"
_NO_CALL = 0
"""In place of a call's number: no further call may be made. No row has it."""


class Ledger:
    """What a scope spends, held under ``cap`` dollars and ``most_calls`` calls (``None``: no limit). Close it after.

    A call counts as soon as it is reserved, also if it fails or is lost in a crash: none is given back. ``beside``:
    another ledger, whose thread writes for this one too; then only that one is closed.
    """

    def __init__(
        self, database: Database, scope: str, cap: float | None, most_calls: int | None = None,
        beside: Ledger | None = None,
    ) -> None:  # fmt: skip
        self.database, self.scope, self.cap, self.most_calls = database, scope, cap, most_calls
        thread = beside._thread if beside else ThreadPoolExecutor(max_workers=1, thread_name_prefix="ledger")
        self._thread: ThreadPoolExecutor = thread
        self._grouped: Grouped = beside._grouped if beside else Grouped(database, thread)
        self._open = self._ended = 0
        self.waits = False  # whether a call waits until one under way has left something of the limit
        self._settled = asyncio.Condition()
        with database.session() as session:
            self._deletions = counter.deletions(session)

    def close(self) -> None:
        """Wait for what is being written."""
        self._thread.shutdown(wait=True)

    async def reserve(self, attempt: Attempt) -> int:
        """Write a call down before it is made; its number.

        While calls are under way whose worst case fills the limit, wait: most cost less than that. Raises
        ``CapReached`` when nothing is under way and the call could still pass the limit, or when the scope has made
        all of its calls.
        """

        def work(session: Session) -> int | None:
            if self.most_calls is not None and ai_calls.count_calls(session, self.scope) >= self.most_calls:
                return _NO_CALL
            return ai_calls.reserve(session, attempt, self.cap)

        while True:
            ended = self._ended
            number = await self._grouped.do(work)
            if number == _NO_CALL:
                raise CapReached(
                    f"The limit of {self.most_calls:,} calls is reached, so no further one was made. Raise the limit "
                    "to go on; answers that are there cost no call again."
                )
            if number is not None:
                self._open += 1
                return number
            async with self._settled:
                if self._ended != ended:
                    continue
                if self._open == 0:
                    raise CapReached(
                        f"The limit of ${self.cap:,.2f} is reached: the next call could pass it, so it was not made. "
                        "Raise the limit to go on; answers that came are kept and cost nothing again."
                    )
                self.waits = True
                await self._settled.wait()
                self.waits = False

    async def settle(self, number: int, end: Settled, key: str = "", value: str | None = None) -> None:
        """Write down how a call ended, and keep its answer under ``key`` in the same transaction.

        Once somebody was deleted no answer is kept any more: it may be about them, asked before.
        """

        def work(session: Session) -> None:
            ai_calls.settle(session, number, end)
            if value is not None and counter.deletions(session) == self._deletions:
                cache.keep(session, NAMESPACE, key, value)

        try:
            await self._grouped.do(work)
        finally:
            self._open -= 1
            self._ended += 1
            async with self._settled:
                self._settled.notify_all()

    async def cached(self, key: str) -> str | None:
        """The answer that is kept for a question."""
        return await self._grouped.do(lambda session: cache.look(session, NAMESPACE, key), writes=False)

    def spending(self) -> Spending:
        """What the scope has used so far."""
        with self.database.session() as session:
            return ai_calls.spending(session, self.scope)

    async def used(self, keys: Sequence[str], after: int = 0) -> Used:
        """What the scope has used for the questions with these keys, in calls with a number above ``after``."""
        return await self._grouped.do(lambda session: ai_calls.used_for(session, self.scope, keys, after), writes=False)

    async def keep(self, work: Callable[[Session], T]) -> T:
        """Write something else, in one transaction with calls that are written at the same time."""
        return await self._grouped.do(work)

    async def run(self, work: Callable[[], T]) -> T:
        """Do something with the database, after what was given before."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

"""What waits for the database at the same time is written in one transaction: a commit costs more than a row."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from ranker.store.engine import Database

T = TypeVar("T")
Work = Callable[[Session], T]
_MOST = 64


class Grouped:
    """Runs work on the database in a thread, first come, first served, for callers of one event loop.

    Nobody is told of a result before it is kept. Where something in a group fails, each part is done alone, so that
    only who asked for it is told of an error.
    """

    def __init__(self, database: Database, thread: ThreadPoolExecutor) -> None:
        self._database, self._thread = database, thread
        self._waiting: list[tuple[Work[Any], bool, asyncio.Future[Any]]] = []
        self._under_way: asyncio.Task[None] | None = None

    async def do(self, work: Work[T], *, writes: bool = True) -> T:
        """The result of ``work``, once it is kept. Raises what it raises."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, writes, future))
        if self._under_way is None:
            self._under_way = asyncio.ensure_future(self._drain())
        return await future

    async def _drain(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                group = [one for one in self._waiting[:_MOST] if not one[2].done()]
                del self._waiting[:_MOST]
                if not group:
                    continue
                writes = any(one[1] for one in group)
                results = await loop.run_in_executor(self._thread, self._together, [one[0] for one in group], writes)
                for (_, _, future), (value, error) in zip(group, results, strict=True):
                    if future.done():  # whoever asked has gone
                        continue
                    if error is None:
                        future.set_result(value)
                    else:
                        future.set_exception(error)
        finally:
            self._under_way = None

    def _together(self, works: list[Work[Any]], writes: bool) -> list[tuple[Any, Exception | None]]:
        try:
            with self._database.write() if writes else self._database.session() as session:
                kept: list[tuple[Any, Exception | None]] = [(work(session), None) for work in works]
        except Exception as error:  # noqa: BLE001 - it is raised to whoever waits for it
            if len(works) == 1:
                return [(None, error)]
            return [found for work in works for found in self._together([work], writes)]
        return kept

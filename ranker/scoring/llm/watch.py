"""How far a ranking with a model is, while it is under way: for a page, a terminal, and whoever cancels it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from ranker.errors import Cancelled
from ranker.llm.client import LlmClient

T = TypeVar("T")
LOOK_SECONDS = 1.0


@dataclass
class Progress:
    """How far a task is: ``done`` of ``total`` leads."""

    task: str = ""
    done: int = 0
    total: int = 0

    def begin(self, task: str, total: int) -> None:
        """Another task begins, about so many leads."""
        self.task, self.done, self.total = task, 0, total


@dataclass(frozen=True, slots=True)
class Live:
    """How things stand. ``done`` of ``total`` leads of a task; ``calls`` answered, ``cached`` answers that were there;
    ``spent`` dollars by the ledger, with ``unknown`` calls whose cost is not known; ``waiting``: for what, in words.
    """

    task: str
    done: int
    total: int
    calls: int
    cached: int
    retries: int
    spent: float
    unknown: int
    tokens: int
    waiting: tuple[str, ...]


Watch = Callable[[Live], bool]
"""Is told now and then how things stand; False stops the work."""


async def watched(work: Coroutine[Any, Any, T], client: LlmClient, seen: Progress, watch: Watch | None) -> T:
    """The result of ``work``; ``watch`` is called every second, in another thread.

    Where it says no, calls under way still end, because they are paid for, and nothing further is asked.
    """
    if watch is None:
        return await work
    task = asyncio.ensure_future(work)
    try:
        while not (await asyncio.wait({task}, timeout=LOOK_SECONDS))[0]:
            if not await asyncio.to_thread(lambda: watch(live(client, seen))):
                client.stop(Cancelled("The ranking was cancelled."))
                break
        return await task
    finally:
        task.cancel()


def live(client: LlmClient, seen: Progress) -> Live:
    """How things stand now."""
    used = client.spending()
    return Live(
        seen.task, seen.done, seen.total, used.ok, client.cache_hits, client.retries, used.spent, used.unknown,
        used.tokens_in + used.tokens_out, client.waiting(),
    )  # fmt: skip

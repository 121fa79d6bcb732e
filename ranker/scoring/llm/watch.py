"""How far a ranking with a model is, while it is under way: for a page, a terminal, and whoever cancels it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ranker.errors import Cancelled
from ranker.llm.client import LlmClient
from ranker.scoring.llm.asking import NoVerdict
from ranker.scoring.llm.leads import Lead
from ranker.scoring.llm.rows import Judged

T = TypeVar("T")
LOOK_SECONDS = 1.0
BEST = 5
"""How many of the best leads are told of on the way."""


@dataclass
class Progress:
    """How far a task is: ``done`` of ``total`` leads."""

    task: str = ""
    done: int = 0
    total: int = 0
    found: Mapping[Lead, Judged | NoVerdict] = field(default_factory=dict)
    """What is known by now of the task's leads; it grows."""

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
    best: tuple[tuple[Lead, float], ...] = ()
    """The leads with the highest scores so far, 0 to 100; none where a task gives no scores."""


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
        used.tokens_in + used.tokens_out, client.waiting(), _best(seen),
    )  # fmt: skip


def _best(seen: Progress) -> tuple[tuple[Lead, float], ...]:
    scored = [
        (lead, row.score)
        for lead, row in list(seen.found.items())  # at once: another thread adds to it
        if isinstance(row, Judged) and row.score is not None and row.relevant is not False
    ]
    return tuple(sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:BEST])

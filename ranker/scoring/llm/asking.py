"""Ask about a batch until every lead has a row or a reason why not. Nobody is asked about twice without need.

Rows that can be used are kept; only leads whose row is missing, doubled or out of range are asked about again. A batch
that gets no usable answer at all is halved, so that one lead can't take the others with it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from ranker.errors import CallFailed, LlmError
from ranker.llm.client import LlmClient
from ranker.scoring.llm.leads import Lead
from ranker.scoring.llm.rows import Judged, reader_of
from ranker.scoring.llm.tasks import Tasks

T = TypeVar("T")
R = TypeVar("R")

_ROUNDS = 4
"""How often leads that were left out are asked about in all."""
_HALVED = frozenset({"cut", "filtered", "refused", "too_long", "invalid", "empty", "request"})
"""Failures that may be due to one lead of a batch, or to its length."""


@dataclass(frozen=True, slots=True)
class NoVerdict:
    """Why a lead has no row; ``reason`` is a code, ``words`` are for the person."""

    reason: str
    words: str


@dataclass
class Answers:
    """A row or a reason for each lead, and what was odd about the answers."""

    found: dict[Lead, Judged | NoVerdict] = field(default_factory=dict)
    missing: int = 0
    doubled: int = 0
    invented: int = 0
    refused: int = 0

    def add(self, later: Answers) -> None:
        """Put later answers on top; they count where a lead is in both."""
        self.found.update(later.found)
        self.missing += later.missing
        self.doubled += later.doubled
        self.invented += later.invented
        self.refused += later.refused


async def ask_about(client: LlmClient, tasks: Tasks, task: str, leads: Sequence[Lead], into: Answers) -> None:
    """Put a ``Judged`` or a ``NoVerdict`` for each lead into ``into``. Raises nothing of what a call can meet."""
    left = list(leads)
    for _ in range(_ROUNDS):
        try:
            answer = await client.ask(tasks.question(task, left), reader_of(task, len(left)))
        except CallFailed as error:
            if error.reason in _HALVED and len(left) > 1:
                middle = len(left) // 2
                await ask_about(client, tasks, task, left[:middle], into)
                await ask_about(client, tasks, task, left[middle:], into)
            else:
                into.found.update(dict.fromkeys(left, NoVerdict(error.reason, error.message)))
            return
        except LlmError as error:
            into.found.update(dict.fromkeys(left, NoVerdict(error.code.rpartition(".")[2], error.message)))
            return
        rows = answer.value
        into.found.update({left[number - 1]: judged for number, judged in rows.good.items()})
        into.doubled += len(rows.doubled)
        into.invented += rows.invented
        into.refused += rows.refused
        left = [lead for number, lead in enumerate(left, start=1) if number not in rows.good]
        into.missing += len(left) - len(rows.doubled)
        if not left:
            return
    into.found.update(dict.fromkeys(left, NoVerdict("left_out", "The model left this lead out of its answers.")))


async def each(items: Iterable[T], work: Callable[[T], Awaitable[R]], at_once: int) -> AsyncIterator[R]:
    """The results of ``work`` on each item as they come, with at most ``at_once`` under way."""
    waiting: set[asyncio.Future[R]] = set()
    source = iter(items)
    more = True
    try:
        while more or waiting:
            while more and len(waiting) < at_once:
                try:
                    waiting.add(asyncio.ensure_future(work(next(source))))
                except StopIteration:
                    more = False
            if waiting:
                done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                for one in done:
                    yield one.result()
    finally:
        for one in waiting:
            one.cancel()

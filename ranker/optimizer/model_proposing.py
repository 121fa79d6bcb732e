"""Critiques of groups of errors, and versions that mend them: all groups at once, each critique before its edit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest

from ranker.errors import LlmError
from ranker.llm.apart import run_to_end
from ranker.llm.breaker import Breaker
from ranker.llm.client import LlmClient
from ranker.llm.settings import Settings
from ranker.optimizer.model_asking import (
    Point,
    Slot,
    Version,
    critique_question,
    edit_question,
    edit_reader,
    read_critique,
)
from ranker.optimizer.model_errors import SignedError
from ranker.optimizer.model_judge import PASSING, ROUNDS, failed_again, raise_stopped
from ranker.scoring.llm.asking import each
from ranker.scoring.llm.templates import Prompt
from ranker.scoring.llm.watch import Progress, Watch, watched
from ranker.store.engine import Database

TASKS = ("critique", "edit")


def propose_versions(
    database: Database, scope: str, settings: Settings, prompts: Mapping[str, Prompt], slot: Slot, text: str,
    groups: Sequence[Sequence[SignedError]], edits: int, watch: Watch | None = None, *,
    quotes: Callable[[str], bool], pause: float = 0.5, cool: float = 15.0,
) -> list[tuple[Version, str]]:  # fmt: skip
    """``edits`` versions for each group with its critique in words: the first of every group, then the second, ….

    What ``quotes`` a lead in a critique is left out before anything is asked with it. A group that the model has no
    usable answer for gives none, nor does one all of whose critique quotes. Raises as ``judge_companies``.
    """
    for _ in range(ROUNDS):
        found, passing = run_to_end(
            _propose(database, scope, settings, prompts, slot, text, groups, edits, watch, quotes, pause, cool)
        )
        if not passing:
            return [one for turn in zip_longest(*found) for one in turn if one is not None]
    raise failed_again(passing)


async def _propose(
    database: Database, scope: str, settings: Settings, prompts: Mapping[str, Prompt], slot: Slot, text: str,
    groups: Sequence[Sequence[SignedError]], edits: int, watch: Watch | None, quotes: Callable[[str], bool],
    pause: float, cool: float,
) -> tuple[list[list[tuple[Version, str]]], list[str]]:  # fmt: skip
    client = LlmClient(
        settings, database, scope, TASKS, failover=False, pause=pause, breaker=lambda: Breaker(cool=cool)
    )  # fmt: skip
    seen = Progress()
    found: dict[int, list[tuple[Version, str]]] = {}

    async def one(at: int) -> int:
        try:
            asked = await client.ask(critique_question(prompts["critique"], slot, text, groups[at]), read_critique)
            points = _without_quotes(asked.value, quotes)
            if not points:
                return at
            question = edit_question(prompts["edit"], slot, text, points, edits)
            versions = (await client.ask(question, edit_reader(text, edits))).value
        except LlmError:  # what ends everything is raised below
            return at
        found[at] = [(version, _words(points)) for version in versions]
        return at

    async def everything() -> None:
        seen.begin("critique", len(groups))
        async for _ in each(range(len(groups)), one, settings.concurrency):
            seen.done += 1

    async with client:
        await watched(everything(), client, seen, watch)
        raise_stopped(client)
        return [found.get(at, []) for at in range(len(groups))], [kind for kind in client.failures if kind in PASSING]


def _without_quotes(points: Sequence[Point], quotes: Callable[[str], bool]) -> list[Point]:
    """The halves of points that quote no lead."""
    plain = [Point("" if quotes(one.wrong) else one.wrong, "" if quotes(one.mend) else one.mend) for one in points]
    return [one for one in plain if one.wrong or one.mend]


def _words(points: Sequence[Point]) -> str:
    return " ".join(" → ".join(filter(None, (one.wrong, one.mend))) for one in points)

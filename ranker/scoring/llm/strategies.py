"""Strategies: what is asked of whom, in which order.

``pointwise``: one call a lead. ``two-phase``: who is relevant, in batches of 50; then, company by company, how good.
``cascade``: behind free gates a score for everybody in batches, then two more orders for those who may be contacted.
"""

from __future__ import annotations

from collections.abc import Iterable

from ranker.llm.client import LlmClient
from ranker.scoring.llm.asking import Answers, ask_about, each
from ranker.scoring.llm.cascade import AHEAD, cascade
from ranker.scoring.llm.leads import Lead, batches
from ranker.scoring.llm.rows import Judged
from ranker.scoring.llm.tasks import BATCH, Tasks
from ranker.scoring.llm.watch import Progress

PIECE = {"pointwise": 500, "two-phase": 4_000, "cascade": 1_500}
"""Leads that are judged together and then kept: about a hundred calls or more, so that few places stand empty."""
STAGES = {"pointwise": ("pointwise",), "two-phase": ("qualify", "rank"), "cascade": ("score", "rescore")}
"""What a strategy reports as its progress, one after the other; ``rescore`` are both further orders at once."""
GATED = frozenset({"cascade"})
"""Strategies that ask nothing about leads whom the rules are certain to rule out."""


async def pointwise(client: LlmClient, tasks: Tasks, leads: Iterable[Lead], progress: Progress) -> Answers:
    """One call a lead."""
    return await _all(client, tasks, "pointwise", leads, progress)


async def two_phase(client: LlmClient, tasks: Tasks, leads: Iterable[Lead], progress: Progress) -> Answers:
    """Qualify in batches, then score the relevant ones beside each other within their company."""
    answers = await _all(client, tasks, "qualify", leads, progress)
    relevant = [lead for lead, row in answers.found.items() if isinstance(row, Judged) and row.relevant]
    answers.add(await _all(client, tasks, "rank", relevant, progress))  # who is qualified and unscored is not judged
    return answers


STRATEGIES = {"pointwise": pointwise, "two-phase": two_phase, "cascade": cascade}


async def _all(
    client: LlmClient, tasks: Tasks, task: str, leads: Iterable[Lead], progress: Progress
) -> Answers:  # fmt: skip
    into = Answers()

    async def one(batch: list[Lead]) -> int:
        await ask_about(client, tasks, task, batch, into)
        return len(batch)

    work = batches(leads, BATCH[task], by_company=task == "rank")
    progress.begin(task, sum(map(len, work)))
    progress.found = into.found
    async for count in each(work, one, client.settings.concurrency * AHEAD):
        progress.done += count
    return into

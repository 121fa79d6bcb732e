"""The cascade: everybody is scored once in batches; whoever may be contacted is scored again in two more orders.

The gates, which cost nothing, stand before it (``gates``). Scores of several orders are averaged; the farther apart
they are, the lower is the confidence. Where they disagree on whether to contact, or are very far apart, a person should
look, and where the mean is no clear answer either the confidence is low. A lead that could not be scored again keeps
its first score, with less confidence and a flag: that was an answer, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ranker.llm.client import LlmClient
from ranker.scoring.llm.asking import Answers, NoVerdict, ask_about, each
from ranker.scoring.llm.batching import even_batches, two_orders
from ranker.scoring.llm.leads import Lead
from ranker.scoring.llm.rows import Judged
from ranker.scoring.llm.tasks import BATCH, Tasks
from ranker.scoring.llm.watch import Progress

BELOW = 20.0
"""A first score that misses the threshold by no more than this, of 100, is borderline: it may be a yes."""
CLOSE = 5.0
"""Where orders fall on both sides of the threshold, a mean this close to it could be either."""
APART = 50.0
"""Scores of one lead that differ by as much disagree, whatever their mean."""
AHEAD = 2
"""Questions that are made ready for each one that may be under way."""


async def cascade(client: LlmClient, tasks: Tasks, leads: Iterable[Lead], progress: Progress) -> Answers:
    """Score everybody, then those who may be contacted twice more, and put the scores together."""
    first = Answers()
    work = [("score", batch, first) for batch in even_batches(leads, BATCH["score"])]
    progress.found = first.found
    await _ask(client, tasks, work, progress, "score")
    one, other = two_orders(may_be_contacted(first.found, tasks.threshold), BATCH["final"])
    second, third = Answers(), Answers()
    work = [("rescore", batch, second) for batch in one] + [("final", batch, third) for batch in other]
    await _ask(client, tasks, work, progress, "rescore")
    found: dict[Lead, Judged | NoVerdict] = {}
    for lead, row in first.found.items():
        further = [later.found[lead] for later in (second, third) if lead in later.found]
        found[lead] = together(row, further, tasks.threshold) if isinstance(row, Judged) else row
    for later in (second, third):
        first.add(later)
    first.found = found
    return first


def at_most_again(count: int) -> int:
    """How many of a company's leads are scored again at most: half of them, and never fewer than one batch."""
    return min(count, max(BATCH["final"], count // 2))


def may_be_contacted(found: Mapping[Lead, Judged | NoVerdict], threshold: float) -> list[Lead]:
    """Of each company who reaches the threshold or misses it narrowly, the best first, up to ``at_most_again``."""
    companies: dict[tuple[tuple[str, ...], str], list[tuple[float, str, Lead]]] = {}
    sizes: dict[tuple[tuple[str, ...], str], int] = {}
    for lead, row in found.items():
        key = (lead.brackets, lead.company)
        sizes[key] = sizes.get(key, 0) + 1
        if isinstance(row, Judged) and row.score is not None and row.score >= threshold - BELOW:
            companies.setdefault(key, []).append((-row.score, lead.place, lead))
    return [lead for key, some in companies.items() for _, _, lead in sorted(some)[: at_most_again(sizes[key])]]


def together(first: Judged, further: Sequence[Judged | NoVerdict], threshold: float) -> Judged:
    """One row of the scores of several orders. ``further`` is empty for a lead that was scored only once."""
    rows = [first, *(row for row in further if isinstance(row, Judged))]
    scores = [row.score for row in rows if row.score is not None]
    mean = sum(scores) / len(scores)
    missing = len(rows) <= len(further)
    apart = max(scores) - min(scores)
    both = len({score >= threshold for score in scores}) > 1
    torn = both or apart >= APART
    sure = max(0.0, 0.9 - 0.01 * apart) if further else 0.9 if mean < threshold - 2 * BELOW else 0.75
    if both and abs(mean - threshold) < CLOSE:
        sure = min(sure, 0.45)
    if missing:
        sure *= 0.7
    reason = next((row.reason for row in reversed(rows) if row.reason), "")
    if torn:
        reason = f"The model gave {_listed(scores)} of 10 in different orders. {reason}".strip()
    elif not reason:
        parts = f"team {_ten(100 * (first.department or 0))}, level {_ten(100 * (first.seniority or 0))}"
        reason = f"The model gave {_ten(mean)} of 10 ({parts}); from {_ten(threshold)} on somebody is contacted."
    flags = (*(("judge_disagrees",) if torn else ()), *(("rescore_failed",) if missing else ()))
    return Judged(first.relevant, round(mean, 1), first.department, first.seniority, sure, reason, flags)


def _ten(score: float) -> str:
    return f"{score / 10:.1f}".removesuffix(".0")


def _listed(scores: Sequence[float]) -> str:
    *some, last = [_ten(score) for score in scores]
    return f"{', '.join(some)} and {last}"


async def _ask(
    client: LlmClient, tasks: Tasks, work: Sequence[tuple[str, list[Lead], Answers]], progress: Progress, name: str
) -> None:
    async def one(item: tuple[str, list[Lead], Answers]) -> int:
        task, batch, into = item
        await ask_about(client, tasks, task, batch, into)
        return len(batch)

    progress.begin(name, sum(len(batch) for _, batch, _ in work))
    async for count in each(work, one, client.settings.concurrency * AHEAD):
        progress.done += count

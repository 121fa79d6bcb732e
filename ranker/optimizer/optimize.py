"""The whole of an optimization: the search, the same search without each fold, and what may be claimed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ranker.optimizer.claim import claim, unseen
from ranker.optimizer.copy_guard import CopyGuard
from ranker.optimizer.memory import Memory
from ranker.optimizer.nested import STOPPED, folds
from ranker.optimizer.outcome import Counts, Ended, FoldResult, Outcome, SearchResult
from ranker.optimizer.search import Search
from ranker.optimizer.settings import Settings
from ranker.optimizer.split import split
from ranker.optimizer.subject import Subject

_CUT: dict[Ended, str] = {
    "budget": "The budget was spent before the cross-validation was through.",
    "cancelled": "It was cancelled before the cross-validation was through.",
}


def optimize(
    subject: Subject, memory: Memory, settings: Settings | None = None, guard: CopyGuard | None = None
) -> Outcome:
    """Search for a text that is better than the start at the labelled companies, and say what is known of its gain.

    ``guard`` refuses texts that copy leads; None where no lead's text is at hand. Call it again with the same
    arguments to go on after a stop, or to have the same outcome again: then it only reads the memory. Raises
    OptimizerError when the start can't be evaluated or no company is labelled, and whatever else ``subject`` or
    ``memory`` raises; ``BudgetSpent``, ``CapReached`` and ``Cancelled`` end it in order, with the best so far.
    """
    settings = settings or Settings()
    parts = split(subject.companies, settings)
    result = Search(subject, parts.training, memory, settings, guard).run()
    left_out: list[FoldResult] = []
    if result.ended not in STOPPED:
        left_out, cut = folds(subject, memory, settings, guard, parts)
        if cut is not None:
            result = replace(result, ended=cut, ended_words=f"{result.ended_words} {_CUT[cut]}")
    nested = unseen(left_out, None)
    return Outcome(
        settings,
        parts,
        result,
        tuple(left_out),
        nested,
        None,
        claim(result, parts, left_out, nested, None),
        _counts((result, *(fold.result for fold in left_out))),
    )


def _counts(searches: Iterable[SearchResult]) -> Counts:
    rows = [one for result in searches for one in result.candidates if one.number]
    given = [one for one in rows if one.state != "nothing"]
    return Counts(
        sum(len({(one.generation, one.parent) for one in result.candidates if one.number}) for result in searches),
        len(given),
        sum(one.state == "rejected" for one in given),
        sum(one.state == "evaluated" for one in given),
    )

"""Which text a search proposes: not the one that looks best, but the simplest that the evidence can't tell from it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ranker.evaluation.intervals import standard_error
from ranker.optimizer.memory import Candidate
from ranker.optimizer.outcome import Standing
from ranker.optimizer.standing import gains, key, quality
from ranker.optimizer.subject import Figures


@dataclass(frozen=True, slots=True)
class Proposed:
    """The number of the candidate that a search proposes, 0 for the start, and why, as a sentence."""

    number: int
    why: str


def propose(
    candidates: Sequence[Candidate],
    standings: Mapping[int, Standing],
    scores: Mapping[int, Mapping[str, Figures]],
    companies: Sequence[str],
) -> Proposed:
    """The one-standard-error rule, on paired differences from the best at the companies of the search.

    If the start is within one standard error of the best, it stays: no change is the simplest one. Else, of those
    within it that are better than the start, the shortest; then the one of fewest edits, then the better one.
    Source: Breiman et al. 1984, "Classification and Regression Trees", 3.4.3; paired, as all are on the same companies.
    """
    order = sorted(standings, key=lambda number: key(standings[number], len(candidates[number].text), number))
    if not order or order[0] == 0:
        tried = len(order) - 1
        return Proposed(0, "The start stays: " + (_none_better(tried) if tried > 0 else "no other text was tried."))
    best = order[0]
    near = [number for number in order if _within(scores[best], scores[number], companies)]
    if 0 in near:
        which = "the other text" if len(order) == 2 else f"the best of {len(order) - 1} other texts, no. {best},"
        words = "is ahead by less than one standard error at the companies that the search saw."
        return Proposed(0, f"The start stays: {which} {words}")
    better = [number for number in near if quality(standings[number]) < quality(standings[0])]
    chosen = min(
        better, key=lambda number: (len(candidates[number].text), edits(candidates, number), order.index(number))
    )
    if len(better) == 1:
        return Proposed(chosen, f"No. {chosen} is the best, by more than one standard error.")
    which = "the best itself" if chosen == best else f"the best is no. {best}"
    return Proposed(
        chosen, f"No. {chosen} is the shortest of {len(better)} within one standard error of the best ({which})."
    )


def edits(candidates: Sequence[Candidate], number: int) -> int:
    """How many edits lead from the start to a candidate."""
    parent = candidates[number].parent
    return 0 if parent is None else 1 + edits(candidates, parent)


def _within(best: Mapping[str, Figures], other: Mapping[str, Figures], companies: Sequence[str]) -> bool:
    behind = np.array(list(gains(best, other, companies).values()))
    if len(behind) < 2:
        return True  # one company has no standard error, and tells nothing
    # Sums that are equal on paper must count as equal.
    return math.fsum(behind) / len(behind) <= standard_error(behind) + 1e-12


def _none_better(tried: int) -> str:
    return "the other text is not better." if tried == 1 else f"none of {tried} other texts is better."

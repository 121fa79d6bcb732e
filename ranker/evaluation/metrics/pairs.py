"""Pairwise accuracy: of all pairs of leads that the person told apart, how many does the answer order alike?

Kendall's concordant pairs (Kendall 1938, "A new measure of rank correlation"), with a tie in the answer
worth one half. Unlike tau-b it does not punish a correct order for the many leads labelled "not relevant".
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby


def pairs(labels: Sequence[float], places: Sequence[float]) -> float | None:
    """Share of the pairs with different labels that the places put in the labelled order; 0 to 1.

    (pairs in the right order + half the pairs tied by the answer) / pairs with different labels.
    "Not relevant" is behind every rank, not qualified behind every place. None when no two labels differ.
    O(n log n).
    """
    return _ordered_share(labels, places)


def order(labels: Sequence[float], scores: Sequence[float | None]) -> float | None:
    """The same share by score alone, highest first, whoever is qualified; 0 to 1.

    A lead without a (finite) score is behind all others. None when no two labels differ. O(n log n).
    """
    return _ordered_share(
        labels, [-score if score is not None and math.isfinite(score) else math.inf for score in scores]
    )


def top_pairs(labels: Sequence[float], places: Sequence[float]) -> float | None:
    """The same share of the pairs among leads that have a rank in the labels; 0 to 1.

    It tells whether the best are in the right order, apart from whether they were found. None when fewer
    than two different ranks were given. O(n log n).
    """
    chosen = [(label, place) for label, place in zip(labels, places, strict=True) if label < math.inf]
    return _ordered_share([label for label, _ in chosen], [place for _, place in chosen])


def _ordered_share(labels: Sequence[float], places: Sequence[float]) -> float | None:
    """Walk from the best label to the worst and count, for each lead, the better-labelled ones seen so far
    that the answer also puts in front. Counts are kept in a Fenwick tree (Fenwick 1994) over the places.
    """
    level = {place: at for at, place in enumerate(sorted(set(places)), start=1)}
    tree = [0] * (len(level) + 1)
    # Twice the wanted count: a tie is worth one half, and whole numbers keep the result exact.
    doubled = total = seen = 0
    ranked = sorted(zip(labels, (level[place] for place in places), strict=True))
    for _, group in groupby(ranked, key=lambda pair: pair[0]):
        members = [at for _, at in group]
        # Equal labels make no pair: look up the whole group before any of it is entered.
        for at in members:
            doubled += _count_up_to(tree, at - 1) + _count_up_to(tree, at)
        for at in members:
            _enter(tree, at)
        total += seen * len(members)
        seen += len(members)
    return doubled / (2 * total) if total else None


def _count_up_to(tree: Sequence[int], at: int) -> int:
    """How many entries have a level of `at` or less."""
    count = 0
    while at > 0:
        count += tree[at]
        at -= at & -at
    return count


def _enter(tree: list[int], at: int) -> None:
    """Add one entry of level `at` (from 1) to the tree, in place."""
    while at < len(tree):
        tree[at] += 1
        at += at & -at

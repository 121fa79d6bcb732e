"""The two ranks of each labelled lead, for the figures that compare ranks as numbers."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence

# The place of a lead that is qualified but was given no rank: behind every rank, ahead of "not qualified".
UNRANKED = sys.float_info.max


def last_rank(labels: Sequence[float]) -> float:
    """The worst rank that can occur: n, the number of leads, or the largest label where a person's gaps go beyond n."""
    return max([float(len(labels)), *(label for label in labels if label < math.inf)])


def rank_pairs(labels: Sequence[float], places: Sequence[float]) -> list[tuple[float, float | None]]:
    """(person's rank, answer's rank) of each lead that has a rank in the labels, sorted.

    The answer's rank is None where it gives none: not qualified, not judged, missing from the answer, or
    qualified without a rank. A rank beyond the last one, given among leads that nobody labelled, counts as the last:
    else it would be farther off than no rank at all.
    """
    last = last_rank(labels)
    found = [
        (float(label), min(float(place), last) if place < UNRANKED else None)
        for label, place in zip(labels, places, strict=True)
        if label < math.inf
    ]
    # Sorted, so that sums over the pairs do not depend on the order of rows, not even in the last digit.
    return sorted(found, key=lambda pair: (pair[0], math.inf if pair[1] is None else pair[1]))

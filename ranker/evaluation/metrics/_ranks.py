"""The two ranks of each labelled lead, for the figures that compare ranks as numbers."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence

# The place of a lead that is qualified but was given no rank: behind every rank, ahead of "not qualified".
UNRANKED = sys.float_info.max


def rank_pairs(labels: Sequence[float], places: Sequence[float]) -> list[tuple[float, float]]:
    """(person's rank, answer's rank) of each lead that has a rank in the labels, sorted.

    A lead to which the answer gives no rank (not qualified, not judged, missing from the answer, or
    qualified without a rank) takes the worst rank: n, the number of leads in the company, those labelled
    "not relevant" included. Ranks that the answer does give are taken as they are.
    """
    worst = float(len(labels))
    # Sorted, so that sums over the pairs do not depend on the order of rows, not even in the last digit.
    return sorted(
        (float(label), float(place) if place < UNRANKED else worst)
        for label, place in zip(labels, places, strict=True)
        if label < math.inf
    )

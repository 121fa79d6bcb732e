"""Precision at k: are the first places worth a salesperson's time?"""

from __future__ import annotations

import math
from collections.abc import Sequence

from ranker.evaluation.metrics._seats import expected_gain


def p_at_k(labels: Sequence[float], places: Sequence[float], k: int = 3) -> float | None:
    """Share of the first k places that hold a relevant lead (one with a rank in the labels); 0 to 1.

    k is lowered to the number of relevant leads, so that a perfect answer gives 1. Only qualified leads
    take a place; a place left empty counts as a miss. Ties are worth their expected value. None for a
    company with fewer than two leads or no relevant one. Raises ValueError when k is below 1.
    Source: Manning, Raghavan, Schütze 2008, "Introduction to Information Retrieval", 8.4 (k lowered as in
    R-precision).
    """
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    relevant = [1.0 if label < math.inf else 0.0 for label in labels]
    seats = min(k, int(sum(relevant)))
    if len(labels) < 2 or not seats:
        return None
    return expected_gain(relevant, places, [1.0] * seats) / seats

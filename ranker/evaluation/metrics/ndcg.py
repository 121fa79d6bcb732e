"""Normalised discounted cumulative gain: the best leads first, the first places counting most."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ranker.evaluation.metrics._seats import expected_gain


def ndcg_k(labels: Sequence[float], places: Sequence[float], k: int = 5) -> float | None:
    """Σ gain / log2(seat + 1) over the first k seats, divided by the best possible sum; 0 to 1.

    The gain is 1 / label, and 0 for a lead that is not relevant. Only qualified leads take a seat. Ties
    are worth their expected value. None for a company with fewer than two leads or no relevant one.
    Raises ValueError when k is below 1.
    Source: Järvelin and Kekäläinen 2002, "Cumulated gain-based evaluation of IR techniques", with the
    reciprocal of the person's rank as the gain.
    """
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    gains = [1 / label for label in labels]  # 1 / inf is 0
    if len(labels) < 2 or not any(gains):
        return None
    discounts = [1 / math.log2(seat + 1) for seat in range(1, k + 1)]
    # The best possible answer: every relevant lead seated by its label.
    ideal = expected_gain(gains, labels, discounts)
    return expected_gain(gains, places, discounts) / ideal

"""Expected value of what stands in the first seats of a ranking that has ties."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby


def expected_gain(gains: Sequence[float], places: Sequence[float], weights: Sequence[float]) -> float:
    """Expected sum of gain · weight of the seat, over all orders that the ties in `places` allow.

    Only qualified leads (finite place) take a seat; `weights` has one number a seat, and a seat beyond it
    weighs nothing. Members of a tie take the tie's seats in every order equally often, so each is worth
    its gain times the mean weight of those seats (McSherry and Najork 2008, "Computing information
    retrieval performance measures efficiently in the presence of tied scores").
    """
    seated = sorted((place, gain) for gain, place in zip(gains, places, strict=True) if place < math.inf)
    parts: list[float] = []
    first = 0
    for _, group in groupby(seated, key=lambda pair: pair[0]):
        if first >= len(weights):
            break
        tied = [gain for _, gain in group]
        mean_weight = math.fsum(weights[first : first + len(tied)]) / len(tied)
        parts.append(mean_weight * math.fsum(tied))
        first += len(tied)
    # fsum, here and above: the result must not depend on the order of rows, not even in the last digit.
    return math.fsum(parts)

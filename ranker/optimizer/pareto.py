"""The candidates that are best somewhere: from them come parents that a mean would pass over.

Source: Agrawal et al. 2025, "GEPA: Reflective Prompt Evolution Can Outperform Reinforcement Learning", algorithm 2.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

_NOTHING = 1e-9


def front(values: Mapping[int, Sequence[float]], order: Sequence[int]) -> dict[int, int]:
    """Candidate → at how many companies it is best (ties count for each), of those that are best anywhere.

    ``values``: each candidate's figure at the same companies, higher is better. ``order``: all of them, the best
    first. Left out is who is dominated: another is nowhere worse and somewhere better, or equal everywhere and
    earlier in ``order``. What it returns follows ``order``.
    """
    if not order or not values[order[0]]:
        return dict.fromkeys(order[:1], 1)
    tops = [max(column) for column in zip(*(values[number] for number in order), strict=True)]
    wins = {
        number: sum(value >= top - _NOTHING for value, top in zip(values[number], tops, strict=True))
        for number in order
    }
    found: dict[int, int] = {}
    for number in order:
        # Only an earlier one can be equal, and only one with the higher mean can be better: both are in `found`,
        # or are dominated by one that is.
        if wins[number] and not any(_covers(values[other], values[number]) for other in found):
            found[number] = wins[number]
    return found


def drawn(weights: Mapping[int, int], count: int, seed: int) -> list[int]:
    """``count`` draws with replacement, in proportion to the weights; the same arguments give the same draws."""
    generator = random.Random(seed)
    numbers, total = list(weights), sum(weights.values())
    found = []
    for _ in range(count):
        place = generator.random() * total
        for number in numbers:
            place -= weights[number]
            if place < 0:
                break
        found.append(number)
    return found


def _covers(one: Sequence[float], other: Sequence[float]) -> bool:
    return all(mine >= theirs - _NOTHING for mine, theirs in zip(one, other, strict=True))

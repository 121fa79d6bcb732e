"""Whom to ask for proposals in a generation: most of all the best, then the beam, and who is best somewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ranker.optimizer.pareto import drawn, front


@dataclass(frozen=True, slots=True)
class Share:
    """A candidate that is asked, and for how many new texts."""

    parent: int
    wanted: int


def shares(
    values: Mapping[int, Sequence[float]],
    order: Sequence[int],
    beam: Sequence[int],
    variants: int,
    seed: int,
) -> list[Share]:
    """Who is asked first: for half of the variants the best, the others by turns the rest of the beam and the front.

    The start is asked as the best, or drawn from the front: at first it was asked for all. Together ``variants``, each
    parent once, at least the best. ``values``, ``order``: as ``pareto.front`` takes them.
    """
    rest = [number for number in beam if number not in (0, order[0])] or [order[0]]
    around = (variants - (variants + 1) // 2) // 2
    picked = [order[0]] * ((variants + 1) // 2)
    picked += [rest[at % len(rest)] for at in range(around)]
    picked += drawn(front(values, order), variants - len(picked), seed)
    return [Share(parent, picked.count(parent)) for parent in dict.fromkeys(picked)]


def spare(values: Mapping[int, Sequence[float]], order: Sequence[int], asked: Sequence[Share]) -> list[int]:
    """Who is asked when those had too few proposals: the rest of the front, the most often best first, then all."""
    weights = front(values, order)
    first = sorted(weights, key=lambda number: (-weights[number], order.index(number)))
    taken = {share.parent for share in asked}
    return [number for number in dict.fromkeys((*first, *order)) if number not in taken]

"""Whom to ask for proposals in a generation: half by the mean over companies, half by who is best somewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ranker.optimizer.pareto import drawn, front
from ranker.optimizer.seeds import seed_of
from ranker.optimizer.settings import Settings


@dataclass(frozen=True, slots=True)
class Share:
    """A candidate that is asked, and for how many new texts."""

    parent: int
    wanted: int


def shares(
    values: Mapping[int, Sequence[float]],
    order: Sequence[int],
    beam: Sequence[int],
    settings: Settings,
    search: int,
    generation: int,
) -> list[Share]:
    """Who is asked first: half of the variants go around the beam, best first; the others are drawn from the front.

    Together ``settings.variants``, each parent once. ``values``, ``order``: as ``pareto.front`` takes them.
    """
    half = (settings.variants + 1) // 2
    picked = [beam[at % len(beam)] for at in range(half)]
    seed = seed_of(settings.seed, search, generation, "parents")
    picked += drawn(front(values, order), settings.variants - half, seed)
    return [Share(parent, picked.count(parent)) for parent in dict.fromkeys(picked)]


def spare(values: Mapping[int, Sequence[float]], order: Sequence[int], asked: Sequence[Share]) -> list[int]:
    """Who is asked when those had too few proposals: the rest of the front, the most often best first, then all."""
    weights = front(values, order)
    first = sorted(weights, key=lambda number: (-weights[number], order.index(number)))
    taken = {share.parent for share in asked}
    return [number for number in dict.fromkeys((*first, *order)) if number not in taken]

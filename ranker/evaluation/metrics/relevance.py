"""Was the right set of leads qualified? Precision, recall and their harmonic mean (van Rijsbergen 1979).

A lead is relevant when the person gave it a rank, and said to be when the answer qualified it.
These three are None for a company without a relevant lead: there is nothing to find there. What is qualified
there all the same is seen by `left_out`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class _Counts:
    relevant: int
    said: int
    both: int


def precision(labels: Sequence[float], places: Sequence[float]) -> float | None:
    """Qualified and relevant / qualified; 0 to 1. Nobody qualified counts as 0, so silence cannot win."""
    counts = _count(labels, places)
    if not counts.relevant:
        return None
    return counts.both / counts.said if counts.said else 0.0


def recall(labels: Sequence[float], places: Sequence[float]) -> float | None:
    """Qualified and relevant / relevant; 0 to 1."""
    counts = _count(labels, places)
    return counts.both / counts.relevant if counts.relevant else None


def f1(labels: Sequence[float], places: Sequence[float]) -> float | None:
    """2 · precision · recall / (precision + recall), which is 2 · both / (qualified + relevant); 0 to 1."""
    counts = _count(labels, places)
    return 2 * counts.both / (counts.said + counts.relevant) if counts.relevant else None


def left_out(labels: Sequence[float], places: Sequence[float]) -> float | None:
    """Not relevant and not qualified / not relevant; 0 to 1. None for a company where all leads are relevant.

    Also called specificity (Yerushalmy 1947). Doing nothing scores 1: read it beside recall.
    """
    others = [place for label, place in zip(labels, places, strict=True) if label == math.inf]
    return sum(place == math.inf for place in others) / len(others) if others else None


def _count(labels: Sequence[float], places: Sequence[float]) -> _Counts:
    relevant = [label < math.inf for label in labels]
    said = [place < math.inf for place in places]
    both = sum(is_relevant and is_said for is_relevant, is_said in zip(relevant, said, strict=True))
    return _Counts(sum(relevant), sum(said), both)

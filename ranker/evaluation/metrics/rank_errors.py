"""How many ranks is the answer off? Over the labelled leads of one company; lower is better, 0 is perfect.

A lead without a rank in the answer counts as the largest error that it could have, max(last - label,
label - 1), where `last` is the worst rank that can occur (see `last_rank`). With the worst rank instead, a lead that
a person put last would be perfect by being dropped. All three are None for a company without a labelled lead,
and for one of a single lead, where no rank can be wrong.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from ranker.evaluation.metrics._ranks import last_rank, rank_pairs


def mae(labels: Sequence[float], places: Sequence[float]) -> float | None:
    """Mean absolute error, Σ|answer - person| / m over the m labelled leads; in ranks."""
    errors = _errors(labels, places)
    return math.fsum(map(abs, errors)) / len(errors) if errors else None


def rmse(labels: Sequence[float], places: Sequence[float]) -> float | None:
    """Root mean squared error, sqrt(Σ(answer - person)² / m); in ranks. Large errors weigh more."""
    squared = _mean_square(labels, places)
    return None if squared is None else math.sqrt(squared)


def nmse(labels: Sequence[float], places: Sequence[float]) -> float | None:
    """Mean squared error in percent of the worst possible: 100 · Σ(answer - person)² / m / (last - 1)².

    So companies of different sizes can be averaged; 0 to 100.
    Source: the NMSE of Dropbox's article on its relevance judge (2026), there on a scale from 1 to 5.
    """
    squared = _mean_square(labels, places)
    if squared is None:
        return None
    return 100 * squared / (last_rank(labels) - 1) ** 2


def _mean_square(labels: Sequence[float], places: Sequence[float]) -> float | None:
    errors = _errors(labels, places)
    return math.fsum(error**2 for error in errors) / len(errors) if errors else None


def _errors(labels: Sequence[float], places: Sequence[float]) -> list[float]:
    """The answer's rank minus the person's, one a labelled lead; empty for a company of one lead."""
    if len(labels) < 2:
        return []
    last = last_rank(labels)
    return [
        max(last - person, person - 1) if answer is None else answer - person
        for person, answer in rank_pairs(labels, places)
    ]

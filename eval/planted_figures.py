"""The real figures of small companies, computed once for all that look alike: the same as ``evaluate``, by a test."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from ranker.evaluation import metrics
from ranker.evaluation.metrics._ranks import last_rank, rank_pairs
from ranker.optimizer.subject import Figures

_ERRORS = {"mae": metrics.mae, "rmse": metrics.rmse, "nmse": metrics.nmse}


@lru_cache(maxsize=500_000)
def figures_of(rows: tuple[tuple[float, float, int], ...]) -> Figures:
    """The figures of one company from (label, place, score) of each lead, in any order of rows; infinite as there."""
    labels, places, scores = [row[0] for row in rows], [row[1] for row in rows], [float(row[2]) for row in rows]
    ranked = tuple(rank_pairs(labels, places))
    return {
        "leads": len(rows),
        "labelled": sum(label < math.inf for label in labels),
        "said": sum(place < math.inf for place in places),
        "pairs": metrics.pairs(labels, places),
        "order": metrics.order(labels, scores),
        "top_pairs": metrics.top_pairs(labels, places),
        "f1": metrics.f1(labels, places),
        "precision": metrics.precision(labels, places),
        "recall": metrics.recall(labels, places),
        "p_at_3": metrics.p_at_k(labels, places, 3),
        "ndcg_5": metrics.ndcg_k(labels, places, 5),
        "left_out": metrics.left_out(labels, places),
        **_rank_figures(len(rows), int(last_rank(labels)), ranked),
    }


@lru_cache(maxsize=500_000)
def _rank_figures(leads: int, last: int, ranked: tuple[tuple[float, float | None], ...]) -> dict[str, float | None]:
    """tau-b, Spearman and the three errors: they know nothing but these ranks, and how many leads there are."""
    rest = [math.inf] * (leads - len(ranked))
    labels = [person for person, _ in ranked] + rest
    places = [math.inf if answer is None else answer for _, answer in ranked] + rest
    if last_rank(labels) != last:
        raise ValueError("the worst rank is not the one that the leads had")
    # A lead without a place has the last one here; besides that, correlations know only the order.
    both = (_order([person for person, _ in ranked]), _order([last if one is None else one for _, one in ranked]))
    return _correlations(*both) | {name: figure(labels, places) for name, figure in _ERRORS.items()}


def _order(values: Sequence[float]) -> tuple[float, ...]:
    steps = sorted(set(values))
    return tuple(1.0 + steps.index(value) for value in values)


@lru_cache(maxsize=500_000)
def _correlations(labels: tuple[float, ...], places: tuple[float, ...]) -> dict[str, float | None]:
    return {"tau_b": metrics.kendall_tau_b(labels, places), "spearman": metrics.spearman(labels, places)}

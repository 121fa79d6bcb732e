"""Rank correlation between the person's ranks and the answer's, over the labelled leads of one company.

Both run from -1 (reversed) to 1 (same order), and both are None where the labels tell no two leads apart. Where only
the answer puts all of them in one place they are 0/0, and count as 0: the mean over all orders that the tie allows.
Left out instead, an answer that is silent at the hard companies would be measured on the easy ones. A lead without
a rank in the answer takes the worst one (see `last_rank`), so that leaving leads out is never rewarded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ranker.evaluation.metrics._ranks import last_rank, rank_pairs


def kendall_tau_b(labels: Sequence[float], places: Sequence[float]) -> float | None:
    """(C - D) / sqrt((C + D + Tx)(C + D + Ty)); -1 to 1. Computed by scipy in O(n log n).

    C and D: pairs in the same and in opposite order; Tx and Ty: pairs tied only in the labels and only in
    the answer. Source: Kendall 1945, "The treatment of ties in ranking problems".
    """

    def tau(persons: list[float], answers: list[float]) -> Any:
        from scipy import stats  # slow to import: not at start-up

        return stats.kendalltau(persons, answers, variant="b").statistic

    return _correlate(tau, labels, places)


def spearman(labels: Sequence[float], places: Sequence[float]) -> float | None:
    """Pearson's correlation of the two ranks, ties taking their average rank; -1 to 1. Computed by scipy.

    Source: Spearman 1904, "The proof and measurement of association between two things".
    """

    def rho(persons: list[float], answers: list[float]) -> Any:
        from scipy import stats

        return stats.spearmanr(persons, answers).statistic

    return _correlate(rho, labels, places)


def _correlate(
    statistic: Callable[[list[float], list[float]], Any], labels: Sequence[float], places: Sequence[float]
) -> float | None:
    found = rank_pairs(labels, places)
    persons = [person for person, _ in found]
    worst = last_rank(labels)
    answers = [worst if answer is None else answer for _, answer in found]
    # 0/0: settled here, rather than have scipy warn and return NaN.
    if len(set(persons)) < 2:
        return None
    return float(statistic(persons, answers)) if len(set(answers)) > 1 else 0.0

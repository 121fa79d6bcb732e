"""The real figures of small companies, computed once for all that look alike: the same as ``evaluate``, by a test."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from ranker.evaluation import metrics
from ranker.evaluation.evaluate import COUNTS, FIGURES
from ranker.evaluation.metrics._ranks import last_rank, rank_pairs
from ranker.optimizer.subject import Figures

Rows = tuple[tuple[float, float, int], ...]

_OF_RANKS = {"mae": metrics.mae, "rmse": metrics.rmse, "nmse": metrics.nmse}
_OF_PLACES = {
    "pairs": metrics.pairs,
    "top_pairs": metrics.top_pairs,
    "f1": metrics.f1,
    "precision": metrics.precision,
    "recall": metrics.recall,
    "p_at_3": lambda labels, places: metrics.p_at_k(labels, places, 3),
    "ndcg_5": lambda labels, places: metrics.ndcg_k(labels, places, 5),
    "left_out": metrics.left_out,
}


class CompanyFigures(Mapping[str, float | int | None]):
    """The figures of one company, each computed when it is first looked at: most are not, in a search."""

    def __init__(self, rows: Rows) -> None:
        self._labels, self._places = [row[0] for row in rows], [row[1] for row in rows]
        self._scores = [float(row[2]) for row in rows]
        self._known: dict[str, float | int | None] = {}

    def __getitem__(self, name: str) -> float | int | None:
        if name not in self._known:
            self._known[name] = self._computed(name)
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter((*COUNTS, *FIGURES))

    def __len__(self) -> int:
        return len(COUNTS) + len(FIGURES)

    def _computed(self, name: str) -> float | int | None:
        labels, places = self._labels, self._places
        if name in _OF_PLACES:
            return _OF_PLACES[name](labels, places)
        if name == "order":
            return metrics.order(labels, self._scores)
        if name in COUNTS:
            counted = {"leads": [0.0] * len(labels), "labelled": labels, "said": places}[name]
            return sum(value < math.inf for value in counted)
        ranked, last = rank_pairs(labels, places), last_rank(labels)
        if name in _OF_RANKS:
            return _OF_RANKS[name](labels, places)
        # A lead without a place has the last one here; besides that, correlations know only the order.
        answers = _order([last if one is None else one for _, one in ranked])
        return _correlations(_order([person for person, _ in ranked]), answers)[name]


@lru_cache(maxsize=500_000)
def figures_of(rows: Rows) -> Figures:
    """The figures of one company from (label, place, score) of each lead, in any order of rows; infinite as there."""
    return CompanyFigures(rows)


def _order(values: Sequence[float]) -> tuple[float, ...]:
    steps = sorted(set(values))
    return tuple(1.0 + steps.index(value) for value in values)


@lru_cache(maxsize=500_000)
def _correlations(labels: tuple[float, ...], places: tuple[float, ...]) -> dict[str, float | None]:
    return {"tau_b": metrics.kendall_tau_b(labels, places), "spearman": metrics.spearman(labels, places)}

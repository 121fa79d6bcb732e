"""Compare an answer with labelled leads: every figure for every company, then the mean over companies."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ranker.errors import LabelError
from ranker.evaluation import metrics
from ranker.evaluation.labelled import LabelledLead

COUNTS = ("leads", "labelled", "said")
"""Numbers of leads in a company: all, those with a rank in the labels, those that the answer qualified."""

MAIN_FIGURES = ("pairs", "order", "top_pairs", "f1", "precision", "recall", "p_at_3", "ndcg_5")
"""Higher is better, 0 to 1."""

MORE_FIGURES = ("left_out",)
"""Higher is better, 0 to 1: sees who is qualified at companies with nobody to find, where f1 is not defined."""

RANK_FIGURES = ("tau_b", "spearman", "mae", "rmse", "nmse")
"""Over labelled leads only: two correlations (-1 to 1, higher is better), three errors (0 is best)."""

FIGURES = MAIN_FIGURES + MORE_FIGURES + RANK_FIGURES

LOWER_IS_BETTER = frozenset({"mae", "rmse", "nmse"})

RANGES = {
    **dict.fromkeys(MAIN_FIGURES + MORE_FIGURES, (0.0, 1.0)),
    **dict.fromkeys(("tau_b", "spearman"), (-1.0, 1.0)),
    **dict.fromkeys(("mae", "rmse"), (0.0, math.inf)),
    "nmse": (0.0, 100.0),
}
"""The least and the largest value that each figure can take."""


@dataclass(frozen=True)
class Prediction:
    """What an answer says of one lead. `qualified` is None when the lead could not be judged.

    `rank` is 1 for the best of the company and counts only when qualified; `score` is higher for better.
    """

    qualified: bool | None
    rank: int | None
    score: float | None


NO_PREDICTION = Prediction(None, None, None)


@dataclass(frozen=True)
class Evaluation:
    """The figures of one answer; names as in `COUNTS` and `FIGURES`.

    `companies`: per company, in the order in which the labels name them; None = not defined there, which the
    labels alone decide.
    `macro`: the mean of each figure over the companies for which it is defined, each company counting
    once; a figure that is defined for none is absent. And "coverage", the share of the labelled leads for
    which the answer has a prediction at all (0 to 1).
    """

    macro: dict[str, float] = field(default_factory=dict)
    companies: dict[str, dict[str, float | int | None]] = field(default_factory=dict)


def evaluate(labels: Sequence[LabelledLead], predictions: Mapping[str, Prediction]) -> Evaluation:
    """The figures of `predictions`, keyed by source_id, against `labels`. Order of rows never matters.

    The answer is counted as it would be exported: qualified leads by rank, equal ranks tied; then
    qualified leads without a rank, tied; all others tied behind them. A lead that failed, was not judged
    or is missing is not qualified, has the lowest score, and stays in every denominator. Predictions for
    other leads are ignored. Ids in `labels` are distinct (`read_labels` sees to it).
    Raises LabelError when there are no labels.
    """
    if not labels:
        raise LabelError("There are no labelled leads to compare with: label some leads first.")
    groups: dict[str, list[LabelledLead]] = {}
    for lead in labels:
        groups.setdefault(lead.company, []).append(lead)
    companies = {name: _company(leads, predictions) for name, leads in groups.items()}
    macro: dict[str, float] = {}
    for name in FIGURES:
        defined = [value for figures in companies.values() if (value := figures[name]) is not None]
        if defined:
            # fsum: the mean must not depend on the order of companies, not even in the last digit.
            macro[name] = math.fsum(defined) / len(defined)
    macro["coverage"] = sum(lead.source_id in predictions for lead in labels) / len(labels)
    return Evaluation(macro, companies)


def do_nothing(labels: Sequence[LabelledLead]) -> Evaluation:
    """The figures of an answer that qualifies nobody and scores everybody the same: what no work is worth.

    Raises LabelError when there are no labels.
    """
    return evaluate(labels, {lead.source_id: Prediction(False, None, 0.0) for lead in labels})


def _company(leads: Sequence[LabelledLead], predictions: Mapping[str, Prediction]) -> dict[str, float | int | None]:
    labels = [lead.label for lead in leads]
    answers = [predictions.get(lead.source_id, NO_PREDICTION) for lead in leads]
    places = [place_of(answer) for answer in answers]
    # A failure is never a right verdict: who was not judged was not left out either.
    verdicts = [
        metrics.UNRANKED if answer.qualified is None else place for answer, place in zip(answers, places, strict=True)
    ]
    scores = [None if answer.qualified is None else answer.score for answer in answers]
    return {
        "leads": len(leads),
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
        "left_out": metrics.left_out(labels, verdicts),
        "tau_b": metrics.kendall_tau_b(labels, places),
        "spearman": metrics.spearman(labels, places),
        "mae": metrics.mae(labels, places),
        "rmse": metrics.rmse(labels, places),
        "nmse": metrics.nmse(labels, places),
    }


def place_of(answer: Prediction) -> float:
    """The answer's place as the metrics take it: its rank if qualified, `UNRANKED` without one, else infinity."""
    if not answer.qualified:
        return math.inf
    return metrics.UNRANKED if answer.rank is None else float(answer.rank)

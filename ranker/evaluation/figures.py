"""An evaluation as it is kept: figures with intervals, what doing nothing scores, and the figures of each company."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from ranker.evaluation.compare import HEADLINE, headline_or
from ranker.evaluation.evaluate import Evaluation, Prediction, do_nothing, evaluate
from ranker.evaluation.intervals import Interval, intervals, mean_interval
from ranker.evaluation.labelled import LabelledLead


@dataclass(frozen=True, slots=True)
class Figures:
    """What ``eval_run.figures`` holds. ``macro`` and ``intervals`` have ``pairs_f1`` beside those of ``Evaluation``.

    ``macro["coverage"]`` is the share of the labelled leads that were judged. ``nothing`` is the ``macro`` of doing
    nothing. ``leads`` is how many labelled leads there were; ``failed`` of them were not judged because a call failed,
    ``unjudged`` because there was nothing to judge by.
    """

    macro: Mapping[str, float] = field(default_factory=dict)
    intervals: Mapping[str, Interval] = field(default_factory=dict)
    nothing: Mapping[str, float] = field(default_factory=dict)
    leads: int = 0
    failed: int = 0
    unjudged: int = 0

    def as_json(self) -> dict[str, Any]:
        """Plain values, for ``from_json``."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Figures:
        """What ``as_json`` gave; of ``{}``, for a run that has no figures yet, all is empty."""
        found = {name: Interval(**one) for name, one in value.get("intervals", {}).items()}
        return cls(**{**value, "intervals": found})


def measured(
    labels: Sequence[LabelledLead], predictions: Mapping[str, Prediction], *, failed: int = 0
) -> tuple[Figures, Evaluation]:
    """The figures of an answer and its evaluation; ``predictions`` of leads that were not judged may be left out.

    The order of rows never matters. Raises ``LabelError`` without labels.
    """
    judged = {key: one for key, one in predictions.items() if one.qualified is not None}
    found, nothing = evaluate(labels, judged), do_nothing(labels)
    known = sum(lead.source_id in judged for lead in labels)
    return (
        Figures(
            {**found.macro, **_headline(found)}, {**intervals(found), **_headline_interval(found)},
            {**nothing.macro, **_headline(nothing)}, len(labels), failed, len(labels) - known - failed,
        ),
        found,
    )  # fmt: skip


def _values(evaluation: Evaluation) -> list[float]:
    values = (headline_or(HEADLINE, figures) for figures in evaluation.companies.values())
    return [value for value in values if value is not None]


def _headline(evaluation: Evaluation) -> dict[str, float]:
    values = _values(evaluation)
    return {HEADLINE: math.fsum(values) / len(values)} if values else {}


def _headline_interval(evaluation: Evaluation) -> dict[str, Interval]:
    values = _values(evaluation)
    return {HEADLINE: mean_interval(values, 0.0, 1.0)} if values else {}

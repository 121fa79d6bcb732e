"""How an optimization ended, as ``optimization.result`` keeps it: numbers and sentences, never a whole text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ranker.evaluation.compare import CompanyChange, Comparison, Difference
from ranker.evaluation.intervals import Interval
from ranker.optimizer.outcome import Counts, Outcome


@dataclass(frozen=True, slots=True)
class Opened:
    """The proposal beside the start at the held-out companies. ``number``: 1 the first time they were looked at."""

    number: int
    words: str
    comparison: Comparison | None


@dataclass(frozen=True, slots=True)
class Fold:
    """A search without some companies: how many those are, and which of its own candidates it proposed, 0 for none."""

    companies: int
    proposal: int
    ended: str


@dataclass(frozen=True, slots=True)
class Result:
    """How a search ended. ``proposal`` and ``best`` are numbers of candidates of search 0; 0 is the start.

    ``gain``: whether the proposal is claimed to be better, ``words`` says it in a sentence. ``unseen``: what that rests
    on, ``nested``: the part of it that is over the folds; None where there are none. ``opening``: None until the
    hold-out was opened.
    """

    proposal: int
    best: int
    why: str
    ended: str
    ended_words: str
    gain: bool
    words: str
    unseen: Comparison | None
    nested: Comparison | None
    opening: Opened | None
    folds: tuple[Fold, ...]
    counts: Counts

    @classmethod
    def of(cls, outcome: Outcome) -> Result:
        """What is kept of an outcome; candidates and their figures are in tables of their own."""
        opening = outcome.opening
        return cls(
            outcome.search.proposal, outcome.search.best, outcome.search.why, outcome.search.ended,
            outcome.search.ended_words, outcome.claim.gain, outcome.claim.words, outcome.claim.comparison,
            outcome.nested, None if opening is None else Opened(opening.number, opening.words, opening.comparison),
            tuple(Fold(len(one.left_out), one.result.proposal, one.result.ended) for one in outcome.folds),
            outcome.counts,
        )  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """Plain values, for ``from_json``."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Result | None:
        """What ``as_json`` gave; None of ``{}``, while a search has not ended."""
        if not value:
            return None
        opening = value["opening"]
        return cls(
            **{
                **value,
                "unseen": _comparison(value["unseen"]),
                "nested": _comparison(value["nested"]),
                "opening": opening and Opened(**{**opening, "comparison": _comparison(opening["comparison"])}),
                "folds": tuple(Fold(**one) for one in value["folds"]),
                "counts": Counts(**value["counts"]),
            }
        )


def _comparison(value: Mapping[str, Any] | None) -> Comparison | None:
    if value is None:
        return None
    return Comparison(
        **{
            **value,
            "difference": _difference(value["difference"]),
            "figures": {name: _difference(one) for name, one in value["figures"].items()},
            "companies": tuple(CompanyChange(**one) for one in value["companies"]),
        }
    )


def _difference(value: Mapping[str, Any]) -> Difference:
    return Difference(**{**value, "interval": Interval(**value["interval"])})

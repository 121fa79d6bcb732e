"""How an optimization ended, as the pages read it from ``optimization.result`` and ``optimization.openings``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ranker.evaluation.compare import CompanyChange


@dataclass(frozen=True, slots=True)
class Compared:
    """Two texts at the same companies, as ``ranker.evaluation.compare.Comparison`` was kept; ``difference`` is that of
    the means, new minus start, ``low`` to ``high`` its 95% interval, None for a limit that can't be told.
    """

    outcome: str
    words: str
    p: float
    candidate: float
    base: float
    difference: float
    low: float | None
    high: float | None
    detectable: float | None
    companies: tuple[CompanyChange, ...]

    @classmethod
    def from_json(cls, value: Mapping[str, Any] | None) -> Compared | None:
        """What was kept of a comparison; None of none."""
        if value is None:
            return None
        return cls(
            value["outcome"], value["words"], value["p"], value["candidate"], value["base"], value["difference"],
            value["low"], value["high"], value["detectable"],
            tuple(CompanyChange(**one) for one in value["companies"]),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """A look at the held-out companies: the proposal beside the start. ``number``: 1 the first time anybody looked."""

    at: str
    who: str
    number: int
    words: str
    comparison: Compared | None


@dataclass(frozen=True, slots=True)
class Result:
    """How a search ended. ``proposal`` and ``best`` are numbers of candidates of search 0; 0 is the start.

    ``ended``: ``finished``, ``plateau``, ``nothing``, ``budget`` or ``cancelled``. ``gain``: whether the proposal is
    claimed to be better, ``words`` says it in a sentence. ``unseen``: what that rests on, ``nested``: the part of it
    that is over the folds; None where there are none. ``tried`` and ``rejected`` count texts over all searches.
    """

    proposal: int
    best: int
    why: str
    ended: str
    ended_words: str
    gain: bool
    words: str
    unseen: Compared | None
    nested: Compared | None
    tried: int
    rejected: int

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Result | None:
        """What was kept at the end; None of ``{}``, before that."""
        if not value:
            return None
        claim, counts = value["claim"], value["counts"]
        return cls(
            value["proposal"], value["best"], value["why"], value["ended"], value["ended_words"], claim["gain"],
            claim["words"], Compared.from_json(claim["comparison"]), Compared.from_json(value["nested"]),
            counts["evaluated"], counts["rejected"],
        )  # fmt: skip


def looks_of(openings: Sequence[Mapping[str, Any]]) -> tuple[Look, ...]:
    """The looks that were done, in their order; one that is only asked for has no number yet."""
    return tuple(
        Look(one["at"], one["who"], one["number"], one["words"], Compared.from_json(one["comparison"]))
        for one in openings
        if "number" in one
    )

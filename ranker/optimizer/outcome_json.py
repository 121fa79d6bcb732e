"""An outcome as it is kept with an optimization: plain values for a page, from which nothing is computed again."""

from __future__ import annotations

from typing import Any

from ranker.evaluation.compare import Comparison
from ranker.optimizer.outcome import FoldResult, Opening, Outcome, Split


def split_json(split: Split) -> dict[str, Any]:
    """Companies for training, in folds, and held out; and that in words."""
    return {
        "training": list(split.training), "folds": [list(fold) for fold in split.folds],
        "held_out": list(split.held_out), "words": split.words,
    }  # fmt: skip


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    """What is kept of an outcome. ``proposal`` 0 is the start; ``claim`` says what may be said of it, and how surely.

    ``nested``: the proposals of the searches without a fold against the start, at the companies of their fold.
    """
    search = outcome.search
    return {
        "ended": search.ended, "ended_words": search.ended_words, "why": search.why, "best": search.best,
        "proposal": search.proposal, "proposal_hash": search.proposed.hash,
        "claim": {
            "gain": outcome.claim.gain, "words": outcome.claim.words,
            "comparison": comparison_json(outcome.claim.comparison),
        },
        "nested": comparison_json(outcome.nested),
        "folds": [_fold(fold) for fold in outcome.folds],
        "counts": {
            "asked": outcome.counts.asked, "proposed": outcome.counts.proposed, "rejected": outcome.counts.rejected,
            "evaluated": outcome.counts.evaluated,
        },
    }  # fmt: skip


def opening_json(opening: Opening) -> dict[str, Any]:
    """What a look at the hold-out showed."""
    return {
        "number": opening.number, "text_hash": opening.text_hash, "companies": list(opening.companies),
        "words": opening.words, "comparison": comparison_json(opening.comparison),
    }  # fmt: skip


def comparison_json(found: Comparison | None) -> dict[str, Any] | None:
    """A comparison: its verdict, both means, the difference with its interval, and each company."""
    if found is None:
        return None
    difference = found.difference
    return {
        "outcome": found.outcome, "words": found.words, "p": found.p, "figure": difference.figure,
        "candidate": difference.candidate, "base": difference.base, "difference": difference.interval.mean,
        "low": difference.interval.low, "high": difference.interval.high, "detectable": found.detectable,
        "companies": [
            {"company": one.company, "candidate": one.candidate, "base": one.base, "change": one.change}
            for one in found.companies
        ],
    }  # fmt: skip


def _fold(fold: FoldResult) -> dict[str, Any]:
    return {
        "search": fold.result.search, "proposal": fold.result.proposal, "ended": fold.result.ended,
        "ended_words": fold.result.ended_words, "left_out": list(fold.left_out),
    }  # fmt: skip

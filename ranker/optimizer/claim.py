"""Paired comparisons at companies that a search did not see, and what may be claimed from them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from ranker.errors import LabelError
from ranker.evaluation.compare import HEADLINE, Comparison, compare
from ranker.evaluation.evaluate import FIGURES, Evaluation
from ranker.evaluation.intervals import standard_error
from ranker.optimizer.outcome import Claim, FoldResult, Opening, SearchResult, Split
from ranker.optimizer.subject import Figures

NO_EVIDENCE = "No evidence of a gain"


def compared(new: Mapping[str, Figures], old: Mapping[str, Figures]) -> Comparison | None:
    """Figures of two texts at the same companies, paired; None where none of them has the figure of the verdict.

    ``new`` may be of another text at each company: that of the search which did not see it.
    """
    try:
        return compare(_evaluation(new), _evaluation(old))
    except LabelError:
        return None


def unseen(folds: Sequence[FoldResult], opening: Opening | None) -> Comparison | None:
    """Every company by the text of a search that did not see it: of its fold, or of the whole search if held out.

    A hold-out that was opened before is left out: somebody may have chosen by what it said.
    """
    parts: list[FoldResult | Opening] = [*folds, *([opening] if opening and opening.number == 1 else [])]
    new = {company: figures for part in parts for company, figures in part.new.items()}
    old = {company: figures for part in parts for company, figures in part.old.items()}
    return compared(new, old)


def claim(
    search: SearchResult,
    split: Split,
    folds: Sequence[FoldResult],
    comparison: Comparison | None,
    opening: Opening | None,
) -> Claim:
    """A gain is claimed where the proposal is not the start, and ``comparison`` (that of ``unseen``) says "better".

    A hold-out is part of that once it is open. It alone is about the very text that is proposed, so its own mean
    difference must not be below 0 by more than a standard error.
    """
    if search.proposal == 0:
        return Claim(False, f"{NO_EVIDENCE}. {search.why}", comparison)
    part = f" ({len(folds)} of {len(split.folds)} folds)" if 0 < len(folds) < len(split.folds) else ""
    if comparison is None:
        return Claim(False, f"{NO_EVIDENCE}{_without(split, folds, opening)}", None)
    if folds and not any(fold.result.proposal for fold in folds) and (opening is None or opening.number > 1):
        words = f"{NO_EVIDENCE}: every search that left companies out{part} kept the start."
        return Claim(False, words, comparison)
    if comparison.outcome != "better":
        words = f"{NO_EVIDENCE} at companies that the search did not see{part}: {comparison.words}."
        return Claim(False, words, comparison)
    if opening and opening.comparison and _contradicts(opening.comparison):
        lower = -opening.comparison.difference.interval.mean
        return Claim(
            False,
            f"{NO_EVIDENCE}: searches like this one find better texts ({comparison.words}), but this text is "
            f"{lower:.3f} lower at the companies held out.",
            comparison,
        )
    return Claim(True, f"A gain at companies that the search did not see{part}: {comparison.words}.", comparison)


def _contradicts(comparison: Comparison) -> bool:
    changes = np.array([one.change for one in comparison.companies])
    error = standard_error(changes) if len(changes) > 1 else 0.0
    return comparison.difference.interval.mean < -error


def _without(split: Split, folds: Sequence[FoldResult], opening: Opening | None) -> str:
    if split.held_out and opening is None:
        return " yet: the companies held out have not been looked at."
    if not split.folds and not split.held_out:
        return ": without cross-validation and without a hold-out nothing can be claimed."
    if opening is not None and opening.number > 1:
        return ": the companies held out had been looked at before, and no others are left."
    if split.folds and not folds and opening is None:
        return ": it ended before the cross-validation."
    return f": at no company that the search did not see do the labels define {HEADLINE}."


def _evaluation(companies: Mapping[str, Figures]) -> Evaluation:
    macro = {}
    for name in FIGURES:
        values = [value for figures in companies.values() if (value := figures.get(name)) is not None]
        if values:
            macro[name] = math.fsum(values) / len(values)
    return Evaluation(macro, {company: dict(figures) for company, figures in companies.items()})

"""How a candidate stands: its means over companies, and the order of selection.

pairs_f1 comes first, the mean of pairs and f1: an order alone can't win by qualifying nobody or everybody. tau_b,
spearman and mae are over ranked leads only, so they decide between equals and nothing more.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from ranker.evaluation.compare import HEADLINE, headline_or
from ranker.optimizer.outcome import Standing
from ranker.optimizer.subject import Figures

_DIGITS = 9
"""Means that are equal on paper must be equal here; no figure is known as finely as this."""

Key = tuple[float, float, float, float, int, int]


def headline(figures: Figures) -> float | None:
    """A company's pairs_f1; None where its labels define neither pairs nor f1."""
    return headline_or(HEADLINE, figures)


def standing(scores: Mapping[str, Figures], companies: Sequence[str]) -> Standing:
    """The means over those companies where each is defined. Without any pairs_f1 that counts as 0 for every text."""
    rows = [scores[company] for company in companies]
    tau_b, spearman, mae = (_mean(row.get(name) for row in rows) for name in ("tau_b", "spearman", "mae"))
    return Standing(_mean(headline(row) for row in rows) or 0.0, tau_b, spearman, mae)


def key(one: Standing, length: int, number: int) -> Key:
    """What candidates are sorted by, the best first: pairs_f1, tau_b, spearman, mae, the shorter, the earlier.

    ``length`` in characters. Where a figure is not defined, it is for no text of the search.
    """
    return (*quality(one), length, number)


def quality(one: Standing) -> tuple[float, float, float, float]:
    """The part of ``key`` that is how well a text does; lower is better."""
    return (-one.pairs_f1, -(one.tau_b or 0.0), -(one.spearman or 0.0), one.mae or 0.0)


def gains(new: Mapping[str, Figures], old: Mapping[str, Figures], companies: Iterable[str]) -> dict[str, float]:
    """The difference in pairs_f1, new minus old, at each of these companies where it is defined."""
    found = {}
    for company in companies:
        one, other = headline(new[company]), headline(old[company])
        if one is not None and other is not None:
            found[company] = one - other
    return found


def _mean(values: Iterable[float | int | None]) -> float | None:
    defined = [value for value in values if value is not None]
    return round(math.fsum(defined) / len(defined), _DIGITS) if defined else None

"""Is one version better than another? Paired by company, with an interval, a test and a verdict in words.

The verdict rests on one figure, chosen before anybody looks (`HEADLINE` unless told otherwise); the differences in all
others are described, not judged: of fifteen figures one moves far by luck.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ranker.errors import LabelError
from ranker.evaluation.evaluate import FIGURES, LOWER_IS_BETTER, RANGES, Evaluation
from ranker.evaluation.intervals import FEWEST, Interval, difference_interval, standard_error, student_t
from ranker.evaluation.resampling import SEED, sign_flip_p

HEADLINE = "pairs_f1"
"""Mean of pairs and f1, of the one that is defined where only one is: order alone can't win by qualifying nobody."""

_ALPHA = 0.05
_POWER = 0.80

Outcome = Literal["better", "worse", "not distinguishable"]


@dataclass(frozen=True)
class Difference:
    """One figure of two versions, over the companies where it is defined; `interval` is of candidate minus base.

    `p` is that of the sign-flip permutation test, two-sided.
    """

    figure: str
    candidate: float
    base: float
    interval: Interval
    p: float


@dataclass(frozen=True)
class CompanyChange:
    """The figure of the verdict at one company; `change` is candidate minus base."""

    company: str
    candidate: float
    base: float
    change: float


@dataclass(frozen=True)
class Comparison:
    """A candidate against a base on the same labelled leads.

    `p` is adjusted where several candidates were compared, else that of `difference`. `detectable` is the smallest
    difference that these companies could show (see `detectable_difference`). `figures`: every other figure, by name.
    `companies`: where the candidate is worse first, by how much.
    """

    outcome: Outcome
    words: str
    p: float
    difference: Difference
    detectable: float | None
    figures: dict[str, Difference]
    companies: tuple[CompanyChange, ...]


def compare(candidate: Evaluation, base: Evaluation, figure: str = HEADLINE, seed: int = SEED) -> Comparison:
    """Is `candidate` better than `base` in `figure`? For several candidates use `compare_all`.

    "Better" and "worse" are said only when both agree: the sign-flip p is at most 0.05, and the interval of the mean
    difference (`difference_interval`) is on one side of 0. The test alone takes luck for a difference in 7% to 10%
    of cases where differences are skewed, the interval alone knows no smallest number of companies.
    Raises LabelError when the two were not evaluated on the same labelled leads or no company has the figure.
    """
    return compare_all({"": candidate}, base, figure, seed)[""]


def compare_all(
    candidates: Mapping[str, Evaluation], base: Evaluation, figure: str = HEADLINE, seed: int = SEED
) -> dict[str, Comparison]:
    """Each candidate against one base, p adjusted by Holm for their number; by name, in the order given.

    Raises LabelError as `compare` does.
    """
    found = {name: _difference(one, base, figure, seed) for name, one in candidates.items()}
    adjusted = dict(zip(found, holm([difference.p for difference in found.values()]), strict=True))
    result = {}
    for name, difference in found.items():
        changes = _changes(candidates[name], base, figure)
        differences = [change.change for change in changes]
        smallest = detectable_difference(differences, difference.interval)
        outcome = _outcome(difference.interval, adjusted[name], figure in LOWER_IS_BETTER)
        sign = 1 if figure in LOWER_IS_BETTER else -1
        result[name] = Comparison(
            outcome,
            in_words(outcome, difference, adjusted[name], differences, smallest),
            adjusted[name],
            difference,
            smallest,
            {
                other: _difference(candidates[name], base, other, seed)
                for other in FIGURES
                if other != figure and other in base.macro
            },
            tuple(sorted(changes, key=lambda change: (-sign * change.change, change.company))),
        )
    return result


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjusted p, in the order given: the i-th smallest of m times (m - i + 1), never below a smaller one's, at most 1.

    Calling those at most 0.05 keeps the chance of any false call at 0.05. Source: Holm 1979, "A simple sequentially
    rejective multiple test procedure".
    """
    adjusted = [0.0] * len(p_values)
    highest = 0.0
    for smaller, at in enumerate(sorted(range(len(p_values)), key=lambda at: p_values[at])):
        highest = max(highest, min(1.0, (len(p_values) - smaller) * p_values[at]))
        adjusted[at] = highest
    return adjusted


def detectable_difference(differences: Sequence[float], interval: Interval) -> float | None:
    """The smallest true difference that would be called in about 80% of cases with companies that differ like these.

    half + t(0.80, n - 1) · s / sqrt(n), where `half` is the farther limit's distance from the mean difference and s
    the standard deviation of the paired differences: the mean falls 80% of the time on the right side of the place
    where the interval starts to exclude 0. With s from the same few companies it is rough: about.
    None for fewer than `FEWEST` companies, which can show no difference, and where the interval has no limit.
    """
    if len(differences) < FEWEST or interval.low is None or interval.high is None:
        return None
    half = max(interval.mean - interval.low, interval.high - interval.mean)
    return half + student_t(1 - _POWER, len(differences)) * standard_error(np.array(differences))


def in_words(
    outcome: Outcome, difference: Difference, p: float, differences: Sequence[float], detectable: float | None
) -> str:
    """The verdict as one sentence for a page, without a full stop."""
    interval, companies = difference.interval, len(differences)
    if outcome != "not distinguishable":
        moved = "higher" if interval.mean > 0 else "lower"
        return (
            f"{outcome}: {difference.figure} is {abs(interval.mean):.3f} {moved} over {companies} companies "
            f"(95% interval {limit(interval.low)} to {limit(interval.high)}, {p_in_words(p)})"
        )
    differing = sum(abs(value) > 1e-12 for value in differences)
    if not differing:
        return f"{outcome}: both have the same {difference.figure} at every company"
    if companies < FEWEST:
        some = "1 company" if companies == 1 else f"{companies} companies"
        return f"{outcome}: {some} can't show any difference, however large; it takes at least {FEWEST}"
    if differing < FEWEST:
        return (
            f"{outcome}: only {differing} of {companies} companies differ, and no difference shows with "
            f"fewer than {FEWEST}"
        )
    if detectable is None:
        return f"{outcome}: {companies} companies differ too much to say what they could show"
    return f"{outcome}: {companies} companies can show a difference of about {_rounded(detectable)}"


def p_in_words(p: float) -> str:
    """ "p = 0.012"; "p < 0.001" where three decimals would show 0."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def limit(value: float | None) -> str:
    """A limit of an interval with its sign; "?" where there is none."""
    return "?" if value is None else f"{value:+.3f}"


def _outcome(interval: Interval, p: float, lower_is_better: bool) -> Outcome:
    above = interval.low is not None and interval.low > 0
    below = interval.high is not None and interval.high < 0
    if p > _ALPHA or not (above or below):
        return "not distinguishable"
    return "better" if above != lower_is_better else "worse"


def _difference(candidate: Evaluation, base: Evaluation, figure: str, seed: int) -> Difference:
    changes = _changes(candidate, base, figure)
    if not changes:
        raise LabelError(f"No labelled company has {figure}: label more leads, some with a rank, some “none”.")
    least, most = (0.0, 1.0) if figure == HEADLINE else RANGES[figure]
    differences = [change.change for change in changes]
    return Difference(
        figure,
        math.fsum(change.candidate for change in changes) / len(changes),
        math.fsum(change.base for change in changes) / len(changes),
        difference_interval(differences, least - most, most - least, seed),
        sign_flip_p(np.array(differences), seed),
    )


def _changes(candidate: Evaluation, base: Evaluation, figure: str) -> list[CompanyChange]:
    if {name: figures["leads"] for name, figures in candidate.companies.items()} != {
        name: figures["leads"] for name, figures in base.companies.items()
    }:
        raise LabelError("The two were not evaluated on the same labelled leads: evaluate both on the same file.")
    changes = []
    for company, figures in candidate.companies.items():
        ours, theirs = headline_or(figure, figures), headline_or(figure, base.companies[company])
        if ours is not None and theirs is not None:
            changes.append(CompanyChange(company, ours, theirs, ours - theirs))
    return changes


def headline_or(figure: str, figures: Mapping[str, float | int | None]) -> float | None:
    """A company's value of the figure, `HEADLINE` or one of `FIGURES`; None where it is not defined."""
    if figure != HEADLINE:
        return figures[figure]
    defined = [value for name in ("pairs", "f1") if (value := figures[name]) is not None]
    return math.fsum(defined) / len(defined) if defined else None


def _rounded(value: float) -> str:
    """Two digits that count are more than such a number deserves."""
    return f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"

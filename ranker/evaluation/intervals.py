"""How sure is a mean over companies? A 95% interval for it, that says so when there are few companies.

Which interval was decided by simulation (`eval/claims.py` repeats it), 4,000 times each, with 5, 10 and 30 companies:

- the percentile bootstrap covers the true mean 85%, 91% and 94% of the time, for skewed values 79%, 86% and 92%; BCa
  is no better. Both are too narrow for what people have: few companies.
- Student's t covers 95% of symmetric values at any number, but 88% to 93% of skewed ones.
- the studentised bootstrap corrects for skewness (93%, 94%, 95%), but with many equal values it covers 85% to 92%.

So each limit is the farther one of the last two; the studentised tails are 2% rather than 2.5%, as at ten companies
with skewed differences 2.5% still claimed too often, and it is never farther than twice t: with three or four
companies, or most of them at 1, it is without end, and the cap costs 1% of coverage. The price is width: 5% to 15%.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from ranker.evaluation.evaluate import FIGURES, RANGES, Evaluation
from ranker.evaluation.resampling import SEED, Values, studentised_quantiles

LEVEL = 0.95
FEWEST = 6
"""With fewer companies that differ, no sign-flip p is below 0.05: five give 2 / 2^5 = 0.0625."""
_STUDENT_TAIL = (1 - LEVEL) / 2
_BOOTSTRAP_TAIL = 0.02
_CAP = 2.0  # times Student's t


@dataclass(frozen=True)
class Interval:
    """A mean over `companies` companies, and where the true mean is with 95% confidence.

    "True": over companies like these. A limit is None where none can be told: one company, or a figure without bounds.
    """

    mean: float
    low: float | None
    high: float | None
    companies: int


def intervals(evaluation: Evaluation, seed: int = SEED) -> dict[str, Interval]:
    """The interval of each figure in `evaluation.macro` that is a mean over companies, by name."""
    found = {}
    for name in FIGURES:
        values = [value for figures in evaluation.companies.values() if (value := figures[name]) is not None]
        if values:
            found[name] = mean_interval(values, *RANGES[name], seed=seed)
    return found


def mean_interval(
    values: Sequence[float], least: float = -math.inf, most: float = math.inf, seed: int = SEED
) -> Interval:
    """The interval of the mean of `values`, one a company, in any order; each is from `least` to `most`.

    m - q·s/sqrt(n), where q is the larger of Student's t and the quantile of the studentised bootstrap, at most
    twice t, for either side (see above). If all values are equal there is no spread to go by; then up to a share
    of 1 - 0.05^(1/n) of companies could differ unseen, at worst by being at `least` or `most`.
    Raises ValueError without any value.
    """
    if not len(values):
        raise ValueError("an interval needs at least one company")
    given = np.array(values, dtype=np.float64)
    mean = math.fsum(given) / len(given)
    if len(given) < 2:
        return Interval(mean, None, None, 1)
    if float(np.ptp(given)) <= 1e-12:
        unseen = 1 - (1 - LEVEL) ** (1 / len(given))
        low, high = mean - unseen * (mean - least), mean + unseen * (most - mean)
    else:
        low, high = _limits(given, mean, seed)
    return Interval(mean, _within(low, least, most), _within(high, least, most), len(given))


def difference_interval(
    differences: Sequence[float], least: float = -math.inf, most: float = math.inf, seed: int = SEED
) -> Interval:
    """The interval of the mean of paired differences, one a company; each is from `least` to `most`.

    That of `mean_interval`, widened by the studentised one over the k companies that differ at all, times k / n:
    with many zeros, resamples that drew hardly any other value make the plain one too narrow (at 30 companies, half
    of them unchanged, the others skewed, it claimed a difference in 8% of cases where there was none).
    """
    whole = mean_interval(differences, least, most, seed)
    given = np.array(differences, dtype=np.float64)
    moved = given[np.abs(given) > 1e-12]
    if not FEWEST <= len(moved) < len(given) or float(np.ptp(moved)) <= 1e-12:
        return whole  # nothing is claimed of fewer, and what so few say of the others is next to nothing
    part = len(moved) / len(given)
    low, high = (part * limit for limit in _limits(moved, math.fsum(moved) / len(moved), seed))
    return Interval(
        whole.mean,
        _farther(min, whole.low, _within(low, least, most)),
        _farther(max, whole.high, _within(high, least, most)),
        whole.companies,
    )


def student_t(tail: float, companies: int) -> float:
    """The value that Student's t with `companies` - 1 degrees of freedom exceeds with probability `tail`."""
    return float(stdtrit(companies - 1, 1 - tail))


def standard_error(values: Values) -> float:
    """s / sqrt(n) of at least two values."""
    return float(values.std(ddof=1)) / math.sqrt(len(values))


def _limits(values: Values, mean: float, seed: int) -> tuple[float, float]:
    error = standard_error(np.sort(values))
    student = student_t(_STUDENT_TAIL, len(values))
    low, high = studentised_quantiles(values, _BOOTSTRAP_TAIL, seed=seed)
    farther = [min(max(student, quantile), _CAP * student) for quantile in (high, -low)]
    return mean - farther[0] * error, mean + farther[1] * error


def _within(limit: float, least: float, most: float) -> float | None:
    """The limit, no farther than the values can go; None where that is without end."""
    kept = min(max(limit, least), most)
    return kept if math.isfinite(kept) else None


def _farther(choose: Callable[[float, float], float], one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else choose(one, other)

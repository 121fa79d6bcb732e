"""Resampling companies: the studentised bootstrap and the sign-flip test, on plain arrays.

Companies are what is drawn again, never leads: leads of one company are judged and labelled together. The same
values and seed give the same result, whatever their order.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]

RESAMPLES = 10_000
SEED = 20_261_121
EXACT_UP_TO = 16
"""Up to so many companies that differ, every assignment of signs is tried (2^16); beyond, `SAMPLED` of them."""
SAMPLED = 10_000
_BLOCK = 2_000_000  # drawn places held in memory at a time
_KEPT = 100  # draws for so few companies are kept for the next figure
_NOTHING = 1e-12


def studentised_quantiles(
    values: Values, tail: float, resamples: int = RESAMPLES, seed: int = SEED
) -> tuple[float, float]:
    """The `tail` and 1 - `tail` quantiles of (m* - m) / se* over resamples of the n values, n at least 2.

    m is the mean, se = s / sqrt(n) with s² = Σ(x - m)² / (n - 1), and the star marks a resample of n values
    drawn with replacement. A resample without any spread gives -inf, 0 or inf by the sign of m* - m: it tells
    nothing about how far the mean can be. Source: Efron and Tibshirani 1993, "An Introduction to the
    Bootstrap", 12.5 (the bootstrap-t); Hall 1988 shows that it corrects for skewness, which t does not.
    """
    # The mean is taken out first: the variance of a resample is a difference of squares, which must stay exact.
    ordered = np.sort(values)
    centred = ordered - ordered.mean()
    size = float(np.abs(centred).max())
    if size <= _NOTHING:
        return 0.0, 0.0
    centred /= size
    means, squares = _moments(centred, resamples, seed)
    spread = np.sqrt(np.maximum(squares - means**2, 0.0) / (len(values) - 1))
    flat = spread <= 1e-7
    far = np.where(np.abs(means) <= _NOTHING, 0.0, np.copysign(np.inf, means))
    ratios = np.sort(np.where(flat, far, means / np.where(flat, 1.0, spread)))
    # Plain order statistics: interpolating between a number and infinity is neither.
    at = max(int(tail * (resamples + 1)) - 1, 0)
    return float(ratios[at]), float(ratios[resamples - 1 - at])


def sign_flip_p(differences: Values, seed: int = SEED) -> float:
    """Two-sided p of "the sign of every company's difference is a coin's": the sign-flip permutation test.

    The share of assignments of signs whose |Σ ±d| is at least |Σ d|: all 2^k of them for up to `EXACT_UP_TO`
    companies that differ (k; a difference of 0 has no sign and changes nothing), else (1 + hits) / (1 + drawn)
    over `SAMPLED` drawn ones. With k companies p is never below 2 / 2^k: five can't go under 0.0625.
    Source: Fisher 1935, "The Design of Experiments", 21; Phipson and Smyth 2010 for the added one.
    """
    sizes = np.sort(np.abs(differences[np.abs(differences) > _NOTHING]))
    if not len(sizes):
        return 1.0
    # Sums that are equal on paper must count as equal.
    seen = abs(math.fsum(differences)) - 1e-9 * float(sizes.sum())
    if len(sizes) <= EXACT_UP_TO:
        sums = sizes[:1]  # turning all signs changes no |sum|: the first sign stays
        for size in sizes[1:]:
            sums = np.concatenate((sums + size, sums - size))
        return float((np.abs(sums) >= seen).mean())
    generator = np.random.default_rng([seed, len(sizes)])
    rows = max(1, _BLOCK // len(sizes))
    hits = 0
    for start in range(0, SAMPLED, rows):
        if len(sizes) <= _KEPT:
            signs = _signs(len(sizes), seed)
        else:
            signs = generator.integers(0, 2, (min(rows, SAMPLED - start), len(sizes))).astype(np.float64)
        hits += int((np.abs(2.0 * (signs @ sizes) - sizes.sum()) >= seen).sum())
    return (1 + hits) / (1 + SAMPLED)


@lru_cache(maxsize=4)
def _signs(count: int, seed: int) -> Values:
    """0 or 1 for the sign of each value in each assignment, (`SAMPLED`, count)."""
    return np.random.default_rng([seed, count]).integers(0, 2, (SAMPLED, count)).astype(np.float64)


def _moments(centred: Values, resamples: int, seed: int) -> tuple[Values, Values]:
    """Mean and mean square of each resample."""
    count = len(centred)
    pair = np.stack((centred, centred**2), axis=1)
    if count <= _KEPT:
        both = _counts(count, resamples, seed) @ pair / count
        return both[:, 0], both[:, 1]
    generator = np.random.default_rng([seed, count])
    parts = []
    rows = max(1, _BLOCK // count)
    for start in range(0, resamples, rows):
        drawn = generator.integers(0, count, (min(rows, resamples - start), count))
        parts.append(pair[drawn].mean(axis=1))
    both = np.concatenate(parts)
    return both[:, 0], both[:, 1]


@lru_cache(maxsize=4)
def _counts(count: int, resamples: int, seed: int) -> Values:
    """How often each value is in each resample, (resamples, count); the figures of an evaluation share it."""
    generator = np.random.default_rng([seed, count])
    drawn = generator.integers(0, count, (resamples, count))
    drawn += np.arange(resamples)[:, None] * count
    return np.bincount(drawn.ravel(), minlength=resamples * count).reshape(resamples, count).astype(np.float64)

"""How often are intervals and verdicts right? By simulation, where the truth is known: tables for docs/EVALUATION.md.

``python -m eval.claims [SAMPLES]``: how many intervals of a mean hold the true one, beside the percentile bootstrap;
how often a difference is claimed where there is none, beside the sign-flip test alone; and how often a difference of
the size that the verdict names is found. 2,000 samples of each unless told otherwise; some minutes.
"""

from __future__ import annotations

import math
import statistics
import sys
from collections.abc import Callable

import numpy as np

from ranker.evaluation.compare import Comparison, compare
from ranker.evaluation.evaluate import FIGURES, Evaluation
from ranker.evaluation.intervals import Interval, mean_interval
from ranker.evaluation.resampling import RESAMPLES, sign_flip_p

Draw = Callable[[np.random.Generator, tuple[int, int]], np.ndarray]

SAMPLES = 2_000
COMPANIES = (5, 10, 30)

#: Values of a figure at companies, and their true mean.
FIGURES_LIKE: dict[str, tuple[Draw, float]] = {
    "normal": (lambda rng, size: rng.normal(0, 1, size), 0.0),
    "skewed (exponential)": (lambda rng, size: rng.exponential(1, size), 1.0),
    "like f1: 30% at 1, the others spread": (
        lambda rng, size: np.where(rng.random(size) < 0.3, 1.0, rng.beta(5, 1.5, size)),
        0.3 + 0.7 * 5 / 6.5,
    ),
    "70% at 1": (lambda rng, size: np.where(rng.random(size) < 0.7, 1.0, rng.beta(2, 2, size)), 0.85),
}

#: Paired differences with a true mean of 0, standard deviation about 1.
NO_DIFFERENCE: dict[str, Draw] = {
    "normal": lambda rng, size: rng.normal(0, 1, size),
    "heavy tails (t with 3)": lambda rng, size: rng.standard_t(3, size) / math.sqrt(3),
    "half unchanged, others normal": lambda rng, size: rng.normal(0, 1, size) * (rng.random(size) < 0.5),
    "skewed (exponential)": lambda rng, size: rng.exponential(1, size) - 1,
    "skewed (log-normal 0.6)": lambda rng, size: rng.lognormal(0, 0.6, size) - math.exp(0.18),
    "half unchanged, others skewed": lambda rng, size: np.where(
        rng.random(size) < 0.5, 0.0, rng.exponential(1, size) - 1
    ),
    "one in five loses four times the gain": lambda rng, size: np.where(
        rng.random(size) < 0.8, rng.uniform(0, 1, size), -rng.uniform(0, 4, size)
    ),
}


def evaluation(values: np.ndarray) -> Evaluation:
    """Companies with the same value in every figure."""
    return Evaluation(
        {},
        {f"Company {at}": dict.fromkeys(FIGURES, float(value)) | {"leads": 3} for at, value in enumerate(values)},
    )


def verdict(differences: np.ndarray) -> Comparison:
    """The comparison of two versions with these differences by company, on a scale where 1 is a twentieth."""
    return compare(evaluation(0.5 + differences / 20), evaluation(np.full(len(differences), 0.5)))


def holds(interval: Interval, truth: float) -> bool:
    """Whether the truth is in the interval."""
    return (interval.low is None or interval.low <= truth) and (interval.high is None or interval.high >= truth)


def percentile_holds(values: np.ndarray, truth: float, rng: np.random.Generator) -> bool:
    """The same of the plain percentile bootstrap."""
    means = values[rng.integers(0, len(values), (RESAMPLES // 10, len(values)))].mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return bool(low <= truth <= high)


def coverage(draw: Draw, truth: float, companies: int, samples: int) -> tuple[float, float]:
    """Share of intervals that hold the truth, and the same of the percentile bootstrap."""
    rng = np.random.default_rng([1, companies])
    drawn = draw(rng, (samples, companies))
    ours = sum(holds(mean_interval(list(values)), truth) for values in drawn)
    return ours / samples, sum(percentile_holds(values, truth, rng) for values in drawn) / samples


def claims(draw: Draw, companies: int, samples: int) -> tuple[float, float]:
    """Share of verdicts that claim a difference where there is none, and the same of the sign-flip test alone."""
    drawn = draw(np.random.default_rng([2, companies]), (samples, companies))
    # A verdict never claims what the sign-flip test does not: only where that does must the rest be worked out.
    flipped = [values for values in drawn if sign_flip_p(values / 20) <= 0.05]
    called = sum(verdict(values).outcome != "not distinguishable" for values in flipped)
    return called / samples, len(flipped) / samples


def power(companies: int, samples: int) -> tuple[float, float]:
    """The difference that verdicts name (median, in standard deviations), and how often it is found."""
    rng = np.random.default_rng([3, companies])
    named = [verdict(values).detectable for values in rng.normal(0, 1, (min(200, samples), companies))]
    size = 20 * statistics.median(value for value in named if value is not None)
    found = [verdict(values).outcome == "better" for values in rng.normal(size, 1, (samples, companies))]
    return size, sum(found) / samples


def main() -> None:
    """Print the three tables as Markdown."""
    samples = int(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES
    head = " | ".join(f"{companies} companies" for companies in COMPANIES)
    rule = "| --- " * (len(COMPANIES) + 1) + "|"
    print(f"Intervals that hold the truth (percentile bootstrap)\n\n| values | {head} |\n{rule}")
    for name, (draw, truth) in FIGURES_LIKE.items():
        cells = [coverage(draw, truth, companies, samples) for companies in COMPANIES]
        print(f"| {name} | " + " | ".join(f"{ours:.1%} ({plain:.1%})" for ours, plain in cells) + " |", flush=True)
    print(f"\nClaims without a difference (sign-flip test alone)\n\n| differences | {head} |\n{rule}")
    for name, draw in NO_DIFFERENCE.items():
        cells = [claims(draw, companies, samples) for companies in COMPANIES]
        print(f"| {name} | " + " | ".join(f"{ours:.1%} ({plain:.1%})" for ours, plain in cells) + " |", flush=True)
    print("\nThe difference that is named\n\n| companies | in standard deviations | found |\n| --- | --- | --- |")
    for companies in (6, 8, 10, 15, 30):
        size, found = power(companies, samples // 4)
        print(f"| {companies} | {size:.2f} | {found:.0%} |", flush=True)


if __name__ == "__main__":
    main()

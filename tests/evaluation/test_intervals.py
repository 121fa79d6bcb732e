"""Intervals of means over companies: what they hold, and that they hold the truth as often as they say."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from ranker.evaluation.evaluate import FIGURES, Prediction, do_nothing, evaluate
from ranker.evaluation.intervals import Interval, difference_interval, intervals, mean_interval
from ranker.evaluation.labelled import LabelledLead

SHARES = st.lists(st.integers(0, 20).map(lambda value: value / 20), min_size=2, max_size=25)


@settings(deadline=None, max_examples=50)
@given(SHARES, st.randoms(use_true_random=False))
def test_an_interval_holds_the_mean_stays_in_range_and_ignores_the_order(values: list[float], shuffle) -> None:
    found = mean_interval(values, 0, 1)
    assert found.low is not None
    assert found.high is not None
    assert 0 <= found.low <= found.mean <= found.high <= 1
    assert found.mean == pytest.approx(np.mean(values))
    shuffled = list(values)
    shuffle.shuffle(shuffled)
    assert mean_interval(shuffled, 0, 1) == found


@settings(deadline=None, max_examples=50)
@given(SHARES.filter(lambda values: len(set(values)) > 1))
def test_an_interval_is_never_narrower_than_that_of_students_t(values: list[float]) -> None:
    found = mean_interval(values)
    low, high = stats.t.interval(0.95, len(values) - 1, np.mean(values), stats.sem(values))
    assert found.low is None or found.low <= low + 1e-9
    assert found.high is None or found.high >= high - 1e-9


def test_with_many_companies_it_is_that_of_students_t() -> None:
    values = list(np.random.default_rng(1).normal(0.7, 0.1, 400))
    found = mean_interval(values)
    low, high = stats.t.interval(0.95, 399, np.mean(values), stats.sem(values))
    assert found.low == pytest.approx(low, abs=0.001)
    assert found.high == pytest.approx(high, abs=0.001)


def test_one_company_has_no_interval_and_none_is_an_error() -> None:
    assert mean_interval([0.7], 0, 1) == Interval(0.7, None, None, 1)
    with pytest.raises(ValueError, match="at least one"):
        mean_interval([])


def test_equal_values_are_no_proof_of_a_mean_without_error() -> None:
    # With four companies at 1, more than half of all companies could be elsewhere: 0.475^4 = 0.05.
    found = mean_interval([1.0] * 4, 0, 1)
    assert found.low == pytest.approx(0.05**0.25)
    assert found.high == 1.0
    assert mean_interval([2.0] * 4, 0, math.inf) == Interval(2.0, pytest.approx(2 * 0.05**0.25), None, 4)


def test_the_interval_of_differences_is_never_narrower_for_companies_that_do_not_differ() -> None:
    differences = [0.0] * 8 + [0.3, 0.2, 0.25, 0.1, -0.05, 0.4]
    plain, wide = mean_interval(differences, -1, 1), difference_interval(differences, -1, 1)
    assert wide.mean == plain.mean
    assert wide.low is not None
    assert plain.low is not None
    assert wide.low <= plain.low
    assert difference_interval(differences[8:], -1, 1) == mean_interval(differences[8:], -1, 1)


def test_two_companies_that_differ_among_forty_do_not_make_the_interval_wide() -> None:
    found = difference_interval([0.0] * 38 + [-0.4, -0.6], -1, 1)
    assert found == mean_interval([0.0] * 38 + [-0.4, -0.6], -1, 1)
    assert found.low is not None
    assert found.low > -0.1


def test_every_figure_that_has_a_mean_has_an_interval_around_it() -> None:
    labels = [LabelledLead(f"L{at}", f"Company {at % 5}", [1.0, 2.0, math.inf][at // 5]) for at in range(15)]
    answer = {lead.source_id: Prediction(at % 2 == 0, 1 + at % 3, float(at)) for at, lead in enumerate(labels)}
    for evaluation in (evaluate(labels, answer), do_nothing(labels), evaluate(labels[:1], answer)):
        found = intervals(evaluation)
        assert set(found) == set(evaluation.macro) - {"coverage"}
        assert set(found) <= set(FIGURES)
        for name, interval in found.items():
            assert interval.mean == pytest.approx(evaluation.macro[name])


def f1_like(draw: np.random.Generator, size: tuple[int, int]) -> np.ndarray:
    """Many companies at 1, the others spread below."""
    return np.where(draw.random(size) < 0.3, 1.0, draw.beta(5, 1.5, size))


@pytest.mark.parametrize(
    ("values", "truth"),
    [
        (lambda draw, size: draw.normal(0, 1, size), 0.0),
        (lambda draw, size: draw.exponential(1, size), 1.0),
        (f1_like, 0.3 + 0.7 * 5 / 6.5),
    ],
    ids=["symmetric", "skewed", "like f1"],
)
@pytest.mark.parametrize("companies", [5, 10, 30])
def test_the_truth_is_in_the_interval_about_95_times_in_100(
    values: Callable[[np.random.Generator, tuple[int, int]], np.ndarray], truth: float, companies: int
) -> None:
    samples = values(np.random.default_rng(11), (200, companies))
    held = 0
    for sample in samples:
        found = mean_interval(list(sample))
        held += (found.low is None or found.low <= truth) and (found.high is None or found.high >= truth)
    # 95% of 200 is 190; two standard deviations of luck are 6. The percentile bootstrap holds 157 with 5 skewed ones.
    assert held >= 184 - (companies == 5)

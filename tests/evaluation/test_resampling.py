"""The sign-flip test and the studentised bootstrap against references, and their laws."""

from __future__ import annotations

import math
import time
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from ranker.evaluation.resampling import EXACT_UP_TO, sign_flip_p, studentised_quantiles

# Tenths and hundredths: sums that are equal on paper differ in the last digit.
DIFFERENCES = st.lists(st.integers(-9, 9).map(lambda value: value / 10), min_size=1, max_size=9)


def array(values: list[float]) -> np.ndarray:
    return np.array(values, dtype=np.float64)


@settings(deadline=None, max_examples=60)
@given(DIFFERENCES)
def test_sign_flip_counts_every_assignment_of_signs(differences: list[float]) -> None:
    tenths = [round(10 * value) for value in differences]
    sums = [
        abs(sum(sign * value for sign, value in zip(signs, tenths, strict=True)))
        for signs in product((1, -1), repeat=len(tenths))
    ]
    assert sign_flip_p(array(differences)) == sum(value >= abs(sum(tenths)) for value in sums) / len(sums)


def test_sign_flip_agrees_with_scipy() -> None:
    differences = array([0.31, -0.02, 0.12, 0.4, 0.07, -0.11, 0.09, 0.22])
    theirs = stats.permutation_test((differences,), np.mean, permutation_type="samples", n_resamples=np.inf)
    assert sign_flip_p(differences) == pytest.approx(theirs.pvalue, abs=1e-12)


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=5))
def test_five_companies_cannot_go_below_one_in_sixteen(differences: list[float]) -> None:
    assert sign_flip_p(array(differences)) >= 0.0625


def test_six_companies_can() -> None:
    assert sign_flip_p(array([0.1, 0.2, 0.3, 0.1, 0.2, 0.3])) == 2 / 2**6


@given(DIFFERENCES, st.randoms(use_true_random=False))
def test_order_direction_and_companies_without_a_difference_have_no_say(differences: list[float], shuffle) -> None:
    before = sign_flip_p(array(differences))
    changed = [-value for value in differences] + [0.0, 0.0]
    shuffle.shuffle(changed)
    assert sign_flip_p(array(changed)) == before


def test_drawn_signs_come_close_to_all_of_them() -> None:
    draw = np.random.default_rng(3)
    for shift in (0.0, 0.4, 0.6):
        differences = draw.normal(shift, 1, EXACT_UP_TO + 2)
        sums = array([0.0])
        for size in differences:
            sums = np.concatenate((sums + size, sums - size))
        exact = float((np.abs(sums) >= abs(differences.sum()) - 1e-9).mean())
        assert sign_flip_p(differences) == pytest.approx(exact, abs=4 * math.sqrt(exact / 10_000) + 1e-4)


def test_drawn_signs_never_give_a_p_of_0() -> None:
    assert sign_flip_p(np.linspace(0.1, 0.2, 40)) == pytest.approx(1 / 10_001)


def test_a_thousand_companies_give_the_same_p_again_close_to_students_t() -> None:
    differences = np.random.default_rng(3).normal(0.05, 1, 1_000)
    assert sign_flip_p(differences) == sign_flip_p(differences[::-1])
    assert sign_flip_p(differences) == pytest.approx(stats.ttest_1samp(differences, 0).pvalue, abs=0.02)


def test_the_studentised_quantiles_are_those_of_all_resamples() -> None:
    values = array([0.1, 0.4, 0.35, 0.9, 0.75])
    ratios = []
    for drawn in product(values, repeat=5):
        resample = array(list(drawn))
        spread = resample.std(ddof=1) / math.sqrt(5)
        off = resample.mean() - values.mean()
        ratios.append(off / spread if spread > 1e-9 else math.copysign(math.inf, off))
    for tail in (0.025, 0.1):
        low, high = studentised_quantiles(values, tail)
        assert (np.array(ratios) <= low).mean() == pytest.approx(tail, abs=0.008)
        assert (np.array(ratios) >= high).mean() == pytest.approx(tail, abs=0.008)


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.integers(-50, 50), min_size=3, max_size=20).filter(lambda values: len(set(values)) > 1),
    st.sampled_from([0.25, 3.0, 1000.0]),
    st.integers(-100, 100),
)
def test_scale_and_origin_have_no_say(values: list[int], scale: float, origin: int) -> None:
    before = studentised_quantiles(array([float(value) for value in values]), 0.02)
    after = studentised_quantiles(array([scale * value + origin for value in values]), 0.02)
    assert after == pytest.approx(before, rel=1e-6)


def test_another_seed_draws_otherwise_and_the_same_seed_the_same() -> None:
    values = np.random.default_rng(3).exponential(1, 12)
    assert studentised_quantiles(values, 0.02) == studentised_quantiles(values[::-1].copy(), 0.02)
    assert studentised_quantiles(values, 0.02, seed=2) != studentised_quantiles(values, 0.02, seed=1)


def test_ten_thousand_resamples_of_a_hundred_companies_take_a_fraction_of_a_second() -> None:
    values = np.random.default_rng(3).normal(0, 1, 100)
    started = time.perf_counter()
    studentised_quantiles(values, 0.02, seed=99)
    assert time.perf_counter() - started < 0.5

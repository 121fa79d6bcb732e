"""Two versions: what is claimed, how often it is wrong, and what is said when nothing can be."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ranker.errors import LabelError
from ranker.evaluation.compare import HEADLINE, Comparison, compare, compare_all, holm
from ranker.evaluation.evaluate import FIGURES, Evaluation, Prediction, do_nothing, evaluate
from tests.evaluation.reference import answered
from tests.evaluation.test_evaluate import LABELS, Answered, perfect

Draw = Callable[[np.random.Generator, tuple[int, int]], np.ndarray]


def evaluation(values: list[float] | np.ndarray) -> Evaluation:
    """Companies with the same value in every figure."""
    companies = {
        f"Company {at}": dict.fromkeys(FIGURES, float(value)) | {"leads": 3} for at, value in enumerate(values)
    }
    return Evaluation({}, companies)


def against_a_half(differences: list[float] | np.ndarray, figure: str = HEADLINE) -> Comparison:
    return compare(evaluation(0.5 + np.array(differences)), evaluation([0.5] * len(differences)), figure)


# --- the verdict


def test_a_clear_gain_is_better_and_turned_round_it_is_worse() -> None:
    gains = [0.1, 0.12, 0.08, 0.11, 0.09, 0.1, 0.13, 0.07]
    found = against_a_half(gains)
    assert found.outcome == "better"
    assert found.words.startswith("better: pairs_f1 is 0.100 higher over 8 companies (95% interval +0.0")
    assert found.words.endswith("p = 0.008)")
    assert found.p == found.difference.p == 2 / 2**8
    turned = against_a_half([-gain for gain in gains])
    assert turned.outcome == "worse"
    assert "is 0.100 lower" in turned.words


def test_a_p_too_small_for_three_decimals_is_not_called_nought() -> None:
    assert against_a_half([0.1, 0.12, 0.08, 0.11, 0.09] * 3).words.endswith("p < 0.001)")


def test_fewer_ranks_off_are_better() -> None:
    assert against_a_half([-0.1, -0.12, -0.08, -0.11, -0.09, -0.1, -0.13], "mae").outcome == "better"
    worse = against_a_half([0.1, 0.12, 0.08, 0.11, 0.09, 0.1, 0.13], "nmse")
    assert worse.outcome == "worse"
    assert worse.companies[0].change == pytest.approx(0.13)


@pytest.mark.parametrize(
    ("differences", "says"),
    [
        ([0.3], "1 company can't show any difference, however large; it takes at least 6"),
        ([0.3, 0.31, 0.29, 0.3, 0.32], "5 companies can't show any difference, however large"),
        ([0.0] * 12, "both have the same pairs_f1 at every company"),
        ([0.3, 0.31, 0.29, 0.3, 0.32, *[0.0] * 7], "only 5 of 12 companies differ"),
        ([0.1, -0.1, 0.05, -0.02, 0.03, -0.04, 0.1, -0.08, 0.01, 0.0], "10 companies can show a difference of about"),
    ],
)
def test_what_cannot_be_told_is_said_with_the_reason(differences: list[float], says: str) -> None:
    found = against_a_half(differences)
    assert found.outcome == "not distinguishable"
    assert found.words.startswith("not distinguishable: ")
    assert says in found.words
    assert found.detectable is None or found.detectable > abs(found.difference.interval.mean)


def test_companies_come_with_the_worst_change_first() -> None:
    found = against_a_half([0.1, -0.3, 0.0, 0.2, -0.1])
    assert [company.company[-1] for company in found.companies] == ["1", "4", "2", "0", "3"]
    assert found.companies[0].change == pytest.approx(-0.3)


def test_other_figures_are_described_and_the_headline_is_the_mean_of_pairs_and_f1() -> None:
    found = compare(evaluate(LABELS, perfect(LABELS)), do_nothing(LABELS))
    assert set(found.figures) == set(do_nothing(LABELS).macro) - {"coverage"}
    # Company A: pairs 1 and 0.5, f1 1 and 0; company B has one lead: f1 alone.
    assert {change.company: change.base for change in found.companies} == {"A": 0.25, "B": 0.0}
    assert found.difference.candidate == 1.0


def test_perfect_order_with_nobody_qualified_does_not_score_well() -> None:
    silent = {key: Prediction(False, None, value.score) for key, value in perfect(LABELS).items()}
    found = evaluate(LABELS, silent)
    assert found.macro["order"] == 1.0
    comparison = compare(found, do_nothing(LABELS))
    assert comparison.difference.interval.mean == 0.0
    assert comparison.outcome == "not distinguishable"


@settings(deadline=None, max_examples=25)
@given(answered(most_companies=3), answered(most_companies=3))
def test_turned_round_every_difference_changes_its_sign(case: Answered, other: Answered) -> None:
    labels, predictions = case
    one, two = evaluate(labels, predictions), evaluate(labels, other[1])
    try:
        there, back = compare(one, two), compare(two, one)
    except LabelError:
        return
    assert there.difference.interval.mean == pytest.approx(-back.difference.interval.mean)
    assert there.p == back.p
    assert {one.company: one.change for one in there.companies} == {one.company: -one.change for one in back.companies}


def test_answers_on_other_labels_are_not_compared() -> None:
    with pytest.raises(LabelError, match="same labelled leads"):
        compare(evaluation([0.5, 0.5]), evaluation([0.5]))
    with pytest.raises(LabelError, match="No labelled company has"):
        compare(do_nothing(LABELS[4:]), do_nothing(LABELS[4:]))


# --- several versions


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_holm_is_the_closed_test_of_bonferroni(p_values: list[float]) -> None:
    places = range(len(p_values))
    for at, adjusted in enumerate(holm(p_values)):
        with_it = [
            subset for size in range(1, len(p_values) + 1) for subset in combinations(places, size) if at in subset
        ]
        expected = max(min(1.0, len(subset) * min(p_values[other] for other in subset)) for subset in with_it)
        assert adjusted == pytest.approx(expected)


def test_among_several_candidates_p_must_be_smaller() -> None:
    base = evaluation([0.5] * 7)
    gains = [0.1, 0.12, 0.08, 0.11, 0.09, 0.1, 0.13]
    good = evaluation(0.5 + np.array(gains))
    assert compare(good, base).outcome == "better"
    found = compare_all({"good": good, **{str(at): evaluation([0.5] * 7) for at in range(4)}}, base)
    assert list(found) == ["good", "0", "1", "2", "3"]
    assert found["good"].p == pytest.approx(5 * 2 / 2**7)
    assert found["good"].outcome == "not distinguishable"


# --- how often it is wrong


def claims(draw: Draw, companies: int, gain: float = 0.0, times: int = 200) -> list[str]:
    """The outcomes of comparisons whose true mean difference is `gain` standard deviations."""
    samples = draw(np.random.default_rng(5), (times, companies))
    return [against_a_half(0.05 * (sample + gain)).outcome for sample in samples]


NO_DIFFERENCE: dict[str, Draw] = {
    "symmetric": lambda draw, size: draw.normal(0, 1, size),
    "skewed": lambda draw, size: 1 - draw.exponential(1, size),
    "half of them unchanged, the others skewed": lambda draw, size: np.where(
        draw.random(size) < 0.5, 0.0, draw.exponential(1, size) - 1
    ),
}


@pytest.mark.parametrize("name", NO_DIFFERENCE)
@pytest.mark.parametrize("companies", [5, 10, 30])
def test_without_a_difference_at_most_one_in_twenty_is_claimed(name: str, companies: int) -> None:
    outcomes = claims(NO_DIFFERENCE[name], companies)
    claimed = sum(outcome != "not distinguishable" for outcome in outcomes)
    # 5% of 200 is 10, and two standard deviations of luck are 6; sign-flip alone claims 17 of the skewed.
    assert claimed <= (0 if companies == 5 else 16)


@pytest.mark.parametrize("companies", [10, 30])
def test_a_planted_gain_is_found_and_never_called_worse(companies: int) -> None:
    outcomes = claims(NO_DIFFERENCE["symmetric"], companies, gain=6 / math.sqrt(companies), times=100)
    assert outcomes.count("better") >= 95
    assert outcomes.count("worse") == 0


@pytest.mark.parametrize("companies", [8, 30])
def test_a_difference_of_the_size_that_is_named_is_found_about_80_times_in_100(companies: int) -> None:
    draw = np.random.default_rng(9)
    named = [against_a_half(0.05 * sample).detectable for sample in draw.normal(0, 1, (40, companies))]
    gain = float(np.median([size for size in named if size is not None])) / 0.05
    found = claims(NO_DIFFERENCE["symmetric"], companies, gain, times=120).count("better")
    assert 0.70 * 120 <= found <= 0.93 * 120

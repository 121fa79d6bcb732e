"""Each figure on examples worked by hand, and against its definition by brute force."""

from __future__ import annotations

import math
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ranker.evaluation import metrics
from tests.evaluation import reference

NONE = math.inf
OUT = math.inf

LABELS = st.just(NONE) | st.integers(1, 5).map(float)
PLACES = st.sampled_from([OUT, metrics.UNRANKED]) | st.integers(1, 4).map(float)


def companies(fewest: int, most: int) -> st.SearchStrategy[tuple[list[float], list[float]]]:
    leads = st.lists(st.tuples(LABELS, PLACES), min_size=fewest, max_size=most)
    return leads.map(lambda rows: ([label for label, _ in rows], [place for _, place in rows]))


# --- pairs, order, top_pairs


def test_pairs_counts_a_tie_in_the_answer_as_half() -> None:
    # Five pairs differ (the two "none" make none): 1-2 wrong, 1-none tied and right, 2-none right and right.
    assert metrics.pairs([1, 2, NONE, NONE], [2, 1, 2, OUT]) == 3.5 / 5


def test_pairs_puts_a_qualified_lead_without_a_rank_between_the_ranked_and_the_rest() -> None:
    assert metrics.pairs([1, 2, NONE], [1, metrics.UNRANKED, OUT]) == 1.0
    assert metrics.pairs([2, 1, NONE], [1, metrics.UNRANKED, OUT]) == 2 / 3


@pytest.mark.parametrize("labels", [[], [1], [NONE], [3, 3], [NONE, NONE]])
def test_pairs_and_order_are_not_defined_when_no_two_labels_differ(labels: list[float]) -> None:
    assert metrics.pairs(labels, [1.0] * len(labels)) is None
    assert metrics.order(labels, [1.0] * len(labels)) is None


def test_order_goes_by_score_and_puts_a_missing_one_last() -> None:
    # 1-2 right, 1-none right, 2-none wrong: the lead labelled 2 has no score.
    assert metrics.order([1, 2, NONE], [90.0, None, 0.0]) == 2 / 3


@pytest.mark.parametrize("missing", [None, math.nan, math.inf, -math.inf])
def test_order_treats_a_score_that_is_no_number_as_missing(missing: float | None) -> None:
    assert metrics.order([1, NONE, NONE], [missing, -5.0, missing]) == 0.25


def test_top_pairs_looks_at_ranked_labels_only() -> None:
    # 1-2 right, 1-3 right, 2-3 tied; the lead labelled "none" in front of all does not count.
    assert metrics.top_pairs([1, 2, 3, NONE], [2, 3, 3, 1]) == 2.5 / 3
    assert metrics.top_pairs([1, NONE, NONE], [1, 2, 3]) is None


@settings(deadline=None)
@given(companies(0, 6))
def test_pairs_agree_with_all_orders_that_ties_allow(company: tuple[list[float], list[float]]) -> None:
    labels, places = company
    assert metrics.pairs(labels, places) == pytest.approx(reference.pair_share(labels, places), abs=1e-9)
    scores = [None if place == OUT else -min(place, 9.0) for place in places]
    assert metrics.order(labels, scores) == pytest.approx(reference.pair_share(labels, places), abs=1e-9)
    chosen = [(label, place) for label, place in zip(labels, places, strict=True) if label < NONE]
    top = reference.pair_share([label for label, _ in chosen], [place for _, place in chosen])
    assert metrics.top_pairs(labels, places) == pytest.approx(top, abs=1e-9)


def test_pairs_of_a_company_with_forty_thousand_leads_take_seconds_not_minutes() -> None:
    # 800 million pairs: one by one they would take minutes.
    draw = random.Random(7)
    labels = [float(draw.randint(1, 500)) if draw.random() < 0.1 else NONE for _ in range(40_000)]
    places = [float(at) for at in range(40_000)]
    started = time.perf_counter()
    share = metrics.pairs(labels, places)
    assert time.perf_counter() - started < 10
    assert share == pytest.approx(0.5, abs=0.02)


# --- precision, recall, f1


def test_precision_recall_and_f1_of_a_hand_worked_company() -> None:
    # Two of the three said are relevant; two of the four relevant were said.
    labels, places = [1, 2, 3, 4, NONE, NONE], [1.0, 2.0, OUT, OUT, 3.0, OUT]
    assert metrics.precision(labels, places) == 2 / 3
    assert metrics.recall(labels, places) == 0.5
    assert metrics.f1(labels, places) == pytest.approx(4 / 7)


def test_nobody_qualified_is_zero_and_nobody_relevant_is_undefined() -> None:
    for figure in (metrics.precision, metrics.recall, metrics.f1):
        assert figure([1, NONE], [OUT, OUT]) == 0.0
        assert figure([NONE, NONE], [1, OUT]) is None


def test_left_out_sees_who_is_qualified_where_nobody_is_relevant() -> None:
    assert metrics.left_out([NONE, NONE, NONE, NONE], [1, OUT, metrics.UNRANKED, OUT]) == 0.5
    assert metrics.left_out([1, NONE], [1, OUT]) == 1.0
    assert metrics.left_out([1, 2], [1, OUT]) is None


@given(companies(1, 8))
def test_left_out_is_the_recall_of_those_who_are_not_relevant(company: tuple[list[float], list[float]]) -> None:
    labels, places = company
    turned = [1.0 if label == NONE else NONE for label in labels], [1.0 if place == OUT else OUT for place in places]
    assert metrics.left_out(labels, places) == metrics.recall(*turned)


@given(companies(1, 8))
def test_f1_is_the_harmonic_mean_of_precision_and_recall(company: tuple[list[float], list[float]]) -> None:
    p, r, f1 = (figure(*company) for figure in (metrics.precision, metrics.recall, metrics.f1))
    if p is None or r is None:
        assert f1 is None
    else:
        assert f1 == pytest.approx(2 * p * r / (p + r) if p + r else 0.0, abs=1e-9)


# --- p_at_k, ndcg_k


def test_p_at_3_shares_a_tie_at_the_last_place() -> None:
    # Places 1 and 2 hit; place 3 is shared by one relevant lead and three others: a quarter.
    labels = [1, 2, 3, NONE, NONE, NONE]
    assert metrics.p_at_k(labels, [1, 2, 3, 3, 3, 3], 3) == pytest.approx(2.25 / 3)


def test_p_at_3_lowers_k_to_the_relevant_leads_and_counts_an_empty_place_as_a_miss() -> None:
    assert metrics.p_at_k([1, NONE, NONE], [1, OUT, OUT], 3) == 1.0
    assert metrics.p_at_k([1, 2, NONE], [1, OUT, OUT], 3) == 0.5


def test_ndcg_5_of_a_hand_worked_company() -> None:
    # Seats: labels 2, 1. Gains 1/2 and 1, discounts 1 and 1/log2(3).
    at_two = 1 / math.log2(3)
    assert metrics.ndcg_k([1, 2], [2, 1], 5) == pytest.approx((0.5 + at_two) / (1 + 0.5 * at_two))
    # Tied, each seat holds half of each.
    assert metrics.ndcg_k([1, 2], [1, 1], 5) == pytest.approx(0.75 * (1 + at_two) / (1 + 0.5 * at_two))
    # Not qualified, no seat.
    assert metrics.ndcg_k([1, 2], [OUT, 1], 5) == pytest.approx(0.5 / (1 + 0.5 * at_two))


def test_ndcg_5_looks_at_five_places() -> None:
    assert metrics.ndcg_k([1, *[NONE] * 5], [6, 1, 2, 3, 4, 5], 5) == 0.0


def test_figures_of_first_places_need_two_leads_and_a_relevant_one() -> None:
    for figure in (metrics.p_at_k, metrics.ndcg_k):
        assert figure([1], [1]) is None
        assert figure([NONE, NONE], [1, 2]) is None
        with pytest.raises(ValueError, match="at least 1"):
            figure([1, 2], [1, 2], 0)


@settings(deadline=None)
@given(companies(1, 6), st.integers(1, 7))
def test_first_places_agree_with_all_orders_that_ties_allow(company: tuple[list[float], list[float]], k: int) -> None:
    assert metrics.p_at_k(*company, k) == pytest.approx(reference.p_at(*company, k), abs=1e-9)
    assert metrics.ndcg_k(*company, k) == pytest.approx(reference.ndcg(*company, k), abs=1e-9)


# --- correlations and errors of ranks


def test_tau_b_and_spearman_of_hand_worked_companies() -> None:
    # Six pairs, one of them reversed: (5 - 1) / 6. Spearman: 1 - 6 * 2 / (4 * 15).
    assert metrics.kendall_tau_b([1, 2, 3, 4], [1, 3, 2, 4]) == pytest.approx(4 / 6)
    assert metrics.spearman([1, 2, 3, 4], [1, 3, 2, 4]) == pytest.approx(0.8)
    # Three pairs, one tied by the answer: 2 / sqrt(3 * 2).
    assert metrics.kendall_tau_b([1, 2, 3], [1, 2, 2]) == pytest.approx(2 / math.sqrt(6))
    assert metrics.kendall_tau_b([1, 2], [2, 1]) == pytest.approx(-1)
    assert metrics.spearman([1, 2], [2, 1]) == pytest.approx(-1)


@pytest.mark.parametrize(
    ("labels", "places"),
    [([1.0], [1.0]), ([1.0, NONE], [1.0, 2.0]), ([2.0, 2.0], [1.0, 2.0])],
)
def test_correlations_are_undefined_where_the_labels_tell_no_two_leads_apart(
    labels: list[float], places: list[float]
) -> None:
    assert metrics.kendall_tau_b(labels, places) is None
    assert metrics.spearman(labels, places) is None


@pytest.mark.parametrize("places", [[OUT, OUT, OUT], [2.0, 2.0, 2.0], [3.0, OUT, OUT]])
def test_correlations_with_an_answer_that_orders_nobody_are_0(places: list[float]) -> None:
    assert metrics.kendall_tau_b([1, 2, 3], places) == 0.0
    assert metrics.spearman([1, 2, 3], places) == 0.0


def test_a_lead_without_a_rank_counts_as_the_largest_error_that_it_could_have() -> None:
    # Four leads; the lead labelled 2 was dropped and counts as if it stood at 4: errors 0 and 2.
    labels = [1, 2, NONE, NONE]
    for dropped in (OUT, metrics.UNRANKED):
        assert metrics.mae(labels, [1, dropped, 2, OUT]) == 1.0
        assert metrics.rmse(labels, [1, dropped, 2, OUT]) == pytest.approx(math.sqrt(2))
        assert metrics.nmse(labels, [1, dropped, 2, OUT]) == pytest.approx(100 * 2 / 9)


def test_dropping_the_lead_that_a_person_put_last_is_no_way_to_be_perfect() -> None:
    # At rank 1 the third of three is 2 off; without a rank it must not count as third.
    assert metrics.mae([1, 2, 3], [1, 2, OUT]) == pytest.approx(2 / 3)
    assert metrics.rmse([1, 2, 3], [1, 2, OUT]) == pytest.approx(math.sqrt(4 / 3))
    assert metrics.nmse([1, 2, 3], [1, 2, OUT]) == pytest.approx(100 / 3)


@given(companies(2, 8), st.data())
def test_no_lead_is_dropped_to_advantage(company: tuple[list[float], list[float]], data: st.DataObject) -> None:
    labels, places = company
    places = [3 * place if place < metrics.UNRANKED else place for place in places]  # beyond the last rank too
    at = data.draw(st.integers(0, len(labels) - 1))
    dropped = [*places[:at], OUT, *places[at + 1 :]]
    for figure in (metrics.mae, metrics.rmse, metrics.nmse):
        before, after = figure(labels, places), figure(labels, dropped)
        if before is None or after is None:
            assert before is after
        else:
            assert after >= before - 1e-9
    if labels[at] < NONE:
        before, after = metrics.recall(labels, places), metrics.recall(labels, dropped)
        assert before is not None
        assert after is not None
        assert after <= before


def test_a_rank_among_leads_that_nobody_labelled_is_no_farther_off_than_the_last_one() -> None:
    assert metrics.mae([1, 2, NONE], [40, 41, 42]) == metrics.mae([1, 2, NONE], [3, 3, 3]) == 1.5
    assert metrics.nmse([1, NONE, NONE], [40, 1, 2]) == 100.0


def test_dropping_a_lead_is_never_better_than_ranking_it_last() -> None:
    assert metrics.mae([1, 2, 3], [OUT, 1, 2]) == metrics.mae([1, 2, 3], [3, 1, 2])
    assert metrics.kendall_tau_b([1, 2, 3], [OUT, 1, 2]) == metrics.kendall_tau_b([1, 2, 3], [3, 1, 2])


def test_nmse_is_100_for_the_worst_answer_and_allows_labels_with_gaps() -> None:
    assert metrics.nmse([1, NONE, NONE], [3, 1, 2]) == 100.0
    assert metrics.nmse([1, 7, NONE], [7, 1, 2]) == 100.0


def test_errors_of_ranks_are_undefined_without_a_labelled_lead_or_for_a_single_lead() -> None:
    for figure in (metrics.mae, metrics.rmse, metrics.nmse):
        assert figure([NONE, NONE], [1, 2]) is None
        assert figure([1], [OUT]) is None


@settings(deadline=None)
@given(companies(2, 9))
def test_correlations_and_errors_agree_with_scipy_and_with_the_formula(
    company: tuple[list[float], list[float]],
) -> None:
    from scipy import stats

    labels, places = company
    xs = [label for label in labels if label < NONE]
    last = max([float(len(labels)), *xs])
    given_ranks = [
        min(place, last) if place < metrics.UNRANKED else None
        for label, place in zip(labels, places, strict=True)
        if label < NONE
    ]
    ys = [last if place is None else place for place in given_ranks]
    tau, rho = metrics.kendall_tau_b(labels, places), metrics.spearman(labels, places)
    if len(set(xs)) < 2 or len(set(ys)) < 2:
        assert tau == rho == (None if len(set(xs)) < 2 else 0.0)
    else:
        assert tau == pytest.approx(reference.tau_b(xs, ys), abs=1e-9)
        assert rho == pytest.approx(reference.spearman(xs, ys), abs=1e-9)
        assert tau == pytest.approx(stats.kendalltau(xs, ys).statistic, abs=1e-9)
        assert rho == pytest.approx(stats.spearmanr(xs, ys).statistic, abs=1e-9)
    if xs:
        errors = [
            max(last - x, x - 1) if place is None else place - x for x, place in zip(xs, given_ranks, strict=True)
        ]
        mean_square = sum(error * error for error in errors) / len(errors)
        assert metrics.mae(labels, places) == pytest.approx(sum(map(abs, errors)) / len(errors), abs=1e-9)
        assert metrics.rmse(labels, places) == pytest.approx(mean_square**0.5, abs=1e-9)

"""A whole evaluation: the laws it obeys, how failures count, and the mean over companies."""

from __future__ import annotations

import math
import random
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ranker.errors import LabelError
from ranker.evaluation.evaluate import (
    FIGURES,
    MAIN_FIGURES,
    NO_PREDICTION,
    Prediction,
    do_nothing,
    evaluate,
)
from ranker.evaluation.labelled import LabelledLead
from tests.evaluation.reference import answered

Answered = tuple[list[LabelledLead], dict[str, Prediction]]

LABELS = [
    LabelledLead("L1", "A", 1.0),
    LabelledLead("L2", "A", 2.0),
    LabelledLead("L3", "A", math.inf),
    LabelledLead("L4", "B", 1.0),
    LabelledLead("L5", "C", math.inf),
    LabelledLead("L6", "C", math.inf),
]


def perfect(labels: list[LabelledLead]) -> dict[str, Prediction]:
    return {
        lead.source_id: Prediction(True, int(lead.label), 100 - lead.label)
        if lead.label < math.inf
        else Prediction(False, None, 0.0)
        for lead in labels
    }


@settings(deadline=None)
@given(answered(), st.randoms(use_true_random=False))
def test_shuffled_rows_change_nothing(case: Answered, shuffle: random.Random) -> None:
    labels, predictions = case
    before = evaluate(labels, predictions)
    shuffled, items = list(labels), list(predictions.items())
    shuffle.shuffle(shuffled)
    shuffle.shuffle(items)
    assert evaluate(shuffled, dict(items)) == before


@settings(deadline=None)
@given(answered())
def test_a_perfect_answer_is_perfect_in_every_figure(case: Answered) -> None:
    labels, _ = case
    result = evaluate(labels, perfect(labels))
    for name in FIGURES:
        best = 0.0 if name in ("mae", "rmse", "nmse") else 1.0
        assert result.macro.get(name, best) == pytest.approx(best, abs=1e-9), name
        for figures in result.companies.values():
            assert figures[name] is None or figures[name] == pytest.approx(best, abs=1e-9), name


@settings(deadline=None)
@given(answered())
def test_nobody_qualified_gives_pairs_one_half_and_no_relevance(case: Answered) -> None:
    labels, predictions = case
    silent = {key: replace(value, qualified=False) for key, value in predictions.items()}
    for figures in evaluate(labels, silent).companies.values():
        assert figures["said"] == 0
        assert figures["pairs"] in (0.5, None)
        for name in ("f1", "precision", "recall", "p_at_3", "ndcg_5"):
            assert figures[name] in (0.0, None)


@settings(deadline=None)
@given(answered(), answered())
def test_the_labels_alone_decide_where_a_figure_is_defined(case: Answered, other: Answered) -> None:
    labels, predictions = case
    for answer in ({}, other[1], perfect(labels)):
        for before, after in zip(
            evaluate(labels, predictions).companies.values(), evaluate(labels, answer).companies.values(), strict=True
        ):
            assert [name for name in FIGURES if before[name] is None] == [
                name for name in FIGURES if after[name] is None
            ]


@settings(deadline=None)
@given(answered())
def test_order_ignores_qualification_and_rank(case: Answered) -> None:
    labels, predictions = case
    judged = {key: value for key, value in predictions.items() if value.qualified is not None}
    turned = {key: Prediction(not value.qualified, None, value.score) for key, value in judged.items()}
    before, after = evaluate(labels, judged), evaluate(labels, turned)
    assert [c["order"] for c in before.companies.values()] == [c["order"] for c in after.companies.values()]


@settings(deadline=None)
@given(answered())
def test_a_failed_lead_counts_as_a_missing_one_does_except_in_coverage(case: Answered) -> None:
    labels, predictions = case
    lead = labels[0].source_id
    failed = evaluate(labels, {**predictions, lead: NO_PREDICTION})
    missing = evaluate(labels, {key: value for key, value in predictions.items() if key != lead})
    assert failed.companies == missing.companies
    assert failed.macro["coverage"] == pytest.approx(missing.macro["coverage"] + 1 / len(labels))


def test_a_lead_that_was_not_judged_is_not_qualified_and_last_and_still_counted() -> None:
    answer = {**perfect(LABELS), "L1": Prediction(None, 1, 100.0)}
    figures = evaluate(LABELS, answer).companies["A"]
    assert (figures["leads"], figures["labelled"], figures["said"]) == (3, 2, 1)
    # Of the pairs 1-2, 1-none and 2-none: by place wrong, tied, right; by score wrong, wrong, right.
    assert figures["pairs"] == 0.5
    assert figures["order"] == pytest.approx(1 / 3)
    assert figures["recall"] == 0.5
    assert figures["mae"] == 1.0  # ranks 3 and 2 for labels 1 and 2


def test_a_rank_on_a_lead_that_is_not_qualified_is_ignored() -> None:
    with_rank = evaluate(LABELS, {**perfect(LABELS), "L3": Prediction(False, 1, 0.0)})
    assert with_rank == evaluate(LABELS, perfect(LABELS))


def test_each_company_counts_once_where_the_figure_is_defined() -> None:
    answer = {**perfect(LABELS), "L4": Prediction(False, None, 0.0)}
    result = evaluate(LABELS, answer)
    assert list(result.companies) == ["A", "B", "C"]
    assert [figures["f1"] for figures in result.companies.values()] == [1.0, 0.0, None]
    assert result.macro["f1"] == 0.5
    assert result.companies["B"]["pairs"] is None  # one lead: relevance only
    assert result.companies["B"]["mae"] is None
    assert result.macro["pairs"] == 1.0


def test_a_figure_that_is_defined_for_no_company_is_absent_from_the_mean() -> None:
    assert set(evaluate(LABELS[4:], {}).macro) == {"coverage", "left_out"}


def test_a_failure_is_never_counted_as_a_lead_that_was_rightly_left_out() -> None:
    failed = {lead.source_id: NO_PREDICTION for lead in LABELS}
    for answer in (failed, {}):
        assert evaluate(LABELS, answer).macro["left_out"] == 0.0
    assert do_nothing(LABELS).macro["left_out"] == 1.0


def test_coverage_is_the_share_of_labelled_leads_in_the_answer_and_others_are_ignored() -> None:
    answer = {"L1": Prediction(True, 1, 90.0), "X9": Prediction(True, 1, 99.0)}
    result = evaluate(LABELS, answer)
    assert result.macro["coverage"] == pytest.approx(1 / 6)
    assert sum(int(figures["said"] or 0) for figures in result.companies.values()) == 1


def test_doing_nothing_is_worth_one_half_for_order_and_nothing_for_relevance() -> None:
    result = do_nothing(LABELS)
    expected = dict.fromkeys(MAIN_FIGURES, 0.0) | dict.fromkeys(("pairs", "order", "top_pairs"), 0.5)
    assert {name: result.macro[name] for name in MAIN_FIGURES} == expected
    assert result.macro["coverage"] == 1.0


def test_no_labels_is_an_error() -> None:
    with pytest.raises(LabelError, match="no labelled leads"):
        evaluate([], {})
    with pytest.raises(LabelError, match="no labelled leads"):
        do_nothing([])


def test_importing_the_evaluation_imports_neither_numpy_nor_scipy() -> None:
    program = (
        "import sys, ranker.evaluation.report; "
        "print(sorted({name.partition('.')[0] for name in sys.modules} & {'numpy', 'scipy', 'pandas'}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

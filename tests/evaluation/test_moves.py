"""Leads that moved between two versions: which they are, and which of them are for the worse."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings

from ranker.evaluation.evaluate import NO_PREDICTION, Prediction, place_of
from ranker.evaluation.labelled import LabelledLead
from ranker.evaluation.moves import Judged, moved
from tests.evaluation.reference import answered
from tests.evaluation.test_evaluate import Answered

LABELS = [
    LabelledLead("L1", "A", 1.0),
    LabelledLead("L2", "A", 2.0),
    LabelledLead("L3", "A", math.inf),
    LabelledLead("L4", "B", math.inf),
]


def said(**ranks: int | None) -> dict[str, Judged]:
    return {key: Judged(Prediction(rank is not None, rank, 50.0), f"{key} is at {rank}") for key, rank in ranks.items()}


BASE = said(L1=1, L2=2, L3=None, L4=None)


def test_a_version_that_says_the_same_moves_nobody() -> None:
    other_words = {key: Judged(value.prediction, "in other words") for key, value in BASE.items()}
    assert moved(LABELS, other_words, BASE) == ()


def test_leads_come_with_label_and_both_reasons_the_most_harmed_first() -> None:
    found = moved(LABELS, said(L1=2, L2=1, L3=None, L4=1), BASE)
    assert [move.source_id for move in found] == ["L4", "L1", "L2"]
    # At B nobody else stands: only the verdict is wrong. At A each has one of its two pairs wrong.
    assert [move.harm for move in found] == [1.0, 0.5, 0.5]
    assert (found[0].label, found[0].candidate.reason, found[0].base.reason) == (
        math.inf, "L4 is at 1", "L4 is at None",
    )  # fmt: skip


def test_a_mended_lead_comes_last_with_a_harm_below_zero() -> None:
    found = moved(LABELS, BASE, said(L1=None, L2=1, L3=None, L4=1))
    # L1 was not qualified, behind L2 and level with L3: verdict and three quarters of its pairs were wrong.
    assert {move.source_id: move.harm for move in found} == {"L4": -1.0, "L1": -1.75, "L2": -0.5}
    assert [move.source_id for move in found] == ["L2", "L4", "L1"]


def test_a_failure_is_a_move_and_a_wrong_verdict_even_where_not_relevant_is_right() -> None:
    for failed in ({**BASE, "L4": Judged(NO_PREDICTION, "the call failed")}, {k: BASE[k] for k in ("L1", "L2", "L3")}):
        (move,) = moved(LABELS, failed, BASE)
        assert (move.source_id, move.harm) == ("L4", 1.0)


@settings(deadline=None, max_examples=50)
@given(answered(most_companies=2, most_leads=8), answered(most_companies=2, most_leads=8))
def test_harm_is_the_change_of_what_is_wrong_lead_by_lead(case: Answered, other: Answered) -> None:
    labels, predictions = case
    sides = predictions, other[1]
    found = moved(labels, *({key: Judged(value, "") for key, value in side.items()} for side in sides))
    harms = {move.source_id: move.harm for move in found}
    for lead in labels:
        says = [side.get(lead.source_id, NO_PREDICTION) for side in sides]
        same = says[0].qualified is says[1].qualified and place_of(says[0]) == place_of(says[1])
        assert (lead.source_id in harms) != same
        if not same:
            ours, theirs = (wrongness(lead, labels, side) for side in sides)
            assert harms[lead.source_id] == pytest.approx(ours - theirs, abs=1e-9)


def wrongness(lead: LabelledLead, labels: list[LabelledLead], side: dict[str, Prediction]) -> float:
    """By the definition, one other lead after the other."""
    own = side.get(lead.source_id, NO_PREDICTION)
    pairs = []
    for other in labels:
        if other.company == lead.company and other.label != lead.label:
            place, others = place_of(own), place_of(side.get(other.source_id, NO_PREDICTION))
            pairs.append(0.5 if place == others else float((lead.label < other.label) != (place < others)))
    return (own.qualified is not (lead.label < math.inf)) + (sum(pairs) / len(pairs) if pairs else 0.0)

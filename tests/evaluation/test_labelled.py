"""Reading the labels that people write: what counts, what is refused, and what the message says."""

from __future__ import annotations

import math

import pytest

from ranker.errors import LabelError
from ranker.evaluation.labelled import LabelledLead, LabelRow, Meaning, label_kinds, read_label, read_labels


@pytest.mark.parametrize("cell", ["none", "None", " NONE "])
def test_none_is_not_relevant(cell: str) -> None:
    assert read_label(cell, 2) == math.inf


@pytest.mark.parametrize(("cell", "rank"), [("1", 1.0), (" 12 ", 12.0), ("3.0", 3.0), ("007", 7.0), ("+2", 2.0)])
def test_a_whole_number_from_one_is_a_rank(cell: str, rank: float) -> None:
    assert read_label(cell, 2) == rank


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("", "has no label"),
        ("   ", "has no label"),
        ("-", "not judged yet"),
        ("—", "not judged yet"),
        ("n/a", "not judged yet"),
        ("NaN", "not judged yet"),
        ("0", "start at 1"),
        ("0.0", "start at 1"),
        ("-3", "start at 1"),
        ("1.5", '"1.5"'),
        ("inf", '"inf"'),
        ("1e3", '"1e3"'),
        ("first", '"first"'),
        ("٣", '"٣"'),
        ("9" * 400, "too large"),
        ("9" * 5000, "too large"),
        ("1000001", "too large"),
    ],
)
def test_anything_else_is_refused_with_row_value_and_remedy(cell: str, why: str) -> None:
    with pytest.raises(LabelError) as refused:
        read_label(cell, 17)
    message = str(refused.value)
    assert "Row 17 " in message
    assert why in message
    assert 'whole number from 1 (1 = best), or "none"' in message
    assert len(message) < 300


def test_rows_become_labelled_leads_in_their_order() -> None:
    rows = [LabelRow(2, " L2 ", " Company A ", "none"), LabelRow(3, "L1", "Company A", "1")]
    assert read_labels(iter(rows)) == [
        LabelledLead("L2", "Company A", math.inf),
        LabelledLead("L1", "Company A", 1.0),
    ]


def test_an_id_that_occurs_twice_is_refused_naming_both_rows() -> None:
    rows = [LabelRow(2, "L1", "A", "1"), LabelRow(3, "L2", "A", "2"), LabelRow(4, "L1 ", "B", "none")]
    with pytest.raises(LabelError, match=r'Rows 2 and 4 .*"L1"'):
        read_labels(rows)


@pytest.mark.parametrize(
    ("row", "message"),
    [(LabelRow(5, " ", "A", "1"), "Row 5 has no id"), (LabelRow(5, "L1", " ", "1"), "Row 5 has no company")],
)
def test_a_row_without_id_or_company_is_refused(row: LabelRow, message: str) -> None:
    with pytest.raises(LabelError, match=message):
        read_labels([row])


def test_a_file_without_rows_is_refused() -> None:
    with pytest.raises(LabelError, match="no leads"):
        read_labels([])


ROWS = [
    LabelRow(2, "L1", "A", "1"),
    LabelRow(3, "L2", "A", "-"),
    LabelRow(4, "L3", "A", " "),
    LabelRow(5, "L4", "A", "0"),
    LabelRow(6, "L5", "A", "None"),
    LabelRow(7, "L6", "A", "—"),
    LabelRow(8, "L7", "A", "2.0"),
    LabelRow(9, "L8", "A", "maybe"),
]


def test_dash_blank_zero_and_none_are_told_apart_and_shown_with_what_they_mean() -> None:
    kinds = {kind.written: kind for kind in label_kinds(ROWS)}
    assert {written: (kind.rows, kind.first, kind.clear) for written, kind in kinds.items()} == {
        "1, 2, 3, …": (2, 2, True),
        "-": (2, 3, False),
        "blank": (1, 4, False),
        "0": (1, 5, False),
        "none": (1, 6, True),
        "maybe": (1, 9, False),
    }
    assert kinds["none"].means == "judged, and not relevant"
    assert "ranks start at 1" in kinds["0"].means
    assert "nobody has judged it" in kinds["blank"].means
    assert "whole number from 1" in kinds["maybe"].means
    assert sum(kind.rows for kind in kinds.values()) == len(ROWS)


def test_a_person_says_what_a_label_means_and_that_is_shown() -> None:
    meanings: dict[str, Meaning] = {"-": "none", "blank": "skip", "0": "none", "maybe": "skip"}
    assert read_labels(ROWS, meanings) == [
        LabelledLead("L1", "A", 1.0),
        LabelledLead("L2", "A", math.inf),
        LabelledLead("L4", "A", math.inf),
        LabelledLead("L5", "A", math.inf),
        LabelledLead("L6", "A", math.inf),
        LabelledLead("L7", "A", 2.0),
    ]
    kinds = {kind.written: kind for kind in label_kinds(ROWS, meanings)}
    assert all(kind.clear for kind in kinds.values())
    assert kinds["-"].means == kinds["none"].means
    assert kinds["blank"].means == "nobody has judged it: left out"


@pytest.mark.parametrize("left_out", ["-", "blank", "0", "maybe"])
def test_what_nobody_gave_a_meaning_is_still_refused(left_out: str) -> None:
    meanings: dict[str, Meaning] = {"-": "skip", "blank": "skip", "0": "skip", "maybe": "skip"}
    del meanings[left_out]
    with pytest.raises(LabelError, match="whole number from 1"):
        read_labels(ROWS, meanings)


def test_a_file_of_which_every_row_is_left_out_has_no_leads() -> None:
    with pytest.raises(LabelError, match="no leads"):
        read_labels([LabelRow(2, "L1", "A", "-")], {"-": "skip"})


def test_relevant_leads_without_a_rank_share_rank_1_and_stand_beside_no_ranks() -> None:
    rows = [LabelRow(2, "L1", "A", "Yes"), LabelRow(3, "L2", "A", "no"), LabelRow(4, "L3", "A", "yes")]
    meanings: dict[str, Meaning] = {"yes": "relevant", "no": "none"}
    assert [lead.label for lead in read_labels(rows, meanings)] == [1.0, math.inf, 1.0]
    assert next(iter(label_kinds(rows, meanings))).means == "relevant, without a rank"
    with pytest.raises(LabelError, match="Row 5 has a rank and row 2 is said to be relevant without one"):
        read_labels([*rows, LabelRow(5, "L4", "B", "2")], meanings)

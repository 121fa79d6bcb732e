"""The proposal beside the old text: each line that went or came, with the edits that it went or came by."""

from __future__ import annotations

from ranker.optimizer.explained import explained, lineage
from ranker.optimizer.memory import Candidate


def told(*texts: str) -> list[tuple[str, str, tuple[int, ...]]]:
    """Kind, text and steps of each line that changed."""
    return [(one.line.kind, one.line.text, one.steps) for one in explained(texts) if one.line.kind != "gap"]


def test_each_line_has_the_edit_that_changed_it() -> None:
    assert told("a\nb\nc\nd\n", "a\nB\nc\nd\n", "a\nB\nc\n", "a\nB\nc\ne\nf\n") == [
        ("gone", "b", (1,)),
        ("new", "B", (1,)),
        ("gone", "d", (2,)),
        ("new", "e", (3,)),
        ("new", "f", (3,)),
    ]


def test_a_line_that_was_changed_twice_has_both_edits() -> None:
    assert told("a\nb\nc\n", "a\nB\nc\n", "a\nB!\nc\n") == [("gone", "b", (1, 2)), ("new", "B!", (1, 2))]


def test_what_was_changed_back_is_no_change() -> None:
    assert told("a\nb\n", "a\nB\n", "a\nb\n") == []
    assert told("a\nb\n") == []


def test_line_ends_of_every_kind_are_lines_and_nothing_else_is() -> None:
    assert told("a\r\nb\x0cb\r\nc\r\n", "a\r\nb\x0cb\r\nC\r\n") == [("gone", "c", (1,)), ("new", "C", (1,))]


def test_the_lineage_goes_from_the_start_to_the_candidate() -> None:
    rows = [Candidate(0, None, 0, "s", "0"), Candidate(1, 0, 1, "a", "1"), Candidate(2, 0, 1, "b", "2")]
    rows.append(Candidate(3, 1, 2, "c", "3"))
    assert [one.number for one in lineage(rows, 3)] == [0, 1, 3]
    assert [one.number for one in lineage(rows, 0)] == [0]

"""Changes of single lines: by the numbers that were shown, refused where they make no sense, line ends as they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ranker.errors import CandidateRefused
from ranker.optimizer.line_edits import DOES, LineChange, apply, count_lines, numbered
from ranker.optimizer.model_asking import edit_reader, read_critique

TEXT = "one\ntwo\nthree\n"


def test_a_text_is_shown_with_the_number_of_each_line():
    assert numbered(TEXT) == "1| one\n2| two\n3| three"
    assert numbered("x\n" * 10).startswith(" 1| x\n 2| x")
    assert count_lines(TEXT) == count_lines(TEXT.replace("\n", "\r\n")) == count_lines(TEXT[:-1]) == 3


@pytest.mark.parametrize(
    ("changes", "new"),
    [
        ([LineChange(2, "replace", "2")], "one\n2\nthree\n"),
        ([LineChange(2, "replace", "2\n2b")], "one\n2\n2b\nthree\n"),
        ([LineChange(2, "delete", "ignored")], "one\nthree\n"),
        ([LineChange(3, "insert_after", "4"), LineChange(3, "insert_after", "5")], "one\ntwo\nthree\n4\n5\n"),
        ([LineChange(3, "delete"), LineChange(1, "insert_after", "x"), LineChange(1, "replace", "1")], "1\nx\ntwo\n"),
        ([LineChange(1, "replace", "1| uno")], "uno\ntwo\nthree\n"),
        ([LineChange(1, "replace", "a\r\nb\n")], "a\nb\ntwo\nthree\n"),
    ],
)  # fmt: skip
def test_changes_are_by_the_numbers_of_the_old_text(changes, new):
    assert apply(TEXT, changes) == new
    assert apply(TEXT.replace("\n", "\r\n"), changes) == new.replace("\n", "\r\n")
    assert apply(TEXT[:-1], changes) == new[:-1]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([LineChange(4, "delete")], "line 4, but the text has 3"),
        ([LineChange(0, "insert_after", "x")], "line 0"),
        ([LineChange(1, "delete"), LineChange(1, "replace", "x")], "Two changes are about line 1"),
        ([LineChange(1, "replace", "one")], "Nothing changes"),
        ([], "Nothing changes"),
        ([LineChange(1, "replace", "a\x00b")], "signs in it"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(changes, said):
    with pytest.raises(CandidateRefused, match=said):
        apply(TEXT, changes)


def version(*changes, why="Better."):
    return {"why": why, "changes": [dict(zip(("line", "do", "text"), one, strict=True)) for one in changes]}


def test_of_an_answer_only_versions_that_can_be_applied_are_taken():
    good = version((1, "replace", "uno"))
    bad = [
        version((9, "delete", "")), version((1, "shout", "x")), version((True, "delete", "")), version(),
        version((1, "insert_after", " ")), {"why": "x"}, version((1, "replace", 5)),
    ]  # fmt: skip
    found = edit_reader(TEXT, 9)({"versions": [*bad, good]})
    assert [(one.text, one.why) for one in found] == [("uno\ntwo\nthree\n", "Better.")]
    for data in ({"versions": bad}, {"versions": ["x"]}, {}, [], "x", {"versions": []}):
        with pytest.raises(ValueError, match="no "):
            edit_reader(TEXT, 9)(data)
    assert len(edit_reader(TEXT, 1)({"versions": [good, good]})) == 1


def test_a_critique_needs_a_point():
    (one,) = read_critique({"points": [{"wrong": "a\nb" * 300, "mend": ""}, {"wrong": "", "mend": " "}]})
    assert one.wrong.startswith("a ba b")
    assert len(one.wrong) == 400
    for data in ({"points": []}, {"points": [{"wrong": "", "mend": ""}]}, {"points": {}}, 3):
        with pytest.raises(ValueError, match="no "):
            read_critique(data)


CHANGE = st.builds(LineChange, st.integers(0, 9), st.sampled_from(DOES), st.text(alphabet="xy\n1| ", max_size=6))


@given(st.text(alphabet="ab\n\r|1 ", max_size=40), st.lists(CHANGE, max_size=4))
def test_lines_that_nothing_is_said_about_stay(text, changes):
    try:
        new = apply(text, changes)
    except CandidateRefused:
        return
    touched = {one.line for one in changes if one.do != "insert_after"}
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    left = iter(new.replace("\r\n", "\n").split("\n"))
    assert all(any(line == one for one in left) for at, line in enumerate(lines, 1) if at not in touched)

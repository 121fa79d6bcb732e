"""Each change of a persona: the text says what was foreseen, and what a person is told is what was done."""

from __future__ import annotations

import pytest

from ranker.errors import EditRefused
from ranker.optimizer.rules_changes import Add, Change, Remove, SetValue
from ranker.optimizer.rules_turns import SetSizes, SetThreshold, Turn
from ranker.optimizer.rules_words import sizes_of
from ranker.personas.form import Row, form_of, read_form, says_the_same
from ranker.personas.reader import read_persona
from tests.optimizer.rules_cases import RIGHT

SMALL, BIG = read_form(RIGHT).names
SIZES = sizes_of(read_persona(RIGHT))


def row(name: str, kind: str) -> Row:
    """A row of the right persona."""
    return next(one for one in read_form(RIGHT).rows if (one.name, one.kind) == (name, kind))


CHANGES: list[tuple[Change, str]] = [
    (SetValue(row("VP of Sales", "targets"), (BIG,), 0.8), "“VP of Sales” at 51+ people: 5/5 → 4/5"),
    (SetValue(row("Manager", "seniority"), (SMALL,), 0.6), "“Manager” at 1–50 people: 2/5 → 3/5"),
    (SetValue(row("Marketing", "departments"), (SMALL, BIG), 0.6), "“Marketing” at every size: 4/5 → 3/5"),
    (SetValue(row("Marketing", "departments"), (BIG,), 0.6), "“Marketing” at 51+ people: 4/5 → 3/5"),
    (
        Add("targets", "Head of Growth", ((BIG, 0.6),)),
        "added to the titles to look for: “Head of Growth” at 51+ people, 3/5",
    ),
    (
        Add("champions", "Revenue Operations Manager", ((BIG, 0.6),)),
        "added to the champions: “Revenue Operations Manager” at 51+ people, 3/5",
    ),
    (
        Add("departments", "Growth", ((SMALL, 0.6), (BIG, 0.6))),
        "added to the teams: “Growth” at every size, 3/5",
    ),
    (
        Add("hard", "Marketing Manager", brackets=(SMALL,)),
        "added to those who are never contacted: “Marketing Manager” at 1–50 people",
    ),
    (Add("hard", "Legal"), "added to those who are never contacted: “Legal” at every size"),
    (Remove(row("Finance", "hard")), "taken out of those who are never contacted: “Finance”"),
    (Remove(row("Director of Partnerships", "targets")), "taken out: “Director of Partnerships”"),
    (
        Turn(row("Account Executives", "soft"), "hard"),
        "“Account Executives”: those for a last resort → those who are never contacted",
    ),
    (
        Turn(row("Director of Partnerships", "targets"), "champions"),
        "“Director of Partnerships” at 51+ people: a champion, behind the buyers",
    ),
    (
        SetSizes(row("Finance", "hard"), (BIG,), (SMALL,)),
        "“Finance” in those who are never contacted: now only at 51+ people",
    ),
    (SetThreshold(55.0, 60.0, True), "people are contacted from a score of 60 → 55 of 100"),
]


@pytest.mark.parametrize(("change", "words"), CHANGES, ids=lambda one: one if isinstance(one, str) else "")
def test_the_text_says_what_was_foreseen_and_what_is_told(change: Change, words: str) -> None:
    text = change.apply(RIGHT)
    assert text != RIGHT
    assert says_the_same(form_of(change.foresee(read_persona(RIGHT))), read_form(text))
    assert change.says(SIZES) == words


def test_a_threshold_is_added_where_the_text_names_none() -> None:
    without = RIGHT[: RIGHT.index("Contact only people")]
    change = SetThreshold(45.0, 60.0, False)
    assert read_form(change.apply(without)).threshold == 45
    assert form_of(change.foresee(read_persona(without))).threshold == 45


def test_a_row_that_is_gone_is_changed_no_more() -> None:
    finance = row("Finance", "hard")
    gone = Remove(finance).apply(RIGHT)
    for change in (Remove(finance), SetSizes(finance, (BIG,), (SMALL,)), Turn(finance, "soft")):
        with pytest.raises(EditRefused):
            change.apply(gone)


def test_two_changes_follow_each_other_though_the_lines_have_moved() -> None:
    first = Add("targets", "Head of Growth", ((SMALL, 0.6),))
    second = SetValue(row("VP of Sales", "targets"), (BIG,), 0.8)
    text = second.apply(first.apply(RIGHT))
    assert "| VP of Sales | 4/5 |" in text
    assert "| Head of Growth | 3/5 |" in text

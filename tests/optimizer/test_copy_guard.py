"""What a text may not take over from labelled leads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ranker.optimizer.copy_guard import GRAM, CopyGuard

START = "# Whom we want\n\n| Title | Priority |\n| --- | --- |\n| VP Sales | 5 |\n\nMin score: 60\n"
TITLES = [
    "VP of Revenue Operations",
    "Head of Zorblatt Growth",
    "Global Director of Sales Enablement and Partner Programs",
    "Flummox",
]
COMPANIES = [
    "Revenue Operations Ltd",
    "Global Sales Partners",
    "Quorvia GmbH",
    "quorvia-systems.example",
    "Target",
    "The Brindle Kettle Company",
    "X",
]
GUARD = CopyGuard(TITLES, COMPANIES)
GRAMS = "It copies 5 words in a row from a labelled lead."
NAMES = "It names a labelled company."
TITLE = "It copies the whole title of a labelled lead."


def added(line: str) -> str:
    return START.replace("| VP Sales | 5 |", f"| VP Sales | 5 |\n| {line} | 4 |")


@pytest.mark.parametrize(
    "line",
    [
        "VP of Revenue Operations",
        "Head of Sales Development",
        "Zorblatt",
        "Head of Growth",
        "Director of Sales Enablement",
        "Brindle",
        "The target is who buys",
        "Boxes",
    ],
)
def test_ordinary_titles_and_words_may_be_added(line: str) -> None:
    assert GUARD.refusal(added(line), START) == ""


@pytest.mark.parametrize(
    ("line", "refusal"),
    [
        ("Head of Zorblatt Growth", TITLE),
        ("HEAD  OF\tZÖRBLATT-GROWTH", TITLE),
        ("**Head** of *Zorblatt* | Growth", TITLE),
        ("Ｈｅａｄ of Zorb\u200blatt Growth", TITLE),
        ("former head of zorblatt growth, now retired", TITLE),
        ("director of sales enablement and", GRAMS),
        ("Global Director of Sales\nEnablement, and Partner Programs", GRAMS),
        ("SALES·ENABLEMENT—AND—PARTNER (Programs)", GRAMS),
        ("People at Quorvia", NAMES),
        ("quorvia gmbh", NAMES),
        ("Qúorvia", NAMES),
        ("anyone @quorvia-systems.example", NAMES),
        ("https://www.quorvia-systems.example/team", NAMES),
        ("quorvia systems people", NAMES),
        ("not for the brindle kettle company", NAMES),
        ("Brindle Kettle", NAMES),
        ("not at global sales partners", NAMES),
    ],
)
def test_what_is_copied_is_refused_however_it_is_written(line: str, refusal: str) -> None:
    assert GUARD.refusal(added(line), START) == refusal


def test_what_the_start_says_may_stay_and_be_moved() -> None:
    start = added("Head of Zorblatt Growth") + "\nQuorvia: director of sales enablement and partner programs\n"
    moved = "\n".join(reversed(start.splitlines()))
    assert GUARD.refusal(start + "\nMin score: 50", start) == ""
    assert GUARD.refusal(moved, start) == ""
    assert GUARD.refusal(start + "\nthe brindle kettle company", start) == NAMES


def test_words_of_the_start_are_ordinary() -> None:
    start = START + "\nZorblatt is what we sell.\n"
    assert GUARD.refusal(start + "\nHead of Zorblatt Growth", start) == ""


def test_a_lead_of_one_or_two_words_is_everybodys() -> None:
    assert CopyGuard(["Flummox Wrangler"], []).refusal("Flummox wrangler", START) == ""


def test_the_refusal_never_quotes_a_lead() -> None:
    for line in ("Head of Zorblatt Growth", "Quorvia", "director of sales enablement and partner"):
        refusal = GUARD.refusal(added(line), START)
        assert refusal
        assert "orblatt" not in refusal
        assert "uorvia" not in refusal


def test_with_nothing_to_copy_from_nothing_is_refused() -> None:
    assert CopyGuard([], []).refusal("Anything at all that is longer than five words", START) == ""
    assert CopyGuard(["", " | "], ["", "."]).refusal("Anything at all that is longer than five words", START) == ""


# Letters that no vocabulary has in such an order.
WORD = st.text(alphabet="qxzjkvw", min_size=4, max_size=9)
TITLE_WORDS = st.lists(WORD, min_size=GRAM, max_size=9, unique=True)
GLUE = st.sampled_from([" ", "  ", "-", " | ", "\n", ", ", " *", "/", " — ", "\u00a0", "·"])


@given(TITLE_WORDS, st.data(), GLUE, st.booleans())
def test_any_five_words_in_a_row_of_any_lead_are_refused(
    title: list[str], data: st.DataObject, glue: str, upper: bool
) -> None:
    at = data.draw(st.integers(0, len(title) - GRAM))
    copied = glue.join(title[at : at + GRAM])
    text = START + "\n" + (copied.upper() if upper else copied)
    assert CopyGuard([" ".join(title)], []).refusal(text, START) == GRAMS


@given(TITLE_WORDS, GLUE, st.integers(1, 4))
def test_four_words_of_a_longer_title_are_not(title: list[str], glue: str, count: int) -> None:
    assert CopyGuard([" ".join(title)], []).refusal(START + "\n" + glue.join(title[:count]), START) == ""


@given(st.lists(WORD, min_size=1, max_size=3), GLUE, st.sampled_from(["", " GmbH", " Inc.", ", Ltd", " S.A."]))
def test_any_company_that_is_no_ordinary_word_is_refused(name: list[str], glue: str, legal: str) -> None:
    guard = CopyGuard([], [" ".join(name) + legal])
    assert guard.refusal(f"{START}\nnot at {glue.join(name).title()}, please", START) == NAMES
    assert guard.refusal(START, START) == ""


@given(st.text(max_size=300), st.lists(st.text(max_size=60), max_size=5), st.lists(st.text(max_size=30), max_size=5))
def test_any_text_can_be_judged_and_an_unchanged_one_is_never_refused(
    text: str, titles: list[str], companies: list[str]
) -> None:
    guard = CopyGuard(titles, companies)
    assert guard.refusal(text, text) == ""
    assert isinstance(guard.refusal(text, START), str)

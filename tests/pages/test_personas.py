"""The Personas page as a person meets it: where each is used, what was understood, what it says of a title."""

from __future__ import annotations

from functools import partial

import pytest

from ranker.ingest.sample import import_sample
from ranker.jobs.job import drive
from ranker.personas.catalog import list_personas, seed_personas
from ranker.personas.describe import describe, out_of_five
from ranker.personas.reader import read_persona
from ranker.personas.versions import add_version
from ranker.scoring import rank_run
from ranker.scoring.selection import Selection
from ranker.store.engine import Database
from tests.pages.opening import open_at, words

opened = partial(open_at, "personas.py")

ODD = """# Odd

## Targets at 1-50 employees

| Title | Priority |
|---|---|
| Head of Sales | 5/5 |
| Sales Manager | somewhat |

## Never contact

- HR
- Recruiters at staffing agencies
"""


@pytest.fixture
def database(database: Database) -> Database:
    seed_personas(database)
    return database


def test_the_list_says_where_each_persona_is_used(database):
    import_sample(database)
    persona = next(one for one in list_personas(database) if "Ladderline" in one.name)
    drive(database, rank_run.start(database, Selection("all"), persona.live_version_id), rank_run.step)
    told = words(opened())
    assert told.count("no run yet") == len(list_personas(database)) - 1
    assert "1 run, the last just now · decides on 1,756 leads now" in told


def test_a_persona_opens_from_the_list_and_stands_in_the_address(database):
    page = opened()
    first = list_personas(database)[0]
    page.button(key=f"open_{first.id}").click().run()
    assert not page.exception
    assert page.query_params["persona"] == str(first.id)
    assert page.title[0].value == first.name


def test_a_title_without_a_size_is_judged_at_every_size_with_its_sentence(database):
    persona = next(one for one in list_personas(database) if "Ladderline" in one.name)
    page = opened(persona=persona.id)
    page.text_input(key="personas_title").set_value("Head of Sales").run()
    told = words(page)
    assert told.count(":material/check: Contact") == 4
    assert "First choice at 51–200 people" in told
    assert "Head ← “head”" in told
    assert "Sales ← “sales”" in told
    assert page.query_params["title"] == "Head of Sales"


def test_the_address_brings_back_title_and_size(database):
    persona = next(one for one in list_personas(database) if "Ladderline" in one.name)
    page = opened(persona=persona.id, title="Recruiter", size="120")
    assert page.text_input(key="personas_title").value == "Recruiter"
    assert "120 people" in words(page)
    assert words(page).count("Do not contact") == 1


def test_a_size_that_is_none_is_answered_in_words(database):
    page = opened(persona=list_personas(database)[0].id, title="CEO", size="plenty")
    assert [error.value for error in page.error] == [
        "“plenty” is no company size. Write a number such as 120, or a range such as 51-200."
    ]


@pytest.mark.parametrize(("title", "said"), [("who@x.example", "e-mail address"), ("4711", "number")])
def test_what_is_no_title_is_said_to_be_none(database, title, said):
    page = opened(persona=list_personas(database)[0].id, title=title)
    assert said in page.warning[0].value


def test_lines_that_were_not_understood_are_listed_and_amber_in_the_text(database):
    version = add_version(database, "Odd", ODD)
    page = opened(version=version.id)
    warning = page.warning[0].value
    assert "[Line 8]" in warning
    assert "[Line 13]" in warning
    assert "title vocabulary" in warning
    html = page.get("html")[0].proto.body
    amber = [part.split('"', 1)[0] for part in html.split('<div class="amber" id="persona-line-')[1:]]
    assert amber == ["8", "13"]


def test_text_of_a_persona_is_shown_as_text(database):
    version = add_version(database, "Odd", ODD + "\n<script>alert(1)</script>\n\n- <b>Legal</b>\n")
    page = opened(version=version.id)
    html = page.get("html")[0].proto.body
    assert "<script" not in html
    assert "<b>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_a_version_that_is_not_there_is_answered_in_words(database):
    assert "There is no version" in opened(version=999).error[0].value


def test_every_line_of_the_text_is_shown_once_in_order():
    for ends in ("\n", "\r\n", "\r"):
        text = ODD.replace("\n", ends)
        shown = describe(text, read_persona(text), threshold=60)
        assert [line.text for line in shown.text] == ODD.split("\n")
        assert [line.number for line in shown.text] == list(range(1, len(shown.text) + 1))


def test_every_value_stands_in_a_section_with_its_line():
    spec = read_persona(ODD)
    shown = describe(ODD, spec, threshold=60)
    rows = {(section.title, *row) for section in shown.sections for row in section.rows}
    assert ("Whom to contact at 1–50 people", 7, "Head of Sales", "5/5") in rows
    assert ("Contact from", "–", "60", "the usual one, as the text names none") in rows
    assert ("Never contact", 12, "HR", "every size", "") in rows
    assert out_of_five(0.7) == "3.5/5"

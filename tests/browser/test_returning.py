"""What a real browser alone can show: tables that open again what was closed, focus that is seen, nothing asked for
elsewhere."""

from __future__ import annotations

import re

import pytest

from ranker.ingest.sample import import_sample
from ranker.jobs.job import drive
from ranker.personas.catalog import list_personas, seed_personas
from ranker.scoring import rank_run
from ranker.scoring.selection import Selection
from ranker.store.engine import open_database
from tests.browser.conftest import ROW_PX, serving

DESKTOP = {"width": 1440, "height": 900}


@pytest.fixture
def ranked(chromium, tmp_path):
    """An app whose sample leads are ranked."""
    database = open_database(folder=tmp_path / "data")
    import_sample(database)
    seed_personas(database)
    run = rank_run.start(database, Selection("all"), list_personas(database)[-1].live_version_id)
    drive(database, run, rank_run.step)
    database.close()
    with serving(tmp_path / "data") as started:
        yield started


def click_row(person, row: int, x: int = 150) -> None:
    box = person.page.get_by_test_id("stDataFrame").first.bounding_box()
    person.page.mouse.click(box["x"] + x, box["y"] + ROW_PX * row + ROW_PX / 2)


def waits(person, pattern: str) -> None:
    person.page.wait_for_url(re.compile(pattern))
    person.settled()


def test_what_was_closed_opens_again_and_not_by_itself(ranked, visitor):
    person = visitor(ranked, DESKTOP)
    asked: list[str] = []
    person.page.on("request", lambda request: asked.append(request.url))
    person.open("/results?view=companies")
    for _ in range(2):  # the same row a second time
        person.page.get_by_test_id("stDataFrame").first.wait_for()
        click_row(person, 3, x=60)
        waits(person, r"open=\d+")
        person.click("Close")
        waits(person, r"view=companies$")
    person.open("/results?status=contact")
    click_row(person, 2)
    waits(person, r"lead=\d+")
    person.click("Next")
    person.click("Close")
    waits(person, r"status=contact$")
    click_row(person, 5, x=20)
    waits(person, r"pick=\d+")
    assert "lead=" not in person.page.url
    assert {re.sub(r"^\w+://([\w.]+).*", r"\1", url) for url in asked if not url.startswith(("data:", "blob:"))} == {
        "127.0.0.1"
    }


def test_a_message_covers_no_button_and_the_keyboard_is_seen_where_it_is(ranked, visitor):
    person = visitor(ranked, DESKTOP)
    person.open("/results?review=1&lead=1")
    person.click(re.compile("Should (not )?be contacted$"))
    message = person.page.get_by_test_id("stToast").bounding_box()
    export = person.button("Export").bounding_box()
    assert message["y"] > export["y"] + export["height"]
    person.open("/")
    link = person.page.get_by_test_id("stMain").get_by_test_id("stPageLink").get_by_role("link").first
    link.wait_for()
    for _ in range(30):
        person.page.keyboard.press("Tab")
        if link.evaluate("link => link === document.activeElement"):
            break
    assert link.evaluate("link => getComputedStyle(link).outlineStyle") == "solid"

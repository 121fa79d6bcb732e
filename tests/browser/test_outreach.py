"""From a ranking to approved messages: choose, generate, change the tone, compare, approve, export."""

from __future__ import annotations

import csv
import io
import re

import pytest

from ranker.ingest.merge import commit
from ranker.ingest.stage import stage_file
from ranker.store.engine import open_database
from tests.browser.conftest import serving

DESKTOP = {"width": 1440, "height": 900}
TITLES = ("VP of Sales", "CEO", "Sales Manager", "Recruiter")


@pytest.fixture
def leads(chromium, tmp_path):
    """An app with leads at three companies, of whom nobody is ranked yet, and without a key."""
    rows = [
        f"Lead {company}{at:03},Company {company},company{company}.example,51-200,{title}"
        for company in range(3)
        for at, title in enumerate(TITLES)
    ]
    database = open_database(folder=tmp_path / "data")
    file = "\n".join(["Name,Company,Website,Employees,Job title", *rows])
    commit(database, stage_file(database, "leads.csv", file.encode()).id)
    database.close()
    with serving(tmp_path / "data") as started:
        yield started


def waits(person, pattern: str) -> None:
    person.page.wait_for_url(re.compile(pattern))
    person.settled()


def shown(person) -> str:
    """Whose messages are open."""
    return person.page.get_by_test_id("stMain").get_by_role("heading", level=3).first.inner_text()


def bubbles(person) -> list[str]:
    """The messages, without the small signs behind their sentences."""
    bare = "all => all.map(one => { const text = one.cloneNode(true); "
    bare += "text.querySelectorAll('sup').forEach(sign => sign.remove()); return text.textContent; })"
    return person.page.locator(".thread .text").evaluate_all(bare)


def test_from_a_ranking_to_a_file_of_approved_messages(leads, visitor, tmp_path):
    person = visitor(leads, DESKTOP)
    main = person.page.get_by_test_id("stMain")
    person.open("/rank")
    person.click(re.compile(r"Rank 12 leads$"))
    waits(person, "results")
    person.open("/outreach")
    main.get_by_text("= 6 people at 3 companies").wait_for()  # the best two of each
    main.get_by_text("12 leads = 6 chosen + 3 not relevant + 3 with a lower rank.").wait_for()
    field = main.get_by_label("About us", exact=True)
    field.fill("We make maps for sales teams. <b>No fuss</b>.")
    field.blur()
    main.get_by_text("45 of 2,000 characters").wait_for()
    person.click("Fill templates for 6 people")
    main.get_by_text("6 sequences = 6 from templates.").wait_for()
    person.settled()
    assert "1 of 6" in main.inner_text()
    assert main.get_by_text("A template, not written by a model.").is_visible()
    first, plain = shown(person), bubbles(person)
    assert len(plain) == 3
    held = person.page.locator(".thread .held").first
    assert held.get_attribute("title").startswith("Rests on: ")
    assert person.page.locator(".thread .legend li").first.is_visible()

    # Another tone for the same person: both beside each other.
    slider = main.get_by_role("slider", name=re.compile("Formality"))
    slider.focus()
    for _ in range(9):
        slider.press("ArrowRight")
    waits(person, r"tone=0\.95")
    main.get_by_text(re.compile("→ formal")).wait_for()
    person.click("Write another one")
    person.page.get_by_test_id("stPopoverBody").get_by_role("button", name="Write it").click()
    waits(person, r"beside=\d+")
    assert person.page.locator(".beside h5").first.inner_text() == "Formality: 0.50 and 0.95"
    assert shown(person) == first
    person.click("Close the comparison")
    main.locator(".thread").wait_for()
    person.settled()
    formal = bubbles(person)
    assert len(formal) == 3
    assert formal != plain

    # By the keyboard: approve, which goes on to the next; leave one out; approve the one after.
    person.page.locator("body").press("a")
    main.get_by_text("2 of 6").wait_for()
    person.settled()
    skipped = shown(person)
    assert skipped != first
    person.page.locator("body").press("n")
    main.get_by_text("3 of 6").wait_for()
    person.settled()
    third = shown(person)
    person.page.locator("body").press("a")
    main.get_by_text("4 of 6").wait_for()
    person.settled()

    person.click("Export")
    dialog = person.page.get_by_role("dialog")
    dialog.get_by_text("= 2 people").wait_for()
    dialog.get_by_text("4 not approved").wait_for()
    with person.page.expect_download() as begun:
        dialog.get_by_role("button", name="Download 2 people").click()
    path = tmp_path / begun.value.suggested_filename
    begun.value.save_as(path)
    assert re.fullmatch(r"sequences-all-approved-\d{4}-\d\d-\d\d\.csv", path.name)
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    assert [row["name"] for row in rows] == [first, third]
    assert [rows[0][f"step_{step}"] for step in (1, 2, 3)] == formal
    assert {row["written_by"] for row in rows} == {"template"}
    dialog.get_by_text(re.compile("marked as exported")).wait_for()

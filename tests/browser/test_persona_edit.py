"""A persona from an example to the ranking that uses it, cell by cell in a real browser."""

from __future__ import annotations

import re

from ranker.ingest.sample import import_sample
from ranker.personas.catalog import list_personas, live_version
from ranker.store.engine import open_database
from tests.browser.conftest import serving

ROW_PX = 35


def cell(person, row: int, from_right: int) -> tuple[float, float]:
    """Where the middle of a cell of the first table is: rows from 1, below the heading."""
    table = person.page.get_by_test_id("stDataFrame").first
    table.locator("table[role=grid]").wait_for(state="attached")
    table.scroll_into_view_if_needed()
    person.settled()
    box = table.bounding_box()
    return box["x"] + box["width"] - from_right, box["y"] + ROW_PX * row + ROW_PX / 2


def test_a_cell_of_the_form_changes_its_place_in_the_text_and_rank_uses_the_version(visitor, tmp_path):
    data = tmp_path / "data"
    database = open_database(folder=data)
    import_sample(database)
    with serving(data) as server:
        person = visitor(server, {"width": 1440, "height": 1000})
        page = person.page
        person.open("/personas?new=1")
        page.get_by_test_id("stMain").get_by_text("From an example").click()
        page.get_by_text("Who buys from Ladderline", exact=True).click()
        person.settled()
        person.click("Begin")
        text = page.locator('[class*="st-key-personas_text-"] textarea')
        text.wait_for()
        before = text.input_value()
        page.get_by_test_id("stMain").get_by_text("51–200", exact=True).click()
        person.settled()
        page.get_by_role("gridcell", name="Head of Business Development").wait_for(state="attached")
        page.mouse.dblclick(*cell(person, 3, from_right=60))
        page.locator("#portal input").wait_for()
        page.keyboard.press("Control+A")
        page.keyboard.type("1")
        page.keyboard.press("Enter")
        at = before.index("| Sales Director | 5/5 |")
        wanted = before[:at] + before[at:].replace("5/5", "1/5", 1)
        page.wait_for_function(
            "text => [...document.querySelectorAll('textarea')].some(one => one.value === text)", arg=wanted
        )
        page.reload()
        person.settled()
        assert text.input_value() == wanted
        person.click("Save as version 1")
        person.click("Rank leads")
        page.get_by_text("For which persona").wait_for()
        person.settled()
        page.get_by_test_id("stSelectbox").filter(has_text="For which persona").locator("input").click()
        page.get_by_role("option", name=re.compile(r"Ladderline \(copy\)")).click()
        person.settled()
        person.click(re.compile(r"Rank [\d,]+ leads?$"))
        person.click("See results")
        person.open("/results?q=Sales+Director")
        page.get_by_role("gridcell", name=re.compile("only a low priority at 51–200 people")).first.wait_for(
            state="attached"
        )
    copy = next(one for one in list_personas(database) if one.name.endswith("(copy)"))
    assert live_version(database, copy.id).content == wanted
    database.close()

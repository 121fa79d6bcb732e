"""A persona from an example to the ranking that uses it, cell by cell in a real browser."""

from __future__ import annotations

import re

from sqlalchemy import text

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
        field = page.locator('[class*="st-key-personas_text-"] textarea')
        field.wait_for()
        before = field.input_value()
        page.get_by_test_id("stMain").get_by_text("51–200", exact=True).click()
        person.settled()
        page.locator("[role=gridcell]", has_text="Head of Business Development").first.wait_for(state="attached")
        page.mouse.dblclick(*cell(person, 3, from_right=60))
        number = page.locator("#portal input")
        number.fill("1")
        number.press("Enter")
        at = before.index("| Sales Director | 5/5 |")
        wanted = before[:at] + before[at:].replace("5/5", "1/5", 1)
        shown = "text => [...document.querySelectorAll('textarea')].some(one => one.value === text)"
        page.wait_for_function(shown, arg=wanted)
        page.reload()
        page.wait_for_function(shown, arg=wanted)
        person.settled()
        person.click("Save as version 1")
        page.get_by_role("link", name="Rank leads").click()
        page.get_by_text("For which persona").wait_for()
        person.settled()
        page.get_by_test_id("stSelectbox").filter(has_text="For which persona").locator("input").click()
        page.get_by_role("option", name=re.compile(r"Ladderline \(copy\)")).click()
        person.settled()
        person.click(re.compile(r"Rank [\d,]+ leads?$"))
        page.get_by_role("heading", name="Results", level=1).or_(person.button("See results")).first.wait_for()
    copy = next(one for one in list_personas(database) if one.name.endswith("(copy)"))
    assert live_version(database, copy.id).content == wanted
    with database.session() as session:
        low = text("SELECT count(*) FROM assessment WHERE reasoning LIKE '%only a low priority%Sales Director · 1/5%'")
        assert session.connection().execute(low).scalar()
    database.close()

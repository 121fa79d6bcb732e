"""From labels to a better persona: upload, evaluate, optimize, look, put to use, rank again, in a real browser."""

from __future__ import annotations

import csv
import io
import math
import re

from sqlalchemy import text

from ranker.ingest.merge import commit
from ranker.ingest.stage import stage_file
from ranker.personas.catalog import list_personas, list_versions, seed_personas
from ranker.personas.versions import add_version, archive
from ranker.store.engine import Database, open_database
from tests.browser.conftest import serving
from tests.optimizer.rules_cases import RIGHT, inputs, labelled

RIGHT_ROW, PLANTED = "| VP of Sales | 5/5 |", "| VP of Sales | 1/5 |"
COMPANIES = 24


def labels() -> bytes:
    """A file of leads that are labelled as the right persona would rank them."""
    given = inputs(COMPANIES)
    ranks = {lead.source_id: lead.label for lead in labelled(RIGHT, given)}
    file = io.StringIO()
    rows = csv.writer(file)
    rows.writerow(["Number", "Company", "Website", "Employees", "Job title", "Expected rank"])
    for number, one in given.items():
        rank = "none" if ranks[number] == math.inf else f"{ranks[number]:.0f}"
        rows.writerow([number, one.company, one.domain, one.size, one.title, rank])
    return file.getvalue().encode()


def prepare(database: Database) -> int:
    """Leads to rank, and one persona whose fault the labels show; the persona's number."""
    head = "Name,Company,Website,Employees,Job title"
    leads = [
        f"Lead {at:04},Firm {at % 4},firm{at % 4}.example,201-500,{title}"
        for at, title in enumerate(["VP of Sales", "Sales Director", "Sales Manager", "Accountant"] * 4)
    ]
    commit(database, stage_file(database, "leads.csv", "\n".join([head, *leads]).encode()).id)
    seed_personas(database)
    others = [one.id for one in list_personas(database)]
    persona = add_version(database, "Who buys", RIGHT.replace(RIGHT_ROW, PLANTED)).persona_id
    for one in others:
        archive(database, one)
    return persona


def test_from_an_upload_to_a_better_persona_that_ranks_again(visitor, tmp_path):
    data = tmp_path / "data"
    database = open_database(folder=data)
    persona = prepare(database)
    with serving(data) as server:
        person = visitor(server, {"width": 1440, "height": 1000})
        page = person.page
        main = page.get_by_test_id("stMain")

        person.open("/evaluate")
        page.locator('input[type="file"]').set_input_files(
            {"name": "labels.csv", "mimeType": "text/csv", "buffer": labels()}
        )
        person.click(re.compile(r"Save \d+ labelled leads"))
        page.wait_for_url(re.compile(r"[?&]set=\d+"))
        person.settled()
        main.get_by_text("Who buys, version 1 (in use)").first.wait_for()  # offered by itself: there is no other
        person.click(re.compile(r"Evaluate 1 version on \d+ leads"))
        main.get_by_text(re.compile("Tick one to see all of it")).wait_for()
        (row,) = person.table()
        assert row["Persona"] == "Who buys"

        page.get_by_test_id("stSidebar").get_by_role("link", name="Optimize").click()
        main.get_by_text("How far it searches").click()
        for label, value in (("Generations", "2"), ("Texts a generation", "3"), ("Beam", "2"), ("Checks", "2")):
            field = main.get_by_label(label, exact=True)
            field.fill(value)
            field.press("Enter")
            person.settled()
        person.click("Optimize, free")
        page.wait_for_url(re.compile(r"[?&]run=\d+"))
        page.reload()  # a refresh in the middle finds it again
        main.get_by_text("What it would change", exact=True).wait_for()
        assert "at companies that the search did not see" in main.get_by_test_id("stAlert").first.inner_text()
        main.get_by_text(re.compile("VP of Sales.* 1/5 → 5/5")).first.wait_for()
        main.locator(".persona-diff .new b").first.wait_for()

        main.get_by_text("How it got there", exact=True).click()
        main.locator(".js-plotly-plot").nth(1).wait_for()  # by generation, and as a tree
        person.settled()
        main.get_by_text("What it found", exact=True).click()
        person.click("Make it live")
        person.click("Rank again")
        person.click(re.compile(r"Rank 16 leads$"))
        page.get_by_role("heading", name="Results", level=1).wait_for()
        person.settled()
        assert any("VP of Sales · 5/5" in " ".join(row.values()) for row in person.table())
    versions = {one.version: one for one in list_versions(database, persona)}
    assert versions[2].live
    assert versions[2].content == versions[1].content.replace(PLANTED, RIGHT_ROW)
    with database.session() as session:
        used = session.connection().execute(
            text(
                "SELECT v.persona_version_id FROM run AS r JOIN variant AS v ON v.id=r.variant_id "
                "WHERE r.kind='rank' AND r.state='done'"
            )
        )
        assert used.scalars().all() == [versions[2].id]
    database.close()

"""From nothing to a file of people to contact: the sample, and a file whose headers nobody has seen before."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from ranker.ingest.files import MAX_BYTES
from ranker.store.engine import open_database
from ranker.store.overview import overview
from tests.browser.conftest import Server

QUERY = "status=contact&rank=3&sort=company"  # the dialog's usual choice: the best three of each company
COUNT = re.compile(r"([\d,]+) of ([\d,]+)")
# Headers in Spanish, a semicolon, a code page of old, a column that nobody asked for.
ODD_HEADERS = ("Núm.", "Nombre y apellidos", "Puesto que ocupa", "EMPRESA (cliente)", "Nº de empleados", "Color")
ODD_ROWS = [
    ("1", "Lead 0001", "Head of Sales", "Añil Robótica", "51-200", "azul"),
    ("2", "Lead 0002", "VP of Sales", "Añil Robótica", "51-200", "rojo"),
    ("3", "Lead 0003", "Recruiter", "Añil Robótica", "51-200", "verde"),
    ("4", "Lead 0004", "Director de Ventas", "Cantera Óptica", "201-500", "=1+1"),
    ("5", "Lead 0005", "Head of Sales Development", "Cantera Óptica", "201-500", "gris"),
    ("6", "Lead 0006", "Software Engineer", "Cantera Óptica", "201-500", "gris"),
    ("7", "Lead 0007", "Founder", "Molino Norte", "1-10", "gris"),
]


def odd_file(folder: Path) -> Path:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerows([ODD_HEADERS, *ODD_ROWS])
    path = folder / "contactos.csv"
    path.write_bytes(text.getvalue().encode("cp1252"))
    return path


def leads_in(server: Server) -> int:
    """How many leads its database holds."""
    database = open_database(folder=server.data)
    try:
        return overview(database).leads
    finally:
        database.close()


def export(person, folder: Path) -> list[dict[str, str]]:
    """From a ranking that was started to the rows of the downloaded file."""
    person.click("Export")  # the results have opened by themselves
    dialog = person.page.get_by_role("dialog")
    download = dialog.get_by_role("button", name=re.compile(r"Download [\d,]+ (people|person)"))
    promised = int(re.search(r"Download ([\d,]+)", download.inner_text())[1].replace(",", ""))
    with person.page.expect_download() as started:
        download.click()
    person.clicks += 1
    path = folder / started.value.suggested_filename
    started.value.save_as(path)
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    assert len(rows) == promised > 0
    return rows


def names_on_the_pages(person, query: str) -> list[str]:
    """Everybody whom Results lists for this address, page by page."""
    names: list[str] = []
    at, matching = 1, 1
    while len(names) < matching:
        person.open(f"/results?{query}&page={at}")
        told = person.page.get_by_text(COUNT).first
        told.wait_for()
        matching = int(COUNT.search(told.inner_text())[1].replace(",", ""))
        rows = person.table()
        assert rows, f"page {at} is empty"
        names += [row["Name"] for row in rows]
        at += 1
    return names


def test_sample_to_export_in_five_clicks_and_the_file_holds_the_rows_on_the_page(server, visitor, size, tmp_path):
    person = visitor(server, size)
    person.open("/")
    person.click("Try it with sample leads")
    person.click(re.compile(r"Rank [\d,]+ leads?$"))
    rows = export(person, tmp_path)
    assert person.clicks <= 5
    assert names_on_the_pages(person, QUERY) == [f"{row['lead_first_name']} {row['lead_last_name']}" for row in rows]


@pytest.mark.parametrize("size", ["wide"], indirect=True)
def test_a_file_of_odd_headers_is_understood_and_comes_back_with_its_own_columns(server, visitor, size, tmp_path):
    person = visitor(server, size)
    person.open("/")
    person.click("Import my own")
    person.page.locator('input[type="file"]').set_input_files(odd_file(tmp_path))
    person.button("Import 7 leads").wait_for()  # the file was checked by itself …
    assert leads_in(server) == 0  # … and nothing is written before the click
    for outcome, rows in (("new", 7), ("changed", 0), ("unchanged", 0), ("repeated", 0), ("rejected", 0)):
        number = person.page.get_by_test_id("stMain").get_by_role("radio", name=re.compile(rf"(^|\s){outcome} {rows}$"))
        number.wait_for()
    person.click("Import 7 leads")
    person.click("Rank them")
    rows = export(person, tmp_path)
    assert person.clicks <= 5
    assert leads_in(server) == 7
    assert names_on_the_pages(person, QUERY) == [row["Nombre y apellidos"] for row in rows]
    assert list(rows[0])[: len(ODD_HEADERS)] == list(ODD_HEADERS)
    original = {row[1]: row for row in ODD_ROWS}
    for row in rows:
        given = original[row["Nombre y apellidos"]]
        assert [row[header].lstrip("'") for header in ODD_HEADERS] == list(given)
    assert {"Lead 0001", "Lead 0002", "Lead 0005", "Lead 0007"} <= {row["Nombre y apellidos"] for row in rows}
    assert not {"Lead 0003", "Lead 0006"} & {row["Nombre y apellidos"] for row in rows}


@pytest.mark.parametrize("size", ["narrow"], indirect=True)
def test_a_file_over_the_limit_is_refused_in_words_before_it_is_read(server, visitor, size, tmp_path):
    person = visitor(server, size)
    asked: list[str] = []
    person.page.on("request", lambda request: asked.append(request.method))
    person.open("/import")
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(MAX_BYTES + 1)  # takes no room on the disk
    person.page.locator('input[type="file"]').set_input_files(large)
    told = person.page.get_by_text("File must be 200.0MB or smaller")
    told.wait_for()
    box = told.bounding_box()
    assert box["width"] > 100  # not only for screen readers …
    assert box["x"] >= 0  # … and not cut
    assert box["x"] + box["width"] <= size["width"]
    person.settled()
    assert "PUT" not in asked  # it was never sent


@pytest.mark.parametrize("path", ["/results", "/settings"])
def test_the_first_request_of_a_fresh_server_goes_through_the_router(server, visitor, path):
    person = visitor(server, {"width": 1440, "height": 900})
    person.open(path)
    person.page.get_by_role("heading", name=path.strip("/").capitalize(), level=1).wait_for()
    links = person.page.get_by_test_id("stSidebarNavLink")
    assert links.all_inner_texts()[-7:]
    assert [text.split("\n")[-1] for text in links.all_inner_texts()] == [
        "Home",
        "Import",
        "Rank",
        "Results",
        "Outreach",
        "Prospects",
        "Personas",
        "Prompts",
        "Evaluate",
        "Optimize",
        "Runs",
        "Settings",
    ]

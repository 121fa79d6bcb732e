"""Sheets, pasted cells, saved mappings, and what can be done with a file that was imported."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from eval.bad_files import workbook
from ranker.ingest.corrections import update_lead
from ranker.ingest.merge import commit
from ranker.ingest.stage import stage_file
from ranker.ingest.staged import get_import
from ranker.ingest.templates import list_templates
from ranker.store.engine import Database
from ranker.store.overview import overview
from tests.ingest.test_workbook import two_sheets
from tests.pages.opening import click
from tests.pages.test_import import field, upload

Page = Callable[..., AppTest]
LEADS = b"Company,Title,Name\nAlpha,CEO,Lead 0001\nBeta,CTO,Lead 0002\n"


def number(app: AppTest, label: str) -> object:
    return next(one for one in app.number_input if one.label.startswith(label))


def test_a_workbook_opens_at_its_fullest_sheet_and_another_can_be_picked(open_page: Page, database: Database) -> None:
    app = upload(open_page, "leads.xlsx", two_sheets())
    assert "sheet Leads" in app.markdown[0].value
    sheets = field(app, "Sheet")
    assert sheets.options == ["Notes (2 filled rows)", "Leads (4 filled rows)", "Old (10 filled rows, hidden)"]
    sheets.select_index(2).run()
    assert not app.error
    assert get_import(database, 1).sheet == "Old"
    assert "**9 rows**" in app.markdown[0].value


def test_the_row_of_the_column_names_is_found_said_and_can_be_corrected(open_page: Page, database: Database) -> None:
    rows = [["List"], ["Company", "Title"], ["Qqq", "Zzz"], ["Alpha", "CEO"], ["Beta", "CTO"]]
    app = upload(open_page, "leads.xlsx", workbook(rows))
    assert "column names in row 2" in app.markdown[0].value
    row = number(app, "Column names stand in row")
    row.set_value(3).run()
    assert get_import(database, 1).header_row == 3
    assert len(app.warning) == 2, "company and title are asked for"


def test_pasted_cells_become_an_import(open_page: Page, database: Database) -> None:
    app = open_page("import_leads.py")
    app.text_area[0].set_value("Company\tTitle\nAlpha\tCEO\nBeta\tCTO\n")
    app = click(app, "Read what I pasted")
    assert app.title[0].value.startswith("Import Pasted")
    assert get_import(database, 1).row_count == 2
    app = open_page("import_leads.py")
    assert "Nothing was pasted" in click(app, "Read what I pasted").error[0].value


def test_an_import_is_undone_after_it_said_what_that_means(open_page: Page, database: Database) -> None:
    staged = commit(database, stage_file(database, "leads.csv", LEADS).id)
    update_lead(database, 1, "title", "Chief Executive")
    app = click(open_page("import_leads.py", batch=staged.id), "Undo this import")
    said = " ".join(one.value for one in app.markdown)
    assert "1 new lead will go, with its rank. 1 lead stays as it is" in said
    assert overview(database).leads == 2
    app = click(app, "Undo it")
    assert overview(database).leads == 1
    assert get_import(database, staged.id).state == "undone"
    assert "was undone" in app.info[0].value
    app = click(app, "Process it again")
    assert app.query_params["batch"] == "2"
    assert get_import(database, 2).sha256 == staged.sha256


def test_a_mapping_is_saved_under_a_name_and_used_for_another_file(open_page: Page, database: Database) -> None:
    odd = LEADS.replace(b"Company,Title", b"Qqq,Zzz")
    stage_file(database, "a.csv", odd, overrides=["company=Qqq", "title=Zzz"])
    app = open_page("import_leads.py", batch=1)
    next(one for one in app.text_input if one.label.startswith("Name for the columns")).set_value("Tool A")
    app = click(app, "Save")
    assert [one.name for one in list_templates(database)] == ["Tool A"]
    stage_file(database, "b.csv", odd.replace(b"Name", b"Person"))
    app = open_page("import_leads.py", batch=2)
    assert len(app.warning) == 2
    app = click(app, "Use it")
    assert get_import(database, 2).missing == ()
    click(open_page("import_leads.py", batch=2), "Delete it")
    assert list_templates(database) == []


def test_every_file_that_was_handed_over_can_be_found_again(open_page: Page, database: Database) -> None:
    for n in range(12):
        stage_file(database, f"file {n}.csv", LEADS + f"Gamma,COO,Lead {n:04d}\n".encode())
    app = open_page("import_leads.py")
    shown = [link.proto.label for link in app.get("page_link")]
    assert any("file 11.csv" in label for label in shown)
    assert not any("file 1.csv" in label for label in shown)
    assert app.get("pagination"), "the others are one click away"

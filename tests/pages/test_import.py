from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Selectbox

from ranker.ingest.check import check
from ranker.ingest.column_match import BY_HAND
from ranker.ingest.files import MAX_BYTES
from ranker.ingest.preview import preview_rows
from ranker.ingest.rejects_file import rejects_csv
from ranker.ingest.sample import LEADS, import_sample
from ranker.ingest.stage import stage_file
from ranker.ingest.staged import get_import
from ranker.scoring.selection import Selection
from ranker.store.engine import Database
from ranker.store.overview import overview
from ranker.store.run_queries import active_runs
from tests.pages.opening import click

Page = Callable[..., AppTest]

ODD = """Firma;Position;Anzahl Mitarbeiter;Vorname;Nachname;E-Mail;Bemerkung
Kupferhain AG;Vertriebsleiter;201-500;Lead;0001;l1@kupferhain.example;a
Kupferhain AG;www.kupferhain.example;201-500;Lead;0002;l2@kupferhain.example;b
Nordlicht GmbH;Geschäftsführer;banana;Lead;0003;l3@nordlicht.example;
;Sales Manager;11-50;Lead;0004;l4@x.example;
Nordlicht GmbH;Geschäftsführer;11-50;Lead;0003;l3@nordlicht.example;
"""


def upload(open_page: Page, name: str, data: bytes) -> AppTest:
    app = open_page("import_leads.py")
    app.file_uploader[0].upload(name, data, "text/csv").run()
    assert not app.exception
    return app


def field(app: AppTest, label: str) -> Selectbox:
    return next(one for one in app.selectbox if one.label.startswith(label))


def test_a_file_of_odd_headers_is_understood_the_moment_it_lands(open_page: Page, database: Database) -> None:
    app = upload(open_page, "odd.csv", ODD.encode("cp1252"))
    assert app.query_params["batch"] == "1", "its number stands in the address"
    assert "**5 rows**" in app.markdown[0].value
    assert field(app, "Encoding").value == "cp1252"
    assert field(app, "Columns are separated").value == ";"
    staged = get_import(database, 1)
    headers = [column.header for column in staged.columns]
    for label, header in (("Company (", "Firma"), ("Job title", "Position"), ("Company size", "Anzahl Mitarbeiter")):
        assert headers[field(app, label).value] == header
    assert any("Vertriebsleiter" in one.value for one in app.markdown), "sample values"
    assert any("Bemerkung" in one.value for one in app.caption), "unknown columns are kept, and it is said"
    assert overview(database).leads == 0


def test_a_refresh_loses_nothing(open_page: Page, database: Database) -> None:
    upload(open_page, "odd.csv", ODD.encode())
    app = open_page("import_leads.py", batch=1)
    assert app.title[0].value == "Import odd.csv"
    assert "Import 3 leads" in [button.label for button in app.button]
    assert overview(database).leads == 0


def test_a_column_chosen_by_hand_is_taken_from_the_field_that_had_it(open_page: Page, database: Database) -> None:
    app = upload(open_page, "odd.csv", ODD.encode())
    industry = field(app, "Industry")
    industry.set_value(6).run()
    assert not app.error
    assert get_import(database, 1).mapping["industry"] == 6
    title = field(app, "Job title")
    title.set_value(5).run()
    now = get_import(database, 1)
    assert now.mapping["title"] == 5
    assert "email" not in now.mapping
    assert now.mapping["industry"] == 6, "the choice made before is kept"
    by_hand = {column.field for column in now.columns if column.why == BY_HAND}
    assert by_hand == {"industry", "title"}, "only what a person changed says so"
    assert now.state == "checked", "checked again by itself"


def test_choices_outlive_another_encoding_as_far_as_their_headers_are_still_there(
    open_page: Page, database: Database
) -> None:
    data = "Größe;Stelle;Firma;Zahl;Notiz\n51-200;Leiter;Möwe;7;Verkauf\n".encode()
    app = upload(open_page, "odd.csv", data)
    field(app, "Job title").set_value(4).run()
    field(app, "Industry").set_value(3).run()
    field(app, "Company size").set_value(-1).run()
    assert set(get_import(database, 1).choices) == {"title=Notiz", "industry=Zahl", "size="}
    field(app, "Encoding").select("cp1252").run()
    now = get_import(database, 1)
    assert (now.encoding, now.columns[0].header) == ("cp1252", "GrÃ¶ÃŸe")
    assert set(now.choices) == {"title=Notiz", "industry=Zahl", "size="}
    assert now.mapping == {"company": 2, "title": 4, "industry": 3}
    field(app, "Industry").set_value(0).run()
    assert "industry=GrÃ¶ÃŸe" in get_import(database, 1).choices
    field(app, "Encoding").select("utf-8").run()
    now = get_import(database, 1)
    assert set(now.choices) == {"title=Notiz", "size="}, "a header that is gone takes its choice along, and no other"


def test_without_a_title_column_it_asks_for_one_and_does_not_go_on(open_page: Page, database: Database) -> None:
    app = upload(open_page, "few.csv", b"Company,Thing\nAcorn,x\nBirch,y\n")
    assert "job title" in app.warning[0].value
    assert not [button for button in app.button if button.label.startswith(("Import", "Check"))]
    assert get_import(database, 1).state == "staged"
    field(app, "Job title").set_value(1).run()
    assert get_import(database, 1).state == "checked", "complete, it is checked by itself"
    assert "Import 2 leads" in [button.label for button in app.button]


def test_a_wrong_delimiter_is_refused_in_words_and_the_import_stays(open_page: Page, database: Database) -> None:
    app = upload(open_page, "odd.csv", ODD.encode())
    field(app, "Columns are separated").select("|").run()
    assert not app.exception
    assert "one column only" in app.error[0].value
    assert get_import(database, 1).delimiter == ";"


def test_checked_imported_and_on_to_rank(open_page: Page, database: Database, work: Callable[[], None]) -> None:
    app = upload(open_page, "odd.csv", ODD.encode())
    staged = get_import(database, 1)
    assert staged.counts == {"new": 3, "changed": 0, "unchanged": 0, "repeated": 1, "rejected": 1}
    assert list(app.dataframe[0].value["Row"]) == [2, 3, 4]
    assert overview(database).leads == 0, "nothing is written before"
    app.segmented_control[0].select("rejected").run()
    assert list(app.dataframe[0].value["Row"]) == [5]
    assert "No company" in app.dataframe[0].value["Why"][0]
    app = click(app, "Import 3 leads")
    assert app.title[0].value == "Import odd.csv"
    work()
    app = app.run()
    assert "3 new" in app.success[0].value
    assert overview(database).leads == 3
    assert "for “" in app.markdown[0].value, "it says for which persona"
    app = click(app, "Rank them")
    assert app.title[0].value == "Rank"
    run = active_runs(database, "rank")[0]
    assert app.query_params["run"] == str(run.id)
    assert Selection.from_json(run.selection) == Selection("import", (1,))


def test_another_persona_than_the_usual_one_is_one_click_away(
    open_page: Page, database: Database, work: Callable[[], None]
) -> None:
    click(upload(open_page, "odd.csv", ODD.encode()), "Import 3 leads")
    work()
    app = click(open_page("import_leads.py", batch=1), "Choose another persona")
    assert app.title[0].value == "Rank"
    assert app.selectbox[0].value == 1
    assert not active_runs(database, "rank")


def test_a_title_is_put_right_in_place(open_page: Page, database: Database, work: Callable[[], None]) -> None:
    app = upload(open_page, "odd.csv", ODD.encode())
    assert any("web address" in one.label and "fix here" in one.label for one in app.expander)
    editor = next(one for one in app.data_editor if one.key.startswith("cells-1-url"))
    app.session_state[editor.key] = {
        "edited_rows": {0: {"Job title": "Head of Sales"}}, "added_rows": [], "deleted_rows": [],
    }  # fmt: skip
    app = click(app, "Save what I changed")
    assert not app.exception
    assert not any(kind["code"] == "url" for kind in get_import(database, 1).problems)
    assert "Head of Sales" in list(app.dataframe[0].value["Job title"]), "the table shows what was put right"
    click(app, "Import 3 leads")
    work()
    with database.session() as session:
        titles = session.connection().execute(text("SELECT title FROM lead ORDER BY row_number")).scalars().all()
    assert "Head of Sales" in titles


def test_a_changed_lead_shows_before_and_after(open_page: Page, database: Database, work: Callable[[], None]) -> None:
    click(upload(open_page, "odd.csv", ODD.encode()), "Import 3 leads")
    work()
    again = ODD.replace("Vertriebsleiter", "Verkaufsleiter").encode()
    app = upload(open_page, "odd2.csv", again)
    assert get_import(database, 2).counts["changed"] == 1
    shown = app.dataframe[0].value
    assert (shown["Before"][0], shown["After"][0]) == ("Vertriebsleiter", "Verkaufsleiter")
    assert shown["What changes"][0] == "Job title"


def test_the_same_file_again_is_recognised(open_page: Page, database: Database) -> None:
    import_sample(database)
    app = upload(open_page, "again.csv", LEADS.read_bytes())
    assert "This very file was imported" in app.info[0].value
    assert any("known already" in one.value for one in app.info)
    assert get_import(database, 2).counts["unchanged"] == get_import(database, 1).counts["new"]


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"%PDF-1.7 x", "PDF"), (b"PK\x03\x04 xlsx", "workbook is damaged"), (b"Company,Title\n", "no leads under it")],
)
def test_what_is_no_list_of_leads_is_refused_in_words(
    open_page: Page, database: Database, data: bytes, said: str
) -> None:
    app = upload(open_page, "file.csv", data)
    assert said in app.error[0].value
    assert "batch" not in app.query_params


def test_the_page_and_the_server_know_the_same_limit(open_page: Page) -> None:
    import tomllib
    from pathlib import Path

    config = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text("utf-8"))
    assert config["server"]["maxUploadSize"] * 1024 * 1024 == MAX_BYTES
    assert config["server"]["address"] == "127.0.0.1"
    assert "up to 200 MB" in open_page("import_leads.py").file_uploader[0].label


def test_an_import_that_is_not_there_is_told_and_leads_back(open_page: Page) -> None:
    app = open_page("import_leads.py", batch=99)
    assert "no import 99" in app.error[0].value
    app = click(app, "Choose another file")
    assert app.file_uploader


def test_a_dropped_file_is_gone_from_the_page(open_page: Page, database: Database) -> None:
    app = click(upload(open_page, "odd.csv", ODD.encode()), "Drop this file")
    assert app.file_uploader
    assert get_import(database, 1).state == "cancelled"


def test_rejected_rows_come_back_as_a_file_with_reasons(database: Database) -> None:
    staged = check(database, stage_file(database, "odd.csv", (ODD + ";=1+1;;;;;\n").encode()).id)
    lines = rejects_csv(database, staged).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("row in the file,why it was rejected,Firma")
    assert lines[1].startswith("5,")
    assert "'=1+1" in lines[2], "no cell is run as a formula"


def test_rows_are_shown_page_by_page(database: Database) -> None:
    staged = check(database, stage_file(database, "sample.csv", LEADS.read_bytes()).id)
    first, total = preview_rows(database, staged, outcome="new", limit=25)
    second, again = preview_rows(database, staged, outcome="new", offset=25, limit=25)
    assert total == again == staged.counts["new"]
    assert len(first) == len(second) == 25
    assert first[-1].number < second[0].number

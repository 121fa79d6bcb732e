"""Settings: backups, deletion and the check, as they are used in the browser."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from ranker.errors import ProspectRefused
from ranker.evaluation.set_list import get_set
from ranker.evaluation.set_upload import save_draft, stage_set
from ranker.ingest.merge import commit
from ranker.ingest.stage import stage_file
from ranker.outreach.prospects import prospect_of_url
from ranker.store import backups
from ranker.store.engine import Database
from tests.care.worlds import EMAIL, FIRST, NAME, numbers
from tests.outreach.sequences import TEMPLATE, write
from tests.pages.opening import open_at


@pytest.fixture
def database(database: Database) -> Database:
    commit(database, stage_file(database, "first.csv", FIRST.encode()).id)
    return database


@pytest.fixture
def page(database) -> AppTest:
    return open_at("settings.py")


def button(page: AppTest, label: str):
    return next(one for one in page.button if one.label == label)


def said(page: AppTest) -> str:
    return "\n".join(one.value for one in (*page.success, *page.warning, *page.info, *page.error, *page.markdown))


def test_a_person_is_found_shown_and_deleted_once_the_words_are_typed(page, database):
    page.text_input(key="delete_who_0").set_value(EMAIL).run()
    assert "This deletes 1 lead at 1 company, 1 row of 1 file." in said(page)
    page.text_input(key="delete_typed").set_value("yes")
    button(page, "Delete").click().run()
    assert "Nothing was deleted" in said(page)
    assert NAME in numbers(database)
    page.text_input(key="delete_typed").set_value("Delete 1 lead")
    button(page, "Delete").click().run()
    assert not page.exception
    assert "Deleted: 1 lead." in said(page)
    assert page.text_input(key="delete_who_1").value == ""
    assert NAME not in numbers(database)
    page.text_input(key="delete_let_in_who").set_value(NAME)
    button(page, "Let in again").click().run()
    assert "Let in again" in said(page)
    assert commit(database, stage_file(database, "again.csv", FIRST.encode()).id).counts["new"] == 1


def test_a_company_and_an_import_are_chosen_from_what_there_is(page, database):
    page.segmented_control(key="delete_kind").set_value("company").run()
    page.text_input(key="delete_company_0").set_value("alpha").run()
    assert "This deletes 3 leads at 1 company" in said(page)
    page.segmented_control(key="delete_kind").set_value("import").run()
    assert "This deletes 1 import, 4 leads at 2 companies" in said(page)
    page.checkbox(key="delete_with_leads").uncheck().run()
    page.text_input(key="delete_typed").set_value("delete 1 import")
    button(page, "Delete").click().run()
    assert not page.exception
    assert len(numbers(database)) == 4


def test_a_backup_is_made_and_restored_from_an_uploaded_file(page, database):
    button(page, "Make a backup now").click().run()
    assert "Backup made." in said(page)
    [one] = backups.list_backups(database)
    commit(database, stage_file(database, "more.csv", b"Company,Title,Person\nDelta,CEO,Lead 0010\n").id)
    upload = page.file_uploader(key="backup_file")
    upload.upload(one.path.name, one.path.read_bytes(), "application/octet-stream")
    page.run()
    assert "It holds **4 leads**" in said(page)
    button(page, "Restore").click().run()
    assert "type the word" in said(page)
    page.text_input(key="backup_typed_file").set_value("restore")
    button(page, "Restore").click().run()
    assert not page.exception
    assert "Restored: 4 leads." in said(page)
    assert len(numbers(database)) == 4
    page.file_uploader(key="backup_file").upload("no.db", b"Company,Title\n", "text/csv")
    page.run()
    assert "not a SQLite file" in page.error[0].value


def test_the_check_tells_what_the_doctor_says(page):
    button(page, "Check this installation").click().run()
    assert not page.exception
    told = said(page)
    assert "Libraries" in told
    assert "Backups: None yet." in told


def test_somebody_who_is_only_in_labelled_sets_is_found_and_deleted(page, database):
    rows = "Company,Title,Name,Email,Expected rank\nOmega,CEO,Lead 0777,one@omega.example,1\nOmega,CFO,,,none\n"
    saved = save_draft(database, stage_set(database, "labels.csv", rows.encode()).id)
    page.text_input(key="delete_who_0").set_value("one@omega.example").run()
    assert list(page.dataframe[0].value["Title"]) == ["in labelled sets only"]
    assert "This deletes 1 labelled person who is no lead, 1 label." in said(page)
    page.text_input(key="delete_typed").set_value("delete 1 person")
    button(page, "Delete").click().run()
    assert "Deleted: 1 person who was no lead, 1 label." in said(page)
    assert get_set(database, saved.id).leads == 1


def test_somebody_who_is_known_by_a_profile_only_is_found_and_deleted(page, database):
    with database.write() as session:
        number = prospect_of_url(session, "linkedin.com/in/ada-omega").id
    write(database, number, TEMPLATE)
    page.text_input(key="delete_who_0").set_value("https://www.linkedin.com/in/Ada-Omega/").run()
    assert list(page.dataframe[0].value["Title"]) == ["known by profile only"]
    assert list(page.dataframe[0].value["Profile"]) == ["linkedin.com/in/ada-omega"]
    assert "This deletes 1 person known by profile only, 1 sequence of messages." in said(page)
    page.text_input(key="delete_typed").set_value("delete 1 person")
    button(page, "Delete").click().run()
    assert not page.exception
    assert "Deleted: 1 person who was no lead, 1 sequence of messages." in said(page)
    with database.write() as session, pytest.raises(ProspectRefused):
        prospect_of_url(session, "linkedin.com/in/ada-omega")

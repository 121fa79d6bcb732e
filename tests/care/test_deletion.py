"""Deletion: nothing of a deleted person is left in any table or file, and nobody comes back unnoticed."""

from __future__ import annotations

import json
import threading

import pytest
from sqlalchemy import event, text

from ranker.care.deletion import (
    count_deleted,
    delete_people,
    find_deleted,
    finish,
    finish_if_pending,
    let_in,
)
from ranker.care.finding_people import find_companies, find_people
from ranker.care.preview import Preview, tell_before
from ranker.errors import UsageError
from ranker.ingest.check import check
from ranker.ingest.corrections import Fix, fix_cells
from ranker.ingest.merge import commit
from ranker.ingest.stage import stage_file
from ranker.ingest.staged import open_table
from ranker.store import backups, migrate
from ranker.store.engine import Database, open_database
from ranker.store.imports import import_rows
from ranker.store.run_list import get_run_line, run_counts
from ranker.store.traces import is_pending
from tests.care.worlds import EMAIL, FIRST, NAME, URL, hold, lived_in, numbers, ranks, table_traces, traces
from tests.store.databases import empty

PHONE = "+1 555 77 0001"
WORDS = (NAME, EMAIL, "in/lead-zerodix-0001", PHONE)


def test_no_table_and_no_file_holds_a_trace_of_a_deleted_person(tmp_path):
    database = open_database(folder=tmp_path / "data", migrate=False)
    # Some builds of SQLite overwrite what is deleted, others leave it: here it is left.
    event.listen(database.engine, "connect", lambda driver, _: driver.execute("PRAGMA secure_delete=OFF"))
    migrate.upgrade(database)
    leads = lived_in(database)
    hold(database)
    backups.make(database)
    backups.make(database, "before-something")
    assert len({line.partition(":")[0] for line in traces(tmp_path, *WORDS)}) >= 3  # the log, and both backups
    assert len(table_traces(database, NAME)) > 10
    gone = delete_people(database, [leads[NAME]])
    assert (gone.leads, gone.clean) == (1, True)
    assert table_traces(database, *WORDS) == []
    assert traces(tmp_path, *WORDS) == []
    assert len(backups.list_backups(database)) == 2
    assert [one.leads for one in backups.list_backups(database)] == [3, 3]
    database.close()
    assert traces(tmp_path, *WORDS) == []


def test_the_others_keep_all_that_is_theirs_and_are_ranked_again(database):
    leads = lived_in(database)
    before = ranks(database)
    assert before == {NAME: 1, "Lead 0003": 1, "Lead 0002": 3, "Lead 0005": 1}
    delete_people(database, [leads[NAME]])
    after = ranks(database)
    assert after == {"Lead 0003": 1, "Lead 0002": 2, "Lead 0005": 1}
    with database.session() as session:
        mails = set(session.connection().execute(text("SELECT email FROM lead")).scalars())
        urls = set(session.connection().execute(text("SELECT linkedin_url FROM lead")).scalars())
        for batch_id in (1, 2):
            table = open_table(session, batch_id)
            rows = list(table.rows())
            assert [row.number for row in rows] == [2, 3, 4, 5, 6]  # as before: the others keep their numbers
            assert rows[0].cells[0].endswith("at the person's request.")
            assert set(rows[0].cells[1:]) == set(rows[3].cells[1:]) == {""}
            assert rows[1].cells[-1] == "reports to [deleted]"
            assert rows[4].cells[-1] == "two\nlines"
    assert mails == {"two@alpha.example", "three@alpha.example", "five@beta.example"}
    assert "linkedin.com/in/lead-0002" in urls
    for run_id in (1, 2):
        line = get_run_line(database, run_id)
        assert line.total == line.counts["leads"] == sum(run_counts(database, run_id).values()) == 3


def test_what_would_go_is_told_before(database):
    leads = lived_in(database)
    told = tell_before(database, Preview.people([leads[NAME]]))
    assert told.words == "1 lead at 1 company, 2 verdicts, 1 review, 2 export marks, 3 rows of 3 files"
    assert told.phrase == "delete 1 lead"
    assert [one.lead_id for one in find_people(database, EMAIL.upper())] == [leads[NAME]]
    assert [one.lead_id for one in find_people(database, "http://de.linkedin.com/in/lead-zerodix-0001/")] == [
        leads[NAME]
    ]
    assert {one.name for one in find_people(database, "alpha")} == {NAME, "Lead 0002", "Lead 0003"}
    [company, *_] = find_companies(database, "alpha.example")
    assert company[1:] == ("Alpha", 3)


def test_a_later_import_of_the_same_file_brings_nobody_back_until_they_are_let_in(tmp_path):
    database = empty(tmp_path / "data")
    leads = lived_in(database)
    delete_people(database, [leads[NAME]])
    again = commit(database, stage_file(database, "first.csv", FIRST.encode()).id)
    rejected = import_rows(database, again.id, outcome="rejected")[0]
    assert [row.number for row in rejected] == [2, 5]
    assert rejected[0].reason.startswith("Deleted on 20")
    assert "at the person's request." in rejected[0].reason
    assert "let them in again" in rejected[0].reason
    assert rejected[0].cells[1:] == ("",) * 8
    assert NAME not in numbers(database)
    assert table_traces(database, EMAIL, PHONE) == []
    finish_if_pending(database)
    assert traces(tmp_path, *WORDS) == []
    by_hand = commit(database, stage_file(database, "n.csv", f"Company,Title,Mail\nOther,CEO,{EMAIL}\n".encode()).id)
    assert by_hand.counts["rejected"] == 1
    other = "Company,Title,Person,LinkedIn\n" + f"Alpha,CEO,{NAME},linkedin.com/in/a-namesake\n"
    found = find_deleted(database, NAME)
    assert found is not None
    assert find_deleted(database, "Lead 0002") is None
    assert commit(database, stage_file(database, "o.csv", other.encode()).id).counts["new"] == 1  # another profile
    let_in(database, URL)
    with pytest.raises(UsageError, match="Nobody called"):
        let_in(database, EMAIL)
    assert commit(database, stage_file(database, "first.csv", FIRST.encode()).id).counts["new"] == 1
    assert NAME in numbers(database)
    database.close()


def test_a_cell_put_right_before_the_import_does_not_bring_somebody_back(tmp_path):
    database = empty(tmp_path / "data")
    leads = lived_in(database)
    delete_people(database, [leads[NAME]])
    rows = "Company,Title,Person\nAlfa,CEO,Lead Zérodix\nAlpha,CEO,Lead 0020\n".replace("Zérodix", "Zerodix")
    staged = check(database, stage_file(database, "t.csv", rows.encode()).id)
    assert staged.counts["new"] == 2
    fixed = fix_cells(database, staged.id, [Fix(2, "domain", "alpha.example")])
    assert (fixed.counts["new"], fixed.counts["rejected"]) == (1, 1)
    assert commit(database, staged.id).counts["new"] == 1
    assert table_traces(database, "Lead Zerodix", "Alfa") == []
    assert is_pending(database)  # the upload itself is still in free pages
    finish_if_pending(database)
    assert traces(tmp_path, "Lead Zerodix", "Alfa") == []
    database.close()


def test_a_full_text_index_keeps_no_word(tmp_path):
    database = empty(tmp_path / "data")
    leads = lived_in(database)
    with database.write() as session:
        run = session.connection().exec_driver_sql
        run("CREATE VIRTUAL TABLE lead_fts USING fts5(full_name, email, content='lead', content_rowid='id')")
        run("INSERT INTO lead_fts (lead_fts) VALUES ('rebuild')")
        run(
            "CREATE TRIGGER lead_gone AFTER DELETE ON lead BEGIN "
            "INSERT INTO lead_fts (lead_fts, rowid, full_name, email) "
            "VALUES ('delete', old.id, old.full_name, old.email); END"
        )
    assert traces(tmp_path, "zerodix") != []
    delete_people(database, [leads[NAME]])
    assert traces(tmp_path, "zerodix") == []
    database.close()


def test_tombstones_hold_no_plain_text(database):
    leads = lived_in(database)
    delete_people(database, [leads[NAME]], who="Sales")
    assert count_deleted(database) == 1
    with database.session() as session:
        rows = session.connection().execute(text("SELECT * FROM tombstone")).mappings().all()
    assert {row["kind"] for row in rows} == {"url", "email", "name", "look"}
    assert {len(row["hash"]) for row in rows} == {64}
    assert "zerodix" not in json.dumps([dict(row) for row in rows]).lower()


def test_somebody_who_reads_meanwhile_keeps_traces_in_the_log_until_the_deletion_is_finished(tmp_path, monkeypatch):
    monkeypatch.setattr("ranker.store.engine.BUSY_MS", 50)
    database = empty(tmp_path / "data")
    leads = lived_in(database)
    with database.session() as reader:
        reader.connection().execute(text("SELECT count(*) FROM lead")).scalar()
        gone = delete_people(database, [leads[NAME]])
        assert (gone.clean, is_pending(database)) == (False, True)
    assert finish(database)
    assert not is_pending(database)
    assert traces(tmp_path, *WORDS) == []
    database.close()


def test_two_deletions_at_once_take_turns_or_are_told(tmp_path):
    database = empty(tmp_path / "data")
    leads = lived_in(database)
    said: list[str] = []

    def go(name: str) -> None:
        try:
            delete_people(database, [leads[name]])
            said.append("done")
        except UsageError as error:
            said.append(error.message)

    threads = [threading.Thread(target=go, args=(name,)) for name in ("Lead 0002", "Lead 0003")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "done" in said
    assert all(one == "done" or one.startswith("Another deletion") for one in said)
    assert len(numbers(database)) == 4 - said.count("done")
    database.close()


def test_a_deletion_waits_for_an_import_to_end(database: Database):
    from ranker.ingest import import_run

    leads = lived_in(database)
    staged = stage_file(database, "x.csv", b"Company,Title\nA,CEO\n")
    run_id = import_run.start(database, staged.id)
    with pytest.raises(UsageError, match="import is under way"):
        delete_people(database, [leads[NAME]])
    import_run.cancel(database, run_id)
    assert delete_people(database, [leads[NAME]]).leads == 1

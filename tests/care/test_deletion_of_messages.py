"""Deletion and what was written to people: nothing of a deleted person is left in messages, theirs or others'."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest
from sqlalchemy import event, text

from ranker.care.deletion import delete, delete_company, delete_import, delete_people, let_in
from ranker.care.doctor_database import look_at_database
from ranker.care.finding_people import find_by_address, find_companies
from ranker.care.preview import Preview, tell_before
from ranker.care.restore import restore
from ranker.errors import ProspectRefused, SequenceRefused, UsageError
from ranker.ingest.merge import commit
from ranker.ingest.stage import stage_file
from ranker.jobs.job import drive
from ranker.outreach import outreach_run
from ranker.outreach.approvals import approve
from ranker.outreach.edits import edit
from ranker.outreach.export_sequences import Wanted, choose_sequences
from ranker.outreach.known import known_of
from ranker.outreach.prospects import prospect_of_url, prospects_of_leads
from ranker.outreach.sequence import Analysis, Message, Request, Signal
from ranker.outreach.stored import begin, keep, load_sequence
from ranker.outreach.tone import Tone
from ranker.store import backups, migrate, run_queries
from ranker.store.engine import Database, open_database
from tests.care.worlds import EMAIL, NAME, URL, lived_in, table_traces, traces
from tests.outreach.sequences import REQUEST, TEMPLATE, WRITTEN, prospect_of, write

SLUG = "zorbian-quillfeather-77"
WORDS = (NAME, EMAIL, "in/lead-zerodix-0001")


def written(*said: str) -> object:
    """A sequence, with an analysis, that says this."""
    messages = tuple(Message(step, one, one) for step, one in enumerate(said, start=1))
    analysis = Analysis(said[0], said[0], (Signal(said[0], "inferred"),), said[0][:9], "m-1")
    return replace(WRITTEN, messages=messages, summary=said[0], analysis=analysis)


def alone(database: Database, slug: str = SLUG) -> int:
    with database.write() as session:
        return prospect_of_url(session, f"linkedin.com/in/{slug}").id


def count(database: Database, table: str) -> int:
    with database.session() as session:
        return session.connection().execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


def test_no_table_file_or_backup_holds_a_trace_of_what_was_written_to_or_about_a_deleted_person(tmp_path):
    database = open_database(folder=tmp_path / "data", migrate=False)
    # Some builds of SQLite overwrite what is deleted, others leave it: here it is left.
    event.listen(database.engine, "connect", lambda driver, _: driver.execute("PRAGMA secure_delete=OFF"))
    migrate.upgrade(database)
    leads = lived_in(database)
    own, other = (prospect_of(database, leads[name]) for name in (NAME, "Lead 0003"))
    first = write(database, own, written(f"Dear {NAME}, are you {EMAIL}?", f"See {URL}"))
    edit(database, first, {1: f"{NAME}, one more thing?"})
    about = write(database, other, written(f"Your colleague {NAME} may like it.", "A second one."))
    approve(database, about, despite_marks=True)
    fine = write(database, other, written("Nobody is named here.", "Nor here."), Request(Tone(), f"We know {NAME}.", 2))
    backups.make(database)
    assert len([line for line in table_traces(database, NAME) if line.startswith(("seq", "prospect"))]) > 10
    told = tell_before(database, Preview.people([leads[NAME]]))
    assert told.words.endswith(", 3 rows of 3 files")
    assert "2 sequences of messages" in told.words
    gone = delete_people(database, [leads[NAME]])
    assert (gone.words, gone.clean) == ("1 lead, 2 sequences of messages", True)
    assert table_traces(database, *WORDS) == []
    assert traces(tmp_path, *WORDS) == []
    assert (count(database, "prospect"), count(database, "sequence"), count(database, "prospect_analysis")) == (1, 2, 2)
    left = load_sequence(database, about)
    assert left.messages[0].content == "Your colleague [deleted] may like it."
    assert (left.approved, left.messages[0].basis) == (False, ())
    with pytest.raises(SequenceRefused, match="deleted was named"):
        approve(database, about)
    assert list(choose_sequences(database, Wanted(approved_only=False)).sequences.values()) == [fine]
    assert load_sequence(database, fine).context == "We know [deleted]."
    mended = edit(database, about, {1: "Your colleagues may like it."})
    assert approve(database, mended).approved
    database.close()
    assert traces(tmp_path, *WORDS) == []


def test_who_is_known_by_a_profile_only_is_found_told_and_deleted_and_does_not_come_back(tmp_path):
    database = open_database(folder=tmp_path / "data")
    event.listen(database.engine, "connect", lambda driver, _: driver.execute("PRAGMA secure_delete=OFF"))
    lived_in(database)
    prospect = alone(database)
    write(database, prospect, written(f"I saw linkedin.com/in/{SLUG} today.", "Hello."))
    backups.make(database)
    for who in (f"https://de.linkedin.com/in/{SLUG.upper()}/?x", "Zorbian Quillfeather", SLUG):
        [found] = find_by_address(database, who)
        assert (found.prospect_id, found.url, found.sequences) == (prospect, f"linkedin.com/in/{SLUG}", 1)
    for nobody in ("", " ", EMAIL, "linkedin.com/in/zorbian", "%"):
        assert find_by_address(database, nobody) == []
    wanted = Preview.people([], [], [prospect])
    told = tell_before(database, wanted)
    assert told.words == "1 person known by profile only, 1 sequence of messages"
    assert told.phrase == "delete 1 person"
    gone = delete(database, wanted)
    assert gone.words == "1 person who was no lead, 1 sequence of messages"
    assert table_traces(database, SLUG) == []
    assert traces(tmp_path, SLUG) == []
    with pytest.raises(ProspectRefused, match="deleted here"):
        alone(database, SLUG.upper())
    file = f"Company,Person,Job title,LinkedIn\nAlpha,Lead 0077,CEO,linkedin.com/in/{SLUG}\n"
    assert commit(database, stage_file(database, "later.csv", file.encode()).id).counts["rejected"] == 1
    with pytest.raises(UsageError, match="nobody to delete"):
        delete(database, wanted)
    let_in(database, f"linkedin.com/in/{SLUG}")
    assert alone(database) != prospect  # a number is never given twice
    database.close()


def test_a_restored_backup_brings_nobody_back_who_was_written_to(tmp_path):
    database = open_database(folder=tmp_path / "data")
    leads = lived_in(database)
    write(database, prospect_of(database, leads[NAME]), written(f"Dear {NAME}", "Hello."))
    write(database, alone(database), written("Hello you.", "Hello."))
    kept = write(database, prospect_of(database, leads["Lead 0003"]), TEMPLATE)
    elsewhere = tmp_path / "kept.db"
    shutil.copy(backups.make(database), elsewhere)
    delete(database, Preview.people([leads[NAME]], [], [alone(database)]))
    restored = restore(database, elsewhere)
    assert restored.removed >= 2
    assert table_traces(database, *WORDS, SLUG) == []
    assert (count(database, "prospect"), count(database, "sequence")) == (1, 1)
    assert load_sequence(database, kept).state == "complete"
    database.close()


def test_a_company_or_an_import_takes_the_messages_of_its_leads_along(database):
    leads = lived_in(database)
    for name in ("Lead 0002", "Lead 0003", "Lead 0005"):
        write(database, prospect_of(database, leads[name]), TEMPLATE)
    beyond = write(database, alone(database), TEMPLATE)
    [company, *_] = find_companies(database, "alpha.example")
    assert "2 sequences of messages" in tell_before(database, Preview.company(company[0])).words
    assert delete_company(database, company[0]).sequences == 2
    assert count(database, "sequence") == 2
    file = "Company,Website,Person,Job title,Email\nGamma,gamma.example,Lead 0088,CEO,eight@gamma.example\n"
    batch = commit(database, stage_file(database, "more.csv", file.encode()).id).id
    with database.session() as session:
        lead = session.connection().execute(text("SELECT id FROM lead WHERE full_name='Lead 0088'")).scalar_one()
    write(database, prospect_of(database, lead), TEMPLATE)
    assert tell_before(database, Preview.of_import(batch, with_leads=True)).sequences == 1
    assert delete_import(database, batch).sequences == 1
    assert count(database, "sequence") == 2
    assert load_sequence(database, beyond).state == "complete"


def test_a_run_counts_the_sequences_that_are_left(database):
    leads = lived_in(database)
    with database.write() as session:
        run_id = run_queries.ask(session, "outreach", "test", {})
        prospects = prospects_of_leads(session, [leads[name] for name in (NAME, "Lead 0002", "Lead 0003")])
        made = begin(session, list(prospects.values()), REQUEST, run_id=run_id)
        known = known_of(session, list(made))
        for prospect in list(made)[:2]:
            keep(session, made[prospect], TEMPLATE, known[prospect])
        run = run_queries.load_run(session, run_id)
        assert run_queries.move(
            session, run, "done", done=2, total=3, counts={"retries": 4, "template": 2, "waiting": 1}
        )
    delete_people(database, [leads[NAME]])
    found = run_queries.get_run(database, run_id)
    assert (found.total, found.done) == (2, 1)
    assert (found.counts["template"], found.counts["waiting"], found.counts["retries"]) == (1, 1, 4)


def test_the_title_of_a_deleted_person_goes_out_of_what_was_written_to_colleagues(database):
    lived_in(database)
    file = (
        "Company,Website,Person,Job title,Email\n"
        "Alpha,alpha.example,Lead 0090,Keeper of the Quillfire Lamps,ninety@alpha.example\n"
    )
    commit(database, stage_file(database, "more.csv", file.encode()).id)
    with database.session() as session:
        rows = session.connection().execute(text("SELECT full_name, id FROM lead"))
        leads = {row[0]: row[1] for row in rows}
    said = written("Your Keeper of the  Quillfire Lamps may know.", "Sales Manager as you are.")
    number = write(database, prospect_of(database, leads["Lead 0002"]), said)
    delete_people(database, [leads["Lead 0090"]])
    assert table_traces(database, "Quillfire") == []
    assert [one.content for one in load_sequence(database, number).messages] == [
        "Your [deleted] may know.", "Sales Manager as you are.",
    ]  # fmt: skip


def test_the_doctor_counts_prospects_and_sequences(tmp_path, monkeypatch):
    monkeypatch.setenv("RANKER_DATA", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    database = open_database(folder=tmp_path)
    assert "Outreach" not in {one.name for one in look_at_database()}
    approve(database, write(database, alone(database), TEMPLATE))
    [told] = [one.told for one in look_at_database() if one.name == "Outreach"]
    assert told == "Prospects: 1. Sequences: 1, 1 of them approved."
    database.close()


def test_a_run_without_a_key_keeps_no_word_of_a_deleted_person(tmp_path):
    database = open_database(folder=tmp_path / "data")
    event.listen(database.engine, "connect", lambda driver, _: driver.execute("PRAGMA secure_delete=OFF"))
    leads = lived_in(database)
    with database.write() as session:
        prospects = prospects_of_leads(session, [leads[name] for name in (NAME, "Lead 0003", "Lead 0005")])
    run_id = outreach_run.start(database, list(prospects.values()), REQUEST, None, who="me")
    drive(database, run_id, outreach_run.step)
    assert run_queries.get_run(database, run_id).counts["template"] == 3
    assert [line for line in table_traces(database, NAME.split()[1]) if line.startswith("sequence")]
    delete_people(database, [leads[NAME]])
    assert table_traces(database, *WORDS, NAME.split()[1]) == []
    assert traces(tmp_path, *WORDS, NAME.split()[1]) == []
    assert run_queries.get_run(database, run_id).counts["template"] == 2
    database.close()

"""Deleting somebody takes their labels along, wherever they stand: in a set, in an upload, in a backup."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from ranker.care.deletion import delete, delete_import, delete_people
from ranker.care.finding_people import find_labelled, find_people
from ranker.care.preview import Preview, tell_before
from ranker.care.restore import restore
from ranker.errors import UsageError
from ranker.evaluation.set_items import load_items
from ranker.evaluation.set_list import get_set, list_drafts
from ranker.evaluation.set_reviews import grow
from ranker.evaluation.set_upload import save_draft, stage_set, throw_away
from ranker.ingest.merge import commit
from ranker.ingest.stage import stage_file
from ranker.ingest.undo import undo
from ranker.store import backups
from ranker.store.reviews import review_lead
from tests.care.worlds import EMAIL, NAME, URL, lived_in, numbers, table_traces, traces
from tests.ingest.workbooks import workbook
from tests.store.databases import empty

HEADER = "Lead ID,Company,Website,Person,Job title,Email,LinkedIn,Expected rank\n"
OTHERS = "b,Alpha,alpha.example,Lead 0002,Sales Manager,,,2\nc,Alpha,alpha.example,Lead 0003,Sales Director,,,none\n"
ROWS = {
    "by email": f"a,Elsewhere,,,VP Sales,{EMAIL.upper()},,1\n",
    "by profile": f"a,Elsewhere,,,VP Sales,,http://de.{URL.removeprefix('https://www.')}?x=1,1\n",
    "by name at the company": "a,Alpha,www.alpha.example,lead ZERODIX,VP Sales,,,1\n",
}
TWO = b"Company,Title,Name\nA,CEO,Lead 0001\nA,CFO,Lead 0002\n"
WORDS = (NAME, EMAIL, "in/lead-zerodix-0001")


def labelled(database, rows, name="labels.csv"):
    return save_draft(database, stage_set(database, name, (HEADER + rows).encode()).id).id


def titles(database, set_id):
    with database.session() as session:
        return [item.title for item in load_items(session, set_id)]


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_label_goes_with_its_person_by_any_of_their_keys_and_the_counts_stay_true(database, row):
    leads = lived_in(database)
    set_id = labelled(database, row + OTHERS)
    told = tell_before(database, Preview.people([leads[NAME]]))
    assert ", 1 label, " in told.words
    assert delete_people(database, [leads[NAME]]).words == "1 lead, 1 label"
    assert titles(database, set_id) == ["Sales Manager", "Sales Director"]
    line = get_set(database, set_id)
    assert (line.rows, line.leads, line.left_out, line.companies, line.pairs) == (3, 2, {"deleted": 1}, 1, 1)
    assert table_traces(database, *WORDS) == []
    again = stage_set(database, "labels.csv", (HEADER + row + OTHERS).encode())
    assert again.read.reasons == {"deleted": 1}
    assert save_draft(database, again.id).id == set_id  # what is left of it is known again


def test_a_namesake_with_another_profile_keeps_their_label(database):
    leads = lived_in(database)
    set_id = labelled(database, "a,Alpha,alpha.example,Lead Zérodix,CEO,,linkedin.com/in/a-namesake,1\n" + OTHERS)
    assert delete_people(database, [leads[NAME]]).labels == 0
    assert "CEO" in titles(database, set_id)


def test_a_label_grown_from_a_review_goes_with_its_lead_and_what_variants_said_of_it(database):
    leads = lived_in(database)
    review_lead(database, leads["Lead 0002"], "out")
    set_id = grow(database, "Ours").id
    with database.write() as session:
        connection = session.connection()
        connection.execute(text("INSERT INTO eval_run (run_id, eval_set_id) VALUES (1, :id)"), {"id": set_id})
        connection.execute(
            text("INSERT INTO eval_prediction (run_id, item_id, reasoning) SELECT 1, id, 'Because.' FROM eval_item")
        )
    delete_people(database, [leads[NAME]])
    assert titles(database, set_id) == ["Sales Manager"]
    with database.session() as session:
        left = session.connection().execute(text("SELECT count(*) FROM eval_prediction")).scalar_one()
    assert left == 1


def test_an_upload_in_which_somebody_stands_is_thrown_away_and_any_other_stays(database):
    leads = lived_in(database)
    theirs = HEADER + ROWS["by name at the company"]
    mentioned = HEADER.replace("Lead ID", "Note") + f"reports to {NAME},Gamma,,,CEO,,,1\n"
    for name, data in {
        "row.csv": theirs.encode(),
        "mention.csv": mentioned.encode("utf-16"),
        "book.xlsx": workbook(Labels=HEADER + OTHERS, Notes=f"a,b\n{EMAIL},x\n"),
        f"{NAME}.csv": b"Company,Title,Expected rank\nGamma,CEO,1\n",
        "unmapped.csv": f"Mail,Role,Verdict\n{EMAIL},CEO,1\n".encode(),
        "other.csv": (HEADER + OTHERS).encode(),
    }.items():
        stage_set(database, name, data)
    assert len(list_drafts(database)) == 6
    delete_people(database, [leads[NAME]])
    assert [one.file_name for one in list_drafts(database)] == ["other.csv"]
    assert table_traces(database, *WORDS) == []


def test_a_number_of_the_file_that_names_somebody_gives_way_to_one_that_no_other_label_has(database):
    leads = lived_in(database)
    own = f"row 3,Alpha,alpha.example,Lead 0002,Sales Manager,,,2\n{NAME},Alpha,alpha.example,Lead 0003,CEO,,,none\n"
    set_id = labelled(database, own)
    delete_people(database, [leads[NAME]])
    with database.session() as session:
        assert [item.source_id for item in load_items(session, set_id)] == ["row 3", "row row 3"]


def test_nothing_of_a_label_is_left_in_any_file_or_backup(tmp_path):
    database = empty(tmp_path / "data")
    leads = lived_in(database)
    set_id = labelled(database, "".join(ROWS.values()).replace("a,", f"{NAME},", 1) + OTHERS)
    stage_set(database, "open.csv", (HEADER + ROWS["by email"]).encode())
    backups.make(database)
    with database.write() as session:  # in the backup there is more than here
        session.connection().execute(text("DELETE FROM eval_set WHERE id=:id"), {"id": set_id})
    delete_people(database, [leads[NAME]])
    assert traces(tmp_path, *WORDS) == []
    restore(database, backups.list_backups(database)[0].path)
    assert titles(database, set_id) == ["Sales Manager", "Sales Director"]
    database.close()
    assert traces(tmp_path, *WORDS) == []


def test_a_backup_from_elsewhere_brings_no_label_of_a_deleted_person_back(tmp_path):
    database = empty(tmp_path / "data")
    leads = lived_in(database)
    set_id = labelled(database, "".join(ROWS.values()).replace("a,", "e,", 1).replace("a,", "f,", 1) + OTHERS)
    stage_set(database, "open.csv", (HEADER + ROWS["by email"]).encode())
    backups.make(database)
    kept = tmp_path / "kept.db"
    kept.write_bytes(backups.list_backups(database)[0].path.read_bytes())
    delete_people(database, [leads[NAME]])
    restore(database, kept)
    assert titles(database, set_id) == ["Sales Manager", "Sales Director"]
    assert get_set(database, set_id).left_out == {"deleted": 3}
    assert list_drafts(database) == []
    kept.unlink()
    assert table_traces(database, *WORDS) == []
    database.close()
    assert traces(tmp_path, *WORDS) == []


def test_somebody_who_is_no_lead_is_found_in_labelled_sets_and_deleted_everywhere(database):
    lived_in(database)
    own = "z,Omega,omega.example,Lead Ömikron,CEO,omikron@omega.example,linkedin.com/in/omikron,1\n"
    set_id = labelled(database, own + OTHERS)
    commit(database, stage_file(database, "n.csv", b"Company,Title,Note\nGamma,CTO,ask lead \xc3\x96mikron\n").id)
    for who in ("OMIKRON@omega.example", "https://de.linkedin.com/in/omikron/", "omikron", "lead ömikron", "omega.ex"):
        assert find_people(database, who) == []
        [found] = find_labelled(database, who)
        assert (found.name, found.email, found.labels) == ("Lead Ömikron", "omikron@omega.example", 1)
    assert find_labelled(database, EMAIL) == find_labelled(database, " ") == find_labelled(database, "name") == []
    wanted = Preview.people([], [found.label])
    told = tell_before(database, wanted)
    assert (told.words, told.phrase) == ("1 labelled person who is no lead, 1 label", "delete 1 person")
    assert delete(database, wanted).words == "1 person who was no lead, 1 label"
    assert titles(database, set_id) == ["Sales Manager", "Sales Director"]
    assert table_traces(database, "Ömikron", "omikron@omega.example", "in/omikron") == []
    assert commit(database, stage_file(database, "b.csv", (HEADER + own).encode()).id).counts["rejected"] == 1
    with pytest.raises(UsageError, match="nobody to delete"):
        delete(database, wanted)


def test_a_lead_is_not_listed_a_second_time_as_somebody_in_labelled_sets(database):
    leads = lived_in(database)
    labelled(database, ROWS["by email"] + OTHERS)
    assert [one.lead_id for one in find_people(database, EMAIL)] == [leads[NAME]]
    assert find_labelled(database, EMAIL) == find_labelled(database, "Lead 0002") == []


def test_undoing_an_import_keeps_reviewed_leads_and_their_labels(database):
    staged = commit(database, stage_file(database, "x.csv", TWO).id)
    leads = numbers(database)
    review_lead(database, leads["Lead 0001"], "in")
    set_id = grow(database, "Ours").id
    undo(database, staged.id)
    assert list(numbers(database)) == ["Lead 0001"]
    assert titles(database, set_id) == ["CEO"]


def test_deleting_an_import_takes_the_labels_of_its_leads_and_leaves_those_of_other_files(database):
    staged = commit(database, stage_file(database, "x.csv", TWO).id)
    review_lead(database, numbers(database)["Lead 0001"], "in")
    grown = grow(database, "Ours").id
    uploaded = labelled(database, "a,A,,Lead 0001,CEO,,,2\n")
    assert tell_before(database, Preview.of_import(staged.id, with_leads=True)).labels == 1
    assert delete_import(database, staged.id).labels == 1
    assert (get_set(database, grown).leads, get_set(database, uploaded).leads) == (0, 1)
    assert titles(database, uploaded) == ["CEO"]


def test_what_a_model_said_of_a_colleague_does_not_quote_the_title_of_somebody_deleted(database):
    own = f"a,Alpha,alpha.example,,Chief Zerodix Wrangler,{EMAIL},,1\n"
    of_the_other = "FROM eval_item WHERE label=2"
    said = "Below the chief  zerodix WRANGLER, beside Sales Director."
    set_id = labelled(database, own + OTHERS)
    with database.write() as session:
        connection = session.connection()
        for number, engine in ((1, "llm"), (2, "rules")):
            for sql in (
                "INSERT INTO variant (id, hash, engine) VALUES (:n, :engine, :engine)",
                "INSERT INTO run (id, kind, state, variant_id) VALUES (:n, 'evaluate', 'done', :n)",
                "INSERT INTO eval_run (run_id, eval_set_id, variant_id) VALUES (:n, :set, :n)",
                f"INSERT INTO eval_prediction (run_id, item_id, reasoning) SELECT :n, id, :said {of_the_other}",
            ):
                values = {"n": number, "engine": engine, "set": set_id, "said": said}
                connection.execute(text(sql), {name: values[name] for name in values if f":{name}" in sql})
    [found] = find_labelled(database, EMAIL)
    delete(database, Preview.people([], [found.label]))
    with database.session() as session:
        rows = session.connection().execute(text("SELECT reasoning FROM eval_prediction ORDER BY run_id")).scalars()
        assert list(rows) == ["Below the [deleted], beside Sales Director.", said]  # rules quote nobody else


def test_the_number_of_an_upload_that_is_gone_is_never_given_to_another(database):
    first = stage_set(database, "a.csv", b"Company,Title,Expected rank\nA,CEO,1\n").id
    throw_away(database, first)
    assert stage_set(database, "b.csv", b"Company,Title,Expected rank\nA,CEO,1\n").id != first

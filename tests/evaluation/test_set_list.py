"""Sets that are there: who was deleted is in none, the sample, another name, deletion, runs that use one."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from ranker.care.deletion import delete_people, finish_if_pending
from ranker.errors import UsageError
from ranker.evaluation.set_list import delete_set, get_set, list_sets, rename_set
from ranker.evaluation.set_sample import add_sample_set
from ranker.evaluation.set_upload import change_draft, save_draft, stage_set, throw_away
from ranker.ingest.merge import commit
from ranker.ingest.stage import stage_file
from ranker.store.traces import is_pending
from tests.care.worlds import table_traces, traces
from tests.ingest.workbooks import workbook
from tests.store.databases import KINDS, empty, fresh


@pytest.fixture(params=KINDS)
def database(request, tmp_path):
    with fresh(request.param, tmp_path) as opened:
        yield opened


def test_who_was_deleted_is_turned_away_and_stands_in_no_table_and_no_byte(tmp_path):
    database = empty(tmp_path / "data")
    commit(database, stage_file(database, "x.csv", b"Company,Title,Email\nAlpha,CEO,zerodix@alpha.example\n").id)
    delete_people(database, [1])
    data = "Company,Title,Name,Email,Expected rank\nAlpha,CEO,Lead Zérodix,zerodix@alpha.example,1\nAlpha,CFO,,,none\n"
    for name, content in (
        ("a.csv", data.encode()),
        ("b.csv", data.encode("utf-16")),
        ("c.csv", data.encode("cp1252")),
        ("d.xlsx", workbook(Labels=data, Notes="a,b\nLead Zérodix,calls\n")),
        ("e.csv", data.encode().replace(b"CFO", b"C\x00FO")),
    ):
        draft = stage_set(database, name, content)
        assert (draft.read.leads, draft.read.reasons) == (1, {"deleted": 1})
        assert [column.samples for column in draft.columns][2:4] == [(), ()]
        assert "Deleted on" in draft.read.left_out[0].said
        assert table_traces(database, "Zérodix", "zerodix@alpha.example") == []
        saved = save_draft(database, change_draft(database, draft.id, meanings={}).id)
        assert saved.id == list_sets(database)[0].id
    assert get_set(database, saved.id).left_out == {"deleted": 1}
    finish_if_pending(database)
    database.close()
    assert traces(tmp_path, "zerodix@alpha.example", "Lead Zérodix") == []


def test_what_a_file_said_of_somebody_deleted_before_its_columns_were_known_is_wiped(tmp_path):
    database = empty(tmp_path / "data")
    commit(database, stage_file(database, "x.csv", b"Company,Title,Email\nAlpha,CEO,zerodix@alpha.example\n").id)
    delete_people(database, [1])
    rows = "Email,Role,Verdict,Firma\n" + "zerodix@alpha.example,CEO,1,Alpha\n" * 3 + ",CFO,2,Alpha\n"
    for name in ("a.csv", "b.csv"):
        draft = stage_set(database, name, rows.encode())
        assert draft.read is None
        if name == "a.csv":
            draft = change_draft(database, draft.id, overrides=["expected_rank=Verdict", "title=Role"])
            assert draft.read.reasons == {"deleted": 3}
            assert table_traces(database, "zerodix@alpha.example") == []
        throw_away(database, draft.id)
        assert is_pending(database)
        finish_if_pending(database)
        assert traces(tmp_path, "zerodix@alpha.example") == []
    database.close()


def test_the_sample_is_one_click_and_the_same_set_at_the_second(database):
    first = add_sample_set(database)
    line = get_set(database, first.id)
    assert (line.leads, line.rows, line.left_out, line.source) == (1769, 1769, {}, "sample")
    assert add_sample_set(database) == type(first)(first.id, known=True)


def test_a_set_is_renamed_and_deleted_with_its_leads_and_nothing_else(database):
    saved = add_sample_set(database)
    rename_set(database, saved.id, "  Ours ")
    with pytest.raises(UsageError, match="Give the labelled set a name"):
        rename_set(database, saved.id, " \n")
    assert [one.name for one in list_sets(database)] == ["Ours"]
    delete_set(database, saved.id)
    with database.session() as session:
        assert session.connection().execute(text("SELECT count(*) FROM eval_item")).scalar_one() == 0
    with pytest.raises(UsageError, match="not here any more"):
        delete_set(database, saved.id)


def test_a_set_that_a_run_uses_stays_and_its_evaluations_go_with_it(database):
    saved = add_sample_set(database)
    with database.write() as session:
        for number, state in ((1, "done"), (2, "queued"), (3, "done")):
            session.connection().execute(
                text("INSERT INTO run (id, kind, state) VALUES (:id, 'evaluate', :state)"),
                {"id": number, "state": state},
            )
        for number in (1, 2):
            session.connection().execute(
                text("INSERT INTO eval_run (run_id, eval_set_id) VALUES (:id, :set)"), {"id": number, "set": saved.id}
            )
    assert get_set(database, saved.id).evaluations == 2
    with pytest.raises(UsageError, match="Run 2 uses this set now"):
        delete_set(database, saved.id)
    with database.write() as session:
        session.connection().execute(text("UPDATE run SET state='cancelled' WHERE id=2"))
    delete_set(database, saved.id)
    with database.session() as session:
        assert session.connection().execute(text("SELECT count(*) FROM eval_run")).scalar_one() == 0
        assert session.connection().execute(text("SELECT id FROM run ORDER BY id")).scalars().all() == [1, 2, 3]

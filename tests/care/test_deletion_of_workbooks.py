"""A workbook in which a deleted person stands is kept as text without them; any other one as it came."""

import pytest

from ranker.care.deletion import delete_people
from ranker.ingest import files
from ranker.ingest.check import check
from ranker.ingest.merge import commit
from ranker.ingest.stage import get_import, stage_file
from tests.care.worlds import EMAIL, FIRST, NAME, numbers, table_traces, traces
from tests.ingest.workbooks import workbook
from tests.store.databases import empty

OTHERS = "Company,Website,Person,Job title\nGamma,gamma.example,Lead 0009,Founder\n"


def load(database, staged):
    with database.session() as session:
        return files.load(session, staged.sha256)


@pytest.mark.parametrize("second", [{}, {"Notes": f"About,Said\nthe first,{NAME} calls back\n"}])
def test_a_workbook_leaves_no_trace_and_another_one_stays_to_the_byte(tmp_path, second):
    database = empty(tmp_path / "data")
    theirs = workbook(Others=OTHERS, **second) if second else workbook(Leads=FIRST)
    staged = commit(database, stage_file(database, "book.xlsx", theirs, sheet="Others" if second else None).id)
    if second:
        commit(database, stage_file(database, "first.csv", FIRST.encode()).id)
    kept = workbook(Leads=OTHERS)
    other = commit(database, stage_file(database, "other.xlsx", kept).id)
    assert traces(tmp_path, NAME) != []
    delete_people(database, [numbers(database)[NAME]])
    assert table_traces(database, NAME, EMAIL) == []
    assert traces(tmp_path, NAME, EMAIL) == []
    assert load(database, other) == kept
    text = load(database, get_import(database, staged.id)).decode()
    assert ("Lead 0009" if second else "Lead 0003") in text
    assert get_import(database, staged.id).file_name == "book.xlsx.csv"
    database.close()


def test_the_same_workbook_again_is_taken_without_them(tmp_path):
    database = empty(tmp_path / "data")
    data = workbook(Leads=FIRST)
    commit(database, stage_file(database, "book.xlsx", data).id)
    delete_people(database, [numbers(database)[NAME]])
    again = check(database, stage_file(database, "book.xlsx", data).id)
    assert again.counts["new"] == 0
    assert sum(again.counts.values()) == again.row_count
    assert [one["message"] for one in again.problems if "Deleted on" in str(one)] != []
    commit(database, again.id)
    assert NAME not in numbers(database)
    assert table_traces(database, NAME, EMAIL) == []
    database.close()

"""A step that was killed, or done twice, or done in two windows: the database is the one of a single, whole run."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ranker.errors import UsageError
from ranker.ingest import check as check_module
from ranker.ingest.check import check
from ranker.ingest.corrections import update_lead
from ranker.ingest.merge import commit
from ranker.ingest.stage import get_import, stage_file
from ranker.store.engine import open_database
from tests.ingest.importing import as_csv, counts, everything, imported, person, table
from tests.store.databases import KINDS, fresh

ROOT = Path(__file__).parents[2]
ROWS = [person(n, company=f"Company{n % 7}", title=f"Title {n % 11}") for n in range(60)]
FIRST = as_csv(ROWS)
SECOND = as_csv([person(n, company=f"Company{n % 7}", title=f"Title {n % 13}") for n in range(20, 80)])

KILLED_CHECK = """
import os, signal, sys
from ranker.ingest import check as checking
from ranker.store.engine import open_database

checking.PIECE = 10
at, folder, batch = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
def told(rows):
    if rows >= at:
        os.kill(os.getpid(), signal.SIGKILL)
checking.check(open_database(folder=folder), batch, told)
"""

KILLED = """
import os, signal, sys
from ranker.ingest import check as checking, merge
from ranker.ingest.stage import get_import, stage_file
from ranker.store import bulk
from ranker.store.engine import open_database

checking.PIECE = 10
at, folder, data = int(sys.argv[1]), sys.argv[2], sys.stdin.buffer.read()
database, calls = open_database(folder=folder), 0
for name in ("insert", "many"):
    def counted(*arguments, do=getattr(bulk, name)):
        global calls
        calls += 1
        mine = calls
        do(*arguments)
        if mine == at:
            os.kill(os.getpid(), signal.SIGKILL)
    setattr(bulk, name, counted)
merge.commit(database, stage_file(database, "second.csv", data).id)
"""


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
@pytest.mark.parametrize("at", [1, 11, 44, 57])
def test_killed_anywhere_and_done_again_gives_the_same_database(tmp_path, at):
    with fresh("sqlite", tmp_path / "whole") as whole:
        imported(whole, FIRST)
        imported(whole, SECOND, "second.csv")
        wanted = everything(whole)
    database = open_database(folder=tmp_path / "killed")
    imported(database, FIRST)
    database.close()
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(at), str(tmp_path / "killed")], cwd=ROOT, input=SECOND, check=False
    )
    assert done.returncode == -signal.SIGKILL
    database = open_database(folder=tmp_path / "killed")
    assert len(table(database, "lead")) == 60  # all of it or nothing
    imported(database, SECOND, "second.csv")
    assert everything(database) == wanted
    database.close()


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
@pytest.mark.parametrize("at", [10, 60])
def test_a_check_that_was_killed_starts_again_and_says_the_same(tmp_path, at):
    with fresh("sqlite", tmp_path / "whole") as whole:
        imported(whole, FIRST)
        wanted = check(whole, stage_file(whole, "second.csv", SECOND).id)
        rows = everything(whole)
    database = open_database(folder=tmp_path / "killed")
    imported(database, FIRST)
    batch = stage_file(database, "second.csv", SECOND).id
    database.close()
    run = [sys.executable, "-c", KILLED_CHECK, str(at), str(tmp_path / "killed"), str(batch)]
    assert subprocess.run(run, cwd=ROOT, check=False).returncode == -signal.SIGKILL
    database = open_database(folder=tmp_path / "killed")
    left = [row for row in table(database, "import_row") if row["batch_id"] == batch]
    assert len(left) == at  # the pieces before the kill are there, and the check is known not to be whole
    assert get_import(database, batch).state == "staged"
    again = check(database, batch)
    assert (again.counts, again.problems) == (wanted.counts, wanted.problems)
    assert everything(database) == rows
    database.close()


def test_each_step_can_be_done_twice(database):
    staged = stage_file(database, "leads.csv", FIRST)
    assert check(database, staged.id) == check(database, staged.id)
    assert commit(database, staged.id) == commit(database, staged.id) == check(database, staged.id)
    assert len(table(database, "lead")) == 60


@pytest.mark.parametrize("kind", KINDS)
def test_rows_in_small_pieces_give_the_same_as_all_at_once(kind, tmp_path, monkeypatch):
    with fresh(kind, tmp_path / "a") as one, fresh(kind, tmp_path / "b") as other:
        imported(one, FIRST)
        monkeypatch.setattr(check_module, "PIECE", 7)
        imported(other, FIRST)
        wanted, found = everything(one), everything(other)
        for name in ("company", "lead", "import_row", "import_batch"):
            assert found[name] == wanted[name]


def test_leads_that_change_between_check_and_commit_are_compared_again(database):
    imported(database, FIRST)
    staged = check(database, stage_file(database, "same.csv", FIRST + b"\n").id)
    assert counts(staged) == {"unchanged": 60}
    other = imported(database, as_csv([*ROWS[1:], person(0, company="Company0", title="CEO")]), "other.csv")
    assert counts(other) == {"changed": 1, "unchanged": 59}
    assert counts(commit(database, staged.id)) == {"changed": 1, "unchanged": 59}


def test_a_correction_between_check_and_commit_is_not_undone(database):
    imported(database, FIRST)
    staged = check(database, stage_file(database, "same.csv", FIRST + b"\n").id)
    update_lead(database, table(database, "lead")[0]["id"], "title", "CEO")
    assert counts(commit(database, staged.id)) == {"unchanged": 60}
    assert table(database, "lead")[0]["title"] == "CEO"


def test_a_check_in_another_window_takes_over_and_rows_are_not_mixed(database, monkeypatch):
    monkeypatch.setattr(check_module, "PIECE", 10)
    staged = stage_file(database, "leads.csv", FIRST)
    taken = []

    def other_window(done: int) -> None:
        if done == 20 and not taken:
            taken.append(check(database, staged.id))

    with pytest.raises(UsageError, match="another window"):
        check(database, staged.id, other_window)
    assert counts(taken[0]) == {"new": 60}
    assert len(table(database, "import_row")) == 60


def test_progress_is_told_in_rows(database, monkeypatch):
    monkeypatch.setattr(check_module, "PIECE", 25)
    told = []
    check(database, stage_file(database, "leads.csv", FIRST).id, told.append)
    assert told == [25, 50, 60]

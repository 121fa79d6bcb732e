"""The commands that look after an installation, as a person types them."""

from __future__ import annotations

import io
import json
import sys

import pytest

from ranker.cli import main
from ranker.ingest.merge import commit
from ranker.ingest.stage import stage_file
from ranker.outreach.prospects import prospect_of_url
from ranker.store import backups
from ranker.store.engine import open_database
from tests.care.worlds import EMAIL, FIRST, NAME, numbers, traces


@pytest.fixture
def database(tmp_path, monkeypatch):
    monkeypatch.setenv("RANKER_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    opened = open_database()
    commit(opened, stage_file(opened, "first.csv", FIRST.encode()).id)
    yield opened
    opened.close()


def test_the_doctor_tells_and_its_status_says_whether_there_is_a_problem(database, capsys, monkeypatch):
    assert main(["doctor"]) == 0
    assert "warning  Backups" in capsys.readouterr().out
    monkeypatch.setenv("RANKER_LOG", "shout")
    assert main(["doctor", "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["state"] == "problem"
    assert {"name", "state", "told", "way"} == set(report["findings"][0])


def test_a_person_is_deleted_once_the_words_are_typed(database, tmp_path, capsys):
    main(["backup"])
    assert main(["delete", "person", EMAIL]) == 0
    told = capsys.readouterr().out
    assert "This would delete: 1 lead at 1 company, 1 row of 1 file. It goes from 1 backup as well." in told
    assert '--confirm "delete 1 lead"' in told
    assert NAME in numbers(database)
    assert main(["delete", "person", EMAIL, "--confirm", "yes"]) == 2
    assert NAME in numbers(database)
    assert main(["delete", "person", EMAIL, "--confirm", "delete 1 lead"]) == 0
    assert NAME not in numbers(database)
    assert traces(tmp_path, NAME, EMAIL) == []
    assert main(["letin", NAME]) == 0
    assert main(["letin", NAME]) == 2


def test_several_who_fit_are_listed_and_one_is_asked_for(database, capsys):
    assert main(["delete", "person", "alpha"]) == 2
    said = capsys.readouterr()
    assert said.out.count("alpha.example") == 3
    assert "3 fit “alpha”" in said.err
    assert main(["delete", "person", f"#{numbers(database)['Lead 0002']}"]) == 0
    assert main(["delete", "person", "nobody at all"]) == 2
    assert main(["delete", "person"]) == 2
    assert main(["delete", "company", "alp"]) == 0
    assert main(["delete", "import", "first.csv"]) == 2
    assert main(["delete", "import", "1", "--keep"]) == 0
    assert '--confirm "delete 1 import"' in capsys.readouterr().out
    assert len(numbers(database)) == 4


def test_a_backup_is_made_listed_and_restored(database, tmp_path, capsys):
    assert main(["backup"]) == 0
    assert main(["backup", "--list"]) == 0
    [one] = backups.list_backups(database)
    assert one.path.name in capsys.readouterr().out
    assert main(["delete", "import", "1", "--confirm", "delete 1 import and 4 leads"]) == 0
    commit(database, stage_file(database, "more.csv", b"Company,Title\nDelta,CEO\n").id)
    assert main(["restore", one.path.name]) == 0
    assert len(numbers(database)) == 1
    assert main(["restore", one.path.name, "--confirm", "restore"]) == 0
    assert numbers(database) == {}
    (tmp_path / "no.db").write_bytes(b"Company,Title\n")
    assert main(["restore", str(tmp_path / "no.db"), "--confirm", "restore"]) == 2
    assert main(["restore", "gone.db"]) == 2
    assert "There is no backup “gone.db”" in capsys.readouterr().err


def test_traces_left_by_a_deletion_are_removed_by_a_command(database, capsys):
    assert main(["delete", "rest"]) == 0
    assert "Nothing of a deletion is left." in capsys.readouterr().out


def test_somebody_known_by_a_profile_only_is_deleted_by_it(database, capsys):
    with database.write() as session:
        for slug in ("ada-omega", "ada-sigma"):
            prospect_of_url(session, f"linkedin.com/in/{slug}")
    assert main(["delete", "person", "Ada"]) == 2
    assert "linkedin.com/in/ada-omega (known by profile only, 0 sequences)" in capsys.readouterr().out
    assert main(["delete", "person", "uk.linkedin.com/in/ADA-omega/", "--confirm", "delete 1 person"]) == 0
    assert "1 person known by profile only" in capsys.readouterr().out
    assert main(["delete", "person", "linkedin.com/in/ada-omega"]) == 2

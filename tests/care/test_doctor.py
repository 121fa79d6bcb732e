"""The doctor: each thing that can be amiss is named with the way on, and no value of a key is shown."""

from __future__ import annotations

import socket
import sqlite3
from contextlib import closing

import pytest

from ranker.care.doctor import examine
from ranker.llm.keys import key_file, save_key
from ranker.llm.providers import PRESETS
from ranker.personas.catalog import list_personas, seed_personas
from ranker.personas.versions import add_version
from ranker.scoring import rank_run
from ranker.scoring.selection import Selection
from ranker.store import backups
from ranker.store.ai_calls import Attempt, reserve
from ranker.store.engine import open_database
from ranker.store.run_costs import scope_of
from tests.care.worlds import lived_in
from tests.store.databases import POSTGRES


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("RANKER_DATA", str(tmp_path / "data"))
    for name in ("DATABASE_URL", "RANKER_LOG", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "data"


@pytest.fixture
def database(folder):
    opened = open_database()
    seed_personas(opened)
    yield opened
    opened.close()


def found(port=None):
    return {one.name: one for one in examine(port).findings}


def test_nothing_there_yet_is_no_problem_and_makes_nothing(folder):
    report = examine()
    assert (report.state, report.exit_code) == ("warning", 0)
    assert "make run" in found()["Database"].way
    assert not folder.exists()


def test_a_healthy_installation_is_well(database):
    backups.make(database)
    report = examine()
    assert [one for one in report.findings if one.state != "ok"] == []
    assert {"Python", "Libraries", "Data folder", "Disk space", "Database", "Leads", "Runs", "Personas"} <= set(found())
    assert report.exit_code == 0


def test_runs_that_nobody_takes_are_told(database):
    lived_in(database)
    rank_run.start(database, Selection("all"), list_personas(database)[0].live_version_id)
    one = found()["Runs"]
    assert (one.state, one.told) == ("warning", "1 wait, and nobody takes them.")


def test_calls_of_a_run_that_is_not_there_are_told(database):
    lived_in(database)
    assert "Model calls" not in found()
    run_id = rank_run.start(database, Selection("all"), list_personas(database)[0].live_version_id)
    with database.write() as session:
        reserve(session, Attempt(scope_of(run_id), "rank", "openai", "gpt-5-mini", 1, 0.1), None)
        reserve(session, Attempt("a list ranked on the command line", "rank", "openai", "gpt-5-mini", 1, 0.1), None)
    assert (found()["Model calls"].state, found()["Model calls"].told) == ("ok", "2, all accounted for.")
    rank_run.cancel(database, run_id)
    assert "1 never came to an end" in found()["Model calls"].told
    with database.write() as session:
        reserve(session, Attempt(scope_of(999), "rank", "openai", "gpt-5-mini", 1, 0.1), None)
    one = found()["Model calls"]
    assert one.state == "warning"
    assert one.told.startswith("1 of 3 calls belong to runs that are not there")


def test_a_persona_that_can_not_be_read_is_a_problem(database):
    add_version(database, "Nothing", "# Nothing\n\nnothing here\n")
    one = found()["Personas"]
    assert one.state == "problem"
    assert one.told.endswith("Nothing.")
    assert examine().exit_code == 1


@pytest.mark.parametrize("damage", ["text", "torn"])
def test_a_damaged_file_is_a_problem_and_the_way_is_a_backup(folder, damage):
    database = open_database()
    lived_in(database)
    database.close()
    path = folder / "ranker.db"
    whole = path.read_bytes()
    path.write_bytes(b"Company,Title\n" * 999 if damage == "text" else whole[:8192] + b"\xff" * 65536 + whole[73728:])
    one = found()["Database"]
    assert one.state == "problem"
    assert "backup --list" in one.way


def test_a_newer_database_is_left_alone(database, folder):
    database.close()
    with closing(sqlite3.connect(folder / "ranker.db", isolation_level=None)) as file:
        file.execute("UPDATE alembic_version SET version_num='9999'")
    assert "newer version" in found()["Database"].told


def test_a_key_is_told_to_be_set_and_never_shown(folder, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    monkeypatch.setenv("DATABASE_URL", "postgresql://user:hidden@127.0.0.1:1/leads")
    told = str(examine().findings)
    assert "OPENAI_API_KEY" in told
    assert "Postgres at 127.0.0.1:1 can't be reached" in told
    assert "sk-secret" not in told
    assert "hidden" not in told


def test_a_key_that_was_entered_is_named_by_its_provider_and_never_shown(database):
    save_key(PRESETS["groq"], "", "gsk-secret-0123456789")
    assert "entered in the app for: groq" in found()["Keys"].told.lower()
    assert "secret" not in str(examine().findings)


def test_a_key_file_that_others_can_read_is_a_problem(database):
    save_key(PRESETS["groq"], "", "gsk-secret-0123456789")
    key_file().chmod(0o640)
    one = found()["Keys"]
    assert one.state == "problem"
    assert f"chmod 600 {key_file()}" in one.way
    key_file().chmod(0o600)
    assert found()["Keys"].state == "ok"


def test_a_key_file_that_is_damaged_is_a_problem_and_not_quoted(database):
    key_file().write_text("gsk-secret")
    one = found()["Keys"]
    assert one.state == "problem"
    assert "keys.json" in one.way
    assert "secret" not in str(examine().findings)


def test_a_word_that_is_no_level_of_the_log_is_a_problem(folder, monkeypatch):
    monkeypatch.setenv("RANKER_LOG", "shout")
    assert found()["Log"].state == "problem"


def test_a_port_that_is_taken_is_told(folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert found(port)["Port"].state == "warning"
    assert found(port)["Port"].state == "ok"


@pytest.mark.skipif(not POSTGRES, reason="no Postgres here")
def test_postgres_is_looked_at_too(folder, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", POSTGRES)
    assert found()["Database"].state in {"ok", "warning"}

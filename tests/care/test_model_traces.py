"""What runs with a model keep: nothing of it holds a word of somebody who was deleted, and the log never did."""

from __future__ import annotations

import json
import re

import pytest
from sqlalchemy import text

from ranker.care.deletion import delete_people
from ranker.care.logs import start_logs
from ranker.care.restore import restore
from ranker.ingest.undo import undo
from ranker.scoring.selection import Selection
from ranker.store import backups
from ranker.store.engine import open_database
from tests.care.worlds import numbers, table_traces, traces
from tests.llm.fake_server import FakeServer
from tests.llm.model_runs import LEADS, bring, choice, ranked

TITLE = "Keeper of the Quillfire Lamps"
PLANTED = f"Lead 0900,Company 1,company1.example,51-200,{TITLE},Retail"
_ROW = re.compile(r'^\{"id": .*\}$', re.MULTILINE)


class Quoting(FakeServer):
    """Its reasons quote the lead itself, and those beside it."""

    def _completion(self, body, said, fault, into):
        found = super()._completion(body, said, fault, into)
        titles = {row["id"]: row["title"] for row in map(json.loads, _ROW.findall(said))}
        titles[0] = titles[max(titles)]
        message = found["choices"][0]["message"]
        answer = json.loads(message["content"])
        for lead in answer["leads"]:
            at = lead["id"]
            lead["reason"] = f"“{titles[at]}” beside “{titles[at - 1]}” and “{titles.get(at + 1, titles[1])}”."
        message["content"] = json.dumps(answer)
        return found


@pytest.fixture
def folder(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("RANKER_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    stop = start_logs(tmp_path / "data", "debug")
    yield tmp_path / "data"
    stop()


@pytest.fixture
def server():
    with Quoting() as started:
        yield started


def counted(database, table, where="1=1"):
    with database.session() as session:
        return session.connection().execute(text(f"SELECT count(*) FROM {table} WHERE {where}")).scalar()


def test_no_trace_of_a_deleted_lead_is_left_of_what_a_model_was_asked_and_answered(folder, server, monkeypatch, capsys):
    database = open_database(folder=folder)
    bring(database, *LEADS, PLANTED)
    first = ranked(database, choice(monkeypatch, server, "two-phase"))
    server.script = ["invalid_json", "rate"]  # errors are logged, too
    ranked(database, choice(monkeypatch, server, "two-phase", model="other"), Selection("all"))
    ranked(database, choice(monkeypatch, server, "pointwise", RANKER_MAX_USD=0.004))  # stops at its limit
    backups.make(database)
    assert len(table_traces(database, TITLE)) > 3
    with database.session() as session:
        kept = session.connection().execute(text("SELECT value FROM cache_entry")).scalars().all()
        beside = session.connection().execute(
            text("SELECT count(*) FROM assessment WHERE title<>:title AND reasoning LIKE :quoted"),
            {"title": TITLE, "quoted": f"%{TITLE}%"},
        )  # fmt: skip
        assert beside.scalar() > 0  # a verdict on somebody else quotes the lead
    assert any(TITLE in value for value in kept)
    assert not [line for line in table_traces(database, TITLE) if line.startswith(("ai_call", "run."))]
    log = (folder / "logs" / "ranker.log").read_text(encoding="utf-8")
    assert "rank.done" in log
    assert "llm.stopped" in log
    assert TITLE not in log + capsys.readouterr().err
    delete_people(database, [numbers(database)["Lead 0900"]])
    assert counted(database, "cache_entry") == 0
    assert counted(database, "ai_call") > 0  # what was spent stays known
    assert counted(database, "assessment", f"run_id={first}") == len(LEADS)
    assert table_traces(database, TITLE) == []
    assert traces(folder.parent, TITLE) == []
    database.close()
    assert traces(folder.parent, TITLE) == []


def test_a_backup_from_before_brings_no_answer_about_a_deleted_lead_back(folder, server, monkeypatch):
    database = open_database(folder=folder)
    bring(database, *LEADS, PLANTED)
    ranked(database, choice(monkeypatch, server, "two-phase"))
    made = backups.make(database)
    old = made.read_bytes()
    delete_people(database, [numbers(database)["Lead 0900"]])
    (elsewhere := folder.parent / "kept-elsewhere.db").write_bytes(old)
    restore(database, elsewhere)
    assert counted(database, "cache_entry") == 0
    assert table_traces(database, TITLE) == []
    assert counted(database, "ai_call") > 0
    elsewhere.unlink()
    database.close()
    assert traces(folder.parent, TITLE) == []


def test_a_verdict_on_somebody_else_keeps_the_rest_of_what_it_said(database, folder, server, monkeypatch):
    bring(database, *LEADS, PLANTED)
    ranked(database, choice(monkeypatch, server, "two-phase"))
    delete_people(database, [numbers(database)["Lead 0900"]])
    with database.session() as session:
        said = session.connection().execute(
            text("SELECT title, reasoning FROM assessment WHERE reasoning LIKE '%[deleted]%'")
        )
        mended = said.fetchall()
    assert mended
    for title, reasoning in mended:
        assert f"“{title}” beside “" in reasoning
    assert table_traces(database, TITLE) == []


def test_a_title_that_others_have_or_a_persona_asks_for_stays_as_it_was_said(database, folder, server, monkeypatch):
    shared, asked = LEADS[1].split(",")[4], "Head of Sales"
    gone = [PLANTED.replace(TITLE, shared), PLANTED.replace(TITLE, asked).replace("900", "901")]
    bring(database, gone[1], *LEADS, gone[0])
    ranked(database, choice(monkeypatch, server, "two-phase"))
    quoted = "title<>:title AND reasoning LIKE '%' || :title || '%'"
    delete_people(database, [numbers(database)["Lead 0900"], numbers(database)["Lead 0901"]])
    with database.session() as session:
        for title in (shared, asked):
            found = session.connection().execute(
                text(f"SELECT count(*) FROM assessment WHERE {quoted}"), {"title": title}
            )
            assert found.scalar() > 0
        said = session.connection().execute(text("SELECT reasoning FROM assessment")).scalars()
        assert "[deleted]" not in " ".join(said)


def test_an_import_that_a_model_judged_can_be_undone(database, folder, server, monkeypatch):
    bring(database, *LEADS)
    first = ranked(database, choice(monkeypatch, server))
    batch = bring(database, LEADS[0].replace("Manager of Area 0", TITLE), PLANTED, name="more.csv")
    second = ranked(database, choice(monkeypatch, server))
    spent = counted(database, "ai_call")
    undo(database, batch)
    assert counted(database, "lead") == counted(database, "current_assessment") == len(LEADS)
    assert counted(database, "assessment", f"run_id={second}") == len(LEADS)
    with database.session() as session:
        current = session.connection().execute(
            text("SELECT run_id FROM current_assessment WHERE lead_id=:lead"), {"lead": numbers(database)["Lead 0000"]}
        )
        assert current.scalar() == first  # the verdict on the title that is back
    assert counted(database, "ai_call") == spent
    ranked(database, choice(monkeypatch, server))
    assert counted(database, "ai_call") == spent  # every answer is still there

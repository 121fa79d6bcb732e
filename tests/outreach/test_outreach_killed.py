"""kill -9 in the middle of an outreach run: no finished sequence is lost, only calls in flight are made again."""

import json
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import text

from ranker.jobs.job import drive
from ranker.outreach import outreach_run
from ranker.scoring.llm.report import cost_of
from ranker.store import run_queries
from tests.llm.fake_server import FakeServer
from tests.outreach.writers import model_at, people, started
from tests.store.databases import empty

ROOT = Path(__file__).parents[2]
AT_ONCE = 6
WORK = """
import sys
from ranker.jobs.job import drive
from ranker.outreach import outreach_run
from ranker.store.engine import open_database
drive(open_database(folder=sys.argv[1], migrate=False), int(sys.argv[2]), outreach_run.step)
"""
FINISHED = (
    "SELECT s.id, s.summary, s.analysis_id, s.calls, s.ended_at, m.step, m.content FROM sequence AS s "
    "JOIN sequence_message AS m ON m.sequence_id=s.id WHERE s.state='complete' ORDER BY 1, 6"
)


def rows(database, sql):
    with database.session() as session:
        return [tuple(row) for row in session.connection().execute(text(sql))]


def test_after_kill_9_what_is_finished_stays_and_at_most_the_calls_in_flight_are_repeated(tmp_path, monkeypatch):
    database = empty(tmp_path / "data")
    prospects = people(database, 24)
    with FakeServer(latency=0.05) as server:
        model = model_at(monkeypatch, server, RANKER_CONCURRENCY=AT_ONCE, RANKER_TIMEOUT=20)
        run_id = started(database, prospects, model)
        command = [sys.executable, "-c", WORK, str(tmp_path / "data"), str(run_id)]
        process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 120
        while len(rows(database, FINISHED)) < 3 * 6 and time.monotonic() < until:
            time.sleep(0.01)  # watches another process
        process.kill()
        process.wait()
        before = rows(database, FINISHED)
        assert 18 <= len(before) < 3 * len(prospects)
        assert run_queries.get_run(database, run_id).state == "running"
        time.sleep(0.2)  # what was sent is answered, to nobody
        drive(database, run_id, outreach_run.step)
        asked = [json.dumps(request["body"]["messages"]) for request in server.requests]
    run = run_queries.get_run(database, run_id)
    assert (run.state, run.counts["complete"], run.done) == ("done", 24, 24)
    assert set(before) <= set(rows(database, FINISHED))
    assert len(asked) - len(set(asked)) <= AT_ONCE
    used = cost_of(database, run_id)
    assert len(asked) <= used.calls <= len(asked) + AT_ONCE
    assert sum(row[0] for row in rows(database, "SELECT calls FROM sequence")) == used.calls
    assert rows(database, "SELECT count(*) FROM prospect_analysis") == [(24,)]
    database.close()

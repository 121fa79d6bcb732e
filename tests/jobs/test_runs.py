"""Import and rank as runs: to the end, twice at once, cancelled, failed."""

import json
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from eval.made_leads import write_made
from ranker.errors import UsageError
from ranker.ingest import import_run
from ranker.ingest.merge import commit
from ranker.ingest.stage import stage_file
from ranker.jobs.job import UNEXPECTED, drive, take
from ranker.personas.catalog import list_personas, seed_personas
from ranker.scoring import rank_run, rules_piece
from ranker.scoring.selection import Selection
from ranker.store import run_queries
from ranker.store.engine import open_database
from ranker.worker import start_worker, stop_worker
from tests.store.databases import empty

EVERYTHING = Selection("all")
PATIENCE = 180.0
"""Seconds: for a machine that has much else to do."""


@pytest.fixture
def database(tmp_path):
    database = empty(tmp_path / "data")
    seed_personas(database)
    yield database
    stop_worker()
    database.close()


def staged(database, tmp_path: Path, leads: int = 600, seed: int = 7):
    path = write_made(tmp_path / f"{leads}-{seed}.csv", leads, leads // 4, seed)
    return stage_file(database, path.name, path.read_bytes())


def persona(database, at: int = 0) -> int:
    return list_personas(database)[at].live_version_id


def ended(database, run_id: int, seconds: float = PATIENCE):
    """The run once it has ended; fails if it does not within the deadline."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        run = run_queries.get_run(database, run_id)
        if not run.active:
            return run
    raise AssertionError(f"still {run.state}, {run.phase}")


def current(database) -> list[tuple[object, ...]]:
    with database.session() as session:
        rows = session.connection().execute(
            text("SELECT lead_id, run_id, status, score, rank FROM current_assessment ORDER BY lead_id")
        )
        return [tuple(row) for row in rows]


def stages(database, run_id: int) -> dict[str, int]:
    with database.session() as session:
        rows = session.connection().execute(
            text("SELECT stage, count(*) FROM assessment WHERE run_id=:run GROUP BY 1"), {"run": run_id}
        )
        return {row[0]: row[1] for row in rows}


def test_the_worker_imports_and_ranks_to_the_end(database, tmp_path):
    start_worker(database)
    start_worker(database)  # a second call does nothing
    batch = staged(database, tmp_path)
    imported = ended(database, import_run.start(database, batch.id, who="Sales"))
    assert (imported.state, imported.phase, imported.error) == ("done", "done", "")
    assert sum(imported.counts.values()) == imported.total == imported.done == 600
    ranked = ended(database, rank_run.start(database, EVERYTHING, persona(database), who="Sales"))
    assert (ranked.state, ranked.phase, ranked.share, ranked.who) == ("done", "done", 1.0, "Sales")
    assert set(ranked.seconds) == {"reading", "judging", "ranking", "publishing"}
    assert ranked.speed is not None
    counts = ranked.counts
    assert counts["ranked"] + counts["held"] + counts["not_relevant"] + counts["not_judged"] == counts["leads"]
    assert counts["leads"] == ranked.total == len(current(database)) == imported.counts["new"]
    assert counts["companies_with"] + counts["companies_without"] == counts["companies"]
    assert min(counts["ranked"], counts["not_relevant"], counts["companies_with"]) > 0


def test_a_run_goes_on_where_it_was_when_the_worker_was_stopped(database, tmp_path, monkeypatch):
    monkeypatch.setattr(rules_piece, "BATCH", 5)
    commit(database, staged(database, tmp_path).id)
    run_id = rank_run.start(database, EVERYTHING, persona(database))
    start_worker(database)
    deadline = time.monotonic() + PATIENCE
    while not run_queries.get_run(database, run_id).done:
        assert time.monotonic() < deadline
    stop_worker()
    stopped = run_queries.get_run(database, run_id)
    assert (stopped.state, stopped.phase) == ("running", "judging")
    assert 0 < stopped.done < 600
    assert stopped.seconds_left is not None
    assert (run_queries.get_run(database, run_id), current(database)) == (stopped, [])  # nobody goes on behind
    monkeypatch.setattr(rules_piece, "BATCH", 600)
    start_worker(database)
    assert ended(database, run_id).state == "done"
    assert len(current(database)) == 600


def test_the_worker_and_a_plain_loop_write_the_same_rows(database, tmp_path):
    commit(database, staged(database, tmp_path).id)
    plain = rank_run.start(database, EVERYTHING, persona(database))
    drive(database, plain, rank_run.step)
    start_worker(database)
    durable = rank_run.start(database, EVERYTHING, persona(database))
    assert durable != plain  # the first one has ended, so this is new work
    assert ended(database, durable).state == "done"
    with database.session() as session:
        rows = "SELECT * FROM assessment WHERE run_id=:run ORDER BY lead_id"
        one, two = (
            [tuple(row)[1:] for row in session.connection().execute(text(rows), {"run": run})]
            for run in (plain, durable)
        )
    assert one == two
    assert len(one) == 600


def test_the_same_work_asked_for_by_two_windows_at_once_is_one_run(database, tmp_path):
    commit(database, staged(database, tmp_path).id)
    other = open_database(folder=tmp_path / "data")
    gate, ids = threading.Barrier(8), []

    def click(window):
        gate.wait()
        ids.append(rank_run.start(window, EVERYTHING, persona(window)))

    clicks = [threading.Thread(target=click, args=(window,)) for window in (database, other) * 4]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    assert len(ids) == 8
    assert len(set(ids)) == 1 == len(run_queries.list_runs(database))
    assert rank_run.start(database, EVERYTHING, persona(database, 1)) != ids[0]  # another persona is other work
    assert rank_run.start(database, Selection("leads", (1,)), persona(database)) != ids[0]
    other.close()


def test_two_clicks_on_import_are_one_run_and_a_third_after_it_is_refused(database, tmp_path):
    batch = staged(database, tmp_path)
    run_id = import_run.start(database, batch.id)
    assert import_run.start(database, batch.id) == run_id
    drive(database, run_id, import_run.step)
    assert run_queries.get_run(database, run_id).state == "done"
    with pytest.raises(UsageError, match="is done"):
        import_run.start(database, batch.id)


def test_a_cancelled_run_keeps_the_ranks_and_accounts_for_every_lead(database, tmp_path, monkeypatch):
    monkeypatch.setattr(rules_piece, "BATCH", 200)
    commit(database, staged(database, tmp_path).id)
    drive(database, rank_run.start(database, EVERYTHING, persona(database)), rank_run.step)
    before = current(database)
    run_id = rank_run.start(database, EVERYTHING, persona(database, 1))
    assert rank_run.step(database, run_id)
    assert rank_run.step(database, run_id)
    assert rank_run.cancel(database, run_id)
    assert not rank_run.step(database, run_id)
    run = run_queries.get_run(database, run_id)
    assert (run.state, run.done, run.total, run.seconds_left) == ("cancelled", 200, 600, None)
    found = stages(database, run_id)
    assert found["waiting"] == 400
    assert sum(found.values()) == 600
    assert current(database) == before
    assert not rank_run.cancel(database, run_id)
    assert rank_run.start(database, EVERYTHING, persona(database, 1)) != run_id


@pytest.mark.parametrize("steps", range(6))
def test_a_run_cancelled_before_any_of_its_pieces_never_replaces_ranks(database, tmp_path, monkeypatch, steps):
    monkeypatch.setattr(rules_piece, "BATCH", 300)
    commit(database, staged(database, tmp_path).id)
    run_id = rank_run.start(database, EVERYTHING, persona(database))
    for _ in range(steps):
        assert rank_run.step(database, run_id)
    assert rank_run.cancel(database, run_id)
    drive(database, run_id, rank_run.step)
    assert (run_queries.get_run(database, run_id).state, current(database)) == ("cancelled", [])


def test_a_piece_that_was_overtaken_by_a_cancel_writes_nothing(database, tmp_path):
    commit(database, staged(database, tmp_path).id)
    run_id = rank_run.start(database, EVERYTHING, persona(database))
    rank_run.step(database, run_id)
    run = run_queries.get_run(database, run_id)
    rank_run.cancel(database, run_id)
    rank_run._judge(database, run)  # what a piece does that began before the click
    assert stages(database, run_id) == {"waiting": 600}


def test_a_piece_done_by_two_processes_counts_once(database, tmp_path, monkeypatch):
    monkeypatch.setattr(rules_piece, "BATCH", 200)
    commit(database, staged(database, tmp_path).id)
    run_id = rank_run.start(database, EVERYTHING, persona(database))
    rank_run.step(database, run_id)
    run = run_queries.get_run(database, run_id)
    rank_run._judge(database, run)
    rank_run._judge(database, run)
    assert run_queries.get_run(database, run_id).done == 200


def test_a_cancelled_import_leaves_the_leads_alone(database, tmp_path):
    batch = staged(database, tmp_path)
    run_id = import_run.start(database, batch.id)
    assert import_run.cancel(database, run_id)
    drive(database, run_id, import_run.step)
    with database.session() as session:
        assert session.connection().execute(text("SELECT count(*) FROM lead")).scalar() == 0
    again = import_run.start(database, batch.id)
    drive(database, again, import_run.step)
    assert run_queries.get_run(database, again).counts["new"] == 600


def test_a_failure_is_told_in_words_and_its_values_stay_out_of_the_log(database, tmp_path, caplog):
    commit(database, staged(database, tmp_path).id)
    run_id = rank_run.start(database, EVERYTHING, persona(database))

    def broken(database, run_id):
        raise ValueError("Lead 0001, lead0001@example.test")

    assert not take(database, run_id, broken)
    run = run_queries.get_run(database, run_id)
    assert (run.state, run.error, current(database)) == ("failed", UNEXPECTED, [])
    assert "ValueError" in caplog.text
    assert "Lead 0001" not in caplog.text


def test_a_run_whose_persona_is_gone_says_what_to_do(database, tmp_path):
    commit(database, staged(database, tmp_path).id)
    run_id = rank_run.start(database, EVERYTHING, persona(database))
    with database.write() as session:
        session.connection().execute(text("DELETE FROM persona_version WHERE id=:id"), {"id": persona(database)})
    drive(database, run_id, rank_run.step)
    run = run_queries.get_run(database, run_id)
    assert run.state == "failed"
    assert run.error.startswith("The persona of this run was removed.")


def test_nothing_of_a_lead_is_kept_by_the_job_engine(database, tmp_path):
    start_worker(database)
    ended(database, import_run.start(database, staged(database, tmp_path).id))
    assert ended(database, rank_run.start(database, EVERYTHING, persona(database))).state == "done"
    stop_worker()
    with database.session() as session:
        names = [row[0] for row in session.connection().execute(text("SELECT name FROM company LIMIT 20"))]
    kept = b"".join(path.read_bytes() for path in (tmp_path / "data").glob("jobs.db*"))
    assert kept
    assert [name for name in names if name.encode() in kept] == []
    assert json.dumps("Lead").encode() not in kept

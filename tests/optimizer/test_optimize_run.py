"""An optimization as a durable run: to the end, in pieces, cancelled, failed, gone on with, opened, decided."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from ranker.errors import UsageError
from ranker.optimizer import optimize_run, stored
from ranker.optimizer.database_memory import DatabaseMemory, planned
from ranker.optimizer.optimization_list import list_optimizations
from ranker.personas.catalog import get_version
from ranker.worker import STEPS, start_worker, stop_worker
from tests.jobs.test_runs import ended
from tests.llm.model_runs import choice
from tests.optimizer.optimizing import SMALL, count, finished, planted_persona, planted_set, rows_of, rules_run, run_of
from tests.optimizer.seen import seen
from tests.optimizer.teacher import Teacher
from tests.store.databases import KINDS, fresh


@pytest.fixture(params=KINDS)
def database(request, tmp_path):
    with fresh(request.param, tmp_path) as opened:
        yield opened


def test_by_rules_it_ends_with_a_proposal_its_lineage_and_what_may_be_claimed(database):
    run_id = rules_run(database)
    view = finished(database, run_id)
    result = view.row.result
    assert (view.run.state, view.run.phase, view.run.error) == ("done", "done", "")
    assert view.run.done == view.run.total == planned(SMALL, held_out=True)
    assert view.start.candidate.text == get_version(database, planted_persona(database)).content
    assert view.start.in_beam(0)
    assert view.start.in_beam(view.generations)  # the start is always there
    assert len(view.row.split["training"]) + len(view.row.split["held_out"]) == 8
    assert len(view.folds) == 2
    assert result["claim"]["words"]
    assert result["counts"]["evaluated"] >= 1
    best = view.candidates[result["best"]]
    assert best.value >= view.start.value
    for one in view.candidates:
        assert one.candidate.state != "proposed"
        assert (one.standing is None) == (one.candidate.state != "evaluated")
        if one.candidate.number:
            line = view.lineage(one.candidate.number)
            assert line[0].candidate.number == 0
            assert [step.candidate.generation for step in line] == sorted({s.candidate.generation for s in line})
        if one.candidate.state == "evaluated" and one.candidate.number:
            assert one.candidate.critique
            assert one.candidate.edit
    (line,) = list_optimizations(database)
    assert (line.id, line.run.state, line.run.who, line.set_name) == (run_id, "done", "Ada", "Planted")
    assert (line.slot, line.model, line.result.words) == ("persona", "", result["claim"]["words"])
    tried = sum(one.candidate.state == "evaluated" for one in view.candidates)
    assert line.result.tried == tried - 1 + sum(view.folds) - len(view.folds)  # no starts


def test_in_pieces_of_one_checkpoint_it_is_the_same_as_at_once(database, monkeypatch):
    first = rules_run(database)
    whole = rows_of(finished(database, first))
    with database.write() as session:
        session.connection().execute(
            text("UPDATE run SET queued_at='2026-01-01T00:00:00Z' WHERE id=:id"), {"id": first}
        )
    monkeypatch.setattr(optimize_run, "PIECE_SECONDS", 0.0)
    second = optimize_run.start(database, 1, planted_persona(database), settings=SMALL, who="Ada")
    assert second != first
    pieces, shares = 0, []
    while optimize_run.step(database, second):
        pieces += 1
        shares.append(run_of(database, second).share)
    assert pieces > 8
    assert shares == sorted(shares)
    again = rows_of(seen(database, second))
    assert again[0] == whole[0]
    for name in ("proposal", "claim", "nested", "counts", "folds", "ended"):
        assert again[1][name] == whole[1][name] or name == "claim"  # a further look at the hold-out is said


def test_the_start_and_each_step_is_written_before_the_next_begins(database, monkeypatch):
    monkeypatch.setattr(optimize_run, "PIECE_SECONDS", 0.0)
    run_id = rules_run(database)
    optimize_run.step(database, run_id)
    first = seen(database, run_id)
    assert [one.candidate.state for one in first.candidates] in (["proposed"], ["evaluated"])
    while run_of(database, run_id).active and len(seen(database, run_id).candidates) == 1:
        optimize_run.step(database, run_id)
    live = run_of(database, run_id).live
    assert live["state"] == "proposed"
    assert live["critique"]
    assert live["edit"]
    assert live["generation"] == 1


def test_two_clicks_start_one_and_another_setting_another(database):
    first = rules_run(database)
    assert optimize_run.start(database, 1, planted_persona(database), settings=SMALL) == first
    assert optimize_run.start(database, 1, planted_persona(database), settings=replace(SMALL, seed=2)) != first
    assert count(database, "optimization") == 2


def test_a_cancelled_one_keeps_what_it_found_and_goes_on_to_the_same_end(database, monkeypatch):
    whole = rows_of(finished(database, rules_run(database, replace(SMALL, seed=5))))
    with database.write() as session:
        session.connection().execute(text("UPDATE optimization SET openings='[]'"))
    monkeypatch.setattr(optimize_run, "PIECE_SECONDS", 0.0)
    run_id = optimize_run.start(database, 1, planted_persona(database), settings=replace(SMALL, seed=5), who="Ada")
    for _ in range(6):
        optimize_run.step(database, run_id)
    before = len(seen(database, run_id).candidates)
    assert optimize_run.cancel(database, run_id)
    assert not optimize_run.step(database, run_id)
    assert run_of(database, run_id).state == "cancelled"
    assert len(seen(database, run_id).candidates) == before > 1
    assert optimize_run.go_on(database, run_id)
    assert not optimize_run.go_on(database, run_id)  # it is under way
    assert rows_of(finished(database, run_id))[0] == whole[0]


def test_cancelling_within_a_step_writes_nothing_further_and_keeps_the_best_so_far(database):
    run_id = rules_run(database)
    memory = DatabaseMemory(database, run_id, SMALL)
    optimize_run.cancel(database, run_id)
    with pytest.raises(Exception, match="cancelled"):
        memory.keep_proposed(0, [])
    assert memory.cancelled
    assert count(database, "candidate") == 0


def test_what_can_t_be_started_is_said_in_words(database, monkeypatch):
    number = planted_set(database)
    version = planted_persona(database)
    for call, said in (
        (lambda: optimize_run.start(database, 99, version), "no saved set"),
        (lambda: optimize_run.start(database, number, 99), "no version of a persona 99"),
        (
            lambda: optimize_run.start(database, number, version, slot="template:rank"),
            "only the persona",
        ),
        (lambda: optimize_run.start(database, number, version, max_calls=0), "at least 1"),
        (lambda: seen(database, 7), "no optimization 7"),
        (lambda: optimize_run.go_on(database, 7), "no optimization 7"),
    ):
        with pytest.raises(UsageError, match=said):
            call()
    with Teacher() as server:
        model = choice(monkeypatch, server, "two-phase")
        for more, said in (
            ({"slot": "template:score"}, "persona, template:qualify, template:rank"),
            ({"slot": "template:rank"}, "Say which version"),
            ({"slot": "template:rank", "template_version_id": 10_000}, "no version 10000"),
        ):
            with pytest.raises(UsageError, match=said):
                optimize_run.start(database, number, version, model=model, **more)
    assert count(database, "run") == count(database, "optimization") == 0


@pytest.mark.parametrize("of", ["one lead", "one company"])
def test_leads_that_are_removed_meanwhile_end_it_because_others_would_be_held_out(database, monkeypatch, of):
    monkeypatch.setattr(optimize_run, "PIECE_SECONDS", 0.0)
    run_id = rules_run(database)
    optimize_run.step(database, run_id)
    one = "id=(SELECT min(id) FROM eval_item)" if of == "one lead" else "company='Company 03'"
    with database.write() as session:
        session.connection().execute(text(f"DELETE FROM eval_item WHERE {one}"))
    view = finished(database, run_id)
    assert (view.run.state, "removed since" in view.run.error) == ("failed", True)


def test_rules_that_were_changed_meanwhile_end_it(database, monkeypatch):
    run_id = rules_run(database)
    with database.write() as session:
        session.connection().execute(text("UPDATE variant SET hash='of an older ranker'"))
    assert "was updated" in finished(database, run_id).run.error


def test_a_set_that_was_removed_ends_it_with_words(database):
    run_id = rules_run(database)
    with database.write() as session:
        session.connection().execute(text("DELETE FROM eval_item"))
    view = finished(database, run_id)
    assert (view.run.state, "were removed" in view.run.error) == ("failed", True)


def test_the_worker_takes_it_to_the_end(tmp_path):
    with fresh("sqlite", tmp_path) as database:
        assert stored.KIND in STEPS
        run_id = rules_run(database)
        start_worker(database)
        try:
            run = ended(database, run_id)
        finally:
            stop_worker()
        assert (run.state, run.error) == ("done", "")
        assert seen(database, run_id).row.result["claim"]["words"]

"""What a run has left is written by another one: nothing twice, nothing finished touched, nobody asked in vain."""

import pytest

from ranker.errors import LlmSetup, UsageError
from ranker.jobs.job import drive
from ranker.outreach import outreach_run
from ranker.outreach.drafts import write_question
from ranker.outreach.writing import by_template
from ranker.scoring.llm.report import cost_of
from ranker.store import run_queries
from tests.llm.fake_server import FakeServer
from tests.outreach.writers import execute, model_at, people, rows, started, written


def test_a_limit_that_is_reached_leaves_the_rest_waiting_and_it_can_be_gone_on_with(database, monkeypatch):
    prospects = people(database, 8)
    with FakeServer() as server:
        model = model_at(monkeypatch, server, RANKER_CONCURRENCY=1)
        run = written(database, prospects, model, max_usd=0.02)
        assert (run.state, run.counts["failed"]) == ("failed", 0)
        assert "limit" in run.error
        assert 0 < run.counts["complete"] < 8
        assert run.counts["complete"] + run.counts["waiting"] == run.total == 8
        assert cost_of(database, run.id).spent <= 0.02
        done, asked = rows(database, run.id, "id, prospect_id")[: run.counts["complete"]], len(server.requests)
        again = outreach_run.go_on(database, run.id, max_usd=1)
        assert outreach_run.go_on(database, run.id, max_usd=1) == again
        drive(database, again, outreach_run.step)
        assert len(server.requests) - asked <= 2 * run.counts["waiting"]
    assert rows(database, run.id, "id, prospect_id") == done
    assert {row[1] for row in rows(database, again)} == {"complete"}
    assert {row[1] for row in done} | {row[0] for row in rows(database, again)} == set(prospects)
    with pytest.raises(UsageError, match="left to write"):
        outreach_run.go_on(database, run.id)


def test_failed_sequences_are_asked_again_as_new_ones(database, monkeypatch):
    prospects = people(database, 3)
    with FakeServer(always="refusal") as server:
        model = model_at(monkeypatch, server)
        run = written(database, prospects, model)
        assert (run.state, run.counts["failed"]) == ("done", 3)
        assert {row[3] for row in rows(database, run.id)} == {"The model declined to answer."}
        server.always = ""
        again = outreach_run.go_on(database, run.id)
        drive(database, again, outreach_run.step)
    assert run_queries.get_run(database, again).counts["complete"] == 3
    assert {row[1] for row in rows(database, run.id)} == {"failed"}
    assert [row[0] for row in rows(database, again, "number")] == [2, 2, 2]


def test_what_a_model_never_came_to_is_asked_anew_and_not_read_from_before(database, monkeypatch):
    prospects = people(database, 2)
    with FakeServer(script=["ok"] * 2, always="copies") as server:
        run = written(database, prospects, model_at(monkeypatch, server))
        assert run.counts["failed"] == 2
        asked, server.always = len(server.requests), ""
        again = outreach_run.go_on(database, run.id)
        drive(database, again, outreach_run.step)
        assert len(server.requests) == asked + 2  # the analyses are there
    assert run_queries.get_run(database, again).counts["complete"] == 2


def test_other_messages_for_the_same_request_are_asked_for_and_paid(database, monkeypatch):
    prospects = people(database, 2)
    with FakeServer() as server:
        model = model_at(monkeypatch, server)
        written(database, prospects, model)
        assert cost_of(database, written(database, prospects, model).id).calls == 0
        assert cost_of(database, written(database, prospects, model, again=True).id).calls == 2
        assert cost_of(database, written(database, prospects, model, again=True).id).calls == 2


def test_somebody_who_must_not_be_contacted_is_not_left_to_write_to(database, monkeypatch):
    prospects = people(database, 1)
    execute(database, "UPDATE lead SET suppressed=1")
    with FakeServer() as server:
        run = written(database, prospects, model_at(monkeypatch, server))
        with pytest.raises(UsageError, match="left to write"):
            outreach_run.go_on(database, run.id)
        assert not server.requests


def test_a_sequence_whose_question_can_t_be_put_together_has_failed_and_holds_nobody_up(database, monkeypatch):
    prospects = people(database, 3)

    def of_two(prompt, known, *more):
        if known.prospect_id == prospects[1]:
            raise LlmSetup("The prompt template “write” can't be rendered.")
        return write_question(prompt, known, *more)

    monkeypatch.setattr("ranker.outreach.writing.write_question", of_two)
    with FakeServer() as server:
        run_id = started(database, prospects, model_at(monkeypatch, server))
        assert [outreach_run.step(database, run_id) for _ in range(2)] == [True, False]
    assert run_queries.get_run(database, run_id).state == "done"
    assert [row[1] for row in rows(database, run_id)] == ["complete", "failed", "complete"]
    assert "can't be rendered" in rows(database, run_id)[1][3]


def test_going_on_where_the_same_was_asked_for_meanwhile_gives_that_run(database):
    prospects = people(database, 3)
    first = started(database, prospects, None)
    outreach_run.cancel(database, first)
    second = started(database, prospects, None)
    assert outreach_run.go_on(database, first) == second
    drive(database, second, outreach_run.step)
    assert {row[1] for row in rows(database, second)} == {"complete"}


def test_templates_are_made_while_others_write_and_a_run_that_is_cancelled_then_still_adds_up(database, monkeypatch):
    prospects = people(database, 6)
    run_id, later, made = started(database, prospects, None), [], []

    def cancelled_meanwhile(*said):
        made.append(said)
        if len(made) == 3:
            assert outreach_run.cancel(database, run_id)
            later.append(outreach_run.go_on(database, run_id))
        return by_template(*said)

    monkeypatch.setattr("ranker.outreach.outreach_piece.AT_ONCE", 2)
    monkeypatch.setattr("ranker.outreach.outreach_piece.by_template", cancelled_meanwhile)
    drive(database, run_id, outreach_run.step)
    run = run_queries.get_run(database, run_id)
    assert len(made) == 4
    assert (run.state, run.done, run.counts["template"], run.counts["waiting"], run.total) == ("cancelled", 2, 2, 4, 6)
    drive(database, later[0], outreach_run.step)
    assert run_queries.get_run(database, run_id) == run
    assert {row[1] for number in (run_id, later[0]) for row in rows(database, number)} == {"complete"}

"""A variant on a labelled set as a durable run: the same rows however driven, every lead told, no failure a verdict."""

import json
import random
import threading
import time

import pytest
from sqlalchemy import text

from ranker.errors import NoKey, UsageError
from ranker.evaluation import eval_run
from ranker.evaluation.evaluate import Prediction, evaluate
from ranker.evaluation.figures import Figures
from ranker.evaluation.labelled import NOT_RELEVANT, LabelledLead
from ranker.jobs.job import drive, take
from ranker.personas.catalog import get_version
from ranker.scoring import rules_piece
from ranker.scoring.assessment import Inputs
from ranker.scoring.rank_table import company_keys, ranked_table
from ranker.scoring.variants import engine_of, judge
from ranker.store import run_queries
from ranker.worker import start_worker, stop_worker
from tests.evaluation.labelled_sets import edited, keep_set, made, persona, sample
from tests.llm.fake_server import FakeServer
from tests.llm.model_runs import Declining, choice
from tests.store.databases import KINDS, fresh

PATIENCE = 180.0
"""Seconds: for a machine that has much else to do."""


@pytest.fixture(params=KINDS)
def database(request, tmp_path, monkeypatch):
    monkeypatch.setenv("RANKER_DATA", str(tmp_path / "data"))
    with fresh(request.param, tmp_path) as opened:
        yield opened
        stop_worker()


def evaluated(database, set_id, version=None, **more):
    run_id = eval_run.start(database, set_id, version or persona(database), **more)
    drive(database, run_id, eval_run.step)
    return run_queries.get_run(database, run_id)


def rows(database, run_id):
    with database.session() as session:
        found = session.connection().execute(
            text(
                "SELECT i.source_id, p.status, p.qualified, p.score, p.rank, p.confidence, p.reasoning, p.flags, "
                "p.needs_review FROM eval_prediction AS p JOIN eval_item AS i ON i.id=p.item_id WHERE p.run_id=:run "
                "ORDER BY i.source_id"
            ),
            {"run": run_id},
        )
        return [tuple(row) for row in found]


def kept(database, run_id):
    """(Figures, figures by company, repeat) of a run."""
    with database.session() as session:
        found = session.connection().execute(
            text("SELECT figures, companies, repeat FROM eval_run WHERE run_id=:run"), {"run": run_id}
        )
        figures, companies, repeat = found.one()
        return Figures.from_json(json.loads(figures)), json.loads(companies), repeat


def labels_of(leads):
    keys = company_keys([(lead[1], lead[4]) for lead in leads])
    return [
        LabelledLead(lead[0], key, NOT_RELEVANT if lead[6] is None else lead[6])
        for lead, key in zip(leads, keys, strict=True)
    ]


def test_it_has_the_figures_and_ranks_that_the_plain_functions_give(database):
    leads = sample()
    run = evaluated(database, keep_set(database, leads), who="Ada")
    keys = company_keys([(lead[1], lead[4]) for lead in leads])
    verdicts = judge(
        engine_of(get_version(database, persona(database))),
        [Inputs(lead[2], lead[1], lead[3], lead[4]) for lead in leads],
    )
    ranked = ranked_table(verdicts, keys)
    answers = {
        lead[0]: Prediction(one.qualified, rank, one.score)
        for lead, one, rank in zip(leads, ranked.assessments, ranked.ranks, strict=True)
    }
    figures, companies, _ = kept(database, run.id)
    expected = evaluate(labels_of(leads), answers)
    assert (run.state, run.kind, run.who, run.done) == ("done", "evaluate", "Ada", len(leads))
    assert companies == expected.companies
    assert {name: figures.macro[name] for name in expected.macro if name != "coverage"} == {
        name: value for name, value in expected.macro.items() if name != "coverage"
    }
    assert {row[0]: row[4] for row in rows(database, run.id)} == {
        lead[0]: rank for lead, rank in zip(leads, ranked.ranks, strict=True)
    }
    assert figures.macro["coverage"] == 1 - figures.unjudged / len(leads) < 1
    assert figures.nothing["pairs_f1"] < figures.intervals["pairs_f1"].low
    assert run.counts["ranked"] + run.counts["not_relevant"] + run.counts["not_judged"] == run.counts["leads"]


def test_nothing_is_published(database):
    evaluated(database, keep_set(database, made()))
    with database.session() as session:
        assert session.connection().execute(text("SELECT count(*) FROM current_assessment")).scalar() == 0
        assert session.connection().execute(text("SELECT count(*) FROM assessment")).scalar() == 0


def test_the_worker_and_a_plain_loop_write_the_same_rows(database, monkeypatch):
    monkeypatch.setattr(rules_piece, "BATCH", 7)
    number = keep_set(database, made())
    plain = evaluated(database, number)
    start_worker(database)
    durable = eval_run.start(database, number, persona(database), again=True)
    deadline = time.monotonic() + PATIENCE
    while run_queries.get_run(database, durable).active:
        assert time.monotonic() < deadline
    assert run_queries.get_run(database, durable).state == "done"
    assert durable != plain.id
    assert rows(database, plain.id) == rows(database, durable)
    assert len(rows(database, durable)) == 40
    assert kept(database, plain.id)[:2] == kept(database, durable)[:2]
    assert (kept(database, plain.id)[2], kept(database, durable)[2]) == (1, 2)


def test_the_order_of_the_labelled_leads_has_no_say(database):
    leads = sample(300)
    shuffled = random.Random(3).sample(leads, len(leads))
    one = evaluated(database, keep_set(database, leads))
    other = evaluated(database, keep_set(database, shuffled, "Shuffled"))
    assert rows(database, one.id) == rows(database, other.id)
    assert kept(database, one.id) == kept(database, other.id)


def test_the_same_evaluation_asked_for_by_many_windows_at_once_runs_once(database):
    number = keep_set(database, made())
    version, gate, ids = persona(database), threading.Barrier(6), []

    def click():
        gate.wait()
        ids.append(eval_run.start(database, number, version))

    clicks = [threading.Thread(target=click) for _ in range(6)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    assert len(ids) == 6
    assert len(set(ids)) == 1 == len(run_queries.list_runs(database))
    other = edited(database, lambda told: told + "\nBe careful.\n")
    assert eval_run.start(database, number, other) != ids[0]  # another version is other work
    assert eval_run.start(database, keep_set(database, made(), "Other"), version) != ids[0]


def test_what_was_evaluated_is_not_evaluated_again_unless_somebody_asks_for_a_repeat(database):
    number = keep_set(database, made())
    first = evaluated(database, number)
    assert eval_run.start(database, number, persona(database)) == first.id
    second = evaluated(database, number, again=True)
    assert second.id != first.id
    assert rows(database, second.id) == rows(database, first.id)  # by rules it must be the same to the last digit
    assert kept(database, second.id)[2] == 2
    assert eval_run.start(database, number, persona(database)) == second.id
    assert kept(database, evaluated(database, number, again=True).id)[2] == 3


def test_labels_that_went_with_a_deleted_lead_have_it_evaluated_anew(database):
    number = keep_set(database, made())
    first = evaluated(database, number)
    with database.write() as session:
        session.connection().execute(text("DELETE FROM eval_item WHERE source_id='L0000'"))
    second = evaluated(database, number)
    assert second.id != first.id
    assert kept(database, second.id)[2] == 1
    assert kept(database, second.id)[0].leads == 39


def test_a_cancelled_run_keeps_a_row_for_every_lead_and_starts_again_as_the_same_repeat(database, monkeypatch):
    monkeypatch.setattr(rules_piece, "BATCH", 7)
    number = keep_set(database, made())
    run_id = eval_run.start(database, number, persona(database))
    for _ in range(2):
        take(database, run_id, eval_run.step)
    assert eval_run.cancel(database, run_id)
    assert not take(database, run_id, eval_run.step)
    said = rows(database, run_id)
    assert len(said) == 40
    assert sum(row[7] == '["waiting"]' and row[6] == "Not reached." for row in said) == 33
    assert kept(database, run_id)[0] == Figures()
    other = evaluated(database, number)
    assert other.id != run_id
    assert kept(database, other.id)[2] == 1


def test_a_repeat_that_was_cancelled_is_gone_on_with_though_an_earlier_one_is_done(database):
    number = keep_set(database, made())
    first = evaluated(database, number)
    stopped = eval_run.start(database, number, persona(database), again=True)
    assert eval_run.cancel(database, stopped)
    other = evaluated(database, number)
    assert other.id not in {first.id, stopped}
    assert kept(database, other.id)[2] == kept(database, stopped)[2] == 2
    assert eval_run.start(database, number, persona(database)) == other.id


@pytest.mark.parametrize("state", ["missing", "draft", "empty"])
def test_a_set_that_cannot_be_evaluated_on_says_so_and_leaves_no_run(database, state):
    number = keep_set(database, [] if state == "empty" else made())
    with database.write() as session:
        if state == "draft":
            session.connection().execute(text("UPDATE eval_set SET state='draft'"))
    with pytest.raises(UsageError, match="labelled leads"):
        eval_run.start(database, number + (state == "missing"), persona(database))
    assert run_queries.list_runs(database) == []


@pytest.mark.parametrize("strategy", ["pointwise", "cascade"])
def test_a_model_judges_as_its_engine_does_at_once(database, monkeypatch, strategy):
    leads = made(6, 4)
    with FakeServer() as server:
        model = choice(monkeypatch, server, strategy)
        number = keep_set(database, leads)
        run = evaluated(database, number, model=model)
        asked = len(server.requests)
        with database.session() as session:
            engine = model.engine(session, get_version(database, persona(database)))
        inputs = [Inputs(lead[2], lead[1], lead[3], lead[4]) for lead in leads]
        outcome = engine.judge(database, inputs, [lead[5] for lead in leads])
    assert (run.state, asked) == ("done", len(server.requests))  # the same questions, so all answers are there
    expected = {
        lead[0]: (one.status, one.score, rank, one.reasoning)
        for lead, one, rank in zip(leads, outcome.ranked.assessments, outcome.ranked.ranks, strict=True)
    }
    assert {row[0]: (row[1], row[3], row[4], row[6]) for row in rows(database, run.id)} == expected
    assert asked > 0


def test_a_repeat_asks_the_model_anew_and_sends_the_same(database, monkeypatch):
    with FakeServer() as server:
        model = choice(monkeypatch, server)
        number = keep_set(database, made(4, 4))
        evaluated(database, number, model=model)
        first = list(server.requests)
        evaluated(database, number, model=model, again=True)
        second = server.requests[len(first) :]
        assert len(second) == len(first) > 0
        said = [sorted(json.dumps(request["body"], sort_keys=True) for request in some) for some in (first, second)]
        assert said[0] == said[1]
        evaluated(database, number, model=model, again=True)
        assert len(server.requests) == 3 * len(first)


def test_a_call_that_fails_is_no_verdict_and_counts_as_a_failure(database, monkeypatch):
    leads = made(6, 4)
    with Declining() as server:
        server.declines = ("Intern",)
        run = evaluated(database, keep_set(database, leads), model=choice(monkeypatch, server))
    lost = {lead[0] for lead in leads if lead[2] == "Intern"}
    said = {row[0]: row for row in rows(database, run.id)}
    assert run.state == "done"
    assert {row[0] for row in said.values() if row[2] is None} == lost
    assert all(said[one][1] == "not_judged" and "call_failed" in said[one][7] and said[one][6] for one in lost)
    figures = kept(database, run.id)[0]
    assert (figures.failed, run.counts["failed"]) == (len(lost), len(lost))
    assert figures.macro["coverage"] == pytest.approx(1 - len(lost) / len(leads))


def test_it_never_fails_over_to_another_provider(database, monkeypatch):
    with FakeServer(always="auth") as first, FakeServer() as second:
        monkeypatch.setenv("OLLAMA_HOST", second.url)
        model = choice(monkeypatch, first, RANKER_FALLBACKS="ollama:fake")
        other = model.settings.providers[1]
        settings = type(model.settings)(providers=(model.settings.providers[0], other), timeout=5)
        model = type(model)(model.strategy, settings)
        number = keep_set(database, made(3, 3))
        run = evaluated(database, number, model=model)
        assert (run.state, second.requests) == ("failed", [])
        assert "key" in run.error
    assert len(rows(database, run.id)) == 9
    assert kept(database, run.id)[0] == Figures()


def test_a_limit_of_money_stops_it_and_going_on_pays_for_no_answer_twice(database, monkeypatch):
    leads = made(6, 4)
    with FakeServer() as server:
        number = keep_set(database, leads)
        run = evaluated(database, number, model=choice(monkeypatch, server, RANKER_MAX_USD=0.008))
        assert run.state == "failed"
        assert "limit" in run.error
        paid = len(server.requests)
        assert 0 < paid < 24
        done = evaluated(database, number, model=choice(monkeypatch, server, RANKER_MAX_USD=5))
        assert done.state == "done"
        assert len(server.requests) == len({json.dumps(one["body"], sort_keys=True) for one in server.requests})
        assert kept(database, done.id)[2] == 1


def test_without_a_key_nothing_is_started(database, monkeypatch):
    with FakeServer() as server:
        model = choice(monkeypatch, server, OPENAI_BASE_URL=None)
        with pytest.raises(NoKey):
            eval_run.start(database, keep_set(database, made()), persona(database), model=model)
    assert run_queries.list_runs(database) == []

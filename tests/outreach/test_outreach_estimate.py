"""What writing would take is told before: calls as they are made, kept analyses not counted, unknown never 0."""

import pytest
from sqlalchemy import text

from ranker.jobs.job import drive
from ranker.outreach import outreach_run
from ranker.outreach.outreach_estimate import AGAIN, estimate
from ranker.scoring.llm.report import cost_of
from tests.llm.fake_server import FakeServer
from tests.outreach.writers import ASKED, asked_for, model_at, people, started


def leads_of(database):
    with database.session() as session:
        return session.connection().execute(text("SELECT id FROM lead ORDER BY id")).scalars().all()


def test_the_calls_and_tokens_that_are_expected_are_about_those_that_are_made(database, monkeypatch):
    prospects = people(database, 20)
    with FakeServer() as server:
        model = model_at(monkeypatch, server)
        before = estimate(database, ASKED, model, prospect_ids=prospects)
        assert estimate(database, ASKED, model, lead_ids=leads_of(database)) == before
        run_id = started(database, prospects, model)
        drive(database, run_id, outreach_run.step)
        after = estimate(database, asked_for(messages=2), model, prospect_ids=prospects)
    used = cost_of(database, run_id)
    assert (before.people, before.held, before.analyses, before.kept) == (20, 0, 20, 0)
    assert (before.calls, before.most_calls) == (20 + 20 * (1 + AGAIN), 20 + 20 * 6)
    assert used.tokens_in <= before.tokens_in <= 2 * used.tokens_in
    assert 0 < before.usd < before.worst
    assert before.seconds > 0
    assert not before.measured
    assert (after.analyses, after.kept, after.calls, after.measured) == (0, 20, 20, True)  # no round was repeated


def test_of_many_a_part_is_counted_and_stands_for_all(database, monkeypatch):
    prospects = people(database, 40)
    with FakeServer() as server:
        model = model_at(monkeypatch, server)
        whole = estimate(database, ASKED, model, prospect_ids=prospects)
        monkeypatch.setattr("ranker.outreach.outreach_estimate._SAMPLE", 7)
        part = estimate(database, ASKED, model, prospect_ids=prospects)
    assert (part.people, part.calls, part.most_calls) == (whole.people, whole.calls, whole.most_calls)
    assert part.tokens_in == pytest.approx(whole.tokens_in, rel=0.02)
    assert part.usd == pytest.approx(whole.usd, rel=0.02)


def test_templates_are_free_an_unknown_price_is_unknown_and_the_held_are_not_counted(database, monkeypatch):
    prospects = people(database, 3)
    with database.write() as session:
        session.connection().execute(text("UPDATE lead SET suppressed=1 WHERE id=(SELECT min(id) FROM lead)"))
    free = estimate(database, ASKED, None, prospect_ids=prospects)
    assert (free.people, free.held, free.calls, free.usd) == (2, 1, 0, 0.0)
    with FakeServer() as server:
        model = model_at(monkeypatch, server, RANKER_PRICE_INPUT=None, RANKER_PRICE_OUTPUT=None)
        unknown = estimate(database, ASKED, model, prospect_ids=prospects)
    assert (unknown.usd, unknown.worst) == (None, None)
    assert unknown.analyses == 2

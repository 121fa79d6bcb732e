"""Writing to prospects as a durable run: each has its row from the start, nothing finished is lost or paid twice."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from ranker.errors import NoKey, UsageError
from ranker.jobs.job import drive, take
from ranker.llm.settings import load_settings
from ranker.outreach import outreach_run
from ranker.outreach.outreach_model import OutreachModel
from ranker.outreach.sequence import longest
from ranker.outreach.tone import Tone
from ranker.scoring.llm.report import cost_of, standing
from ranker.store import run_queries
from tests.llm.asking import provider
from tests.llm.fake_server import FakeServer
from tests.outreach.writers import asked_for, execute, model_at, people, rows, started, whole, written


def test_every_prospect_gets_its_messages_and_what_they_cost_is_that_of_the_run(database, monkeypatch):
    prospects = people(database)
    with FakeServer() as server:
        run_id = started(database, prospects, model_at(monkeypatch, server), who="me")
        assert {row[1] for row in rows(database, run_id)} == {"waiting"}
        assert len(server.requests) == 0
        drive(database, run_id, outreach_run.step)
        assert len(server.requests) == 2 * len(prospects)
    run = run_queries.get_run(database, run_id)
    assert (run.state, run.done, run.total, run.live) == ("done", 12, 12, {})
    found = whole(database, run_id)
    assert {one.prospect_id for one in found} == set(prospects)
    for one in found:
        assert (one.state, one.origin, one.provider[:6]) == ("complete", "model", "other:")
        assert one.model == server.model
        assert [message.step for message in one.messages] == [1, 2, 3]
        assert one.title in one.messages[0].content
        assert one.analysis is not None
        assert one.title in one.analysis.summary
        assert any(part.rests == "lead" for part in one.messages[0].basis)
        assert not one.marked
        assert one.who == "me"
    used = cost_of(database, run_id)
    assert sum(one.usage.calls for one in found) == used.calls == 24
    assert sum(one.usage.tokens_in for one in found) == used.tokens_in
    assert sum(one.usage.usd for one in found) == pytest.approx(used.spent, abs=1e-9)


def test_another_tone_pays_for_writing_only(database, monkeypatch):
    prospects = people(database, 3)
    with FakeServer() as server:
        model = model_at(monkeypatch, server)
        first = written(database, prospects, model)
        second = written(database, prospects, model, asked_for(tone=Tone(1.0, 0.5, 0.5), messages=2))
    assert cost_of(database, first.id).calls == 6
    assert cost_of(database, second.id).calls == 3
    purposes = "SELECT purpose FROM ai_call WHERE scope=:scope"
    with database.session() as session:
        asked = session.connection().execute(text(purposes), {"scope": f"run-{second.id}"}).scalars().all()
    assert asked == ["write"] * 3
    one, other = whole(database, first.id)[0], whole(database, second.id)[0]
    assert one.analysis.id == other.analysis.id
    assert (len(one.messages), len(other.messages)) == (3, 2)
    assert "I'd" in one.messages[0].content
    assert "I would" in other.messages[0].content


def test_two_clicks_are_one_run_and_another_request_is_another(database, monkeypatch):
    prospects = people(database, 2)
    with FakeServer() as server:
        model = model_at(monkeypatch, server)
        first = started(database, prospects, model)
        assert started(database, list(reversed(prospects)), model) == first
        assert started(database, prospects, model, asked_for(messages=1)) != first
    assert len(rows(database, first)) == 2


def test_without_a_model_it_is_templates_that_say_so(database):
    run = written(database, people(database, 2), None)
    assert run.counts == {
        "complete": 0, "fallback": 0, "template": 2, "failed": 0, "waiting": 0, "calls_cached": 0, "retries": 0
    }  # fmt: skip
    for one in whole(database, run.id):
        assert (one.origin, one.model, one.usage.calls) == ("template", "", 0)
        assert all(len(message.content) <= longest(message.step) for message in one.messages)
        rest = [part.rests for message in one.messages for part in message.basis]
        assert "lead" in rest
        assert "invented" not in rest


def test_who_is_on_the_do_not_contact_list_by_then_gets_nothing_and_costs_nothing(database, monkeypatch):
    prospects = people(database, 4)
    with FakeServer() as server:
        run_id = started(database, prospects, model_at(monkeypatch, server), asked_for(fallback=True))
        held, unfit = prospects[0], prospects[1]
        with database.session() as session:
            lead = dict(session.connection().execute(text("SELECT id, lead_id FROM prospect")).fetchall())
        execute(database, "UPDATE lead SET suppressed=1 WHERE id=:lead", lead=lead[held])
        execute(database, "UPDATE current_assessment SET status='not_relevant' WHERE lead_id=:lead", lead=lead[unfit])
        drive(database, run_id, outreach_run.step)
        assert len(server.requests) == 4
    found = {row[0]: row[1:] for row in rows(database, run_id)}
    assert found[held][0] == found[unfit][0] == "failed"
    assert "do-not-contact" in found[held][2]
    assert "not to be contacted" in found[unfit][2]
    assert run_queries.get_run(database, run_id).counts["failed"] == 2


def test_where_it_may_a_template_stands_in_for_a_call_that_failed_and_says_so(database, monkeypatch):
    with FakeServer(always="bad_request") as server:
        run = written(database, people(database, 2), model_at(monkeypatch, server), asked_for(fallback=True))
    assert (run.state, run.counts["fallback"]) == ("done", 2)
    for one in whole(database, run.id):
        assert (one.state, one.origin, one.model, one.analysis) == ("complete", "fallback", "", None)
        assert one.reason == "The model refused the question as invalid."
        assert len(one.messages) == 3
        assert one.usage.calls == 1


def test_a_cancelled_run_asks_nothing_further_and_keeps_what_is_there(database, monkeypatch):
    monkeypatch.setattr("ranker.scoring.llm.watch.LOOK_SECONDS", 0.02)
    prospects = people(database, 8)
    told = run_queries.tell_live
    with FakeServer(latency=0.05) as server:
        run_id = started(database, prospects, model_at(monkeypatch, server, RANKER_CONCURRENCY=1))

        def tell(database, run, live):
            if live.get("done"):
                outreach_run.cancel(database, run_id)
            return told(database, run, live)

        monkeypatch.setattr("ranker.outreach.outreach_piece.run_queries.tell_live", tell)
        drive(database, run_id, outreach_run.step)
        assert len(server.requests) < 16
    run = run_queries.get_run(database, run_id)
    assert run.state == "cancelled"
    assert 0 < run.counts["complete"] < 8
    assert run.counts["complete"] + run.counts["waiting"] == 8
    assert cost_of(database, run_id).lost == 0


def test_nothing_starts_without_a_key_without_anybody_or_without_a_text_about_us(database, monkeypatch):
    prospects = people(database, 1)
    for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(NoKey, match="templates"):
        started(database, prospects, OutreachModel(load_settings()))
    for wrong in (asked_for(context=" "), asked_for(context="x" * 2_001), asked_for(messages=11)):
        with pytest.raises(UsageError):
            started(database, prospects, None, wrong)
    with pytest.raises(UsageError, match="nobody"):
        started(database, [4711], None)
    with database.session() as session:
        assert session.connection().execute(text("SELECT count(*) FROM sequence")).scalar() == 0
    assert take(database, started(database, prospects, None), outreach_run.step)


def test_a_sequence_says_who_really_wrote_it_where_the_first_provider_is_gone(database, monkeypatch):
    prospects = people(database, 2)
    with FakeServer(always="quota") as broken, FakeServer(model="stand-in-2026") as server:
        first = model_at(monkeypatch, broken)
        both = replace(first.settings, providers=(*first.settings.providers, provider(server, model="stand-in")))
        monkeypatch.setattr("ranker.outreach.outreach_piece.load_settings", lambda: both)
        run = written(database, prospects, OutreachModel(both))
    assert run.counts["complete"] == 2
    for one in whole(database, run.id):
        assert one.model == "stand-in-2026"
        assert one.provider == f"other:127.0.0.1:{server.port}"


def test_how_a_run_stands_is_told_while_it_works(database, monkeypatch):
    monkeypatch.setattr("ranker.scoring.llm.watch.LOOK_SECONDS", 0.02)
    prospects, seen, told = people(database, 12), [], run_queries.tell_live

    def tell(database, run_id, live):
        found = told(database, run_id, live)
        seen.append(standing(database, run_queries.get_run(database, run_id)))
        return found

    monkeypatch.setattr("ranker.outreach.outreach_piece.run_queries.tell_live", tell)
    with FakeServer(latency=0.03) as server:
        written(database, prospects, model_at(monkeypatch, server, RANKER_CONCURRENCY=3))
    assert [one.share for one in seen] == sorted(one.share for one in seen)
    assert 0 < seen[-1].asked <= 12
    assert {one.task for one in seen} == {"write"}
    assert seen[-1].spending.spent > 0

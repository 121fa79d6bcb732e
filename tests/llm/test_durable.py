"""Ranking with a model as a durable run: the same verdicts as at once, nothing lost, nothing published by half."""

import json

import pytest
from sqlalchemy import text

from ranker.errors import NoKey
from ranker.ingest.merge import commit
from ranker.ingest.stage import stage_file
from ranker.jobs.job import drive, take
from ranker.llm.settings import load_settings
from ranker.personas.catalog import get_version, list_personas, seed_personas
from ranker.scoring import rank_run
from ranker.scoring.assessment import Inputs
from ranker.scoring.llm import durable, report
from ranker.scoring.llm.estimate import estimate
from ranker.scoring.llm.strategies import STRATEGIES
from ranker.scoring.llm.variants import ModelChoice
from ranker.scoring.selection import Selection
from ranker.store import run_queries
from ranker.templates.shipped import shipped_text
from ranker.templates.versions import add_version, make_live
from tests.llm.fake_answers import points
from tests.llm.fake_server import FakeServer
from tests.store.databases import KINDS, fresh

HEADER = "Name,Company,Website,Employees,Job title,Industry"
SIZES = ["1-10", "51-200", "501-1000"]
LEADS = [
    f"Lead {at:04},Company {at % 7},company{at % 7}.example,{SIZES[at % 7 % 3]},Manager of Area {at},Retail"
    for at in range(90)
] + ["Lead 0900,Company 1,company1.example,51-200,,Retail"]


@pytest.fixture(params=KINDS)
def database(request, tmp_path):
    with fresh(request.param, tmp_path) as opened:
        yield opened


@pytest.fixture
def world(database, monkeypatch, tmp_path):
    """A function that says how a fake server is asked; leads and personas are there."""
    for name in ("OPENAI_API_KEY", "RANKER_PROVIDER", "RANKER_MODEL", "RANKER_MAX_USD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("RANKER_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    seed_personas(database)
    commit(database, stage_file(database, "leads.csv", "\n".join([HEADER, *LEADS]).encode()).id)

    def choice(server, strategy="pointwise", **more):
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        for name, value in {"RANKER_PRICE_INPUT": 1, "RANKER_PRICE_OUTPUT": 2, "RANKER_TIMEOUT": 20, **more}.items():
            monkeypatch.setenv(name, str(value))
        return ModelChoice(strategy, load_settings().with_model("fake"))

    return choice


def persona(database):
    return list_personas(database)[0].live_version_id


def ranked(database, choice, selection=None):
    run_id = rank_run.start(database, selection or Selection("all"), persona(database), model=choice)
    drive(database, run_id, rank_run.step)
    return run_queries.get_run(database, run_id)


def rows(database, run_id, columns="l.title, a.status, a.score, a.rank, a.reasoning, a.flags, a.variant, a.stage"):
    with database.session() as session:
        found = session.connection().execute(
            text(
                f"SELECT {columns} FROM assessment AS a JOIN lead AS l ON l.id=a.lead_id WHERE a.run_id=:run ORDER BY 1"
            ),
            {"run": run_id},
        )
        return [tuple(row) for row in found]


def count(database, sql):
    with database.session() as session:
        return session.connection().execute(text(sql)).scalar()


@pytest.mark.parametrize("strategy", list(STRATEGIES))
def test_a_durable_run_gives_the_verdicts_of_the_engine_asked_at_once(database, world, strategy):
    with FakeServer() as server:
        choice = world(server, strategy)
        run = ranked(database, choice)
        with database.session() as session:
            engine = choice.engine(session, get_version(database, persona(database)))
            leads = session.connection().execute(
                text("SELECT title, company_name, size, domain, industry FROM lead ORDER BY id")
            ).fetchall()  # fmt: skip
        asked = len(server.requests)
        outcome = engine.judge(database, [Inputs(*lead[:4]) for lead in leads], [lead[4] for lead in leads])
    assert run.state == "done"
    assert len(server.requests) == asked  # the questions are the same to the last sign, so all answers are there
    expected = sorted(
        (lead[0], one.status, one.score, rank, one.reasoning, list(one.flags), one.variant)
        for lead, one, rank in zip(leads, outcome.ranked.assessments, outcome.ranked.ranks, strict=True)
    )
    assert [(*row[:5], json.loads(row[5]), row[6]) for row in rows(database, run.id)] == expected
    assert {row[0] for row in rows(database, run.id, "a.stage")} == {"ranked", "judged", "read"}
    assert count(database, "SELECT count(*) FROM current_assessment") == len(LEADS)


def test_what_it_cost_is_in_the_ledger_under_the_run(database, world):
    with FakeServer() as server:
        run = ranked(database, world(server))
    used = report.cost_of(database, run.id)
    assert (used.calls, used.ok, used.lost, used.unknown) == (90, 90, 0, 0)
    assert used.spent == pytest.approx((used.tokens_in * 1 + used.tokens_out * 2) / 1e6, abs=1e-12)
    assert run.counts["calls_cached"] == 0
    assert run.live == {}


def test_the_estimate_counts_the_calls_that_are_made(database, world):
    with FakeServer() as server:
        choice = world(server)
        before = estimate(database, Selection("all"), persona(database), choice)
        assert not server.requests
        ranked(database, choice)
        assert len(server.requests) == before.plan.calls == before.asked == 90
    assert (before.leads, before.free, before.alike) == (91, 1, 0)
    assert not before.measured
    assert estimate(database, Selection("all"), persona(database), choice).measured


def test_the_same_ranking_again_asks_nothing(database, world):
    with FakeServer() as server:
        choice = world(server, "two-phase")
        first = ranked(database, choice)
        asked = len(server.requests)
        second = ranked(database, choice)
        assert len(server.requests) == asked
    assert second.id != first.id
    assert second.counts["calls_cached"] == asked
    assert report.cost_of(database, second.id).calls == 0
    assert rows(database, second.id) == rows(database, first.id)


def test_failed_leads_are_their_own_state_and_only_they_are_asked_again(database, world):
    with FakeServer() as server:
        choice = world(server)
        server.faults, server.share = ("refusal",), 0.75
        first = ranked(database, choice)
        failed = report.failures(database, first.id)
        server.share = 0.0
        asked = len(server.requests)
        lost = sum(one.leads for one in failed)
        again = ranked(database, choice, Selection("failed", (first.id,)))
        assert len(server.requests) - asked == lost > 0
    assert first.state == again.state == "done"
    assert [one.reason for one in failed] == ["refused"]
    assert failed[0].words == "The model declined to answer."
    bad = [row for row in rows(database, first.id) if "call_failed" in row[5]]
    assert {(row[1], row[2], row[3]) for row in bad} == {("not_judged", None, None)}
    assert len(bad) == lost
    assert not report.failures(database, again.id)
    companies = count(database, f"SELECT count(DISTINCT company_id) FROM assessment WHERE run_id={again.id}")
    assert companies <= 7
    assert report.cost_of(database, again.id).calls == lost
    titles = {row[0]: row for row in rows(database, again.id)}
    for title, row in titles.items():
        if title:
            assert row[1] == ("ranked" if points(title) >= 6 else "not_relevant")


def test_a_limit_that_is_reached_fails_the_run_and_it_can_be_gone_on_with(database, world):
    with FakeServer() as server:
        probe = ranked(database, world(server), Selection("companies", (1,)))
        each = report.cost_of(database, probe.id).spent / 13
        choice = world(server, RANKER_MAX_USD=round(each * 30, 6))
        run = ranked(database, choice)
        assert run.state == "failed"
        assert "limit" in run.error
        assert report.cost_of(database, run.id).spent <= choice.settings.max_usd
        assert count(database, f"SELECT count(*) FROM current_assessment WHERE run_id={run.id}") == 0
        stages = [row[0] for row in rows(database, run.id, "a.stage")]
        assert len(stages) == len(LEADS)
        assert stages.count("waiting") > 0
        asked = len(server.requests)
        again = ranked(database, world(server, RANKER_MAX_USD=5), Selection("failed", (run.id,)))
        assert again.state == "done"
        assert len(server.requests) - asked <= stages.count("waiting")
    assert count(database, f"SELECT count(*) FROM current_assessment WHERE run_id={again.id}") == len(LEADS)
    assert "waiting" not in {row[0] for row in rows(database, again.id, "a.stage")}


def test_used_up_credit_is_one_attempt_and_a_clear_stop(database, world):
    with FakeServer(always="quota") as server:
        run = ranked(database, world(server))
        assert len(server.requests) == 1
    assert run.state == "failed"
    assert "credit is used up" in run.error


def test_leads_that_could_not_be_scored_again_when_it_stopped_wait_for_it(database, world):
    with FakeServer(script=["ok"] * 8, always="quota") as server:
        run = ranked(database, world(server, "cascade", RANKER_CONCURRENCY=1, RANKER_TIMEOUT=20))
        assert run.state == "failed"
        assert not any("rescore_failed" in flags for (flags,) in rows(database, run.id, "a.flags"))
        waiting = {title for title, stage in rows(database, run.id, "l.title, a.stage") if stage == "waiting"}
        assert 0 < len(waiting) < len(LEADS)
        server.always, asked = "", len(server.requests)
        again = ranked(database, world(server, "cascade", RANKER_TIMEOUT=20), Selection("failed", (run.id,)))
        assert again.state == "done"
        told = "".join(request["body"]["messages"][1]["content"] for request in server.requests[asked:])
    assert waiting == {line.split('"title": "')[1][:-2] for line in told.splitlines() if line.startswith('{"id"')}
    found = rows(database, again.id, "l.title, a.status, a.flags")
    assert len(found) == len(LEADS)
    for title, status, flags in found:
        if title:
            assert status == ("ranked" if points(title) >= 6 else "not_relevant")
            assert "rescore_failed" not in flags


def test_without_a_key_nothing_starts(database, world, monkeypatch):
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    with pytest.raises(NoKey):
        rank_run.start(database, Selection("all"), persona(database), model=ModelChoice("pointwise", load_settings()))
    assert count(database, "SELECT count(*) FROM run") == 0


def test_a_cancelled_run_asks_nothing_further_and_changes_no_rank(database, world, monkeypatch):
    monkeypatch.setattr("ranker.scoring.llm.watch.LOOK_SECONDS", 0.02)
    with FakeServer(latency=0.1) as server:
        choice = world(server, RANKER_CONCURRENCY=2)
        run_id = rank_run.start(database, Selection("all"), persona(database), model=choice)
        assert take(database, run_id, rank_run.step)
        told = run_queries.tell_live

        def tell(database, run, live):
            if live:
                rank_run.cancel(database, run_id)
            return told(database, run, live)

        monkeypatch.setattr("ranker.scoring.llm.durable.run_queries.tell_live", tell)
        take(database, run_id, rank_run.step)
        assert len(server.requests) < 20
    assert run_queries.get_run(database, run_id).state == "cancelled"
    assert {row[0] for row in rows(database, run_id, "a.stage")} == {"waiting"}
    assert report.cost_of(database, run_id).lost == 0  # what was under way came to its end
    assert count(database, "SELECT count(*) FROM current_assessment") == 0


def test_whole_companies_are_kept_piece_by_piece(database, world, monkeypatch):
    monkeypatch.setitem(durable.PIECE, "pointwise", 20)
    with FakeServer() as server:
        choice = world(server)
        run_id = rank_run.start(database, Selection("all"), persona(database), model=choice)
        seen, waiting = [], "CASE WHEN stage='waiting' THEN 1 ELSE 0 END"
        while take(database, run_id, rank_run.step):
            with database.session() as session:
                seen.append(
                    session.connection()
                    .execute(text(f"SELECT company_id, count(DISTINCT {waiting}) FROM assessment GROUP BY 1"))
                    .fetchall()
                )
        assert len(server.requests) == 90
    assert all(kinds == 1 for piece in seen for _, kinds in piece)
    assert len(seen) >= 7
    assert run_queries.get_run(database, run_id).done == len(LEADS)


def test_how_a_run_stands_is_told_while_it_runs(database, world, monkeypatch):
    monkeypatch.setattr("ranker.scoring.llm.watch.LOOK_SECONDS", 0.02)
    standings = []
    told = run_queries.tell_live

    def tell(database, run_id, live):
        found = told(database, run_id, live)
        if live:
            standings.append(report.standing(database, run_queries.get_run(database, run_id)))
        return found

    monkeypatch.setattr("ranker.scoring.llm.durable.run_queries.tell_live", tell)
    with FakeServer(latency=0.05) as server:
        ranked(database, world(server, RANKER_CONCURRENCY=4, RANKER_RPM=1200))
    assert [one.share for one in standings] == sorted(one.share for one in standings)
    assert standings[-1].spending.spent > 0
    assert any("the limit of requests a minute" in one.waiting for one in standings)
    assert all(one.total == len(LEADS) for one in standings)


def test_a_run_is_asked_by_the_prompts_that_were_in_use_when_it_was_started(database, world):
    with FakeServer() as server:
        choice = world(server)
        run_id = rank_run.start(database, Selection("companies", (1,)), persona(database), model=choice)
        mine = add_version(database, "pointwise", f"Be brief.\n{shipped_text('pointwise')}")
        make_live(database, mine.id)
        drive(database, run_id, rank_run.step)
        before = len(server.requests)
        ranked(database, choice, Selection("companies", (1,)))
    systems = [request["body"]["messages"][0]["content"].startswith("Be brief.") for request in server.requests]
    assert systems == [False] * before + [True] * before

"""Every strategy on a server of our own: counts add up, failures are no verdicts, order says nothing."""

import random

import pytest

from ranker.personas.reader import read_persona
from ranker.personas.version import persona_hash
from ranker.scoring.assessment import Inputs
from ranker.scoring.llm.engine import ModelEngine
from ranker.scoring.llm.strategies import STRATEGIES
from ranker.scoring.llm.templates import shown
from ranker.scoring.rules import RulesEngine
from ranker.titles import TitleReader
from tests.llm.asking import settings
from tests.llm.attacks import ATTACKS
from tests.llm.fake_answers import points
from tests.llm.fake_server import FakeServer

PERSONA = """# Who buys

## Whom to contact

### Small firms (1-50 employees)

- Founder: 5/5
- Head of Sales: 4/5

### Large firms (51+ employees)

- VP of Sales: 5/5

## Never contact

- Interns

Contact only people who score 60 or more out of 100.
"""
READER = TitleReader()
COMPANIES = [("Alpha", "10"), ("Beta", "500"), ("Gamma", "")]


def engine(server, strategy, **more):
    spec = read_persona(PERSONA)
    rules = RulesEngine(spec, persona_hash(PERSONA), READER)
    return ModelEngine(rules, PERSONA, persona_hash(PERSONA), strategy, settings(server, **more))


def made(count=120):
    leads = [Inputs(f"Manager of Area {at}", *COMPANIES[at % 3]) for at in range(count)]
    return [*leads, Inputs("", "Alpha", "10"), Inputs("Founder", "", "10"), *leads[:1]]


def alike(count):
    return [Inputs(f"Manager of Area {at}", "Alpha", "10") for at in range(count)]


def judge(server, database, strategy, leads=None, **more):
    leads = made() if leads is None else leads
    built = engine(server, strategy, **more)
    return leads, built.judge(database, leads, [""] * len(leads), pause=0.01, cool=0.05)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_every_lead_gets_what_the_judge_said(database, strategy):
    with FakeServer() as server:
        leads, outcome = judge(server, database, strategy)
    for lead, found in zip(leads, outcome.ranked.assessments, strict=True):
        if not lead.title or not lead.company:
            assert found.status == ("not_judged" if not lead.title else "rejected")
            continue
        assert found.status == ("ranked" if points(lead.title) >= 6 else "not_relevant")
        if found.status == "ranked":
            assert found.score == points(lead.title) * 10
    assert outcome.ranked.counts()["leads"] == len(leads)
    assert outcome.stopped is None
    assert not outcome.failed


def test_pointwise_makes_one_call_for_each_different_lead(database):
    with FakeServer() as server:
        judge(server, database, "pointwise")
    assert len(server.requests) == 120


def test_two_phase_qualifies_in_batches_of_50_and_ranks_company_by_company(database):
    with FakeServer() as server:
        judge(server, database, "two-phase")
    told = [request["body"]["messages"][1]["content"] for request in server.requests]
    qualify = [text for text in told if "<companies>" in text]
    rank = [text for text in told if "<companies>" not in text]
    # 40 leads for each of three parts of the persona: small, large, size not known
    assert [text.count('{"id"') for text in qualify] == [40, 40, 40]
    assert len(rank) == 3
    relevant = sum(points(f"Manager of Area {at}") >= 6 for at in range(120))
    assert sum(text.count('{"id"') for text in rank) == relevant


def test_equal_scores_share_a_place_and_code_gives_it(database):
    with FakeServer() as server:
        _, outcome = judge(server, database, "two-phase")
    for key in set(outcome.ranked.companies) - {""}:
        rows = [
            (one.score, rank)
            for one, rank, company in zip(
                outcome.ranked.assessments, outcome.ranked.ranks, outcome.ranked.companies, strict=True
            )
            if company == key and rank is not None
        ]
        assert rows
        assert all(rank == 1 + sum(other > score for other, _ in rows) for score, rank in rows)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_shuffled_leads_get_the_same_verdicts_without_a_new_call(database, strategy):
    leads = made()
    order = list(range(len(leads)))
    random.Random(1).shuffle(order)
    with FakeServer() as server:
        _, first = judge(server, database, strategy, leads)
        calls = len(server.requests)
        _, second = judge(server, database, strategy, [leads[at] for at in order])
    assert len(server.requests) == calls
    assert second.ranked.assessments == tuple(first.ranked.assessments[at] for at in order)
    assert second.ranked.ranks == tuple(first.ranked.ranks[at] for at in order)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_with_a_fifth_of_answers_broken_every_lead_is_judged_right_or_visibly_not(database, strategy):
    with FakeServer(share=0.2, seed=3) as server:
        many = [Inputs(f"Manager of Area {at}", f"Company {at % 40}", "10") for at in range(200)]
        leads, outcome = judge(server, database, strategy, [*many, *made(0)], timeout=1.0)
    broken = sum(count for fault, count in server.met.items() if fault != "ok")
    assert broken > 5
    judged = failed = 0
    for lead, found in zip(leads, outcome.ranked.assessments, strict=True):
        if not lead.title or not lead.company:
            continue
        if found.qualified is None:
            failed += 1
            assert found.status == "not_judged"
            assert "call_failed" in found.flags
            assert found.reasoning.startswith("Not judged: The model ")
        else:
            judged += 1
            assert found.qualified == (points(lead.title) >= 6)  # no broken answer became a verdict
    assert judged / (judged + failed) >= 0.995
    assert sum(outcome.failed.values()) == failed
    counts = outcome.ranked.counts()
    assert sum(counts[name] for name in ("ranked", "not_relevant", "not_judged", "rejected")) == len(leads)
    assert outcome.spending.calls == len(server.requests)
    assert sum(count for _, count in outcome.spending.by_outcome) == outcome.spending.calls
    assert outcome.spending.lost == 0


@pytest.mark.parametrize("fault", ["missing_id", "doubled_id", "out_of_range", "invented_id"])
def test_one_bad_row_never_has_its_batch_asked_again(database, fault):
    with FakeServer(script=[fault]) as server:
        leads, outcome = judge(
            server, database, "two-phase", [Inputs(f"Manager of Area {n}", "Alpha", "10") for n in range(30)]
        )
    sizes = [
        request["body"]["messages"][1]["content"].count('{"id"')
        for request in server.requests
        if "<companies>" in request["body"]["messages"][1]["content"]
    ]
    assert sizes == ([30] if fault == "invented_id" else [30, 1])
    assert [one.qualified for one in outcome.ranked.assessments] == [points(lead.title) >= 6 for lead in leads]


def test_a_batch_that_gets_no_answer_is_halved_until_only_the_cause_is_left(database):
    class Picky(FakeServer):
        def _fault(self, body):
            return "filtered" if '"Manager of Area 13"' in body["messages"][1]["content"] else "ok"

    with Picky() as server:
        leads, outcome = judge(
            server, database, "two-phase", [Inputs(f"Manager of Area {n}", "Alpha", "10") for n in range(16)]
        )
    lost = [lead.title for lead, one in zip(leads, outcome.ranked.assessments, strict=True) if one.qualified is None]
    assert lost == ["Manager of Area 13"]
    assert outcome.failed == {"filtered": 1}


def test_when_the_account_runs_dry_the_rest_is_not_judged_and_says_why(database):
    with FakeServer(script=["ok"] * 5, always="quota") as server:
        _, outcome = judge(server, database, "pointwise", concurrency=1)
    statuses = [one.status for one in outcome.ranked.assessments if "call_failed" in one.flags]
    assert len(statuses) == 115 + (1 if "call_failed" in outcome.ranked.assessments[-1].flags else 0)
    assert set(statuses) == {"not_judged"}
    assert len(server.requests) == 6
    assert "credit is used up" in outcome.stopped.message


def test_ranking_again_asks_only_for_what_failed(database):
    with FakeServer(script=["ok"] * 100, always="bad_request") as server:
        _, first = judge(server, database, "pointwise")
        failed = len(server.requests) - 100
        server.always, asked = "", len(server.requests)
        _, second = judge(server, database, "pointwise")
    assert failed == 20
    assert len(server.requests) - asked == 20
    assert first.failed
    assert not second.failed


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_among_titles_that_attack_every_other_lead_is_judged_as_ever(database, strategy):
    calm = alike(25)
    hostile = [Inputs(attack, "Alpha", "10") for attack in ATTACKS]
    with FakeServer() as server:
        _, outcome = judge(server, database, strategy, [*calm, *hostile], timeout=20)
    found = outcome.ranked.assessments
    assert [one.qualified for one in found[:25]] == [points(lead.title) >= 6 for lead in calm]
    for lead, one in zip(hostile, found[25:], strict=True):
        if one.qualified is not None and "gated" not in one.flags:
            assert one.qualified == (points(shown(lead.title, 300)) >= 6)
    assert not outcome.failed


def test_a_contradiction_is_no_yes_and_is_to_be_looked_at(database):
    class Torn(FakeServer):
        def _completion(self, body, said, fault, into):
            answer = super()._completion(body, said, fault, into)
            content = answer["choices"][0]["message"]["content"]
            answer["choices"][0]["message"]["content"] = content.replace('"relevant": false', '"relevant": true')
            return answer

    with Torn() as server:
        leads, outcome = judge(server, database, "pointwise", made(30)[:30])
    for lead, one in zip(leads, outcome.ranked.assessments, strict=True):
        low = points(lead.title) < 6
        assert one.qualified == (not low)
        assert ("contradiction" in one.flags) == low
        assert not low or (one.needs_review and one.score < 60)

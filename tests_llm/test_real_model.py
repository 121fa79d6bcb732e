"""Every strategy against a real model on this computer: whatever it says, each lead has a verdict or a reason."""

import csv
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from ranker.commands import load_engine
from ranker.errors import CallFailed
from ranker.llm.prices import Price
from ranker.llm.providers import LADDER, PRESETS
from ranker.llm.question import Answer, Question
from ranker.llm.settings import Provider, Secret, Settings
from ranker.personas.version import persona_hash
from ranker.scoring.assessment import Inputs
from ranker.scoring.llm.engine import ModelEngine
from ranker.scoring.llm.strategies import STRATEGIES
from tests.llm.asking import ask

ROOT = Path(__file__).parents[1]
PERSONA = ROOT / "prompts/personas/outbound-sales.md"
COMPANIES = ("Skylatch", "Tidepool Commerce")
PRICE = Price(1.0, 0.5, 2.0)
LONGEST = 1_500.0
"""Seconds for a strategy; a hundred on a computer with nothing else to do."""


def leads(count):
    """Leads of our own sample, half of them of each company, with their industries."""
    with (ROOT / "eval/sample/leads.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    chosen = [row for name in COMPANIES for row in [r for r in rows if r["account_name"] == name][: count // 2]]
    names = ("lead_job_title", "account_name", "account_employee_range", "account_domain")
    return [Inputs(*(row[name] for name in names)) for row in chosen], [row["account_industry"] for row in chosen]


def settings(address, rung="json_schema"):
    preset = replace(PRESETS["other"], first_rung=rung)
    provider = Provider(preset, address, Secret(""), "smollm2", own_price=PRICE)
    return Settings((provider,), concurrency=2, timeout=600)


def judged(address, database, strategy, count):
    """What a strategy makes of so many leads, and the seconds it took."""
    persona = PERSONA.read_text(encoding="utf-8")
    engine = ModelEngine(load_engine(str(PERSONA)), persona, persona_hash(persona), strategy, settings(address))
    inputs, industries = leads(count)
    began = time.monotonic()
    outcome = engine.judge(database, inputs, industries, lambda _: time.monotonic() < began + LONGEST, pause=0.05)
    assert len(outcome.ranked.assessments) == len(inputs) == count
    return outcome, time.monotonic() - began


def check_leads(outcome):
    """Every lead has a verdict of the right form, or says which call failed and why."""
    for one, rank in zip(outcome.ranked.assessments, outcome.ranked.ranks, strict=True):
        assert one.reasoning
        if one.status == "not_judged":
            assert one.qualified is None
            assert rank is None
            assert "call_failed" in one.flags
            assert sum(flag.startswith("call_") for flag in one.flags) == 2
            assert one.reasoning.startswith("Not judged: The model ")
            continue
        assert one.qualified == (one.status == "ranked") == (rank is not None)
        assert one.score is None or 0 <= one.score <= 100
        assert 0 <= one.confidence <= 1
    assert sum(outcome.failed.values()) == sum(one.status == "not_judged" for one in outcome.ranked.assessments)


def check_ledger(database, outcome):
    """Every call has ended, with tokens and its cost, and the sums are those that are told."""
    with database.session() as session:
        rows = session.connection().execute(
            text("SELECT outcome, tokens_in, tokens_cached, tokens_out, cost_usd, reserved_usd FROM ai_call")
        ).fetchall()  # fmt: skip
    used = outcome.spending
    assert dict(used.by_outcome) == Counter(row.outcome for row in rows)
    assert "open" not in dict(used.by_outcome)
    answered = [row for row in rows if row.outcome != "timeout"]
    for row in answered:
        assert row.tokens_cached < row.tokens_in
        assert row.cost_usd == pytest.approx(PRICE.cost(row.tokens_in, row.tokens_cached, row.tokens_out), rel=1e-12)
        assert row.cost_usd <= row.reserved_usd
    assert used.spent == pytest.approx(
        sum(row.reserved_usd if row.cost_usd is None else row.cost_usd for row in rows), rel=1e-9
    )
    assert (used.calls, used.tokens_out) == (len(rows), sum(row.tokens_out or 0 for row in rows))


def told(strategy, outcome, seconds):
    """A line of figures."""
    used, answers = outcome.spending, outcome.answers
    done = sum(one.status != "not_judged" for one in outcome.ranked.assessments)
    odd = {name: getattr(answers, name) for name in ("missing", "doubled", "invented", "refused")}
    return (
        f"{strategy}: {done} of {len(outcome.ranked.assessments)} judged, failed {outcome.failed or 0}; {used.calls} "
        f"calls {dict(used.by_outcome)}, {used.tokens_in:,} tokens in ({used.tokens_cached:,} cached), "
        f"{used.tokens_out:,} out; rows {odd}; {seconds:.0f} s"
    )


@pytest.mark.parametrize("strategy", list(STRATEGIES))
def test_a_strategy_gives_40_leads_a_verdict_or_a_reason(address, database, figures, strategy):
    outcome, seconds = judged(address, database, strategy, 40)
    figures.append(told(strategy, outcome, seconds))
    assert outcome.stopped is None
    check_leads(outcome)
    check_ledger(database, outcome)
    assert sum(one.status != "not_judged" for one in outcome.ranked.assessments) >= 30
    if not outcome.failed:
        again, _ = judged(address, database, strategy, 40)
        assert (again.spending, again.ranked) == (outcome.spending, outcome.ranked)  # all answers are there


@pytest.mark.parametrize("rung", LADDER)
def test_every_way_to_ask_for_json_is_understood_and_ends(address, database, figures, rung):
    schema = {
        "type": "object", "properties": {"leads": {"type": "array", "maxItems": 0}}, "required": ["leads"],
        "additionalProperties": False,
    }  # fmt: skip
    asked = Question("qualify", "You answer in JSON.", 'Answer with {"leads": []} and nothing else.', "x", schema, 20)
    (answer,), _, spending = ask(database, settings(address, rung), asked)
    kinds = dict(spending.by_outcome)
    figures.append(f"{rung}: {kinds}, {spending.tokens_in:,} tokens in, {spending.tokens_out:,} out")
    assert isinstance(answer, Answer if rung == "json_schema" else Answer | CallFailed)
    assert not kinds.keys() & {"unsupported", "request", "server", "network", "open"}


def test_a_question_that_is_too_long_is_known_as_that_and_asked_once(address, database):
    long = Question("qualify", "Judge. " * 9_000, "Now.", "verdicts", {"type": "object"}, 20)
    (answer,), _, spending = ask(database, settings(address), long)
    assert isinstance(answer, CallFailed)
    assert (answer.reason, spending.calls, spending.spent) == ("too_long", 1, 0.0)


def test_a_schema_that_the_server_does_not_know_is_left_out(address, database):
    odd = {"type": "object", "properties": {"leads": {"type": "a kind of its own"}}}
    asked = Question("qualify", 'Answer with {"leads": []} and nothing else.', "Now.", "verdicts", odd, 40)
    (answer,), _, spending = ask(database, settings(address), asked)
    assert isinstance(answer, Answer | CallFailed)
    assert dict(spending.by_outcome)["unsupported"] == 1
    assert spending.calls > 1

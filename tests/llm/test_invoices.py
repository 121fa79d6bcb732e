"""Invoices worked out by hand, against what the ledger keeps of an answer that a server on loopback gave."""

import random
from dataclasses import dataclass, replace
from typing import Any

import pytest
from genai_prices import Usage, calc_price
from genai_prices.data_snapshot import get_snapshot
from sqlalchemy import text

from ranker.errors import LlmSetup, PriceUnknown
from ranker.llm.prices import Price, price_of
from ranker.llm.question import Answer
from ranker.llm.settings import load_settings
from tests.llm.asking import ask, question, settings
from tests.llm.fake_server import FakeServer


def used(into, out, cached=None, written=None, **more) -> dict[str, Any]:
    """A usage as OpenAI words it."""
    details = {"cached_tokens": cached, "cache_write_tokens": written}
    kept = {name: value for name, value in details.items() if value is not None}
    return {"prompt_tokens": into, "completion_tokens": out, "total_tokens": into + out} | (
        {"prompt_tokens_details": kept} if kept else {}
    ) | more  # fmt: skip


DEEPSEEK = Price(0.15, 0.003, 0.6)  # its prices change with the hour: the user said what it costs
INVOICES = {
    # 2,105 × 0.25 + 10,240 × 0.025 + 678 × 2 = 526.25 + 256 + 1,356 = 2,138.25 millionths
    "cached": ("openai", "gpt-5-mini", used(12_345, 678, 10_240), "default", 0.00213825),
    # half of each: 2,105 × 0.125 + 10,240 × 0.0125 + 678 × 1 = 263.125 + 128 + 678
    "flex": ("openai", "gpt-5-mini", used(12_345, 678, 10_240), "flex", 0.001069125),
    # 2,105 × 0.45 + 10,240 × 0.045 + 678 × 3.6 = 947.25 + 460.8 + 2,440.8
    "priority": ("openai", "gpt-5-mini", used(12_345, 678, 10_240), "priority", 0.00384885),
    # 10,000 × 0.025 + 1,000 × 0.2 = 250 + 200
    "batch": ("openai", "gpt-5-nano", used(10_000, 1_000), "batch", 0.00045),
    # a dated name: 1,000 × 0.25 + 100 × 2
    "dated": ("openai", "gpt-5-mini-2025-08-07", used(1_000, 100), "", 0.00045),
    # 976 × 0.15 + 1,024 × 0.075 + 300 × 0.6 = 146.4 + 76.8 + 180
    "half for cached": ("openai", "gpt-4o-mini", used(2_000, 300, 1_024), "default", 0.0004032),
    # writing costs a quarter more: 904 × 0.2 + 4,096 × 0.25 + 300 × 1.2 = 180.8 + 1,024 + 360
    "written": ("openai", "gpt-5.6-luna", used(5_000, 300, 0, 4_096), "default", 0.0015648),
    # and reading it again a tenth: 904 × 0.2 + 4,096 × 0.02 + 300 × 1.2 = 180.8 + 81.92 + 360
    "read again": ("openai", "gpt-5.6-luna", used(5_000, 300, 4_096, 0), "default", 0.00062272),
    # written at half: 904 × 0.1 + 4,096 × 0.125 + 300 × 0.6 = 90.4 + 512 + 180
    "written, flex": ("openai", "gpt-5.6-luna", used(5_000, 300, 0, 4_096), "flex", 0.0007824),
    # past 272,000 tokens all of it is dearer: 300,000 × 0.4 + 1,000 × 1.8 = 120,000 + 1,800
    "long": ("openai", "gpt-5.6-luna", used(300_000, 1_000), "default", 0.1218),
    # 1,000 × 0.59 + 1,000 × 0.79
    "groq": ("groq", "llama-3.3-70b-versatile", used(1_000, 1_000, total_time=0.7), "on_demand", 0.00138),
    # 952 × 0.15 + 2,048 × 0.075 + 200 × 0.6 = 142.8 + 153.6 + 120
    "groq cached": ("groq", "openai/gpt-oss-120b", used(3_000, 200, 2_048), "", 0.0004164),
    # 400 tokens of thinking are in the total alone: 1,000 × 0.3 + 500 × 2.5 = 300 + 1,250
    "thinking": ("gemini", "gemini-2.5-flash", used(1_000, 100) | {"total_tokens": 1_500}, "", 0.00155),
    # 464 × 0.15 + 1,536 × 0.003 + 100 × 0.6 = 69.6 + 4.608 + 60
    "deepseek": (
        "deepseek", "deepseek-flash", used(2_000, 100, prompt_cache_hit_tokens=1_536, prompt_cache_miss_tokens=464),
        "", 0.000134208,
    ),
    # no cost told: 976 × 1 + 1,024 × 0.1 + 4,000 × 1.25 + 250 × 5 = 976 + 102.4 + 5,000 + 1,250
    "router, written": ("openrouter", "anthropic/claude-haiku-4.5", used(6_000, 250, 1_024, 4_000), "", 0.0073284),
    # what it charged is what it cost
    "router": ("openrouter", "anthropic/claude-haiku-4.5", used(6_000, 250, 1_024, 4_000, cost=0.0069), "", 0.0069),
    # a key of one's own behind the router: its fee, and what the provider behind takes
    "router, own key": (
        "openrouter", "openai/gpt-5-mini",
        used(1_000, 100, cost=0.0000225, is_byok=True, cost_details={"upstream_inference_cost": 0.00045}), "",
        0.0004725,
    ),
    # pre-paid capacity has no price for a token
    "scale": ("openai", "gpt-5-mini", used(1_000, 100), "scale", None),
}  # fmt: skip


@dataclass
class Billing(FakeServer):
    """A fake server that counts as it is told, and tells the tier that it served."""

    usage: Any = None
    tier: str = ""

    def _completion(self, *about):
        return super()._completion(*about) | {"usage": self.usage} | ({"service_tier": self.tier} if self.tier else {})


def asked(server, preset, model, tier="default", **more):
    """Settings that ask such a provider at the fake server."""
    price = DEEPSEEK if preset == "deepseek" else None
    set_up = settings(server, preset=preset, model=model, price=price, timeout=5, **more)
    return replace(set_up, providers=(replace(set_up.providers[0], tier=tier),))


def rows(database):
    with database.session() as session:
        said = "cost_usd, tokens_in, tokens_cached, tokens_written, tokens_out, tier, reserved_usd"
        return session.connection().execute(text(f"SELECT {said} FROM ai_call ORDER BY id")).fetchall()


def test_every_row_of_the_ledger_and_their_sum_are_those_of_an_invoice_worked_out_by_hand(database):
    for number, (preset, model, usage, tier, _) in enumerate(INVOICES.values()):
        with Billing(usage=usage, tier=tier) as server:
            *_, spending = ask(database, asked(server, preset, model), question(number))
    kept = rows(database)
    costs = [row.cost_usd for row in kept]
    assert dict(zip(INVOICES, costs, strict=True)) == {
        name: None if dollars is None else pytest.approx(dollars, abs=1e-9, rel=0)
        for name, (*_, dollars) in INVOICES.items()
    }
    # the 17 dollars above added up, and the unknown one with all that was reserved for it
    known, unknown = 0.151310853, kept[-1].reserved_usd
    assert spending.spent == pytest.approx(known + unknown, abs=1e-9, rel=0)
    assert (spending.unknown, spending.calls, spending.ok) == (1, len(INVOICES), len(INVOICES))
    assert spending.tokens_written == 4_096 + 4_096 + 4_000 + 4_000
    assert [row.tier for row in kept] == [tier for *_, tier, _ in INVOICES.values()]
    assert {row.tokens_out for row in kept if row.tokens_in == 1_000} == {100, 500, 1_000}


def test_a_price_that_is_not_known_is_none_and_no_name_is_guessed_at():
    assert price_of("openai", "gpt-5-maxi") is None
    assert price_of("openai", "gpt-5-nano-of-our-own") is None  # the list takes any name that begins so
    assert price_of("groq", "gpt-5-mini") is None  # another provider's model
    assert price_of("deepseek", "deepseek-flash") is None  # by the hour, and not at weekends
    assert price_of("other", "gpt-5-mini") is None
    assert price_of("openai", "gpt-4o-mini", "flex") is None  # not offered


def test_our_sums_are_those_of_the_list_for_every_model_and_tier():
    rng, seen = random.Random(7), 0
    for ours, theirs in (("openai", "openai"), ("openrouter", "openrouter"), ("groq", "groq"), ("gemini", "google")):
        for model in next(one.models for one in get_snapshot().providers if one.id == theirs):
            for tier, context in (("", None), ("flex", {"service_tier": "flex"}), ("batch", {"processing": "batch"})):
                price = price_of(ours, model.id, tier)
                if price is None:
                    continue
                into, out = rng.choice([rng.randrange(2_000), rng.randrange(500_000)]), rng.randrange(5_000)
                cached = rng.randrange(into + 1)
                written = rng.randrange(into - cached + 1)
                counted = Usage(
                    input_tokens=into, cache_read_tokens=cached, cache_write_tokens=written, output_tokens=out
                )
                listed = calc_price(counted, model.id, provider_id=theirs, price_context=context)
                assert price.cost(into, cached, out, written) == pytest.approx(float(listed.total_price), rel=1e-12)
                assert price.cost(into, cached, out, written) <= price.worst(into, out) * (1 + 1e-12)
                seen += 1
    assert seen > 900


def test_the_tier_is_asked_for_and_what_was_served_is_paid_for(database):
    with Billing(usage=used(12_345, 678, 10_240), tier="default") as server:
        ask(database, asked(server, "openai", "gpt-5-mini", "priority"), question())
    assert server.requests[0]["body"]["service_tier"] == "priority"
    assert [(row.tier, row.cost_usd) for row in rows(database)] == [("default", pytest.approx(0.00213825))]
    with Billing(usage=used(1, 1)) as server:
        ask(database, asked(server, "groq", "llama-3.3-70b-versatile"), question(1))
    assert "service_tier" not in server.requests[0]["body"]


def test_openai_is_asked_for_the_plain_tier_so_that_no_project_setting_passes_the_limit(database):
    with Billing(usage=used(1, 1)) as server:
        ask(database, asked(server, "openai", "gpt-5-mini", max_usd=1.0), question())
    assert server.requests[0]["body"]["service_tier"] == "default"


def test_what_is_reserved_covers_a_cache_that_is_written_and_a_tier_that_is_not_served(database):
    one = question()
    with Billing(usage=used(1, 1)) as server:
        ask(database, asked(server, "openai", "gpt-5.6-luna", "flex"), one)
    # the plain tier, all of it written: 0.25 and 1.2; a model that thinks may write 1,000 and twice its answer
    limit = server.requests[0]["body"]["max_completion_tokens"]
    assert rows(database)[0].reserved_usd == pytest.approx((one.worst_input() * 0.25 + limit * 1.2) / 1e6, rel=1e-12)


def test_flex_waits_until_there_is_room_and_that_costs_nothing(database):
    with Billing(usage=used(1_000, 100), tier="flex", script=["no_room", "no_room"]) as server:
        answers, client, spending = ask(database, asked(server, "openai", "gpt-5-mini", "flex"), question())
    assert isinstance(answers[0], Answer)
    assert dict(spending.by_outcome) == {"busy": 2, "ok": 1}
    assert spending.spent == pytest.approx(0.000225)  # 1,000 × 0.125 + 100 × 1
    assert not client.failures


def test_a_tier_that_a_model_does_not_have_is_said_once_and_not_paid_for_in_full(database):
    with Billing(usage=used(1, 1), always="no_tier") as server:
        answers, *_ = ask(database, asked(server, "openai", "gpt-5-mini", "flex"), question())
    assert "not offered at the service tier" in str(answers[0])
    assert len(server.requests) == 1
    with Billing(usage=used(1, 1)) as server, pytest.raises(PriceUnknown):
        ask(database, asked(server, "openai", "gpt-4o-mini", "flex", max_usd=1.0), question(1))


def test_under_a_limit_a_router_is_told_the_price_that_it_may_charge(database):
    with Billing(usage=used(1, 1)) as server:
        ask(database, asked(server, "openrouter", "openai/gpt-5-mini", max_usd=1.0), question())
        ask(database, asked(server, "openrouter", "openai/gpt-5-mini"), question(1))
    first, second = (one["body"] for one in server.requests)
    assert first["provider"] == {"max_price": {"prompt": 0.25, "completion": 2.0}}
    assert "provider" not in second


def test_the_tier_is_a_setting_and_flex_is_given_time():
    found = load_settings({"OPENAI_API_KEY": "x", "RANKER_SERVICE_TIER": "flex"})
    assert (found.providers[0].asked_tier, found.timeout) == ("flex", 900)
    assert load_settings({"RANKER_SERVICE_TIER": "flex", "RANKER_TIMEOUT": "90"}).timeout == 90
    with pytest.raises(LlmSetup, match=r"“slow” can't be used with OpenAI. It can be: default, flex, priority"):
        load_settings({"RANKER_SERVICE_TIER": "slow"})
    with pytest.raises(LlmSetup, match="can't be used with Groq"):
        load_settings({"RANKER_PROVIDER": "groq", "RANKER_SERVICE_TIER": "flex"})


def test_a_price_of_ones_own_can_tell_what_cached_tokens_cost():
    said = {"RANKER_PRICE_INPUT": "0.15", "RANKER_PRICE_OUTPUT": "0.6"}
    assert load_settings(said).providers[0].own_price == Price(0.15, 0.15, 0.6)
    assert load_settings(said | {"RANKER_PRICE_CACHED": "0.003"}).providers[0].own_price == DEEPSEEK

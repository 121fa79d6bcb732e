"""What is set for language models, in words: nothing left out, nothing secret in it."""

import re
from pathlib import Path

import pytest

from ranker.llm.overview import health_of, overview, price_words, shown_address, trouble_words
from ranker.llm.prices import price_list
from ranker.llm.settings import load_settings, settings_of
from ranker.llm.sources import Sources
from ranker.store.provider_states import ProviderState, moment

KEY = "sk-do-not-show-me-0123456789"
EXAMPLE = (Path(__file__).parents[2] / ".env.example").read_text(encoding="utf-8")


def shown(**env):
    found = Sources.of(env)
    return overview(found, settings_of(found))


def test_every_setting_of_models_is_shown_and_documented():
    told = {name for line in shown().lines for name in line.variable.split(", ")}
    documented = set(re.findall(r"^#([A-Z_]+)=", EXAMPLE.partition("# Ranking with a language model")[2], re.MULTILINE))
    assert told == documented


def test_no_line_holds_a_key_or_what_stands_in_an_address_beside_the_host():
    found = shown(OPENAI_API_KEY=KEY, OPENAI_BASE_URL="https://me:secret@models.example:8443/v1?token=hidden#x")
    said = repr(found)
    assert "https://models.example:8443/v1" in said
    for word in (KEY, "secret", "hidden", KEY[-4:]):
        assert word not in said


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({}, f"$0.25 for a million tokens in, $2 out ({price_list()})"),
        ({"RANKER_MODEL": "gpt-5-maxi"}, "not known"),
        ({"RANKER_PROVIDER": "ollama"}, "free"),
        ({"RANKER_PRICE_INPUT": "1", "RANKER_PRICE_OUTPUT": "3"}, "$1 for a million tokens in, $3 out (as you set it)"),
    ],
)
def test_a_price_is_told_with_the_day_it_was_read_or_that_nobody_knows_it(env, words):
    first = load_settings(env).providers[0]
    assert words in price_words(first, first.model)


@pytest.mark.parametrize(
    ("env", "why_not"),
    [
        ({}, "No key for OpenAI"), ({"OPENAI_API_KEY": KEY}, ""), ({"RANKER_PROVIDER": "ollama"}, ""),
        ({"OPENAI_API_KEY": KEY, "RANKER_CAN_SPEND": "no"}, "switched off"),
        ({"RANKER_PROVIDER": "ollama", "RANKER_CAN_SPEND": "no"}, ""),
        ({"OPENAI_API_KEY": KEY, "RANKER_MODEL": "x", "RANKER_MAX_USD": "1"}, "$1.00 can't be held"),
        ({"OPENAI_API_KEY": KEY, "RANKER_MODEL_RANK": "x", "RANKER_MAX_USD": "1"}, "$1.00 can't be held"),
        ({"OPENAI_API_KEY": KEY, "RANKER_FALLBACKS": "ollama:x-cloud:cloud", "RANKER_MAX_USD": "1"}, "at Ollama"),
    ],
)  # fmt: skip
def test_what_keeps_it_from_starting_is_told(env, why_not):
    found = shown(**env)
    assert found.ready is (why_not == "")
    assert why_not in found.why_not


def test_providers_stand_in_the_order_in_which_they_are_asked_each_once():
    env = {"OPENAI_API_KEY": KEY, "GROQ_API_KEY": KEY, "RANKER_FALLBACKS": "groq:a,ollama:b,groq:c"}
    known = {"groq": ProviderState("groq", "resting")}
    found = health_of(load_settings(env), known)
    assert [(one.name, state.state) for one, state in found] == [
        ("openai", "ok"),
        ("groq", "resting"),
        ("ollama", "ok"),
    ]


@pytest.mark.parametrize(
    ("left", "words"),
    [(-5, "with the next call"), (20, "in 20 seconds"), (600, "in 10 minutes")],
)
def test_how_long_a_provider_is_left_alone_is_told(left, words):
    found = ProviderState("openai", "out", 7, 2, moment(1_000.0 + left), "network")
    told = trouble_words(found, 1_000.0)
    assert words in told
    assert "could not be reached, or hung up; 7 failures in a row" in told


def test_an_address_is_shown_as_it_is_asked():
    assert shown_address("http://127.0.0.1:8000/v1") == "http://127.0.0.1:8000/v1"

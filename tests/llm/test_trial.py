"""The test of a provider: one real call, what it took, or in words what went wrong and what to do."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from ranker.llm.prices import Price
from ranker.llm.providers import PRESETS
from ranker.llm.settings import Provider, Secret, Settings
from ranker.llm.trial import try_provider
from ranker.store.provider_states import load_states, reset_state
from tests.llm.asking import KEY, PRICE, provider, settings
from tests.llm.fake_server import FakeServer
from tests.llm.test_money import rows


def tried(database, server, **more):
    return try_provider(settings(server, **more), database, seconds=0.3)


def test_it_tells_what_answered_and_what_it_took(database):
    with FakeServer() as server:
        found = tried(database, server)
    assert found.ok
    assert (found.model, found.served, found.rung, found.calls) == ("fake", server.model, "json_schema", 1)
    assert found.cost_usd == pytest.approx(PRICE.cost(found.tokens_in, 0, found.tokens_out))
    assert found.latency_ms < 300
    assert [tuple(row) for row in rows(database, "purpose, outcome")] == [("test", "ok")]
    assert server.requests[0]["key"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("refuses", "rung"),
    [(("json_schema",), "json_object"), (("json_schema", "json_object"), "plain"), (("temperature",), "json_schema")],
)
def test_it_tells_which_form_of_an_answer_the_address_can_give(database, refuses, rung):
    with FakeServer(refuses=refuses) as server:
        found = tried(database, server)
    assert (found.ok, found.rung, found.calls) == (True, rung, 1 + len(refuses))


@pytest.mark.parametrize(
    ("fault", "kind", "told", "way"),
    [
        ("auth", "auth", "refused the key", "Enter the key again"),
        ("quota", "quota", "credit is used up", "Add credit"),
        ("no_model", "model", "no model “fake”", "model's name"),
        ("rate", "rate", "slow down", "The key is taken"),
        ("rate_long", "quota", "credit", "Add credit"),
        ("error_500", "server", "error of its own", "Test again"),
        ("router_error", "server", "error of its own", "Test again"),
        ("reset", "network", "hung up", "address and its port"),
        ("stall", "timeout", "too long", "faster model"),
        ("drip", "timeout", "too long", "faster model"),
        ("not_json", "foreign", "no server for language models", "/v1"),
        ("bad_request", "request", "refused the question", "https://"),
        ("too_long", "too_long", "length", "longer questions"),
        ("refusal", "refused", "declined", "another model"),
        ("filtered", "filtered", "filter", "another model"),
        ("cut", "cut", "limit", "not so small"),
        ("empty", "empty", "empty", "another model"),
        ("invalid_json", "invalid", "wrong form", "more able"),
        ("wrong_schema", "invalid", "wrong form", "more able"),
        ("missing_id", "invalid", "wrong form", "more able"),
        ("doubled_id", "invalid", "wrong form", "more able"),
        ("invented_id", "invalid", "wrong form", "more able"),
        ("out_of_range", "invalid", "wrong form", "more able"),
    ],
)
def test_each_thing_that_can_go_wrong_is_said_in_words_after_one_call(database, fault, kind, told, way):
    with FakeServer(always=fault) as server:
        found = tried(database, server)
    assert (found.kind, found.ok, found.rung) == (kind, False, None)
    assert told in found.told
    assert way in found.way
    assert (len(server.requests), found.calls) == (1, 1)
    assert KEY not in repr(found)


@pytest.fixture
def plain_web_server():
    """A web server that knows nothing of models: every POST is refused, and what is no HTTP is hung up on."""

    class Quiet(BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def at(address):
    return Settings((Provider(PRESETS["other"], address, Secret(KEY), "fake"),))


def test_an_address_where_nothing_is(database):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: whoever asks is refused
        found = try_provider(at(f"http://127.0.0.1:{taken.getsockname()[1]}/v1"), database)
    assert (found.kind, found.cost_usd) == ("network", None)
    assert "port" in found.way
    assert "https" not in found.way


def test_the_wrong_scheme(database, plain_web_server):
    found = try_provider(at(f"https://{plain_web_server}/v1"), database)
    assert found.kind == "network"
    assert "http:// instead of https://" in found.way


def test_a_server_that_knows_nothing_of_models(database, plain_web_server):
    found = try_provider(at(f"http://{plain_web_server}/v1"), database)
    assert not found.ok
    assert "check the address" in found.way


def test_it_fails_over_to_nobody_and_costs_nothing_where_it_was_turned_away(database):
    with FakeServer(always="quota") as first, FakeServer() as second:
        found = try_provider(settings(first, second), database)
    assert (found.kind, found.cost_usd) == ("quota", 0.0)
    assert not second.requests


@pytest.mark.parametrize(
    ("more", "code", "told"),
    [
        ({"can_spend": False}, "llm.spending_off", "switched off"),
        ({"max_usd": 0.0}, "llm.cap", "could cost more"),
        ({"max_usd": 1.0, "price": None}, "llm.price_unknown", "not known"),
    ],
)
def test_money_is_held_as_in_a_ranking_and_nothing_is_asked(database, more, code, told):
    with FakeServer() as server:
        found = tried(database, server, **more)
    assert (found.kind, found.calls, server.requests) == (code, 0, [])
    assert told in found.told


def test_a_free_model_needs_no_right_to_spend(database):
    with FakeServer() as server:
        found = tried(database, server, can_spend=False, price=Price(0.0, 0.0, 0.0))
    assert found.ok
    assert found.cost_usd == 0.0


def test_a_cost_that_nobody_knows_is_unknown(database):
    with FakeServer() as server:
        assert tried(database, server, price=None).cost_usd is None


def test_without_a_key_it_says_so(database):
    groq = Provider(PRESETS["groq"], "http://127.0.0.1:9/v1", Secret(""), "fake")
    found = try_provider(Settings((groq,)), database)
    assert (found.kind, found.calls) == ("llm.no_key", 0)


def test_a_server_of_ones_own_that_wants_a_key_is_told_apart_from_a_wrong_one(database):
    with FakeServer(always="auth") as server:
        found = try_provider(Settings((Provider(PRESETS["other"], server.url, Secret(""), "fake"),)), database)
    assert (found.title, found.told) == ("Your own address", "The server asks for a key, and none is set.")


def test_each_test_is_a_call_of_its_own_and_not_a_kept_answer(database):
    with FakeServer() as server:
        assert tried(database, server).ok
        assert tried(database, server).ok
    assert len(server.requests) == 2


def test_a_provider_that_was_given_up_is_tested_and_an_answer_ends_it(database):
    with FakeServer(script=["quota"]) as server:
        name = provider(server).name
        assert not tried(database, server).ok
        with database.session() as session:
            assert load_states(session)[name].state == "out"
        assert tried(database, server).ok
    assert not reset_state(database, name)  # there is nothing left to reset

"""The API as a real server: clients that hang up, a stop while somebody waits, many at once."""

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from tests.api.asking import CONTEXT, PATH, body, calls, problem, sequences
from tests.llm.fake_server import FakeServer


def until(true, seconds=10.0):
    """Look again and again until it is true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def begun(served, asked):
    """A connection on which a request was sent, and whose answer nobody has read yet."""
    port = int(served.rpartition(":")[2])
    sent = json.dumps(asked).encode()
    head = f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
    connection = socket.create_connection(("127.0.0.1", port), 10)
    connection.sendall(f"{head}Content-Length: {len(sent)}\r\n\r\n".encode() + sent)
    return connection


def test_a_real_server_answers_and_says_nothing_of_itself(served):
    answer = httpx2.get(f"{served}/health")
    assert answer.status_code == 200
    assert "server" not in answer.headers
    assert problem(httpx2.get(f"{served}/health", headers={"Host": "evil.example"}))[0] == 400


def test_who_hangs_up_has_no_sequence_and_what_was_asked_till_then_is_paid_and_kept_once(
    served, world, model, database
):
    asked = body(prospect_url=None, lead_id=world.leads["Lead 0001"])
    with FakeServer(latency=0.4) as provider:
        model(provider)
        with begun(served, asked):
            until(lambda: provider.requests)
        until(lambda: [row[1] for row in calls(database)] == ["ok"])
        assert sequences(database) == []
        found = httpx2.post(served + PATH, json=asked, timeout=20).json()
        assert found["status"] == "complete"
        assert len(provider.requests) == 2  # the analysis that was paid for before, and the messages
    assert [row[1] for row in calls(database)] == ["ok", "ok"]
    assert found["cost_usd"] == pytest.approx(sum(cost for *_, cost in calls(database)))


def test_whoever_waits_is_answered_before_the_server_stops(server, served, world, model, database):
    asked = body(prospect_url=None, lead_id=world.leads["Lead 0001"])
    with FakeServer(latency=0.2) as provider, ThreadPoolExecutor(1) as pool:
        model(provider)
        waiting = pool.submit(httpx2.post, served + PATH, json=asked, timeout=20)
        until(lambda: provider.requests)
        server.should_exit = True
        assert waiting.result().json()["status"] == "complete"
    assert sequences(database)[0][2:4] == ("complete", "model")


def test_the_same_asked_three_times_at_once_is_three_texts_and_each_says_what_it_alone_cost(
    served, world, model, database
):
    asked = body(prospect_url=None, lead_id=world.leads["Lead 0001"])
    with FakeServer(latency=0.02) as provider, ThreadPoolExecutor(3) as pool:
        model(provider)
        found = [one.json() for one in pool.map(lambda _: httpx2.post(served + PATH, json=asked, timeout=20), range(3))]
        assert len(provider.requests) == 4  # one analysis, three texts
    assert {one["status"] for one in found} == {"complete"}
    assert sum(one["cost_usd"] for one in found) == pytest.approx(sum(cost for *_, cost in calls(database)))


def test_keys_and_requests_share_one_pace(served, world, model):
    names = ("Lead 0001", "Lead 0002", "Lead 0003", "Lead 0005")
    asked = [
        body(prospect_url=None, lead_id=world.leads[name], company_context=f"{CONTEXT} {at}", sequence_length=1)
        for at in range(3)
        for name in names
    ]
    with FakeServer(latency=0.02) as provider, ThreadPoolExecutor(12) as pool:
        model(provider, RANKER_CONCURRENCY=3)
        answers = list(pool.map(lambda one: httpx2.post(served + PATH, json=one, timeout=30), asked))
    assert [one.json()["status"] for one in answers] == ["complete"] * 12
    assert provider.most_at_once <= 3

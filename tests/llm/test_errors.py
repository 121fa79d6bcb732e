"""Every class of error has its policy: how often is asked, who is asked next, what it costs, what the person reads."""

import pytest

from ranker.errors import CallFailed, ProvidersFailed
from ranker.llm.failures import POLICIES, told_wait
from ranker.llm.question import Answer
from tests.llm.asking import ask, question, settings
from tests.llm.fake_server import FakeServer


def outcomes(spending):
    return dict(spending.by_outcome)


@pytest.mark.parametrize("kind", ["quota", "auth", "no_model"])
def test_what_no_retry_can_mend_is_asked_once_and_everything_stops(database, kind):
    with FakeServer(always=kind) as server:
        answers, _, spending = ask(database, settings(server), *[question(at) for at in range(30)])
    assert len(server.requests) == 1
    assert all(isinstance(answer, ProvidersFailed) for answer in answers)
    assert (spending.calls, spending.spent) == (1, 0.0)


@pytest.mark.parametrize("kind", ["quota", "auth", "no_model"])
def test_what_no_retry_can_mend_goes_to_the_next_provider_after_one_attempt(database, kind):
    with FakeServer(always=kind) as bad, FakeServer() as good:
        answers, _, spending = ask(database, settings(bad, good), *[question(at) for at in range(30)])
    assert (len(bad.requests), len(good.requests)) == (1, 30)
    assert all(isinstance(answer, Answer) and answer.provider.endswith(str(good.port)) for answer in answers)
    assert outcomes(spending)["ok"] == 30


def test_without_failover_the_next_provider_is_never_asked(database):
    with FakeServer(always="quota") as bad, FakeServer() as good:
        answers, _, _ = ask(database, settings(bad, good), question(), failover=False)
    assert isinstance(answers[0], ProvidersFailed)
    assert not good.requests


@pytest.mark.parametrize(
    ("kind", "reason"), [("bad_request", "request"), ("too_long", "too_long"), ("too_long_here", "too_long")]
)
def test_an_invalid_request_fails_at_once_and_the_others_go_on(database, kind, reason):
    with FakeServer(script=["ok", kind]) as server:
        answers, _, spending = ask(database, settings(server, concurrency=1), *[question(at) for at in range(4)])
    failed = [answer for answer in answers if isinstance(answer, CallFailed)]
    assert [one.reason for one in failed] == [reason]
    assert len(server.requests) == 4
    assert outcomes(spending) == {"ok": 3, reason: 1}


def test_a_server_that_does_not_know_a_schema_in_its_own_words_is_asked_without_it(database):
    with FakeServer(script=["no_such_schema"]) as server:
        answers, *_ = ask(database, settings(server), question())
    assert isinstance(answers[0], Answer)
    assert [one["body"]["response_format"]["type"] for one in server.requests] == ["json_schema", "json_object"]


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("rate", "rate"), ("error_500", "server"), ("router_error", "server"), ("reset", "network"),
        ("stall", "timeout"), ("drip", "timeout"), ("refusal", "refused"), ("filtered", "filtered"), ("cut", "cut"),
        ("empty", "empty"), ("invalid_json", "invalid"), ("wrong_schema", "invalid"), ("not_json", "empty"),
    ],
)  # fmt: skip
def test_what_may_pass_is_asked_again(database, fault, kind):
    with FakeServer(script=[fault]) as server:
        answers, client, spending = ask(database, settings(server, timeout=1.0), question())
    assert isinstance(answers[0], Answer)
    assert (len(server.requests), client.retries) == (2, 1)
    assert outcomes(spending) == {kind: 1, "ok": 1}


@pytest.mark.parametrize(
    ("fault", "kind"), [("refusal", "refused"), ("filtered", "filtered"), ("cut", "cut"), ("empty", "empty")]
)
def test_what_does_not_pass_is_given_up_with_its_reason(database, fault, kind):
    with FakeServer(always=fault) as server:
        answers, client, _ = ask(database, settings(server), question())
    assert isinstance(answers[0], CallFailed)
    assert answers[0].reason == kind
    assert POLICIES[kind].words in answers[0].message
    assert len(server.requests) == POLICIES[kind].tries
    assert client.failures == {kind: 1}


def test_an_answer_that_was_cut_gets_more_room_the_next_time(database):
    with FakeServer(script=["cut", "cut"]) as server:
        ask(database, settings(server), question(max_output=100))
    assert [request["body"]["max_tokens"] for request in server.requests] == [100, 200, 300]


def test_a_rate_limit_is_waited_out_as_long_as_is_told(database):
    with FakeServer(script=["rate"], retry_after=0.3) as server:
        ask(database, settings(server), question())
    first, second = server.requests
    assert 0.3 <= second["at"] - first["at"] < 2


def test_a_limit_of_the_day_is_not_waited_out(database):
    with FakeServer(always="rate_long") as server:
        answers, _, _ = ask(database, settings(server), question())
    assert len(server.requests) == 1
    assert isinstance(answers[0], ProvidersFailed)


def test_a_provider_that_keeps_failing_is_left_alone_then_given_up(database):
    with FakeServer(always="error_500") as server:
        answers, _, spending = ask(database, settings(server), *[question(at) for at in range(40)])
    assert all(isinstance(answer, CallFailed | ProvidersFailed) for answer in answers)
    assert isinstance(answers[-1], ProvidersFailed)
    assert "does not answer" in answers[-1].message
    assert len(server.requests) < 20
    assert spending.spent == 0.0


def test_a_provider_that_is_down_hands_over_to_the_next(database):
    with FakeServer() as gone:
        pass
    with FakeServer() as good:
        answers, _, _ = ask(database, settings(gone, good), *[question(at) for at in range(20)])
    assert all(isinstance(answer, Answer) for answer in answers)
    assert len(good.requests) == 20


def test_the_form_is_asked_for_as_strictly_as_the_address_allows(database):
    with FakeServer(refuses=("json_schema", "temperature", "max_tokens")) as server:
        answers, _, spending = ask(database, settings(server), *[question(at) for at in range(10)])
    assert all(isinstance(answer, Answer) for answer in answers)
    body = server.requests[-1]["body"]
    assert body["response_format"] == {"type": "json_object"}
    assert "temperature" not in body
    assert body["max_completion_tokens"] == 200
    assert outcomes(spending) == {"ok": 10, "unsupported": 3}  # met once each, by the first question


def test_without_any_structured_form_plain_text_is_parsed(database):
    with FakeServer(refuses=("json_schema", "json_object")) as server:
        answers, _, _ = ask(database, settings(server), question())
    assert isinstance(answers[0], Answer)
    assert "response_format" not in server.requests[-1]["body"]


@pytest.mark.parametrize(
    ("headers", "said", "seconds"),
    [
        ({"retry-after-ms": "250"}, "", 0.25),
        ({"retry-after": "3"}, "", 3.0),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, "", 0.0),
        ({"retry-after": "soon"}, "", None),
        ({}, 'Please try again in 1.5s.', 1.5),
        ({}, '{"retryDelay": "34s"}', 34.0),
        ({}, "Please try again in 120ms.", 0.12),
        ({}, "no word of it", None),
    ],
)  # fmt: skip
def test_every_way_to_say_how_long_to_wait_is_read(headers, said, seconds):
    assert told_wait(headers, said) == seconds

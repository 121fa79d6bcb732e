"""How providers do is kept for every process: the next one begins with it, and a reset by hand is noticed."""

import asyncio
import time

import pytest

from ranker.errors import ProvidersFailed
from ranker.llm.apart import run_to_end
from ranker.llm.breaker import Breaker
from ranker.llm.client import LlmClient
from ranker.llm.question import Answer
from ranker.llm.watch import OUT_SECONDS, USUALLY_OUT
from ranker.store.provider_states import ProviderState, keep_state, load_states, moment, reset_state, seconds_left
from tests.llm.asking import ask, check, provider, question, settings
from tests.llm.fake_server import FakeServer


def states(database):
    with database.session() as session:
        return load_states(session)


def state(database, server):
    return states(database).get(provider(server).name)


def store(database, server, kind, left, *, why="network", opened=1):
    with database.write() as session:
        name = provider(server).name
        keep_state(session, ProviderState(name, kind, 6, opened, moment(time.time() + left), why))


def questions(count):
    return [question(at) for at in range(count)]


def test_nothing_is_written_while_all_is_well(database):
    with FakeServer() as server:
        ask(database, settings(server), *questions(5))
    assert states(database) == {}


def test_a_provider_that_was_given_up_is_kept_with_the_reason(database):
    with FakeServer(always="error_500") as server:
        ask(database, settings(server), *questions(40))
        found = state(database, server)
    assert (found.state, found.why) == ("out", "server")
    assert found.opened == Breaker.chances + 1
    assert found.failures >= Breaker.most + Breaker.chances
    assert 0 < seconds_left(found.until, time.time()) <= USUALLY_OUT


@pytest.mark.parametrize("kind", ["quota", "auth"])
def test_what_no_retry_can_mend_is_kept_for_the_next_process(database, kind):
    with FakeServer(always=kind) as server:
        ask(database, settings(server), question())
        found = state(database, server)
        assert (found.state, found.why) == ("out", kind)
        assert 0 < seconds_left(found.until, time.time()) <= OUT_SECONDS.get(kind, USUALLY_OUT)
        answers, _, spending = ask(database, settings(server), question(1), scope="next")
    assert len(server.requests) == 1
    assert spending.calls == 0
    assert isinstance(answers[0], ProvidersFailed)
    assert "page Settings" in answers[0].message


def test_a_wrong_model_name_is_not_the_providers_fault(database):
    with FakeServer(always="no_model") as server:
        ask(database, settings(server), question())
        ask(database, settings(server), question(), scope="next")
        assert state(database, server) is None
    assert len(server.requests) == 2


def test_the_next_provider_stands_in_at_once_for_one_that_is_out(database):
    with FakeServer() as first, FakeServer() as second:
        store(database, first, "out", 300, why="quota")
        answers, _, _ = ask(database, settings(first, second), *questions(5))
    assert all(isinstance(answer, Answer) for answer in answers)
    assert (len(first.requests), len(second.requests)) == (0, 5)


def test_an_evaluation_asks_nobody_else_even_where_the_provider_is_out_from_the_start(database):
    with FakeServer() as first, FakeServer() as second:
        store(database, first, "out", 300)
        answers, _, _ = ask(database, settings(first, second), *questions(3), failover=False)
    assert all(isinstance(answer, ProvidersFailed) for answer in answers)
    assert not first.requests
    assert not second.requests


@pytest.mark.parametrize("why", ["network", "quota", "auth"])
def test_after_the_stated_time_it_is_tried_and_an_answer_ends_it(database, why):
    with FakeServer() as server:
        store(database, server, "out", -1, why=why, opened=4)
        answers, _, _ = ask(database, settings(server), *questions(3))
        assert all(isinstance(answer, Answer) for answer in answers)
        assert state(database, server).state == "ok"


def test_after_the_stated_time_one_more_failure_gives_it_up_again(database):
    with FakeServer(always="error_500") as server:
        store(database, server, "out", -1, why="server", opened=4)
        answers, _, _ = ask(database, settings(server), *questions(3))
        assert state(database, server).state == "out"
    assert len(server.requests) == 1
    assert all(isinstance(answer, ProvidersFailed) for answer in answers)


def test_trouble_of_long_ago_says_nothing_about_now(database):
    with FakeServer(script=["error_500"] * 3) as server:
        store(database, server, "out", -3600, why="server", opened=4)
        answers, _, _ = ask(database, settings(server), question())
    assert isinstance(answers[0], Answer)


def test_a_rest_that_another_process_began_is_kept(database):
    with FakeServer() as first, FakeServer() as second:
        store(database, first, "resting", 60, why="server")
        answers, _, _ = ask(database, settings(first, second), *questions(3))
        assert state(database, first).state == "resting"
    assert all(isinstance(answer, Answer) for answer in answers)
    assert (len(first.requests), len(second.requests)) == (0, 3)


def test_a_rest_that_is_over_ends_with_the_first_answer(database):
    with FakeServer() as server:
        store(database, server, "resting", -1, why="server")
        ask(database, settings(server), question())
        found = state(database, server)
    assert (found.state, found.failures, found.until, found.why) == ("ok", 0, "", "")


def test_a_reset_by_hand_is_noticed_by_work_that_waits(database):
    with FakeServer(script=["error_500"]) as server:
        client = LlmClient(
            settings(server), database, "work", ("qualify",), pause=0.01, look=0.02,
            breaker=lambda: Breaker(most=1, cool=600.0),
        )  # fmt: skip

        async def run():
            async with client, asyncio.timeout(10):
                asked = asyncio.create_task(client.ask(question(), check))
                while state(database, server) is None:
                    await asyncio.sleep(0.005)
                assert (state(database, server).state, len(server.requests)) == ("resting", 1)
                reset_state(database, provider(server).name)
                return await asked

        assert isinstance(run_to_end(run()), Answer)
    assert len(server.requests) == 2


def test_work_that_went_on_elsewhere_comes_back_after_a_reset(database):
    with FakeServer(script=["quota"]) as first, FakeServer() as second:

        async def run():
            async with LlmClient(settings(first, second), database, "work", ("qualify",), look=0.0) as client:
                one = await client.ask(question(1), check)
                two = await client.ask(question(2), check)
                reset_state(database, provider(first).name)
                three = await client.ask(question(3), check)
                return [answer.provider for answer in (one, two, three)]

        stood_in, back = provider(second).name, provider(first).name
        assert run_to_end(run()) == [stood_in, stood_in, back]


def test_work_that_gets_answers_is_not_stopped_by_the_trouble_of_another(database):
    with FakeServer() as server:

        async def run():
            async with LlmClient(settings(server), database, "work", ("qualify",), look=0.0) as client:
                await client.ask(question(1), check)
                store(database, server, "out", 300, why="auth")
                return await client.ask(question(2), check)

        assert isinstance(run_to_end(run()), Answer)

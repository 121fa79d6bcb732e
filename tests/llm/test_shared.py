"""Several clients ask the same providers: pace, places and what is known of one hold for all of them."""

import asyncio
from dataclasses import replace

from ranker.errors import CapReached, ProvidersFailed
from ranker.llm.apart import run_to_end
from ranker.llm.breaker import Breaker
from ranker.llm.client import LlmClient
from ranker.llm.shared import Shared
from ranker.store import ai_calls
from tests.llm.asking import check, question, settings
from tests.llm.fake_server import FakeServer


def together(database, set_up, work, **more):
    """What ``work(shared)`` gives."""

    async def run():
        more.setdefault("breaker", lambda: Breaker(cool=0.05))
        shared = await Shared(set_up, database, **more).open()
        try:
            return await work(shared)
        finally:
            await shared.close()

    return run_to_end(run())


async def asked(shared, database, set_up, number, scope):
    async with LlmClient(set_up, database, scope, ("qualify",), pause=0.01, shared=shared) as client:
        return await client.ask(question(number), check)


def rows(database, scope):
    with database.engine.connect() as connection:
        sql = "SELECT outcome, reserved_usd, cost_usd FROM ai_call WHERE scope=? ORDER BY id"
        return connection.exec_driver_sql(sql, (scope,)).all()


def test_places_hold_for_all_clients_together(database):
    with FakeServer(latency=0.02) as server:
        set_up = settings(server, concurrency=3)

        async def work(shared):
            return await asyncio.gather(*(asked(shared, database, set_up, at, f"work-{at}") for at in range(12)))

        answers = together(database, set_up, work)
    assert [one.value for one in answers] == [[1, 2, 3]] * 12
    assert server.most_at_once == 3
    assert [rows(database, f"work-{at}")[0].outcome for at in range(12)] == ["ok"] * 12


def test_each_scope_has_its_own_limit_and_clients_of_one_scope_can_t_pass_it_together(database):
    with FakeServer(latency=0.02) as server:
        set_up = settings(server)
        probe = together(database, set_up, lambda shared: asked(shared, database, set_up, 0, "probe"))
        assert probe.value
        (_, reserved, cost) = rows(database, "probe")[0]
        capped = replace(set_up, max_usd=reserved + 2 * cost)  # room for 3, of which one at a time

        async def work(shared):
            limited = [asked(shared, database, capped, at, "small") for at in range(1, 9)]
            others = [asked(shared, database, set_up, at, "other") for at in range(11, 15)]
            return await asyncio.gather(*limited, *others, return_exceptions=True)

        answers = together(database, set_up, work)
    limited, others = answers[:8], answers[8:]
    assert not [one for one in others if isinstance(one, Exception)]
    done = [one for one in limited if not isinstance(one, Exception)]
    assert len(done) >= 2  # clients wait for what another has under way, rather than give up
    assert all(isinstance(one, CapReached) for one in limited if one not in done)
    with database.session() as session:
        assert ai_calls.spending(session, "small").spent <= capped.max_usd
        assert ai_calls.spending(session, "small").lost == 0


def test_who_asked_may_go_away_and_what_was_paid_is_written_down_and_kept(database):
    with FakeServer(latency=0.3) as server:
        set_up = settings(server)

        async def work(shared):
            task = asyncio.ensure_future(asked(shared, database, set_up, 1, "work"))
            while not server.requests:
                await asyncio.sleep(0.005)
            task.cancel()
            gone = await asyncio.gather(task, return_exceptions=True)
            assert isinstance(gone[0], asyncio.CancelledError)

        together(database, set_up, work)
        ((outcome, _, cost),) = rows(database, "work")
        assert outcome == "ok"
        assert cost is not None
        again = together(database, set_up, lambda shared: asked(shared, database, set_up, 1, "work"))
    assert again.cached
    assert len(server.requests) == 1


def test_who_goes_away_before_money_is_reserved_costs_nothing(database):
    with FakeServer(latency=0.2) as server:
        set_up = settings(server, concurrency=1)

        async def work(shared):
            first = asyncio.ensure_future(asked(shared, database, set_up, 1, "work"))
            while not server.requests:
                await asyncio.sleep(0.005)
            second = asyncio.ensure_future(asked(shared, database, set_up, 2, "work"))
            await asyncio.sleep(0.02)
            second.cancel()
            return await asyncio.gather(first, second, return_exceptions=True)

        first, second = together(database, set_up, work)
    assert first.value == [1, 2, 3]
    assert isinstance(second, asyncio.CancelledError)
    assert len(rows(database, "work")) == len(server.requests) == 1


def test_a_provider_that_was_given_up_is_asked_again_once_its_time_has_come(database):
    with FakeServer(script=["auth"]) as server:
        set_up = settings(server)
        wall = [1_000_000.0]

        async def work(shared):
            shared.watch._wall = lambda: wall[0]
            first = await asyncio.gather(asked(shared, database, set_up, 1, "a"), return_exceptions=True)
            second = await asyncio.gather(asked(shared, database, set_up, 2, "b"), return_exceptions=True)
            wall[0] += 31
            return first[0], second[0], await asked(shared, database, set_up, 3, "c")

        first, second, third = together(database, set_up, work, look=0.0)
    assert isinstance(first, ProvidersFailed)
    assert isinstance(second, ProvidersFailed)
    assert third.value == [1, 2, 3]
    assert len(server.requests) == 2


def test_a_client_of_its_own_that_is_cancelled_waits_for_nothing(database):
    with FakeServer(latency=15.0) as server:
        set_up = settings(server)

        async def work():
            async with LlmClient(set_up, database, "work", ("qualify",)) as client:
                await client.ask(question(), check)

        async def run():
            task = asyncio.ensure_future(work())
            while not server.requests:
                await asyncio.sleep(0.005)
            task.cancel()
            await asyncio.wait_for(asyncio.gather(task, return_exceptions=True), 5)

        run_to_end(run())
    assert rows(database, "work")[0].outcome == "open"  # it may have been charged: it counts whole

"""What waits for the database at the same time shares a transaction, and an error reaches only who caused it."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

from ranker.llm.apart import run_to_end
from ranker.llm.grouped import Grouped
from ranker.store import cache
from tests.store.databases import KINDS, fresh


@pytest.fixture(params=KINDS)
def database(request, tmp_path):
    with fresh(request.param, tmp_path) as opened:
        yield opened


def together(database, *works, writes=True):
    """What each work gives or raises, all asked at once."""

    async def run():
        with ThreadPoolExecutor(1) as thread:
            grouped = Grouped(database, thread)
            return await asyncio.gather(*(grouped.do(one, writes=writes) for one in works), return_exceptions=True)

    return run_to_end(run())


def keep(key, value="x"):
    return lambda session: cache.keep(session, "test", key, value)


def kept(database):
    with database.session() as session:
        found = session.connection().execute(text("SELECT key FROM cache_entry ORDER BY key"))
        return [row[0] for row in found]


def test_a_hundred_that_wait_at_once_need_a_few_commits(database):
    commits = []
    event.listen(database.engine, "commit", commits.append)
    together(database, *(keep(f"{number:03}") for number in range(100)))
    assert kept(database) == [f"{number:03}" for number in range(100)]
    assert 2 <= len(commits) <= 4


def test_each_sees_what_those_before_it_wrote(database):
    assert together(database, keep("a", "1"), lambda session: cache.look(session, "test", "a")) == [None, "1"]


def test_an_error_reaches_only_who_caused_it_and_the_others_are_kept(database):
    def twice(session):
        cache.keep(session, "test", "lost", "x")
        session.connection().execute(text("INSERT INTO cache_entry (namespace, key) VALUES ('test', 'lost')"))

    found = together(database, keep("a"), twice, keep("b"))
    assert [type(one) for one in found] == [type(None), IntegrityError, type(None)]
    assert kept(database) == ["a", "b"]


def test_who_gives_up_waiting_does_not_hold_up_the_others(database):
    async def run():
        with ThreadPoolExecutor(1) as thread:
            grouped = Grouped(database, thread)
            gone = asyncio.ensure_future(grouped.do(keep("gone")))
            stays = asyncio.ensure_future(grouped.do(keep("stays")))
            await asyncio.sleep(0)
            gone.cancel()
            await stays
            return gone

    assert run_to_end(run()).cancelled()
    assert "stays" in kept(database)


def test_reading_alone_takes_no_writer_turn(database):
    begun = []
    event.listen(database.engine, "commit", begun.append)
    assert together(database, lambda session: cache.look(session, "test", "none"), writes=False) == [None]
    assert begun == []

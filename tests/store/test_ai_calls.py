"""The ledger of model calls and the cache, on every database."""

import pytest

from ranker.store import ai_calls, cache
from ranker.store.ai_calls import Attempt, Settled


def attempt(reserved=0.5, scope="work"):
    return Attempt(scope, "qualify", "openai", "gpt-5-mini", 1, reserved, "key", "me")


def reserve(database, cap, **more):
    with database.write() as session:
        return ai_calls.reserve(session, attempt(**more), cap)


def spending(database, scope="work"):
    with database.session() as session:
        return ai_calls.spending(session, scope)


def test_what_is_settled_counts_with_its_cost_and_what_is_open_with_its_reserve(database):
    first, second = reserve(database, 1.0), reserve(database, 1.0)
    assert reserve(database, 1.0) is None
    with database.write() as session:
        ai_calls.settle(session, first, Settled("ok", 0.125, 900, "gpt-5-mini-x", 1_000, 400, 50))
    found = spending(database)
    assert (found.calls, found.ok, found.lost, found.spent) == (2, 1, 1, 0.625)
    assert (found.tokens_in, found.tokens_cached, found.tokens_out) == (1_000, 400, 50)
    assert found.by_outcome == (("ok", 1), ("open", 1))
    with database.write() as session:
        ai_calls.settle(session, second, Settled("timeout", None, 60_000))
    assert (spending(database).spent, spending(database).unknown) == (0.625, 1)


def test_scopes_are_apart_and_without_a_limit_nothing_is_refused(database):
    assert reserve(database, 0.5) is not None
    assert reserve(database, 0.5) is None
    assert reserve(database, 0.5, scope="other") is not None
    assert reserve(database, None) is not None
    assert reserve(database, None, reserved=None) is not None
    assert spending(database, "nothing yet").calls == 0


@pytest.mark.parametrize("cap", [0.0, 5.0])
def test_a_call_of_unknown_cost_never_fits_under_a_limit(database, cap):
    assert reserve(database, cap, reserved=None) is None


def test_the_cache_gives_back_what_was_kept_last(database):
    with database.write() as session:
        assert cache.look(session, "llm", "a") is None
        cache.keep(session, "llm", "a", '{"value": 1}')
        cache.keep(session, "llm", "a", '{"value": 2}')
        cache.keep(session, "other", "a", "{}")
        assert cache.look(session, "llm", "a") == '{"value": 2}'

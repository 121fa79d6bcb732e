"""Money: told as known, reserved before it is spent, never over the limit, nothing lost in a crash."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from ranker.care.deletion import delete_people
from ranker.errors import CapReached, PriceUnknown, SpendingOff
from ranker.ingest.sample import import_sample
from ranker.llm.prices import Price
from ranker.llm.question import Answer
from ranker.store import ai_calls
from ranker.store.ai_calls import Attempt
from tests.llm.asking import KEY, PRICE, ask, question, settings
from tests.llm.fake_server import FakeServer


def rows(database, columns="outcome, cost_usd, reserved_usd, tokens_in, tokens_out"):
    with database.session() as session:
        return session.connection().execute(text(f"SELECT {columns} FROM ai_call ORDER BY id")).fetchall()


def test_every_attempt_has_its_row_with_what_it_cost(database):
    with FakeServer(script=["error_500", "invalid_json"]) as server:
        _, _, spending = ask(database, settings(server), question())
    assert [row[0] for row in rows(database)] == ["server", "invalid", "ok"]
    assert rows(database)[0][1] == 0.0  # turned away
    for _, cost, reserved, into, out in rows(database)[1:]:
        assert cost == pytest.approx(PRICE.cost(into, 0, out))
        assert cost < reserved
    assert spending.spent == pytest.approx(sum(row[1] for row in rows(database)))
    assert [tuple(row) for row in rows(database, "purpose, model, served, attempt")] == [
        ("qualify", "fake", "", 1),
        ("qualify", "fake", server.model, 2),
        ("qualify", "fake", server.model, 3),
    ]


def test_an_unknown_price_is_an_unknown_cost(database):
    with FakeServer() as server:
        _, _, spending = ask(database, settings(server, price=None), question(1), question(2))
    assert [(row[1], row[2]) for row in rows(database)] == [(None, None)] * 2
    assert (spending.unknown, spending.spent) == (2, 0.0)


def test_a_limit_with_an_unknown_price_does_not_start(database):
    with FakeServer() as server, pytest.raises(PriceUnknown, match="not known"):
        ask(database, settings(server, price=None, max_usd=1.0), question())
    assert not server.requests


def test_a_limit_needs_the_price_of_every_provider_that_may_stand_in(database):
    with FakeServer() as first, FakeServer() as second:
        both = settings(first, second, max_usd=1.0)
        unknown = settings(second, price=None).providers[0]
        with pytest.raises(PriceUnknown):
            ask(database, type(both)((both.providers[0], unknown), max_usd=1.0), question())
    assert not first.requests


def test_the_switch_blocks_what_costs_and_lets_what_is_free_through(database):
    with FakeServer() as server:
        with pytest.raises(SpendingOff):
            ask(database, settings(server, can_spend=False), question())
        with pytest.raises(SpendingOff):
            ask(database, settings(server, can_spend=False, price=None), question())
        assert not server.requests
        answers, _, _ = ask(database, settings(server, can_spend=False, price=Price(0, 0, 0)), question())
    assert isinstance(answers[0], Answer)


def test_the_limit_holds_to_the_cent_with_20_calls_in_flight(database):
    one = question()
    worst = PRICE.cost(one.worst_input(), 0, one.max_output)
    cap = 20 * worst
    with FakeServer(latency=0.1) as server:
        answers, client, spending = ask(
            database, settings(server, max_usd=cap, timeout=30), *[question(at) for at in range(300)]
        )
    refused = [answer for answer in answers if isinstance(answer, CapReached)]
    assert len(refused) + sum(isinstance(answer, Answer) for answer in answers) == 300
    assert len(refused) > 10
    assert isinstance(client.stopped, CapReached)
    assert spending.spent <= cap
    assert spending.spent > cap - 2 * worst  # what is reserved and not used is given back
    assert server.most_at_once > 10


def test_the_limit_of_calls_is_exact_with_20_calls_in_flight_and_counts_those_that_failed(database):
    with FakeServer(latency=0.02, script=["error_500", "invalid_json", "wrong_schema"]) as server:
        answers, client, spending = ask(
            database, settings(server, max_calls=50, max_usd=100.0), *[question(at) for at in range(120)]
        )
        there = next(at for at, answer in enumerate(answers) if isinstance(answer, Answer))
        again, _, after = ask(database, settings(server, max_calls=50), question(there), question(500))
    good = [answer for answer in answers if isinstance(answer, Answer)]
    assert (len(server.requests), spending.calls, len(good)) == (50, 50, 47)
    assert sum(isinstance(answer, CapReached) for answer in answers) == 73
    assert isinstance(client.stopped, CapReached)
    assert "50 calls" in client.stopped.message
    assert server.most_at_once > 10
    assert isinstance(again[0], Answer)  # it was there: no call
    assert isinstance(again[1], CapReached)
    assert after.calls == 50


def test_calls_of_an_earlier_process_count_also_those_that_it_lost(database):
    with database.write() as session:
        for scope in ("work", "work", "other"):
            ai_calls.reserve(session, Attempt(scope, "qualify", "x", "m", 1, None), None)
    with FakeServer() as server:
        answers, _, _ = ask(database, settings(server, max_calls=3), *[question(at) for at in range(4)])
    assert len(server.requests) == 1
    assert sorted(type(answer).__name__ for answer in answers) == ["Answer", "CapReached", "CapReached", "CapReached"]


def test_a_repeated_piece_of_work_counts_what_was_spent_on_it_before(database):
    with FakeServer() as server:
        _, _, first = ask(database, settings(server), question(1))
        answers, _, _ = ask(database, settings(server, max_usd=first.spent), question(2))
        other, _, _ = ask(database, settings(server, max_usd=1.0), question(2), scope="other")
    assert isinstance(answers[0], CapReached)
    assert isinstance(other[0], Answer)


def test_a_call_that_was_lost_counts_with_all_that_was_reserved(database):
    with database.write() as session:
        ai_calls.reserve(session, Attempt("work", "qualify", "x", "m", 1, 0.75), 1.0)
    with database.write() as session:
        assert ai_calls.reserve(session, Attempt("work", "qualify", "x", "m", 1, 0.26), 1.0) is None
        assert ai_calls.reserve(session, Attempt("work", "qualify", "x", "m", 1, 0.25), 1.0) is not None
    with database.session() as session:
        found = ai_calls.spending(session, "work")
    assert (found.lost, found.spent) == (2, 1.0)


def test_a_timeout_may_have_cost_something_and_counts_in_full(database):
    with FakeServer(script=["stall"]) as server:
        _, _, spending = ask(database, settings(server, timeout=1.0), question())
    (kind, cost, reserved, *_), answered = rows(database)
    assert (kind, cost) == ("timeout", None)
    assert spending.spent == pytest.approx(reserved + answered[1])


def test_an_answer_is_asked_for_once(database):
    with FakeServer() as server:
        first, _, before = ask(database, settings(server), question())
        second, client, after = ask(database, settings(server), question())
    assert (first[0].cached, second[0].cached) == (False, True)
    assert first[0].value == second[0].value
    assert (len(server.requests), client.cache_hits) == (1, 1)
    assert after == before


@pytest.mark.parametrize("change", [{"model": "another"}, {"temperature": 0.9}])
def test_another_model_or_setting_is_another_question(database, change):
    with FakeServer() as server:
        ask(database, settings(server), question())
        ask(database, settings(server, **change), question())
    assert len(server.requests) == 2


def test_a_broken_answer_is_not_kept(database):
    with FakeServer(always="wrong_schema") as server:
        ask(database, settings(server), question())
    with database.session() as session:
        assert session.connection().execute(text("SELECT count(*) FROM cache_entry")).scalar() == 0


def test_the_key_is_sent_and_stands_nowhere_else(database, caplog, capsys):
    caplog.set_level("DEBUG")
    with FakeServer(script=["error_500"]) as server:
        set_up = settings(server)
        answers, client, _ = ask(database, set_up, question())
    assert server.requests[0]["key"] == f"Bearer {KEY}"
    database.close()
    said = caplog.text + str(capsys.readouterr()) + repr(set_up) + repr(client.__dict__) + repr(answers)
    kept = b"".join(path.read_bytes() for path in database.path.parent.rglob("*") if path.is_file())
    assert KEY not in said
    assert KEY.encode() not in kept
    assert "Title" not in caplog.text  # nor a word of a lead


ASKING = """
import json, sys
from pathlib import Path
from tests.llm.asking import ask, question, settings
from ranker.store.engine import open_database
class Server: url = sys.argv[1]
ask(open_database(folder=sys.argv[2]), settings(Server, max_usd=0.05, timeout=30), *[question(at) for at in range(60)])
"""


def test_after_kill_9_only_calls_in_flight_are_repeated_and_the_ledger_adds_up(database, tmp_path):
    with FakeServer(latency=0.15) as server:
        for _ in range(2):
            command = [sys.executable, "-c", ASKING, server.url, str(tmp_path / "data")]
            before = len(server.requests)
            process = subprocess.Popen(command, cwd=Path(__file__).parents[2], stderr=subprocess.DEVNULL)
            until = time.monotonic() + 180
            while len(server.requests) < before + 22 and time.monotonic() < until:
                time.sleep(0.01)  # watches another process
            process.kill()
            process.wait()
        time.sleep(0.3)  # what was sent is answered, to nobody
        answers, _, spending = ask(
            database, settings(server, max_usd=1.0, timeout=30), *[question(at) for at in range(60)]
        )
    assert all(isinstance(answer, Answer) for answer in answers)
    # no request without its row; a kill between the two leaves a row alone, one for each call in flight at most
    assert len(server.requests) <= spending.calls <= len(server.requests) + 40
    assert 1 <= spending.lost <= 40
    assert len(server.requests) - 60 <= spending.lost
    kinds = {
        name: sum(row[2] if row[1] is None else row[1] for row in rows(database) if row[0] == name)
        for name in ("ok", "open")
    }
    assert spending.spent == pytest.approx(kinds["ok"] + kinds["open"])


def test_deleting_anybody_empties_the_answers_that_may_quote_them(database):
    import_sample(database)
    with FakeServer() as server:
        ask(database, settings(server), question())
    with database.session() as session:
        lead = session.connection().execute(text("SELECT min(id) FROM lead")).scalar_one()
    delete_people(database, [lead])
    with database.session() as session:
        assert session.connection().execute(text("SELECT count(*) FROM cache_entry")).scalar() == 0
        assert session.connection().execute(text("SELECT count(*) FROM ai_call")).scalar() == 1

"""A server that fails and a model that keeps to nothing: nearly all is complete, the rest says why, all rules hold."""

from sqlalchemy import text

from ranker.jobs.job import drive
from ranker.outreach import outreach_run
from ranker.outreach.placeholders import placeholders
from ranker.outreach.sequence import longest
from ranker.outreach.stored import load_sequence
from ranker.scoring.llm.report import cost_of
from ranker.store import run_queries
from tests.llm.fake_answers import FAULTS, WRITING_FAULTS
from tests.llm.fake_server import FakeServer
from tests.outreach.writers import model_at, people, started

MANY = 200
QUICK = tuple(name for name in FAULTS if name not in {"stall", "drip"})
"""Those that need no waiting for a timeout; ``eval.bench_outreach`` has them all."""


def test_with_a_fifth_of_faults_and_a_third_of_answers_that_break_the_rules_99_of_100_are_complete(
    database, monkeypatch
):
    prospects = people(database, MANY)
    monkeypatch.setattr("ranker.outreach.outreach_piece.PIECE", MANY)
    with FakeServer(share=0.2, faults=QUICK, breaks=1 / 3, seed=7) as server:
        run_id = started(database, prospects, model_at(monkeypatch, server, RANKER_TIMEOUT=30))
        drive(database, run_id, outreach_run.step)
    run = run_queries.get_run(database, run_id)
    assert (run.state, run.done) == ("done", MANY)
    assert run.counts["complete"] >= 0.99 * MANY
    assert run.counts["complete"] + run.counts["failed"] == MANY
    with database.session() as session:
        ids = session.connection().execute(text("SELECT id FROM sequence ORDER BY id")).scalars().all()
    found = [load_sequence(database, one) for one in ids]
    for one in found:
        if one.state == "failed":
            assert one.reason
            assert not one.messages
            continue
        assert [message.step for message in one.messages] == [1, 2, 3]
        for message in one.messages:
            assert 0 < len(message.content) <= longest(message.step)
            assert not placeholders(message.content)
    used = cost_of(database, run_id)
    assert sum(one.usage.calls for one in found) == used.calls
    assert sum(one.usage.tokens_out for one in found) == used.tokens_out
    assert sum(one.asked_again > 0 for one in found) > MANY / 5
    assert all(server.met[name] for name in (*WRITING_FAULTS, *QUICK))

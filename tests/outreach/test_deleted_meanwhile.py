"""Somebody is deleted while a run writes: nothing further is sent about them, and no answer about them is kept."""

from sqlalchemy import text

from ranker.care.deletion import delete_people
from ranker.jobs.job import drive
from ranker.outreach import outreach_run
from ranker.store import run_queries
from tests.llm.fake_server import FakeServer
from tests.outreach.writers import model_at, people, rows, started


def scalars(database, sql):
    with database.session() as session:
        return session.connection().execute(text(sql)).scalars().all()


class Deleting(FakeServer):
    """The first question is answered once its person, and the one after, have been deleted."""

    database, leads = None, ()

    def _completion(self, *said):
        if self.leads:
            delete_people(self.database, self.leads)
            self.leads = ()
        return super()._completion(*said)


def test_who_is_deleted_while_a_run_writes_is_asked_about_no_further_and_leaves_no_answer(database, monkeypatch):
    prospects = people(database, 4)
    leads = scalars(database, "SELECT id FROM lead ORDER BY id")
    with Deleting() as server:
        run_id = started(database, prospects, model_at(monkeypatch, server, RANKER_CONCURRENCY=1))
        server.database, server.leads = database, leads[:2]
        drive(database, run_id, outreach_run.step)
        said = [str(request["body"]["messages"]) for request in server.requests]
    run = run_queries.get_run(database, run_id)
    assert (run.state, run.done, run.total, run.counts["complete"]) == ("done", 2, 2, 2)
    assert [row[0] for row in rows(database, run_id)] == prospects[2:]
    assert not [one for one in said if "area 1" in one]
    kept = scalars(database, "SELECT value FROM cache_entry") + scalars(
        database, "SELECT content FROM sequence_message"
    )
    assert kept
    assert not [one for one in kept if "area 0" in one or "area 1" in one]

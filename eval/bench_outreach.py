"""Writing to 100 prospects at 10 in flight: how much of what is permitted is used; and 200 with everything going wrong.

``python -m eval.bench_outreach``, against a server of our own on loopback: whole runs, from first piece to last,
database and all. First no limit, but a second for an answer: 10 at once can make 10 calls a second. Then 600
requests a minute at 200 ms: what is permitted is what the server's bucket lets through in the time. Then 200 prospects
where a fifth of the requests meets one of 16 faults and a third of the answers breaks the number or the lengths.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import text

from ranker.jobs.job import drive
from ranker.outreach import outreach_run
from ranker.outreach.outreach_model import OutreachModel
from ranker.outreach.placeholders import placeholders
from ranker.outreach.sequence import longest
from ranker.outreach.stored import load_sequence
from ranker.scoring.llm.report import cost_of
from ranker.store import run_queries
from ranker.store.engine import Database, open_database
from ranker.store.run_queries import RunRow
from tests.llm.asking import settings
from tests.llm.fake_server import FakeServer
from tests.outreach.writers import ASKED, people

MANY, AT_ONCE, FAULTY = 100, 10, 200
LATENCY, RPM = 1.0, 600


@contextmanager
def ranked(many: int) -> Iterator[tuple[Database, list[int]]]:
    """A database with so many prospects who rank."""
    with tempfile.TemporaryDirectory(prefix="bench_outreach") as folder:
        os.environ["RANKER_DATA"] = folder
        database = open_database(folder=folder)
        yield database, people(database, many)
        database.close()


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds by the clock, and of work of one core, the server's among them."""

    clock: float
    core: float

    def __str__(self) -> str:
        """Both, for a line of figures: where work comes near the clock, the computer was the limit."""
        return f"{self.clock:.1f} s ({self.core:.1f} s of one core, the server's work among it)"


def written(database: Database, prospects: list[int], server: FakeServer, at_once: int) -> tuple[RunRow, Took]:
    """A whole run, and what it took."""
    os.environ |= {"OPENAI_BASE_URL": server.url, "RANKER_PRICE_INPUT": "1", "RANKER_PRICE_OUTPUT": "2",
                   "RANKER_CONCURRENCY": str(at_once), "RANKER_TIMEOUT": "3"}  # fmt: skip
    model = OutreachModel(settings(server, concurrency=at_once))
    run_id = outreach_run.start(database, prospects, ASKED, model)
    began, worked = time.perf_counter(), time.process_time()
    drive(database, run_id, outreach_run.step)
    took = Took(time.perf_counter() - began, time.process_time() - worked)
    return run_queries.get_run(database, run_id), took


def by_latency() -> str:
    """The share of what so many calls at once could make; a line of figures."""
    with ranked(MANY) as (database, prospects), FakeServer(latency=LATENCY) as server:
        run, took = written(database, prospects, server, AT_ONCE)
        calls = cost_of(database, run.id).calls
    permitted = AT_ONCE / LATENCY * took.clock
    return (
        f"{run.counts['complete']} sequences, {AT_ONCE} in flight, {LATENCY:.1f} s an answer: {calls} calls in "
        f"{took}, {calls / permitted:.1%} of those that {AT_ONCE} at once can make"
    )


def by_limit() -> str:
    """The share of what the server's limit permits; a line of figures."""
    with ranked(MANY) as (database, prospects), FakeServer(latency=0.2, rpm=RPM) as server:
        run, took = written(database, prospects, server, AT_ONCE)
        passed, refused = server.met["ok"], server.met["limit"]
    permitted = RPM * took.clock / 60 + RPM / 60
    return (
        f"{run.counts['complete']} sequences, {AT_ONCE} in flight, {RPM} requests a minute: {passed} calls in "
        f"{took}, {passed / permitted:.1%} of those permitted; {refused} answered 429"
    )


def with_faults() -> str:
    """What comes of a server and a model that keep to nothing; a line of figures."""
    with ranked(FAULTY) as (database, prospects), FakeServer(share=0.2, breaks=1 / 3, seed=1) as server:
        run, took = written(database, prospects, server, 20)
        with database.session() as session:
            ids = session.connection().execute(text("SELECT id FROM sequence ORDER BY id")).scalars().all()
        found = [load_sequence(database, number) for number in ids]
        asked, calls = len(server.requests), cost_of(database, run.id).calls
    held = sum(
        [one.step for one in sequence.messages] == [1, 2, 3]
        and all(len(one.content) <= longest(one.step) and not placeholders(one.content) for one in sequence.messages)
        for sequence in found
        if sequence.state == "complete"
    )
    cut = sum(any(one.cut for one in sequence.messages) for sequence in found)
    return (
        f"{FAULTY} sequences, 20% faults, a third of the answers broken: {run.counts['complete']} complete "
        f"({run.counts['complete'] / FAULTY:.1%}), {run.counts['failed']} failed with a reason; number, lengths and "
        f"placeholders hold in {held}, {cut} have a message that was cut; {asked} requests ({calls} in the ledger), "
        f"{took}"
    )


def main() -> None:
    """Run all parts and print a line each."""
    for name in ("OPENAI_API_KEY", "RANKER_PROVIDER", "RANKER_MODEL", "RANKER_MAX_USD", "RANKER_RPM", "RANKER_TPM"):
        os.environ.pop(name, None)
    for part in (by_latency, by_limit, with_faults):
        print(part(), flush=True)


if __name__ == "__main__":
    main()

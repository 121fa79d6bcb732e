"""``make soak``: kill -9 at random moments of a ranking with a model, restart, and compare with one undisturbed.

``python -m eval.soak_model [TIMES] [SEED]``: TIMES (20) kills of durable runs, the strategies in turn, against a server
of our own in this process, which counts each request and what it would charge for it. Every fifth run has a limit of
money that it can't finish under. What has to hold after the restart:

- at most as many questions were asked twice as calls may be under way;
- no request without its row in the ledger, and what the server charged ≤ what the ledger says ≤ the limit;
- the verdicts are those of the undisturbed run, or the run says that its limit is reached.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text

from eval.made_leads import write_made
from eval.soak import differences, dump, ended, finish, launch
from ranker.llm.prices import Price
from tests.llm.fake_server import FakeServer

LEADS, AT_ONCE = 400, 10
LATENCY = 0.05
PLENTY = 100.0
"""Dollars that no run needs."""
PRICE = Price(1.0, 0.5, 2.0)
TIGHT = 0.6
"""The share of its cost that a run with too low a limit may spend."""
_ATTEMPTS = {"ai_call", "run"}
"""Tables that tell of the attempts themselves."""


@dataclass
class Shop(FakeServer):
    """A fake server that adds up what it charges."""

    billed: float = 0.0

    def _completion(self, *about: Any) -> dict[str, Any]:
        body = super()._completion(*about)
        self.billed += PRICE.cost(body["usage"]["prompt_tokens"], 0, body["usage"]["completion_tokens"])
        return body

    def forget(self) -> None:
        """Begin to count anew."""
        self.requests.clear()
        self.billed = 0.0

    def repeated(self) -> int:
        """Requests that were there before."""
        said = [json.dumps(one["body"]["messages"]) for one in self.requests]
        return len(said) - len(set(said))


@dataclass(frozen=True)
class Calm:
    """An undisturbed run: what it leaves, how many requests it made, and the dollars that the ledger has for it."""

    rows: dict[str, list[tuple[Any, ...]]]
    requests: int
    spent: float


def environment(server: FakeServer, max_usd: float) -> None:
    """Say how the server is asked, for this process and those that it starts."""
    os.environ |= {
        "OPENAI_BASE_URL": server.url, "RANKER_MODEL": "fake", "RANKER_TIMEOUT": "20", "RANKER_MAX_USD": str(max_usd),
        "RANKER_CONCURRENCY": str(AT_ONCE), "RANKER_PRICE_INPUT": str(PRICE.input),
        "RANKER_PRICE_CACHED": str(PRICE.cached), "RANKER_PRICE_OUTPUT": str(PRICE.output),
    }  # fmt: skip


def prepare(strategy: str, folder: Path) -> None:
    """A folder with made leads and one queued run."""
    from ranker.ingest.merge import commit
    from ranker.ingest.stage import stage_file
    from ranker.llm.settings import load_settings
    from ranker.personas.catalog import list_personas, seed_personas
    from ranker.scoring import rank_run
    from ranker.scoring.llm.variants import ModelChoice
    from ranker.scoring.selection import Selection
    from ranker.store.engine import open_database

    database = open_database(folder=folder)
    seed_personas(database)
    made = write_made(folder / "made.csv", LEADS, LEADS)
    commit(database, stage_file(database, "made.csv", made.read_bytes()).id)
    choice = ModelChoice(strategy, load_settings())
    rank_run.start(database, Selection("all"), list_personas(database)[0].live_version_id, model=choice)
    database.close()


def verdicts(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row but those that tell of the attempts."""
    return {name: rows for name, rows in dump(folder).items() if name not in _ATTEMPTS}


def kept(folder: Path) -> tuple[int, int, float, str, str]:
    """The rows of the ledger, those that never ended, the dollars, and how the run ended."""
    from ranker.store.engine import open_database

    database = open_database(folder=folder)
    with database.session() as session:
        calls, lost, spent = session.connection().execute(
            text(
                "SELECT count(*), coalesce(sum(CASE WHEN outcome='open' THEN 1 ELSE 0 END), 0), "
                "coalesce(sum(coalesce(cost_usd, reserved_usd)), 0) FROM ai_call"
            )
        ).one()  # fmt: skip
        state, error = session.connection().execute(text("SELECT state, error FROM run")).one()
    database.close()
    return calls, lost, spent, state, error


def calm_run(server: Shop, strategy: str, folder: Path) -> Calm:
    """Run to the end without a disturbance."""
    environment(server, PLENTY)
    server.forget()
    prepare(strategy, folder)
    finish(folder)
    return Calm(verdicts(folder), len(server.requests), kept(folder)[2])


def killed(server: Shop, folder: Path, requests: int, later: float) -> bool:
    """Start the run, and kill it so many seconds after so many requests; False if it was done before."""
    process = launch(folder)
    while process.poll() is None and len(server.requests) < requests:
        time.sleep(0.002)
    try:
        process.wait(later)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    return ended(process) == -signal.SIGKILL


def killed_once(server: Shop, strategy: str, folder: Path, rng: random.Random, most: int, cap: float) -> str:
    """Prepare a run, kill it at a random moment of its work and run it to its end; what there is to tell of it.

    ``most``: the requests that it makes. A run that was done before its moment is tried again with another one.
    """
    environment(server, cap)
    while True:
        shutil.rmtree(folder, ignore_errors=True)
        server.forget()
        prepare(strategy, folder)
        if killed(server, folder, rng.randint(1, most), rng.uniform(0, 2 * LATENCY)):
            before = len(server.requests)
            time.sleep(4 * LATENCY)  # what was sent is answered, to nobody
            finish(folder)
            return f"killed after {before} requests"


def faults(server: Shop, folder: Path, calm: Calm, cap: float) -> list[str]:
    """What does not hold."""
    calls, lost, spent, state, error = kept(folder)
    requests, repeated, found = len(server.requests), server.repeated(), []
    if repeated > AT_ONCE:
        found.append(f"{repeated} questions asked twice")
    if not requests <= calls <= requests + AT_ONCE:
        found.append(f"{requests} requests, {calls} rows")
    if lost > AT_ONCE:
        found.append(f"{lost} rows never ended")
    if not server.billed - 1e-9 <= spent <= cap + 1e-9:
        found.append(f"charged {server.billed:.6f}, ledger {spent:.6f}, limit {cap:.6f}")
    if cap < calm.spent:
        return found + ([] if state == "failed" and "limit" in error else [f"the run is {state}: {error}"])
    return (
        found + ([] if state == "done" else [f"the run is {state}: {error}"]) + differences(calm.rows, verdicts(folder))
    )


def main() -> None:
    """Kill and restart TIMES times, and exit 1 if anything does not hold."""
    from ranker.scoring.llm.strategies import STRATEGIES

    parser = argparse.ArgumentParser(description="kill -9 at random moments of a ranking with a model")
    parser.add_argument("times", nargs="?", type=int, default=20)
    parser.add_argument("seed", nargs="?", type=int, default=random.SystemRandom().randrange(1_000_000))
    options = parser.parse_args()
    rng, bad = random.Random(options.seed), 0
    print(f"seed {options.seed}")
    with tempfile.TemporaryDirectory() as name, Shop(latency=LATENCY) as server:
        place = Path(name)
        calm = {strategy: calm_run(server, strategy, place / f"calm-{strategy}") for strategy in STRATEGIES}
        for number in range(options.times):
            strategy, share = list(STRATEGIES)[number % len(STRATEGIES)], TIGHT if number % 5 == 4 else 1.0
            quiet, folder = calm[strategy], place / f"killed-{number}"
            cap = PLENTY if share == 1.0 else quiet.spent * share
            said = killed_once(server, strategy, folder, rng, int(quiet.requests * share), cap)
            found = faults(server, folder, quiet, cap)
            calls, lost, spent, state, _ = kept(folder)
            bad += bool(found)
            print(
                f"{strategy} {number + 1:>2}: {said}; {server.repeated()} asked twice, {calls} rows for "
                f"{len(server.requests)} requests, {lost} lost, charged ${server.billed:.4f} ≤ ledger ${spent:.4f} ≤ "
                f"limit ${cap:.4f}, {state}: {found or 'holds'}",
                flush=True,
            )
    print(f"{options.times - bad} of {options.times} hold")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()

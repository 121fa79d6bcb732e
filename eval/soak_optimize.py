"""``make soak``: kill -9 at random moments of an optimization, restart, and compare with one undisturbed.

``python -m eval.soak_optimize [TIMES] [SEED]``: TIMES (20) kills of durable runs, by rules and with a model in turn,
the model being a server of our own in this process, which counts each request. What has to hold after the restart:

- every candidate, its figures and its place in the beams are those of the undisturbed run, and so is the proposal, what
  is claimed of it, and what the companies held out showed, at which was looked once;
- of a model at most as many questions were asked twice as calls may be under way, no request lacks its row in the
  ledger, and the limits of calls and money are kept.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text

from eval import soak
from eval.soak_model import AT_ONCE, LATENCY, Shop, environment, killed
from ranker.optimizer.settings import Settings
from tests.optimizer.teacher import Teacher

KINDS = ("rules", "model")
MOST_CALLS = 2_000
PLENTY = 50.0
SETTINGS = Settings(generations=2, variants=3, beam=2, folds=2, hold_out_from=6)
_TIMES = {"at", "asked_at"}
_TABLES = ("candidate", "candidate_score", "persona_version", "eval_item")


class School(Teacher, Shop):
    """The fake model that learns from the text, with the bill."""


@dataclass(frozen=True)
class Calm:
    """An undisturbed run: what it leaves, the seconds and the requests that it took."""

    left: dict[str, Any]
    seconds: float
    requests: int


def prepare(kind: str, folder: Path) -> None:
    """A folder with a labelled set and one queued optimization."""
    from ranker.llm.settings import load_settings
    from ranker.optimizer import optimize_run
    from ranker.personas.versions import add_version
    from ranker.scoring.llm.variants import ModelChoice
    from ranker.store.engine import open_database
    from tests.optimizer.optimizing import rules_run, taught_set
    from tests.optimizer.teacher import PERSONA

    database = open_database(folder=folder)
    if kind == "rules":
        rules_run(database, SETTINGS)
    else:
        optimize_run.start(
            database, taught_set(database), add_version(database, "Somebody", PERSONA).id, settings=SETTINGS,
            model=ModelChoice("pointwise", load_settings()), max_usd=PLENTY, max_calls=MOST_CALLS,
        )  # fmt: skip
    database.close()


def left(folder: Path) -> dict[str, Any]:
    """What an optimization leaves, without times and what tells of the attempts."""
    from ranker.store.engine import open_database

    rows = soak.dump(folder)
    found: dict[str, Any] = {name: rows[name] for name in _TABLES}
    database = open_database(folder=folder)
    with database.session() as session:
        state, error, result, openings = session.connection().execute(
            text("SELECT r.state, r.error, o.result, o.openings FROM run AS r JOIN optimization AS o ON o.run_id=r.id")
        ).one()  # fmt: skip
    database.close()
    looks = [{name: value for name, value in one.items() if name not in _TIMES} for one in json.loads(openings)]
    return found | {"run": (state, error), "result": json.loads(result), "looks": looks}


def ledger(folder: Path) -> tuple[int, float]:
    """Rows and dollars of the ledger."""
    from ranker.store.engine import open_database

    database = open_database(folder=folder)
    with database.session() as session:
        calls, spent = session.connection().execute(
            text("SELECT count(*), coalesce(sum(coalesce(cost_usd, reserved_usd)), 0) FROM ai_call")
        ).one()  # fmt: skip
    database.close()
    return calls, spent


def calm_run(kind: str, server: School, folder: Path) -> Calm:
    """Run to the end without a disturbance."""
    environment(server, PLENTY)
    server.forget()
    prepare(kind, folder)
    seconds = soak.finish(folder)
    return Calm(left(folder), seconds, len(server.requests))


def killed_once(kind: str, server: School, template: Path, folder: Path, rng: random.Random, calm: Calm) -> str:
    """Kill a copy of the template at a random moment of its work and run it to its end; what there is to tell of it."""
    if kind == "rules":
        moment = soak.killed(template, folder, rng, calm.seconds)
        soak.finish(folder)
        return f"killed {moment:.2f} s of {calm.seconds:.2f} s in"
    while True:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(template, folder)
        server.forget()
        if killed(server, folder, rng.randint(1, calm.requests), rng.uniform(0, 2 * LATENCY)):
            before = len(server.requests)
            time.sleep(4 * LATENCY)  # what was sent is answered, to nobody
            soak.finish(folder)
            return f"killed after {before} of {calm.requests} requests"


def faults(kind: str, server: School, folder: Path, calm: Calm) -> list[str]:
    """What does not hold."""
    now = left(folder)
    found = [f"{name} differs" for name in calm.left if calm.left[name] != now[name]]
    if now["run"] != ("done", ""):
        found.append(f"the run is {now['run']}")
    if len(now["looks"]) > 1:
        found.append(f"{len(now['looks'])} looks at the companies held out")
    if kind == "rules":
        return found
    calls, spent = ledger(folder)
    requests, repeated = len(server.requests), server.repeated()
    if repeated > AT_ONCE:
        found.append(f"{repeated} questions asked twice")
    if not requests <= calls <= min(MOST_CALLS, requests + AT_ONCE):
        found.append(f"{requests} requests, {calls} rows")
    if not server.billed - 1e-9 <= spent <= PLENTY:
        found.append(f"charged {server.billed:.6f}, ledger {spent:.6f}")
    return found


def main() -> None:
    """Kill and restart TIMES times, and exit 1 if anything does not hold."""
    parser = argparse.ArgumentParser(description="kill -9 at random moments of an optimization")
    parser.add_argument("times", nargs="?", type=int, default=20)
    parser.add_argument("seed", nargs="?", type=int, default=random.SystemRandom().randrange(1_000_000))
    options = parser.parse_args()
    rng, bad = random.Random(options.seed), 0
    print(f"seed {options.seed}")
    with tempfile.TemporaryDirectory() as name, School(latency=LATENCY) as server:
        place = Path(name)
        environment(server, PLENTY)
        calm = {}
        for kind in KINDS:
            prepare(kind, place / kind)
            calm[kind] = calm_run(kind, server, place / f"calm-{kind}")
        for number in range(options.times):
            kind, folder = KINDS[number % len(KINDS)], place / "killed"
            said = killed_once(kind, server, place / kind, folder, rng, calm[kind])
            found = faults(kind, server, folder, calm[kind])
            bad += bool(found)
            twice = f", {server.repeated()} asked twice" if kind == "model" else ""
            print(f"{kind} {number + 1:>2}: {said}{twice}: {found or 'the same winner'}", flush=True)
    print(f"{options.times - bad} of {options.times} hold")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()

"""``make soak``: kill -9 at random moments of an import and of a rank, restart, and compare the databases.

``python -m eval.soak [TIMES] [SEED]`` does TIMES (20) of each. The dump of every database has to equal that of a
run that nobody disturbed, times and attempts apart. The tests do the same, twice.
"""

from __future__ import annotations

import argparse
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

from eval.made_leads import write_made

ROOT = Path(__file__).parent.parent
LEADS = 24_000
KINDS = ("import", "rank")
_DEADLINE = 120.0
_LEFT_OUT = {"phases", "token", "used_at", "since"}
"""Beside every column that ends in ``_at``: how long the attempts took, and which one it was."""

# A process of its own that works on the runs of a folder until none is left.
_PROCESS = """
import sys, time
from ranker.store.engine import open_database
from ranker.store.run_queries import active_runs
from ranker.worker import start_worker, stop_worker
from ranker.jobs.engine import Worker
database = open_database(folder=sys.argv[1])
start_worker(database)
while Worker.current is None:
    time.sleep(0.005)
print("slot", Worker.current.slot, flush=True)
Worker.current.ready.wait(60)
print("ready", flush=True)
said = False
while runs := active_runs(database):
    if not said and any(run.done or run.phase for run in runs):
        said = print("working", flush=True) or True
    time.sleep(0.005)
print("finished", flush=True)
stop_worker()
"""


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """What an undisturbed run leaves, and the seconds from when it could be taken to its end."""

    dump: dict[str, list[tuple[Any, ...]]]
    seconds: float


def prepare(kind: str, folder: Path, leads: int = LEADS) -> None:
    """A folder with one queued run: an import of made leads, or a rank of them over ranks that are there."""
    from ranker.ingest import import_run
    from ranker.ingest.merge import commit
    from ranker.ingest.stage import stage_file
    from ranker.jobs.job import drive
    from ranker.personas.catalog import list_personas, seed_personas
    from ranker.scoring import rank_run
    from ranker.scoring.selection import Selection
    from ranker.store.engine import open_database

    database = open_database(folder=folder)
    seed_personas(database)
    staged = stage_file(database, "made.csv", write_made(folder / "made.csv", leads, leads // 8).read_bytes())
    if kind == "import":
        import_run.start(database, staged.id)
    else:
        commit(database, staged.id)
        before, after, *_ = list_personas(database)
        drive(database, rank_run.start(database, Selection("all"), before.live_version_id), rank_run.step)
        rank_run.start(database, Selection("all"), after.live_version_id)
    database.close()


def launch(folder: Path) -> subprocess.Popen[str]:
    """A process that works on the folder's runs until none is left; it says slot, ready, working, finished."""
    return subprocess.Popen(
        [sys.executable, "-c", _PROCESS, str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def hear(process: subprocess.Popen[str], word: str) -> str:
    """Read what the process says until a line begins with ``word``; "" if it ends before."""
    assert process.stdout is not None
    return next((line for line in process.stdout if line.startswith(word)), "")


def ended(process: subprocess.Popen[str]) -> int:
    """Wait for the process to end; its status."""
    status = process.wait(_DEADLINE)
    assert process.stdout is not None
    process.stdout.close()
    return status


def finish(folder: Path) -> float:
    """Work until nothing is left; the seconds from when work could be taken to the end."""
    process = launch(folder)
    hear(process, "ready")
    began = time.perf_counter()
    hear(process, "finished")
    seconds = time.perf_counter() - began
    if ended(process):
        raise RuntimeError("the worker's process ended with an error")
    return seconds


def undisturbed(kind: str, template: Path, folder: Path) -> Undisturbed:
    """Run a copy of the template to its end."""
    shutil.copytree(template, folder)
    return Undisturbed(seconds=finish(folder), dump=dump(folder))


def killed(template: Path, folder: Path, rng: random.Random, seconds: float) -> float:
    """Run a copy of the template, kill -9 it at a random moment of its work; how many seconds into it.

    Nothing is restarted. A process that was done before its moment is tried again with an earlier one.
    """
    while True:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(template, folder)
        moment = rng.uniform(0, seconds)
        process = launch(folder)
        hear(process, "ready")
        try:
            process.wait(moment)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        if ended(process) == -signal.SIGKILL:
            return moment
        seconds *= 0.8


def dump(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, without times and without what tells one attempt from another."""
    from sqlalchemy import select

    from ranker.store.engine import open_database
    from ranker.store.tables import METADATA

    database = open_database(folder=folder)
    found = {}
    with database.session() as session:
        for table in METADATA.sorted_tables:
            columns = [c for c in table.columns if c.name not in _LEFT_OUT and not c.name.endswith("_at")]
            rows = session.connection().execute(select(*columns).order_by(*table.primary_key.columns))
            found[table.name] = [tuple(row) for row in rows]
    database.close()
    return found


def differences(left: dict[str, list[tuple[Any, ...]]], right: dict[str, list[tuple[Any, ...]]]) -> list[str]:
    """The tables whose rows differ, with how many do."""
    return [
        f"{name}: {len(set(left[name]) ^ set(right[name]))} rows differ"
        for name in left
        if left[name] != right[name]
    ]  # fmt: skip


def main() -> None:
    """Kill and restart TIMES times each, and exit 1 if any database differs."""
    parser = argparse.ArgumentParser(description="kill -9 at random moments of an import and of a rank")
    parser.add_argument("times", nargs="?", type=int, default=20)
    parser.add_argument("seed", nargs="?", type=int, default=random.SystemRandom().randrange(1_000_000))
    options = parser.parse_args()
    rng, bad = random.Random(options.seed), 0
    print(f"seed {options.seed}")
    for kind in KINDS:
        with tempfile.TemporaryDirectory() as place:
            template, folder = Path(place) / "template", Path(place) / "killed"
            prepare(kind, template)
            calm = undisturbed(kind, template, Path(place) / "calm")
            for time_ in range(1, options.times + 1):
                moment = killed(template, folder, rng, calm.seconds)
                finish(folder)
                found = differences(calm.dump, dump(folder))
                bad += bool(found)
                print(f"{kind} {time_:>2}: killed {moment:.2f} s of {calm.seconds:.2f} s in: {found or 'the same'}")
    print(f"{2 * options.times - bad} of {2 * options.times} databases equal the undisturbed one")
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()

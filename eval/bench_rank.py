"""How fast a run judges and keeps leads: 100,000 made leads, imported, then ranked with all its writes.

``python -m eval.bench_rank [LEADS]``: a run in a fresh database, then the same run again over current ranks
(every row of them is replaced). Each in a process of its own, so that no memory is warm. Times are from the
first piece to the last, publishing included; the worker's own start is shown apart.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from eval.made_leads import write_made

LEADS = 100_000
PERSONA = "Who buys from Ladderline"


def prepare(folder: str, leads: int) -> dict[str, float]:
    """Import the made leads into a fresh database."""
    from ranker.ingest.merge import commit
    from ranker.ingest.stage import stage_file
    from ranker.personas.catalog import seed_personas
    from ranker.store.engine import open_database

    database = open_database(folder=folder)
    seed_personas(database)
    data = write_made(Path(folder) / "made.csv", leads, leads // 5).read_bytes()
    began = time.perf_counter()
    commit(database, stage_file(database, "made.csv", data).id)
    return {"seconds": time.perf_counter() - began}


def ranked(folder: str) -> dict[str, float]:
    """Rank everything with the worker, as the app does."""
    from ranker.personas.catalog import list_personas
    from ranker.scoring import rank_run
    from ranker.scoring.selection import Selection
    from ranker.store import run_queries
    from ranker.store.engine import open_database
    from ranker.worker import start_worker, stop_worker

    database = open_database(folder=folder)
    persona = next(one.live_version_id for one in list_personas(database) if one.name == PERSONA)
    run_id = rank_run.start(database, Selection("all"), persona)
    began = time.perf_counter()
    start_worker(database)
    run = run_queries.get_run(database, run_id)
    first = 0.0
    while run.active:
        time.sleep(0.02)  # a bench may look at the clock; it asks as a page would
        run = run_queries.get_run(database, run_id)
        first = first or (time.perf_counter() if run.state == "running" else 0.0)
    ended = time.perf_counter()
    stop_worker()
    if run.state != "done":
        raise SystemExit(f"the run {run.state}: {run.error}")
    seconds = ended - first + run.seconds["reading"]
    return {"leads": run.total, "seconds": seconds, "starting": first - began - run.seconds["reading"], **run.seconds}


def _apart(part: str, *arguments: str) -> dict[str, float]:
    command = [sys.executable, "-m", "eval.bench_rank", part, *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def report(leads: int = LEADS) -> None:
    """Run every part and print a line each."""
    with tempfile.TemporaryDirectory() as folder:
        _apart("prepare", folder, str(leads))
        for what in ("a first run", "the same again"):
            found = _apart("ranked", folder)
            phases = ", ".join(f"{name} {found[name]:.1f}" for name in ("reading", "judging", "ranking", "publishing"))
            print(
                f"{what} over {leads:,} leads: {found['seconds']:.1f} s ({phases}), "
                f"{leads / found['seconds']:,.0f} leads a second, peak memory {found['peak_mb']:.0f} MB; "
                f"worker up after {found['starting']:.1f} s"
            )


def main() -> None:
    """``prepare FOLDER LEADS``, ``ranked FOLDER``, or both with a report."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["prepare"]:
        result = prepare(arguments[1], int(arguments[2]))
    elif arguments[:1] == ["ranked"]:
        result = ranked(arguments[1])
    else:
        report(int(arguments[0]) if arguments else LEADS)
        return
    result["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(result))


if __name__ == "__main__":
    main()

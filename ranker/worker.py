"""The worker of this process: knows every kind of run, and takes them in the background until it is stopped."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from ranker.evaluation import eval_run
from ranker.ingest import import_run
from ranker.optimizer.stored import KIND as OPTIMIZE
from ranker.outreach import outreach_run
from ranker.scoring import rank_run
from ranker.store.engine import Database

if TYPE_CHECKING:
    from ranker.jobs.engine import Worker
    from ranker.jobs.job import Steps


def _optimize(database: Database, run_id: int) -> bool:
    from ranker.optimizer.optimize_run import step  # its figures take a second to load

    return step(database, run_id)


STEPS: Steps = {
    import_run.KIND: import_run.step, rank_run.KIND: rank_run.step, eval_run.KIND: eval_run.step, OPTIMIZE: _optimize,
    outreach_run.KIND: outreach_run.step,
}  # fmt: skip

_lock = threading.Lock()
_running: tuple[threading.Thread, Worker, Database] | None = None


def start_worker(database: Database) -> None:
    """Take runs in the background, those first that were under way when the last process ended.

    Returns at once; a second call for the same database does nothing. One worker a process.
    """
    global _running
    from ranker.jobs.engine import Worker

    with _lock:
        if _running is not None and _running[0].is_alive():
            if _running[2].engine.url == database.engine.url:
                return
            raise RuntimeError("this process already works on another database")
        worker = Worker(database, STEPS)
        thread = threading.Thread(target=worker.run, name="ranker-worker", daemon=True)
        _running = (thread, worker, database)
        thread.start()


def stop_worker(timeout: float = 30.0) -> None:
    """Finish the pieces under way and stop; runs go on at the next start. ``timeout``: seconds to wait at most."""
    global _running
    with _lock:
        if _running is None:
            return
        thread, worker, _ = _running
        worker.stop()
        thread.join(timeout)
        _running = None

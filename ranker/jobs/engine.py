"""The worker of this process, on DBOS: takes queued runs, and those that a dead process left.

Whoever starts a run writes its row; the worker looks for rows that nobody works on. So a run can be started
without this module, and is not lost if the process dies before it was taken.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dbos import DBOS, DBOSConfig, SetWorkflowID
from sqlalchemy import text

from ranker.events import tell, tell_error
from ranker.jobs.job import UNEXPECTED, Steps, take
from ranker.jobs.slots import Slots, take_slot
from ranker.store import run_queries
from ranker.store.engine import Database

FILE_NAME = "jobs.db"
QUEUE = "runs"
VERSION = "runs-1"
"""Pinned, so that an update of the code goes on with pending runs. Raise it when the workflow's shape changes."""
AT_ONCE = 2
"""Runs at the same time in one process."""
LOOK_SECONDS = 0.25
_TICKS_TO_CHECK = 12
_AGAIN_SECONDS = 2.0
_FINISH_SECONDS = 25.0
_LARGE_LOG = 64 * 1024 * 1024
_ENDED = {"SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"}


class _Stopping(BaseException):
    """The process is to end: leaves the run pending, for the next start. Not an error, so DBOS records nothing."""


class Worker:
    """Runs the steps of every kind of run, one worker a process; ``run`` works until ``stop``."""

    current: Worker | None = None

    def __init__(self, database: Database, steps: Steps) -> None:
        self.database, self.steps = database, steps
        self.stopping = threading.Event()
        self.ready = threading.Event()
        self._slots = Slots(database)
        self.slot = -1
        self._asked: set[int] = set()
        self._under_way = 0
        self._changed = threading.Condition()

    def run(self) -> None:
        """Launch, then look for work until ``stop``; blocks. A database that is gone for a moment is tried again."""
        self.slot = take_slot(self._slots)
        Worker.current = self
        try:
            while not self.stopping.is_set():
                try:
                    self._serve()
                except Exception as error:  # noqa: BLE001 - without its worker, the app would wait for ever
                    tell_error("worker.restarts", error)
                    self.stopping.wait(_AGAIN_SECONDS)
                finally:
                    self.ready.clear()
                    self._let_finish()
                    DBOS.destroy()
        finally:
            Worker.current = None
            self._slots.free(self.slot)

    def _serve(self) -> None:
        _launch(self.database, f"worker-{self.slot}")
        self.ready.set()
        tell("worker.ready", slot=self.slot)
        tick = 0
        while not self.stopping.is_set():
            if tick % _TICKS_TO_CHECK == 0:
                self._asked.clear()
                self._take_over()
                _tidy(self.database)
            self._look()
            tick += 1
            self.stopping.wait(LOOK_SECONDS)

    def stop(self) -> None:
        """Ask ``run`` to end: the piece under way is finished, the rest goes on at the next start."""
        self.stopping.set()

    @contextmanager
    def working(self) -> Iterator[None]:
        """Around the work on a run, so that ``run`` does not end before it."""
        with self._changed:
            self._under_way += 1
        try:
            yield
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()

    def _let_finish(self) -> None:
        """Wait until the pieces under way are done and recorded."""
        if self.stopping.is_set():
            with self._changed:
                self._changed.wait_for(lambda: not self._under_way, _FINISH_SECONDS)

    def _look(self) -> None:
        """Enqueue runs that nobody works on; a run whose work ended without saying so has failed."""
        for run in run_queries.active_runs(self.database):
            if run.id in self._asked or run.kind not in self.steps:
                continue
            self._asked.add(run.id)
            name = _name(self.database, run.id)
            status = DBOS.get_workflow_status(name)
            if status is None:
                with SetWorkflowID(name):
                    DBOS.enqueue_workflow(QUEUE, _work, run.id)
            elif status.status in _ENDED:
                run_queries.end(self.database, run.id, "failed", UNEXPECTED)

    def _take_over(self) -> None:
        """Make what dead processes left pending everybody's again."""
        pending = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        for executor in {status.executor_id for status in pending if status.executor_id}:
            _, _, number = executor.partition("-")
            slot = int(number) if number.isdigit() else self.slot
            if slot == self.slot or not self._slots.hold(slot):
                continue
            try:
                DBOS._recover_pending_workflows([executor])
            finally:
                self._slots.free(slot)


@DBOS.workflow(name="run", max_recovery_attempts=None)
def _work(run_id: int) -> None:
    """Take the steps of a run; each is recorded once it is done."""
    worker = Worker.current
    if worker is None:
        raise _Stopping
    with worker.working():
        while DBOS.run_step({"name": "piece"}, _piece, run_id):
            pass


def _piece(run_id: int) -> bool:
    worker = Worker.current
    if worker is None or worker.stopping.is_set():
        raise _Stopping
    run = run_queries.get_run(worker.database, run_id)
    return take(worker.database, run_id, worker.steps[run.kind])


def _tidy(database: Database) -> None:
    """Move a large write-ahead log into the SQLite file; nothing else does while the process lives."""
    log = None if database.path is None else database.path.with_name(f"{database.path.name}-wal")
    if log is not None and log.exists() and log.stat().st_size > _LARGE_LOG:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("PRAGMA wal_checkpoint(PASSIVE)"))


def _name(database: Database, run_id: int) -> str:
    """The workflow's id: the run's, with when it was asked for, should the data folder ever be another one."""
    return f"run-{run_id}-{run_queries.get_run(database, run_id).queued_at}"


def _launch(database: Database, executor: str) -> None:
    config: DBOSConfig = {
        "name": "ranker",
        "system_database_url": _url(database),
        "application_version": VERSION,
        "executor_id": executor,
        "log_level": "ERROR",
        "notification_listener_polling_interval_sec": 1.0,
    }
    DBOS(config=config)
    DBOS.launch()
    DBOS.register_queue(QUEUE, worker_concurrency=AT_ONCE, polling_interval_sec=LOOK_SECONDS)


def _url(database: Database) -> str:
    """DBOS's own file beside the data, in WAL from the start (twice as fast), or a schema of the Postgres database."""
    if database.path is None:
        return database.engine.url.render_as_string(hide_password=False)
    path: Path = database.path.with_name(FILE_NAME)
    path.touch(mode=0o600)
    connection = sqlite3.connect(path)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
    finally:
        connection.close()
    return f"sqlite:///{path}"

"""An import as a run: the file is read and compared, then written to the leads, however often it is interrupted.

``start`` after ``ranker.ingest.stage.stage_file``; the worker (``ranker.worker``) takes the steps.
"""

from __future__ import annotations

import time
from typing import Any

from ranker.errors import ColumnMissing, UsageError
from ranker.events import tell
from ranker.ingest.check import check
from ranker.ingest.merge import commit
from ranker.ingest.staged import load_import
from ranker.store import run_queries
from ranker.store.engine import Database
from ranker.store.run_queries import RunRow

KIND = "import"


class _Ended(Exception):
    """The run ended while the file was read."""


def start(database: Database, batch_id: int, who: str = "") -> int:
    """Queue the import of a staged (or checked) file and return the run's id; two clicks give the same run.

    Raises ``UsageError`` for an import that is done or cancelled, ``ColumnMissing`` while company or title has
    no column.
    """
    with database.write() as session:
        staged = load_import(session, batch_id)
        if staged.state not in {"staged", "checked"}:
            raise UsageError(f"The import of “{staged.file_name}” is {staged.state}. Upload the file again.")
        if staged.missing:
            raise ColumnMissing(
                f"No column for {' and '.join(staged.missing)} yet. Choose it in the list of columns, then import."
            )
        work = {"batch": batch_id}
        return run_queries.ask(session, KIND, str(batch_id), work, total=staged.row_count, who=who)


def cancel(database: Database, run_id: int) -> bool:
    """Stop an import before it is written to the leads; the file stays staged. False if it is too late."""
    return run_queries.end(database, run_id, "cancelled", unless_phase="writing")


def step(database: Database, run_id: int) -> bool:
    """Do the next piece of an import; False once there is nothing left to do, also because it was cancelled."""
    run = run_queries.get_run(database, run_id)
    if not run.active:
        return False
    if run.phase == "writing":
        _write(database, run)
        return False
    progress = _Progress(database, run_id)
    try:
        staged = check(database, int(run.selection["batch"]), progress)
        progress(staged.row_count, "writing")
    except _Ended:
        return False
    return True


def _write(database: Database, run: RunRow) -> None:
    began = time.perf_counter()
    staged = commit(database, int(run.selection["batch"]))
    with database.write() as session:
        spent = time.perf_counter() - began
        run_queries.move(session, run, "done", done=run.total, spent=spent, counts=staged.counts)
    said: dict[str, Any] = dict(staged.counts)
    tell("import.done", run=run.id, batch=staged.id, rows=staged.row_count, seconds=round(spent, 3), **said)


class _Progress:
    """Keeps how many rows were read, and stops the reading of a run that was cancelled."""

    def __init__(self, database: Database, run_id: int) -> None:
        self._database, self._run_id = database, run_id
        self._since = time.perf_counter()

    def __call__(self, rows: int, phase: str = "reading") -> None:
        run = run_queries.get_run(self._database, self._run_id)
        at = time.perf_counter()
        with self._database.write() as session:
            total = max(run.total, rows)
            if not run_queries.move(session, run, phase, done=rows, total=total, spent=at - self._since):
                raise _Ended
        self._since = at

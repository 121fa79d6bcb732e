"""Restoring the embedded file from a backup: checked, brought up to date, without who was deleted meanwhile.

All work happens on a copy; the present database changes in one step, through SQLite itself, so that other windows
and processes go on with the restored data.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import text

from ranker.care.alone import alone
from ranker.care.apply import apply
from ranker.care.wipe import copy_file, rewrite, wipe
from ranker.errors import UsageError
from ranker.events import tell
from ranker.store import backups, run_queries
from ranker.store.counter import leads_version
from ranker.store.engine import FILE_NAME, Database, open_database
from ranker.store.migrate import SCRIPTS
from ranker.store.tombstones import add, load
from ranker.store.traces import mark

POSTGRES = (
    "The data is in Postgres, which has its own tools. Back it up with: pg_dump --format=custom --file=ranker.dump "
    '"$DATABASE_URL" and restore it with: pg_restore --clean --dbname="$DATABASE_URL" ranker.dump'
)
_CUT_OFF = "It was under way when the backup was made. Start it again."
_OURS = frozenset({"alembic_version", "lead", "company", "import_batch"})


@dataclass(frozen=True, slots=True)
class Checked:
    """A backup that can be restored: how much is in it, and the migration that it stands at."""

    leads: int
    companies: int
    runs: int
    revision: str


@dataclass(frozen=True, slots=True)
class Restored:
    """``before``: the backup of what was there. ``removed``: people who were deleted since the backup was made."""

    leads: int
    before: Path
    removed: int
    clean: bool


def check_backup(path: Path) -> Checked:
    """Look into a file before it is restored; nothing is changed.

    Raises ``UsageError`` for one that is no SQLite file, not ours, made by a newer version of this program,
    damaged, or whose references are broken.
    """
    if not path.is_file():
        raise UsageError(f"There is no file “{path.name}”. Check the name and the folder.")
    with path.open("rb") as file:  # a copy or an upload, never the live file
        if file.read(16) != b"SQLite format 3\0":
            raise UsageError(f"“{path.name}” is no backup: it is not a SQLite file. Choose a file named ranker-….db.")
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as copy:
            return _look(copy, path.name)
    except sqlite3.DatabaseError:
        raise UsageError(f"“{path.name}” is damaged and can't be restored. Choose another backup.") from None


def _look(copy: sqlite3.Connection, name: str) -> Checked:
    tables = {row[0] for row in copy.execute("SELECT name FROM sqlite_master WHERE type='table'")}
    if not tables >= _OURS:
        raise UsageError(f"“{name}” is a SQLite file, but no backup of this program. Choose a file named ranker-….db.")
    said = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if said != "ok":
        raise UsageError(f"“{name}” is damaged and can't be restored. Choose another backup.")
    broken = copy.execute("PRAGMA foreign_key_check").fetchone()
    if broken is not None:
        raise UsageError(
            f"“{name}” can't be restored: its table {broken[0]} refers to rows that are not there. "
            "Choose another backup."
        )
    revision = str((copy.execute("SELECT version_num FROM alembic_version").fetchone() or ("",))[0])
    known = {script.revision for script in ScriptDirectory(str(SCRIPTS)).walk_revisions()}
    if revision not in known:
        raise UsageError(
            f"“{name}” was made by a newer version of this program (tables {revision or 'unknown'}). "
            "Update the program, then restore it."
        )
    counts = [copy.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("lead", "company")]
    runs = copy.execute("SELECT count(*) FROM run").fetchone()[0] if "run" in tables else 0
    return Checked(counts[0], counts[1], runs, revision)


def restore(database: Database, path: Path) -> Restored:
    """Replace the present data with a backup's, after a backup of what is there now.

    Whoever was deleted since stays deleted. Raises ``UsageError`` as ``check_backup`` does, on Postgres, and while
    a run is active; then nothing has changed.
    """
    if database.path is None:
        raise UsageError(POSTGRES)
    with alone(database):
        check_backup(path)
        _nobody_works(database)
        with tempfile.TemporaryDirectory(prefix="restoring-", dir=database.path.parent) as name:
            folder = Path(name)
            copy_file(path, folder / FILE_NAME)
            removed = _prepare(folder, database)
            before = backups.make(database, "before-restore")
            assert before is not None
            _nobody_works(database)
            _replace(database, folder / FILE_NAME)
        clean = wipe(database) if removed else True
        with database.session() as session:
            leads = int(session.connection().execute(text("SELECT count(*) FROM lead")).scalar_one())
    tell("restore.done", leads=leads, removed=removed)
    return Restored(leads, before, removed, clean)


@contextmanager
def uploaded(database: Database, data: bytes) -> Iterator[Path]:
    """An uploaded backup as a file in the data folder, for the owner only, gone afterwards."""
    folder = database.path.parent if database.path is not None else None
    with tempfile.TemporaryDirectory(prefix="uploaded-", dir=folder) as name:
        path = Path(name) / "uploaded.db"
        path.touch(mode=0o600)
        path.write_bytes(data)
        yield path


def _nobody_works(database: Database) -> None:
    active = run_queries.active_runs(database)
    if active:
        raise UsageError(
            f"Run {active[0].id} is {active[0].state}. Wait until it is done, or cancel it under Runs, then restore."
        )


def _prepare(folder: Path, present: Database) -> int:
    """Bring the copy up to date, and take out who was deleted meanwhile; how many leads that were."""
    with present.session() as session:
        graves, version = load(session), leads_version(session)
    opened = open_database(folder=folder)  # with the migrations that it lacks
    try:
        with opened.write() as session:
            # The present tombstones hold, not the backup's: somebody may have been let in again since.
            session.connection().execute(text("DELETE FROM tombstone"))
            add(session, graves.stones.values())
            applied = apply(session, graves, files=True)
            connection = session.connection()
            connection.execute(
                text("UPDATE run SET state='cancelled', error=:why WHERE state IN ('queued', 'running')"),
                {"why": _CUT_OFF},
            )
            # higher than before on either side, so that every check of an import is made anew
            connection.execute(
                text(
                    "INSERT INTO counter (name, value) VALUES ('leads', :value) "
                    "ON CONFLICT (name) DO UPDATE SET value=excluded.value"
                ),
                {"value": max(version, leads_version(session)) + 1},
            )
            mark(session, pending=False)
    finally:
        opened.close()
    with closing(sqlite3.connect(folder / FILE_NAME, isolation_level=None)) as copy:
        rewrite(copy)
        problem = backups.as_one_file(copy) or copy.execute("PRAGMA foreign_key_check").fetchone()
    if problem:
        raise UsageError("The backup can't be brought up to date. Nothing was changed; choose another backup.")
    return applied.leads + applied.rows


def _replace(database: Database, copy: Path) -> None:
    with database.engine.connect() as connection, closing(sqlite3.connect(copy)) as source:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        try:
            source.backup(driver)
        except sqlite3.OperationalError:
            raise UsageError(
                "The data is in use, so it can't be replaced now. Close other windows of the app, and try again."
            ) from None
    database.engine.dispose()  # whoever asks next sees the restored tables

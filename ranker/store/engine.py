"""The connection to the database: the embedded SQLite file, or Postgres where ``DATABASE_URL`` names one."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from ranker.errors import StoreFull, UsageError

FILE_NAME = "ranker.db"
BUSY_MS = 10_000
_ONE_WRITER = 7_261_004
"""The Postgres advisory lock that makes writers take turns, as they do on SQLite."""


def data_folder() -> Path:
    """The folder of the embedded file and its backups: ``RANKER_DATA``, else ``data`` here."""
    return Path(os.environ.get("RANKER_DATA") or "data")


@dataclass(frozen=True, slots=True)
class Database:
    """An open database. Pass it to the functions of this package; it may be shared between threads."""

    engine: Engine
    path: Path | None
    """The SQLite file; None on Postgres."""

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded file."""
        return self.path is not None

    @contextmanager
    def session(self) -> Iterator[Session]:
        """For reading: one consistent view, nothing kept."""
        with Session(self.engine) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """For writing: one writer at a time from the first statement on; all of it is kept, or nothing."""
        with _room(), Session(self.engine.execution_options(ranker_write=True)) as session:
            if not self.is_sqlite:
                session.connection().execute(text(f"SELECT pg_advisory_xact_lock({_ONE_WRITER})"))
            yield session
            session.commit()

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


@contextmanager
def _room() -> Iterator[None]:
    """A full disk in words; the transaction is taken back, so that everything is as it was."""
    try:
        yield
    except (sqlite3.OperationalError, DBAPIError) as error:
        if not any(said in str(error) for said in ("database or disk is full", "No space left on device")):
            raise
        raise StoreFull(
            "The disk is full, so this was not kept; what was there before is as it was. "
            "Make room on the disk, then try again."
        ) from None


def open_database(url: str | None = None, folder: str | Path | None = None, *, migrate: bool = True) -> Database:
    """Open the database and bring its tables up to date.

    ``url``: a Postgres URL; by default ``DATABASE_URL``, and without one the file ``ranker.db`` in ``folder``
    (by default :func:`data_folder`). Raises the driver's error where it can't be reached.
    """
    target = url if url is not None else ("" if folder is not None else os.environ.get("DATABASE_URL", ""))
    database = _postgres(target) if target else _sqlite(Path(folder) if folder else data_folder())
    if migrate:
        from ranker.store.migrate import upgrade

        upgrade(database)
    return database


def _postgres(url: str) -> Database:
    scheme, _, rest = url.partition("://")
    if scheme not in {"postgres", "postgresql", "postgresql+psycopg"}:
        raise UsageError("DATABASE_URL has to start with postgresql://, or be left out for the embedded file.")
    return Database(create_engine(f"postgresql+psycopg://{rest}", pool_pre_ping=True, hide_parameters=True), None)


def _sqlite(folder: Path) -> Database:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    path = folder.resolve() / FILE_NAME
    # Never open a file that is there: closing any handle of it would drop the locks of this whole process.
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))  # personal data: for the owner only
    path.chmod(0o600)
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_MS / 1000}, hide_parameters=True)
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return Database(engine, path)


def _on_connect(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # we begin transactions ourselves, see _on_begin
    for pragma in (
        "journal_mode=WAL",
        f"busy_timeout={BUSY_MS}",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "cache_size=-65536",
        "wal_autocheckpoint=32000",  # 128 MB: a large import moves each page once, not four times
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _on_begin(connection: Any) -> None:
    """A deferred read-then-write fails at once when another writes: writers take the lock at the start."""
    write = connection.get_execution_options().get("ranker_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

"""A fresh database for a test: SQLite on disk, and Postgres too where RANKER_TEST_POSTGRES names a server.

The migrations run once a process; a test gets a copy of what they made, which is many times as fast. On Postgres
every test has a whole database, because advisory locks and the worker's slots are shared by all who use one:
the role that RANKER_TEST_POSTGRES names has to be allowed to make databases.
"""

import atexit
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from sqlalchemy import make_url, text

from ranker.store.engine import FILE_NAME, Database, open_database

POSTGRES = os.environ.get("RANKER_TEST_POSTGRES", "")
KINDS = ["sqlite", *(["postgres"] if POSTGRES else [])]


@contextmanager
def fresh(kind: str, folder: Path, *, migrate: bool = True) -> Iterator[Database]:
    """An empty database of this kind, in ``data`` below the folder or on the server; closed afterwards."""
    if kind == "sqlite":
        database = empty(folder / "data") if migrate else open_database(folder=folder / "data", migrate=False)
        yield database
        database.close()
        return
    name = _create(_migrated_postgres() if migrate else "template0")
    database = open_database(_url(name), migrate=False)
    try:
        yield database
    finally:
        database.close()
        _drop(name)


def empty(folder: Path) -> Database:
    """Opens a new SQLite database in the folder, as ``open_database(folder=folder)`` does."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    assert not (folder / FILE_NAME).exists()
    shutil.copy(_migrated_file(), folder)
    return open_database(folder=folder, migrate=False)


@cache
def _migrated_file() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="ranker-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    open_database(folder=folder).close()
    return folder / FILE_NAME


@cache
def _migrated_postgres() -> str:
    name = _create("template0")
    atexit.register(_drop, name)
    open_database(_url(name)).close()
    return name


def _create(template: str) -> str:
    name = f"test_{secrets.token_hex(6)}"
    _run(f"CREATE DATABASE {name} TEMPLATE {template}")
    return name


def _drop(name: str) -> None:
    _run(f"DROP DATABASE {name} WITH (FORCE)")


def _url(name: str) -> str:
    return make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)


def _run(statement: str) -> None:
    with _server().engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))


@cache
def _server() -> Database:
    return open_database(POSTGRES, migrate=False)

"""A fresh database for a test: SQLite on disk, and Postgres too where RANKER_TEST_POSTGRES names a server."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from ranker.store.engine import Database, open_database

POSTGRES = os.environ.get("RANKER_TEST_POSTGRES", "")
KINDS = ["sqlite", *(["postgres"] if POSTGRES else [])]


@contextmanager
def fresh(kind: str, folder: Path, *, migrate: bool = True) -> Iterator[Database]:
    """An empty database of this kind; on Postgres it is a schema of its own, dropped afterwards."""
    if kind == "sqlite":
        database = open_database(folder=folder / "data", migrate=migrate)
        yield database
        database.close()
        return
    name = f"test_{secrets.token_hex(6)}"
    admin = open_database(POSTGRES, migrate=False)
    with admin.engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
    sign = "&" if "?" in POSTGRES else "?"
    database = open_database(f"{POSTGRES}{sign}options=-csearch_path%3D{name}", migrate=migrate)
    try:
        yield database
    finally:
        database.close()
        with admin.engine.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
        admin.close()

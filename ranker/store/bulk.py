"""Many rows at once, at the driver's speed: executemany on SQLite, COPY on Postgres."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session


def is_sqlite(session: Session) -> bool:
    """Whether the session talks to the embedded file."""
    return session.get_bind().dialect.name == "sqlite"


def insert(
    session: Session,
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    constants: Mapping[str, str | int | None] | None = None,
) -> None:
    """Insert rows of values in the order of ``columns``; table and columns are ours, never a user's text.

    ``constants``: further columns that have one value in all of the rows, which then costs next to nothing.
    """
    same = constants or {}
    names = ", ".join([*columns, *same])
    if is_sqlite(session):
        marks = ", ".join(["?"] * len(columns) + [_literal(value) for value in same.values()])
        many(session, f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
        return
    rest = tuple(same.values())
    with _cursor(session) as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row((*row, *rest))


def insert_numbers(
    session: Session, table: str, column: str, numbers: Sequence[int], constants: Mapping[str, str | int | None]
) -> None:
    """``insert`` of rows that differ in one whole number only: in one statement, at twice the speed."""
    if not is_sqlite(session):
        insert(session, table, (column,), ((number,) for number in numbers), constants)
        return
    rest = ", ".join(map(_literal, constants.values()))
    with _cursor(session) as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join([column, *constants])}) SELECT value, {rest} FROM json_each(?)",
            (json.dumps(list(numbers)),),
        )


def _literal(value: str | int | None) -> str:
    """A value as SQLite reads it within a statement."""
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def upsert(
    session: Session,
    table: str,
    columns: Sequence[str],
    key: Sequence[str],
    rows: Iterable[Sequence[Any]],
    update: str | None = None,
) -> None:
    """Insert rows, or set the columns outside ``key`` where the key exists; ``update`` is another SET clause."""
    marks = ", ".join("?" * len(columns))
    change = update or ", ".join(f"{name}=excluded.{name}" for name in columns if name not in key)
    many(
        session,
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks}) "
        f"ON CONFLICT ({', '.join(key)}) DO " + (f"UPDATE SET {change}" if change else "NOTHING"),
        rows,
    )


def many(session: Session, sql: str, rows: Iterable[Sequence[Any]]) -> None:
    """Run one statement for each row; ``?`` marks a value. The SQL must hold no other question mark."""
    with _cursor(session) as cursor:
        if is_sqlite(session):
            cursor.executemany(sql, rows)
        else:
            cursor.executemany(sql.replace("%", "%%").replace("?", "%s"), list(rows))


def by_key(session: Session, table: str, columns: Sequence[str], keys: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    """The rows whose first column is one of ``keys``: key → values in the order of ``columns``."""
    names, key = ", ".join(columns), columns[0]
    with _cursor(session) as cursor:
        if is_sqlite(session):
            cursor.execute(
                f"SELECT {names} FROM {table} WHERE {key} IN (SELECT value FROM json_each(?))",
                (json.dumps(list(keys)),),
            )
        else:
            cursor.execute(f"SELECT {names} FROM {table} WHERE {key} = ANY(%s)", (list(keys),))
        return {row[0]: row for row in cursor}


@contextmanager
def indexes_afterwards(session: Session, table: str) -> Iterator[None]:
    """Write much of a table without its indexes, and make them again at the end: sorted once, a third of the time.

    In the caller's transaction, so that nobody sees the table without them. On Postgres nothing is done: there,
    readers would have to wait.
    """
    if not is_sqlite(session):
        yield
        return
    connection = session.connection()
    found = connection.execute(
        text("SELECT name, sql FROM sqlite_master WHERE type='index' AND tbl_name=:table AND sql IS NOT NULL"),
        {"table": table},
    ).fetchall()
    for name, _ in found:
        connection.execute(text(f"DROP INDEX {name}"))
    yield
    for _, sql in found:
        connection.execute(text(sql))


class _cursor:  # noqa: N801 - reads as a function
    """The driver's own cursor within the session's transaction."""

    def __init__(self, session: Session) -> None:
        session.flush()
        connection: Any = session.connection().connection.driver_connection
        self._cursor = connection.cursor()

    def __enter__(self) -> Any:
        return self._cursor

    def __exit__(self, *_: object) -> None:
        self._cursor.close()

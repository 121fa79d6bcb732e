"""An import as a page shows it, and what its steps share."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.errors import UsageError
from ranker.ingest import files
from ranker.ingest.column_match import BY_HAND, REQUIRED, column_names
from ranker.ingest.reader import Table, read_again
from ranker.ingest.workbook import SheetInfo
from ranker.store.engine import Database


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A column of the file: its name, the field that it fills ("" for none), why, and its first values."""

    index: int
    header: str
    field: str
    why: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StagedImport:
    """An import as a page shows it. ``counts`` are empty until it was checked."""

    id: int
    file_name: str
    sha256: str
    size_bytes: int
    encoding: str
    delimiter: str
    row_count: int
    columns: tuple[FileColumn, ...]
    missing: tuple[str, ...]
    """Fields that are needed and have no column yet: ``company``, ``title``."""
    state: str
    """``staged``, ``checked``, ``done``, ``undone`` or ``cancelled``."""
    counts: dict[str, int]
    """new, changed, unchanged, repeated, rejected; their sum is ``row_count``."""
    problems: tuple[dict[str, Any], ...]
    """Grouped: ``code``, ``message``, ``count``, ``rows`` (the first row numbers)."""
    choices: tuple[str, ...]
    """What a person chose by hand: ``field=Header``, ``field=`` for none; all else was guessed."""
    same_as: int | None
    """The finished import of the very same bytes, if there is one."""
    staged_at: str
    done_at: str
    sheet: str = ""
    """The sheet's name; blank for a text file."""
    sheets: tuple[SheetInfo, ...] = ()
    header_row: int = 0
    """The row that names the columns, as a spreadsheet counts."""
    undone_at: str = ""

    @property
    def mapping(self) -> dict[str, int]:
        """Field → column index."""
        return {column.field: column.index for column in self.columns if column.field}


def get_import(database: Database, batch_id: int) -> StagedImport:
    """One import. Raises ``UsageError`` if there is none with this number."""
    with database.session() as session:
        return load_import(session, batch_id)


def load_import(session: Session, batch_id: int) -> StagedImport:
    """``get_import`` within a transaction."""
    row = (
        session.connection()
        .execute(text("SELECT * FROM import_batch WHERE id=:id"), {"id": batch_id})
        .mappings()
        .first()
    )
    if row is None:
        raise UsageError(f"There is no import {batch_id}. Choose one from the list, or upload the file again.")
    same_as = (
        session.connection()
        .execute(
            text("SELECT max(id) FROM import_batch WHERE sha256=:sha AND state='done' AND id<>:id"),
            {"sha": row["sha256"], "id": batch_id},
        )
        .scalar()
    )
    fields = {column: name for name, column in json.loads(row["mapping"]).items()}
    why = json.loads(row["why"])
    samples, reading = json.loads(row["samples"]), json.loads(row["reading"])
    columns = tuple(
        FileColumn(i, header, fields.get(i, ""), why.get(fields.get(i, ""), ""), tuple(samples[i]))
        for i, header in enumerate(column_names(json.loads(row["headers"])))
    )
    by_hand = [field for field, reason in why.items() if reason == BY_HAND]
    headers = {column.field: column.header for column in columns}
    return StagedImport(
        id=batch_id,
        file_name=row["file_name"],
        sha256=row["sha256"],
        size_bytes=row["size_bytes"],
        encoding=row["encoding"],
        delimiter=row["delimiter"],
        row_count=row["row_count"],
        columns=columns,
        missing=tuple(field for field in REQUIRED if field not in fields.values()),
        state=row["state"],
        counts=json.loads(row["counts"]),
        problems=tuple(json.loads(row["problems"])),
        choices=tuple(f"{field}={headers.get(field, '')}" for field in by_hand),
        same_as=same_as,
        staged_at=row["staged_at"],
        done_at=row["done_at"],
        sheet=reading.get("sheet", ""),
        sheets=tuple(SheetInfo(*sheet) for sheet in reading.get("sheets", ())),
        header_row=reading.get("header_row", 0),
        undone_at=row["undone_at"],
    )


def clear(
    session: Session, batch_id: int, tables: Sequence[str] = ("import_stage", "import_row", "import_raw")
) -> None:
    """Remove what a check wrote. A table that holds this import only is emptied at once, which costs nothing."""
    for table in tables:
        others = session.connection().execute(
            text(f"SELECT 1 FROM {table} WHERE batch_id<>:id LIMIT 1"), {"id": batch_id}
        )
        where = "" if others.first() is None else " WHERE batch_id=:id"
        session.connection().execute(text(f"DELETE FROM {table}{where}"), {"id": batch_id} if where else {})


def open_table(session: Session, batch_id: int) -> Table:
    """The kept file as it was understood; the passes that found out how are not repeated."""
    row = session.connection().execute(
        text("SELECT sha256, headers, encoding, delimiter, reading FROM import_batch WHERE id=:id"), {"id": batch_id}
    )
    sha256, headers, encoding, delimiter, reading = row.one()
    data = files.load(session, sha256)
    return read_again(data, sha256, json.loads(headers), encoding, delimiter, json.loads(reading))


def require_open(staged: StagedImport) -> None:
    """Raise ``UsageError`` for an import that is done or cancelled."""
    if staged.state not in {"staged", "checked"}:
        raise UsageError(f"The import of “{staged.file_name}” is {staged.state}; upload the file again to change it.")

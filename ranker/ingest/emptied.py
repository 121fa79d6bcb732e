"""Deleted rows taken out of what an import keeps: the file's bytes, the cells, the samples, the corrections.

In the place of such a row stands one cell that says when it was deleted, and blanks: the rows after it keep their
numbers, and the file can still be given back and processed again.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Collection, Iterator, Sequence
from collections.abc import Mapping as Items
from contextlib import suppress
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.errors import InputError
from ranker.ingest import files
from ranker.ingest.dialect import csv_rows, read_records
from ranker.ingest.reader import Table
from ranker.ingest.stage import pass_over
from ranker.ingest.staged import open_table
from ranker.ingest.workbook import Book

Mend = Callable[[str], str]
"""Takes every mention of somebody out of a text; gives the same text back where there is none."""


def emptied_cells(said: str, width: int) -> list[str]:
    """The cells that stand in for a deleted row of ``width`` cells."""
    return [said, *[""] * (width - 1)]


def rewrite_file(session: Session, batch_id: int, said: dict[int, str], mend: Mend | None = None) -> bool:
    """Take rows (number → sentence) and mentions out of the kept bytes of an import's file, and of its samples.

    The file gets the hash of what is left, for every import of the same bytes. False if nothing had to change, or
    the bytes are not kept. A workbook, or text that was repaired, is kept as text in UTF-8 from then on.
    """
    connection = session.connection()
    old = connection.execute(text("SELECT sha256 FROM import_batch WHERE id=:id"), {"id": batch_id}).scalar_one()
    kept = connection.execute(text("SELECT 1 FROM import_file WHERE sha256=:sha AND part=0"), {"sha": old}).first()
    if kept is None:
        return False
    table = open_table(session, batch_id)
    gone: list[Sequence[str]] = []
    if table.sheet or table.repaired:
        if not said and not (mend is not None and any(mend(one) != one for one in _texts(session, old, table))):
            return False
        _keep_as_text(session, old)
        rewrite_file(session, batch_id, said, mend)
        return True
    data = without_rows(table, said, mend, gone)
    if data == table.data:
        return False
    connection.execute(text("DELETE FROM import_file WHERE sha256=:sha"), {"sha": old})
    new = hashlib.sha256(data).hexdigest()
    files.keep(session, new, data)
    same = connection.execute(
        text("SELECT id, samples, mapping FROM import_batch WHERE sha256=:sha"), {"sha": old}
    ).fetchall()
    for one, samples, mapping in same:
        connection.execute(
            text("UPDATE import_batch SET sha256=:sha, size_bytes=:size, samples=:samples WHERE id=:id"),
            {"sha": new, "size": len(data), "samples": _other_samples(samples, gone, mend), "id": one},
        )
        employers = _employers(session, one, json.loads(mapping))
        connection.execute(
            text("UPDATE import_batch SET employers=:names WHERE id=:id"),
            {"names": json.dumps(employers, ensure_ascii=False), "id": one},
        )
    return True


def _employers(session: Session, batch_id: int, mapping: Items[str, int]) -> dict[str, list[str]]:
    """What an import remembers of its companies' names, from what is left of its file."""
    return pass_over(open_table(session, batch_id), mapping.get("company"), mapping.get("domain"))[1]


def _keep_as_text(session: Session, sha256: str) -> None:
    """In place of a workbook, or of damaged bytes, keep the text that its rows are cut from, for every import of it."""
    connection = session.connection()
    found = connection.execute(
        text("SELECT id, file_name, reading FROM import_batch WHERE sha256=:sha"), {"sha": sha256}
    ).fetchall()
    tables = {batch_id: open_table(session, batch_id) for batch_id, _, _ in found}
    connection.execute(text("DELETE FROM import_file WHERE sha256=:sha"), {"sha": sha256})
    for batch_id, name, reading in found:
        table = tables[batch_id]
        plain = {"sheet": "", "sheets": [], "repaired": False, "bom": table.bom and not table.sheet}
        sha = hashlib.sha256(table.data).hexdigest()
        files.keep(session, sha, table.data)
        connection.execute(
            text(
                "UPDATE import_batch SET sha256=:sha, size_bytes=:size, file_name=:name, encoding=:codec, "
                "reading=:reading WHERE id=:id"
            ),
            {
                "sha": sha,
                "size": len(table.data),
                "name": name if not table.sheet else f"{name}.csv",
                "codec": table.codec,
                "reading": json.dumps({**json.loads(reading), **plain}, ensure_ascii=False),
                "id": batch_id,
            },
        )


def _texts(session: Session, sha256: str, table: Table) -> Iterator[str]:
    """All text of a kept file that can't be rewritten: of a workbook, every sheet's."""
    if table.sheet:
        book = Book(files.load(session, sha256))
        for name in book.names:
            with suppress(InputError):  # a blank sheet
                yield book.text(name).data.decode()
    else:
        yield table.data.decode(table.codec)


def _other_samples(samples: str, gone: Sequence[Sequence[str]], mend: Mend | None) -> str:
    """The sample values without those of the rows that went."""
    columns: list[list[str]] = json.loads(samples)
    left = [
        [
            value if mend is None else mend(value)
            for value in values
            if not any(at < len(row) and row[at].strip()[:80] == value for row in gone)
        ]
        for at, values in enumerate(columns)
    ]
    return json.dumps(left, ensure_ascii=False)


def without_rows(
    table: Table, said: Items[int, str], mend: Mend | None = None, gone: list[Sequence[str]] | None = None
) -> bytes:
    """The bytes (``table.data``) with those rows emptied; ``gone`` gets their cells. All other bytes stay as they are.

    Of a sheet, or of a file that was repaired, they are text in UTF-8.
    """
    out = io.BytesIO()
    out.write(table.data[: table.text_start])
    for number, lines, cells in _records(table):
        whole = "".join(lines)
        if number in said:
            if gone is not None:
                gone.append(cells)
            end = next((end for end in ("\r\n", "\n", "\r") if whole.endswith(end)), "")
            whole = _line(emptied_cells(said[number], max(2, len(cells))), table.delimiter) + end
        elif mend is not None:
            whole = mend(whole)
        out.write(whole.encode(table.codec))
    return out.getvalue()


def _line(cells: Sequence[str], delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="").writerow(cells)
    return out.getvalue()


def _records(table: Table) -> Iterator[tuple[int, list[str], Sequence[str]]]:
    """(Number as ``Row.number``, the lines as they stand in the file, the cells) of every record."""
    stream = io.TextIOWrapper(io.BytesIO(table.data[table.text_start :]), encoding=table.codec, newline="")
    seen: list[str] = []

    def remember() -> Iterator[str]:
        for line in stream:
            seen.append(line)
            yield line

    records: Iterator[Any] = (
        (record.cells for record in read_records(remember(), table.delimiter))
        if table.loose_quotes
        else csv_rows(remember(), table.delimiter)
    )
    for number, cells in enumerate(records, start=1):
        yield number, seen[:], cells
        seen.clear()
    if seen:  # nothing a record was made of, such as a last line end
        yield 0, seen[:], ()


def empty_raw(session: Session, batch_id: int, said: dict[int, str], mend: Mend | None = None) -> None:
    """Do the same to the cells that are kept for a page, and to what became of those rows."""
    connection = session.connection()
    stretches = connection.execute(
        text("SELECT first_number, cells FROM import_raw WHERE batch_id=:id"), {"id": batch_id}
    ).fetchall()
    for first, stored in stretches:
        rows = json.loads(stored)
        if not any(number in said for number, _ in rows):
            continue
        left = [
            [number, emptied_cells(said[number], len(cells)) if number in said else cells] for number, cells in rows
        ]
        connection.execute(
            text("UPDATE import_raw SET cells=:cells WHERE batch_id=:id AND first_number=:first"),
            {"cells": json.dumps(left, ensure_ascii=False, separators=(",", ":")), "id": batch_id, "first": first},
        )
    for number, sentence in said.items():
        connection.execute(
            text(
                "UPDATE import_row SET prior='', problem='', reason=:said, lead_id=NULL "
                "WHERE batch_id=:id AND number=:number"
            ),
            {"said": sentence, "id": batch_id, "number": number},
        )
    drop_fixes(session, batch_id, said)


def drop_fixes(session: Session, batch_id: int, said: Collection[int]) -> None:
    """Forget what a person put right in rows that are gone."""
    found = session.connection().execute(text("SELECT fixes FROM import_batch WHERE id=:id"), {"id": batch_id})
    fixes = json.loads(found.scalar_one())
    left = {number: values for number, values in fixes.items() if int(number) not in said}
    if left != fixes:
        session.connection().execute(
            text("UPDATE import_batch SET fixes=:fixes WHERE id=:id"),
            {"fixes": json.dumps(left, ensure_ascii=False), "id": batch_id},
        )

"""Rows of people who were deleted: turned away when a file names them again, and taken out of what is kept.

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
from dataclasses import replace
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.errors import InputError
from ranker.ingest import files
from ranker.ingest.dialect import csv_rows, read_records
from ranker.ingest.keys import keys_by_kind
from ranker.ingest.mentions import Person, mentions_of
from ranker.ingest.pieces import pieces
from ranker.ingest.reader import Table
from ranker.ingest.staged import open_table
from ranker.ingest.staged_row import Cut, RowReader
from ranker.ingest.workbook import Book
from ranker.store.tombstones import Graveyard, is_said

_PIECE = 10_000
"""Rows looked at together."""
AGAIN = "To let them in again: Settings, Deletion."

Mend = Callable[[str], str]
"""Takes every mention of somebody out of a text; gives the same text back where there is none."""


class TurnAway:
    """Rejects rows of people who were deleted, without keeping what they say.

    ``clean_file`` has taken most of them out before; what is left are rows of a file whose bytes can't be
    rewritten, such as a workbook, and rows that name somebody only since a cell was put right.
    """

    def __init__(self, graves: Graveyard) -> None:
        self._graves = graves
        self.found: dict[int, str] = {}
        """Row number → the sentence, of rows that still stood in the file."""

    def __call__(self, cut: Cut) -> Cut:
        """The rows as they are, or rejected and empty."""
        said = {at: row[0] for at, row in enumerate(cut.cells) if row and is_said(row[0]) and not any(row[1:])}
        if self._graves:
            buried = {at: stone for at, stone in _buried(cut, self._graves) if at not in said}
            self.found |= {cut.numbers[at]: sentence for at, sentence in buried.items()}
            said |= buried
        return _rejected(cut, said) if said else cut


def _buried(cut: Cut, graves: Graveyard) -> Iterator[tuple[int, str]]:
    """Place in the piece → the sentence, for each row of somebody who was deleted."""
    for at, person in enumerate(_people(cut)):
        keys = keys_by_kind(person.url, person.email, person.name, person.company, person.lead)
        stone = graves.find(keys)
        if stone is not None:
            yield at, stone.sentence


def _people(cut: Cut) -> Iterator[Person]:
    blank = [""] * len(cut.numbers)
    url, email, name = (cut.fields.get(field, blank) for field in ("linkedin_url", "email", "full_name"))
    for row in zip(cut.leads, cut.companies, email, url, name, strict=True):
        yield Person(0, row[0], 0, *row[1:])


def _rejected(cut: Cut, said: Items[int, str]) -> Cut:
    def blank(values: Sequence[str], instead: str = "") -> list[str]:
        return [instead if at in said else value for at, value in enumerate(values)]

    return replace(
        cut,
        cells=[emptied_cells(said[at], len(row)) if at in said else row for at, row in enumerate(cut.cells)],
        fields={name: blank(values) for name, values in cut.fields.items()},
        extra=blank(cut.extra, "{}"),
        edits={at: edits for at, edits in cut.edits.items() if at not in said},
        companies=blank(cut.companies),
        leads=blank(cut.leads),
        problems=blank(cut.problems),
        rejected={**cut.rejected, **{at: f"{sentence} {AGAIN}" for at, sentence in said.items()}},
        shapes={at: shape for at, shape in cut.shapes.items() if at not in said},
    )


def emptied_cells(said: str, width: int) -> list[str]:
    """The cells that stand in for a deleted row of ``width`` cells."""
    return [said, *[""] * (width - 1)]


def clean_file(session: Session, batch_id: int, graves: Graveyard) -> set[int]:
    """Take everybody who was deleted out of the kept file of an import: their rows, and mentions of them in others.

    Done before a file is checked, so that nothing of them comes back. The numbers of the rows that were emptied.
    """
    row = session.connection().execute(
        text(
            "SELECT b.mapping FROM import_batch AS b JOIN import_file AS f ON f.sha256=b.sha256 AND f.part=0 "
            "WHERE b.id=:id"
        ),
        {"id": batch_id},
    )
    mapping = row.scalar()
    if not graves or mapping is None:
        return set()
    table = open_table(session, batch_id)
    if not is_rewritable(table):
        return set()
    reader = RowReader(table.headers, json.loads(mapping), {}, {})
    said: dict[int, str] = {}
    people: list[Person] = []
    for cut in map(reader.cut, pieces(table, _PIECE)):
        whole = list(_people(cut))
        for at, sentence in _buried(cut, graves):
            said[cut.numbers[at]] = sentence
            people.append(whole[at])
    if said:
        mentions = mentions_of(session, people)
        rewrite_file(session, batch_id, said, mentions.mend if mentions else None)
        empty_raw(session, batch_id, said)
    return set(said)


def is_rewritable(table: Table) -> bool:
    """Whether rows can be taken out of the kept bytes one by one: not of a workbook, nor of text that is repaired."""
    return not (table.sheet or table.repaired or table.mended)


def rewrite_file(session: Session, batch_id: int, said: dict[int, str], mend: Mend | None = None) -> bool:
    """Take rows (number → sentence) and mentions out of the kept bytes of an import's file, and of its samples.

    The file gets the hash of what is left, for every import of the same bytes. False if nothing had to change, or
    the bytes are not kept. Bytes that are no delimited text, and can't be rewritten, are removed.
    """
    connection = session.connection()
    old = connection.execute(text("SELECT sha256 FROM import_batch WHERE id=:id"), {"id": batch_id}).scalar_one()
    kept = connection.execute(text("SELECT 1 FROM import_file WHERE sha256=:sha AND part=0"), {"sha": old}).first()
    if kept is None:
        return False
    table = open_table(session, batch_id)
    gone: list[Sequence[str]] = []
    if is_rewritable(table):
        data = _without(table, said, mend, gone)
        if data == table.data:
            return False
    else:
        data = b""
        gone = [row.cells for row in table.rows() if row.number in said]
        if not said and not (mend is not None and any(mend(one) != one for one in _texts(session, old, table))):
            return False
    connection.execute(text("DELETE FROM import_file WHERE sha256=:sha"), {"sha": old})
    new = hashlib.sha256(data).hexdigest()
    if data:
        files.keep(session, new, data)
    same = connection.execute(text("SELECT id, samples FROM import_batch WHERE sha256=:sha"), {"sha": old}).fetchall()
    for one, samples in same:
        connection.execute(
            text("UPDATE import_batch SET sha256=:sha, size_bytes=:size, samples=:samples WHERE id=:id"),
            {"sha": new, "size": len(data), "samples": _other_samples(samples, gone, mend), "id": one},
        )
    return True


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


def _without(table: Table, said: dict[int, str], mend: Mend | None, gone: list[Sequence[str]]) -> bytes:
    """The file's bytes with those rows emptied; ``gone`` gets their cells. All other bytes stay as they are."""
    out = io.BytesIO()
    out.write(table.data[: table.text_start])
    for number, lines, cells in _records(table):
        whole = "".join(lines)
        if number in said:
            gone.append(cells)
            end = next((end for end in ("\r\n", "\n", "\r") if whole.endswith(end)), "")
            whole = _line(emptied_cells(said[number], max(2, len(cells))), table.delimiter) + end
        elif mend is not None:
            whole = mend(whole)
        out.write(whole.encode(table.encoding))
    return out.getvalue()


def _line(cells: Sequence[str], delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="").writerow(cells)
    return out.getvalue()


def _records(table: Table) -> Iterator[tuple[int, list[str], Sequence[str]]]:
    """(Number as ``Row.number``, the lines as they stand in the file, the cells) of every record."""
    stream = io.TextIOWrapper(io.BytesIO(table.data[table.text_start :]), encoding=table.encoding, newline="")
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

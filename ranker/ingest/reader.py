"""A file of leads (CSV in its many forms, or a workbook) → ``Table``, cell for cell as in the file.

Everything that can be wrong with the file as a whole is found by ``read_table``: iterating over the rows of a
table that was returned raises nothing. What is wrong in one row is said of that row, and the others are read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from ranker.errors import FileUnreadable, InputError, NoHeader
from ranker.ingest.dialect import (
    csv_rows,
    declared_delimiter,
    guess_delimiter,
    has_loose_quotes,
    has_plain_quotes,
    parse_delimiter,
    read_records,
)
from ranker.ingest.encoding import find_encoding, refuse_other_formats
from ranker.ingest.header_row import LOOKED_AT, header_index
from ranker.ingest.lines import look_over, text_lines
from ranker.ingest.rejects import MENDED_HEADERS, is_mended, without_marks
from ranker.ingest.repair import doubtful_rows, repair
from ranker.ingest.table import EXTRA_HEADER, Row, Table, is_blank
from ranker.ingest.workbook import Book, SheetInfo, fullest, is_workbook
from ranker.ingest.xlsx_package import refuse_old_workbook

__all__ = ["EXTRA_HEADER", "Row", "Table", "read_again", "read_table", "reading_of"]
_ASCII = frozenset({"utf-8", "cp1252", "iso8859-1"})


def read_table(
    path_or_bytes: str | Path | bytes,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
) -> Table:
    """Read CSV, TSV, semicolon or pipe separated text in UTF-8, UTF-16 or cp1252, or a sheet of an XLSX.

    ``encoding``, ``delimiter``, ``sheet`` and ``header_row`` (from 1) override what the file looks like. Raises
    ``FileUnreadable`` (missing, folder, neither text nor workbook), ``NoHeader`` (empty) and ``InputError`` (no
    rows, one column).
    """
    data = path_or_bytes if isinstance(path_or_bytes, bytes) else _read_bytes(Path(path_or_bytes))
    refuse_old_workbook(data)
    if is_workbook(data):
        return _checked(_read_sheet(data, sheet, header_row or 0))
    refuse_other_formats(data)
    found = find_encoding(data, encoding)
    sha256, codec, start, repaired = hashlib.sha256(data).hexdigest(), found.name, found.bom_length, None
    look = look_over(data, codec, start)
    if look.damaged:
        repaired = repair(data, codec, start)
        data, codec, start = repaired.data, "utf-8", 0
    first = next(text_lines(data, codec, start), "")
    declared = declared_delimiter(first)
    if declared:  # Excel does not show this line either: it is no row
        start += len(first.encode(codec))
    if delimiter is not None:
        cut = parse_delimiter(delimiter)
    else:
        cut = declared or guess_delimiter(text_lines(data, codec, start))
    plain = codec in _ASCII and has_plain_quotes(data, cut)  # then no pass is needed that cuts the text
    loose = not plain and has_loose_quotes(text_lines(data, codec, start), cut)
    headers, number, newline = _header(data, codec, start, cut, loose, header_row or 0)
    table = Table(
        headers=headers,
        encoding=found.name,
        bom=found.bom_length > 0,
        delimiter=cut,
        newline=newline,
        sha256=sha256,
        data=data,
        loose_quotes=loose,
        text_start=start,
        header_row=number,
        repaired=repaired is not None,
        doubts=doubtful_rows(repaired, start, cut) if repaired else {},
    )
    return _checked(_without_ours(table))


def reading_of(table: Table) -> dict[str, Any]:
    """How a table was understood beyond headers, encoding and delimiter, for ``read_again``; plain JSON."""
    return {
        "bom": table.bom,
        "newline": table.newline,
        "loose_quotes": table.loose_quotes,
        "text_start": table.text_start,
        "header_row": table.header_row,
        "sheet": table.sheet,
        "sheets": [list(sheet) for sheet in table.sheets],
        "repaired": table.repaired,
        "mended": table.mended,
    }


def read_again(
    data: bytes, sha256: str, headers: Sequence[str], encoding: str, delimiter: str, reading: dict[str, Any]
) -> Table:
    """A table that was read before, from the same bytes; the passes that found out how are not repeated."""
    sheets = tuple(SheetInfo(*sheet) for sheet in reading.get("sheets", ()))
    more = {**reading, "sheets": sheets}
    table = Table(
        headers=tuple(headers), encoding=encoding, delimiter=delimiter, sha256=sha256, data=data, **more
    )  # fmt: skip
    if table.sheet:
        text = Book(data).text(table.sheet, table.header_row)
        return replace(table, data=text.data, doubts=text.doubts)
    if table.repaired:
        bom = find_encoding(data, encoding).bom_length
        repaired = repair(data, encoding, bom)
        return replace(table, data=repaired.data, doubts=doubtful_rows(repaired, table.text_start, delimiter))
    return table


def _read_sheet(data: bytes, wanted: str | None, header_row: int) -> Table:
    book = Book(data)
    sheets = book.sheets()
    text = book.text(wanted or fullest(sheets), header_row)
    headers, number, _ = _header(text.data, "utf-8", 0, ",", False, text.header_row)
    table = Table(
        headers=headers,
        encoding="utf-8",
        bom=False,
        delimiter=",",
        newline="\r\n",
        sha256=hashlib.sha256(data).hexdigest(),
        data=text.data,
        header_row=number,
        sheet=text.name,
        sheets=tuple(sheets),
        doubts=text.doubts,
    )
    return _without_ours(table)


def _without_ours(table: Table) -> Table:
    """A file of rejected rows that comes back loses the two columns that we had put in front."""
    if not is_mended(table.headers):
        return table
    return replace(table, mended=True, headers=tuple(without_marks(table.headers[len(MENDED_HEADERS) :])))


def _checked(table: Table) -> Table:
    if next(table.rows(), None) is None:
        raise InputError("The file has a header row but no leads under it. Export it again with its rows.")
    return table


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise FileUnreadable(f"There is no file “{path}”. Check the name and the folder.") from None
    except IsADirectoryError:
        raise FileUnreadable(f"“{path}” is a folder. Name the file in it.") from None
    except PermissionError:
        raise FileUnreadable(f"“{path}” may not be read. Close it elsewhere, or check who owns it.") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise FileUnreadable(f"“{path}” can't be read: {reason}. Check the name and the folder.") from None


def _header(
    data: bytes, encoding: str, start: int, delimiter: str, loose: bool, wanted: int
) -> tuple[tuple[str, ...], int, str]:
    """The record that names the columns (``wanted``, or looked for), its number, and the line end after it."""
    seen: list[str] = []

    def remember() -> Iterator[str]:
        for line in text_lines(data, encoding, start):
            seen.append(line)
            yield line

    source: Iterator[list[str]]
    if loose:
        source = (record.cells for record in read_records(remember(), delimiter))
    else:
        source = csv_rows(remember(), delimiter)
    records = [(cells, len(seen)) for cells in islice(source, max(wanted, LOOKED_AT))]
    at = wanted - 1 if wanted else header_index([cells for cells, _ in records])
    headers, last = records[at] if 0 <= at < len(records) else ([], 0)
    if is_blank(headers):
        raise NoHeader("The file has no row that names its columns. Add one as the first row.")
    if len(headers) == 1:
        raise InputError(
            f"The file has one column only, “{' '.join(headers[0].split())[:60]}”: a company and a job title "
            "are needed. If its cells are not separated by comma, semicolon, tab or pipe, name the delimiter."
        )
    ends = seen[last - 1]
    return tuple(headers), at + 1, next((end for end in ("\r\n", "\n", "\r") if ends.endswith(end)), "\n")

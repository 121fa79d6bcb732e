"""A workbook (XLSX, XLSM) → one of its sheets as the text that ``reader`` cuts like any other.

Row 8 of the sheet is record 8 of the text, whatever stands above it, so that every message names the row that
the spreadsheet shows. Rows above the header are blank records.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import NamedTuple

from ranker.errors import FileUnreadable, InputError, NoHeader
from ranker.ingest.header_row import LOOKED_AT, header_index
from ranker.ingest.sheet import SheetRow, sheet_rows
from ranker.ingest.xlsx_package import ZIP_STARTS, Package, parse
from ranker.ingest.xlsx_parts import Formats, read_formats, read_merges, read_strings

MAX_TEXT = 600 << 20
"""Bytes of a sheet as text; a shared text that is repeated a million times is no list of leads."""


_ROW = re.compile(rb"</(?:\w+:)?row>")
_VALUE = re.compile(rb"<(?:\w+:)?[vt][> ]")


class SheetInfo(NamedTuple):
    """A sheet for the picker: its name, its rows that are not blank, and whether it is hidden."""

    name: str
    rows: int
    hidden: bool


class SheetText(NamedTuple):
    """One sheet as CSV in UTF-8. ``header_row`` counts from 1; ``doubts``: row → what could not be read in it."""

    data: bytes
    name: str
    header_row: int
    doubts: dict[int, str]


class _Sheet(NamedTuple):
    name: str
    path: str
    hidden: bool


def is_workbook(data: bytes) -> bool:
    """Whether the bytes begin as an XLSX does (any other ZIP file too, which ``Book`` refuses in words)."""
    return data.startswith(ZIP_STARTS)


class Book:
    """A workbook that was opened; raises ``FileUnreadable`` for one that is damaged, locked, or no workbook."""

    def __init__(self, data: bytes) -> None:
        self._package = Package(data)
        main = next(
            (path for kind, path in self._package.related("").values() if kind == "officeDocument"), "xl/workbook.xml"
        )
        related = self._package.related(main)
        self._strings_at = next((path for kind, path in related.values() if kind == "sharedStrings"), "")
        self._styles_at = next((path for kind, path in related.values() if kind == "styles"), "")
        self._from_1904 = False
        sheets: list[_Sheet] = []

        def start(tag: str, values: dict[str, str]) -> None:
            if tag == "workbookPr":
                self._from_1904 = values.get("date1904", "") in {"1", "true"}
            elif tag == "sheet":
                number = next((said for name, said in values.items() if name.rpartition(":")[2] == "id"), "")
                kind, path = related.get(number, ("", ""))
                if kind == "worksheet":
                    hidden = values.get("state", "visible") != "visible"
                    sheets.append(_Sheet(values.get("name", ""), path, hidden))

        parse(self._package.pieces(main), start)
        if not sheets:
            raise InputError("The workbook has no sheet with cells. Use the file that holds the leads.")
        self._sheets = sheets
        self._loaded: tuple[Sequence[str], Formats] | None = None

    @property
    def names(self) -> list[str]:
        """The sheets' names in their order."""
        return [sheet.name for sheet in self._sheets]

    def sheets(self) -> list[SheetInfo]:
        """Every sheet with the number of its rows that have something in them, counted without reading them."""
        return [SheetInfo(sheet.name, _count(self._package.pieces(sheet.path)), sheet.hidden) for sheet in self._sheets]

    def text(self, name: str = "", header_row: int = 0) -> SheetText:
        """A sheet as text; without ``header_row`` the header is looked for. Raises ``InputError`` and ``NoHeader``."""
        sheet = next((sheet for sheet in self._sheets if sheet.name == name), None)
        if sheet is None:
            raise InputError(f"The workbook has no sheet “{name}”. Its sheets: {', '.join(self.names[:20])}.")
        rows = self._rows(sheet)
        top = list(islice(rows, LOOKED_AT))
        if not top:
            raise NoHeader(f"Sheet “{name}” is empty. Choose another sheet, or the file that holds the leads.")
        wanted = header_row or top[header_index([row.cells for row in top])].number
        return _written(sheet.name, wanted, chain(top, rows))

    def _rows(self, sheet: _Sheet) -> Iterator[SheetRow]:
        if self._loaded is None:
            has = self._package.has
            strings = read_strings(self._package, self._strings_at) if has(self._strings_at) else []
            formats = Formats((), self._from_1904)
            if has(self._styles_at):
                formats = read_formats(self._package, self._styles_at, self._from_1904)
            self._loaded = strings, formats
        merges = read_merges(self._package, sheet.path)
        return sheet_rows(self._package, sheet.path, *self._loaded, merges)


def fullest(sheets: Sequence[SheetInfo]) -> str:
    """The sheet to begin with: the one with the most rows, a visible one if any has some."""
    return max(sheets, key=lambda sheet: (sheet.rows > 0, not sheet.hidden, sheet.rows)).name


def _count(pieces: Iterator[bytes]) -> int:
    """Rows with a cell that has a value or a text, by what their XML looks like; good enough to choose a sheet by."""
    count, rest = 0, b""
    for piece in pieces:
        *rows, rest = _ROW.split(rest + piece)
        count += sum(_VALUE.search(row) is not None for row in rows)
        rest = rest[-1_000_000:]
    return count


def _written(name: str, header_row: int, rows: Iterator[SheetRow]) -> SheetText:
    header: list[str] = []
    body = io.BytesIO()
    text = io.TextIOWrapper(body, encoding="utf-8", errors="replace", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    at, width, doubts = header_row, 0, dict[int, str]()
    for number, cells, problem in rows:
        if number < header_row:
            continue
        width = max(width, len(cells))
        if number == header_row:
            header = cells
            continue
        if problem:
            doubts[number] = problem
        text.write("\r\n" * (number - at - 1))
        writer.writerow(cells if any(cells) else ["", ""])
        at = number
        if body.tell() > MAX_TEXT:
            raise FileUnreadable("The sheet holds far more text than any list of leads. Split it into several files.")
    if not any(cell.strip() for cell in header):
        raise NoHeader(f"Row {header_row} of sheet “{name}” is blank. Choose the row that names the columns.")
    top = io.StringIO(newline="")
    csv.writer(top, lineterminator="\r\n").writerow([*header, *[""] * (width - len(header))])
    head = "\r\n" * (header_row - 1) + top.getvalue()
    return SheetText(head.encode("utf-8", "replace") + body.getvalue(), name, header_row, doubts)

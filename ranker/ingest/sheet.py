"""The cells of one sheet of a workbook, row by row, each as the text that the spreadsheet shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ranker.errors import FileUnreadable
from ranker.ingest.cell_format import general, shown_as
from ranker.ingest.xlsx_package import Package, parsing, unescape
from ranker.ingest.xlsx_parts import PLACE, Formats, column_letters, column_number, whole

MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384


class SheetRow(NamedTuple):
    """A row with at least one cell that is not blank; ``number`` as the spreadsheet counts."""

    number: int
    cells: list[str]
    problem: str
    """What could not be read in it, else blank."""


def sheet_rows(
    package: Package,
    path: str,
    strings: Sequence[str],
    formats: Formats,
    merges: dict[int, list[tuple[int, int]]] | None = None,
) -> Iterator[SheetRow]:
    """The rows that are not blank, in the order of the sheet. A formula gives the value it had when it was saved."""
    reader = _Rows(strings, formats)
    filler = _Filler(merges or {})
    for _ in parsing(package.pieces(path), reader.start, reader.end, reader.text):
        for row in reader.done:
            cells = filler.fill(row.number, row.cells) if merges else row.cells
            yield row if cells is row.cells else row._replace(cells=cells)
        reader.done.clear()


class _Rows:
    """Collects the rows of a sheet while its XML is read."""

    def __init__(self, strings: Sequence[str], formats: Formats) -> None:
        self.done: list[SheetRow] = []
        self._strings = strings
        self._show = [shown_as(code, formats.from_1904) for code in formats.codes]
        self._number = 0
        self._cells: list[str] = []
        self._problems: list[str] = []
        self._column = -1
        self._kind = ""
        self._style = 0
        self._formula = self._value = self._guide = False
        self._parts: list[str] | None = None
        self._said: list[str] = []
        self._columns: dict[str, int] = {}

    def start(self, tag: str, values: dict[str, str]) -> None:
        if tag == "c":
            place = values.get("r")
            self._column = self._at(place) if place else self._column + 1
            self._kind = values.get("t", "n")
            self._style = whole(values.get("s", "0"))
            self._formula = self._value = False
            self._said = []
        elif tag in {"v", "t"}:
            self._value = True
            self._parts = None if self._guide else self._said
        elif tag == "f":
            self._formula = True
        elif tag == "rPh":
            self._guide = True
        elif tag == "row":
            self._number = max(self._number + 1, whole(values.get("r", "0")))
            if self._number > MAX_ROWS:
                raise FileUnreadable("A sheet of the workbook counts more rows than a sheet can have: it is damaged.")
            self._cells, self._problems, self._column = [], [], -1

    def text(self, said: str) -> None:
        if self._parts is not None:
            self._parts.append(said)

    def end(self, tag: str) -> None:
        if tag in {"v", "t"}:
            self._parts = None
        elif tag == "c":
            text = self._shown("".join(self._said))
            if text:
                missing = self._column - len(self._cells)
                if missing >= 0:
                    self._cells += [""] * missing
                    self._cells.append(text)
                else:  # a second cell at the same place; no program writes that
                    self._cells[self._column] = text
        elif tag == "rPh":
            self._guide = False
        elif tag == "row" and (self._problems or any(not cell.isspace() for cell in self._cells if cell)):
            problem = f"Row {self._number}: {'; '.join(self._problems)}." if self._problems else ""
            self.done.append(SheetRow(self._number, self._cells, problem))

    def _at(self, place: str) -> int:
        letters = place.rstrip("0123456789")
        column = self._columns.get(letters)
        if column is None:
            if not PLACE.fullmatch(place) or column_number(letters) >= MAX_COLUMNS:
                return self._column + 1
            column = self._columns[letters] = column_number(letters)
        return column

    def _shown(self, raw: str) -> str:
        kind = self._kind
        if kind == "s":
            at = whole(raw) if raw else -1
            return self._strings[at] if 0 <= at < len(self._strings) else ""
        if kind in {"inlineStr", "str"}:
            return unescape(raw)
        if self._formula and not self._value:
            self._problems.append(f"column {column_letters(self._column)} holds a formula whose result was not saved")
            return ""
        if kind == "e":
            self._problems.append(f"column {column_letters(self._column)} holds the error {raw[:20]}, read as blank")
            return ""
        if kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(raw.strip(), raw)
        if kind == "d" or not raw:
            return raw
        try:
            value = float(raw)
        except ValueError:
            return raw
        show = self._show[self._style] if 0 <= self._style < len(self._show) else general
        if show is general and raw.isdecimal():
            return raw  # a number of more digits than a computer counts with
        return show(value)


class _Filler:
    """Repeats the value of a cell that is merged downwards in each row that it spans and that has other cells."""

    def __init__(self, merges: dict[int, list[tuple[int, int]]]) -> None:
        self._merges = {column: list(reversed(ranges)) for column, ranges in merges.items()}
        self._values: dict[int, str] = {}

    def fill(self, number: int, cells: list[str]) -> list[str]:
        for column, ranges in self._merges.items():
            while ranges and ranges[-1][1] < number:
                ranges.pop()
                self._values.pop(column, None)
            if not ranges or ranges[-1][0] > number:
                continue
            if ranges[-1][0] == number:
                self._values[column] = cells[column] if column < len(cells) else ""
            elif value := self._values.get(column, ""):
                if column >= len(cells):
                    cells = [*cells, *[""] * (column - len(cells) + 1)]
                if not cells[column]:
                    cells = [*cells[:column], value, *cells[column + 1 :]]
        return cells

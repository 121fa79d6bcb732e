"""A file of leads as a table: headers, and rows that are cut from the bytes afresh at each pass.

The bytes are kept once; two passes over 300,000 rows need no more memory than one row.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from ranker.ingest.dialect import Record, csv_rows, read_records
from ranker.ingest.lines import text_lines
from ranker.ingest.rejects import MENDED_HEADERS, without_marks
from ranker.ingest.workbook import SheetInfo

EXTRA_HEADER = "extra_cells"
"""The output column for ``Row.extra``; a writer adds it when at least one row has extra cells."""


class Row(NamedTuple):
    """One row of leads.

    ``number`` counts as a spreadsheet does: the file's first row is 1, blank rows count, a row with line
    ends inside quotes is one. ``cells`` has exactly as many cells as there are headers; a short row is
    padded with blanks. ``extra`` holds the cells beyond the headers as one piece of CSV text with the
    table's delimiter (reading it as CSV gives them back); blank when there are none, or only blank ones.
    ``problem`` is a sentence for the person when the row's shape is doubtful, else blank.
    """

    number: int
    cells: tuple[str, ...]
    extra: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Table:
    """A delimited file, or a sheet of a workbook. ``headers`` are verbatim: blank and repeated ones stay."""

    headers: tuple[str, ...]
    encoding: str
    """The codec, such as ``utf-8``, ``utf-16-le``, ``cp1252``; without the byte order mark."""
    bom: bool
    delimiter: str
    newline: str
    """The line end after the header row."""
    sha256: str
    """Of the file's bytes, in hexadecimal."""
    data: bytes = field(repr=False)
    """What the rows are cut from: the file's bytes, or their text in UTF-8 (a sheet, a file that was repaired)."""
    loose_quotes: bool = field(repr=False, default=False)
    text_start: int = field(repr=False, default=0)
    """The byte at which the text starts: after the byte order mark."""
    header_row: int = 0
    """The row that names the columns; what stands above it is left out. 0: the first that is not blank."""
    sheet: str = ""
    """The sheet's name; blank for a text file."""
    sheets: tuple[SheetInfo, ...] = ()
    """Every sheet of the workbook."""
    repaired: bool = False
    """Whether ``data`` is the text in UTF-8 with what was damaged in it repaired."""
    mended: bool = False
    """Whether the file is one of rejected rows that came back: its first two columns are ours and left out."""
    doubts: Mapping[int, str] = field(repr=False, default_factory=dict)
    """Row → a sentence on what in it could not be read as it was."""

    @property
    def codec(self) -> str:
        """The encoding of ``data``."""
        return "utf-8" if self.repaired or self.sheet else self.encoding

    def rows(self) -> Iterator[Row]:
        """The rows under the header, in file order, blank lines left out; a new pass at each call."""
        if not self.doubts:
            return self._rows()
        return (
            row._replace(problem=f"{self.doubts[row.number]} {row.problem}".strip())
            if row.number in self.doubts
            else row
            for row in self._rows()
        )

    def _rows(self) -> Iterator[Row]:
        width, in_header, header_row = len(self.headers), True, self.header_row
        for number, record in enumerate(self._records(), start=1):
            cells = record.cells
            if in_header:
                in_header = number < header_row or is_blank(cells)
            elif len(cells) == width and not record.loose_quote:
                yield Row(number, tuple(cells))
            elif len(cells) > 1 or not is_blank(cells):
                yield self.odd_row(number, record)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """One name a column, for choosing columns: a blank header is “column N”, a repeated one gets “ (2)”.

        A blank header over a wholly blank column stays blank: there is nothing to choose.
        """
        blank = {i for i, header in enumerate(self.headers) if not header.strip()}
        empty = set(blank)
        if empty:
            for row in self.rows():
                empty -= {i for i in empty if row.cells[i].strip()}
                if not empty:
                    break
        seen: dict[str, int] = {}
        names = []
        for i, header in enumerate(self.headers):
            if i in blank:
                names.append("" if i in empty else f"column {i + 1}")
                continue
            name = header.strip()
            seen[name] = seen.get(name, 0) + 1
            names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
        return tuple(names)

    def _records(self) -> Iterator[Record]:
        lines = text_lines(self.data, self.codec, self.text_start)
        if self.loose_quotes:
            records = read_records(lines, self.delimiter)
        else:
            records = (Record(cells, False) for cells in csv_rows(lines, self.delimiter))
        if not self.mended:
            return records
        cut = len(MENDED_HEADERS)
        return (record._replace(cells=without_marks(record.cells[cut:])) for record in records)

    def odd_row(self, number: int, record: Record) -> Row:
        """A record with too few or too many cells, or with a loose quote, as a row."""
        cells, width = record.cells, len(self.headers)
        beyond = cells[width:]
        problems = []
        if record.cut_short:
            problems.append('a quote (") opens that is never closed; the line is kept as written')
        elif record.loose_quote:
            problems.append("a quote mark inside a cell is not doubled; the cell is kept as written")
        extra = ""
        if any(cell.strip() for cell in beyond):
            out = io.StringIO()
            csv.writer(out, delimiter=self.delimiter, lineterminator="\r\n").writerow(beyond)
            extra = out.getvalue()[:-2]
            problems.append(
                f"{len(cells)} cells but {width} headers: perhaps a delimiter inside a cell lacks quotes, "
                "and the cells after it are shifted"
            )
        problem = f"Row {number}: " + "; ".join(problems) + "." if problems else ""
        padded = (*cells[:width], *[""] * (width - len(cells)))
        return Row(number, padded, extra, problem)


def is_blank(cells: Sequence[str]) -> bool:
    """Whether a record holds nothing but spaces."""
    return not any(cell and not cell.isspace() for cell in cells)

"""A file of leads → ``Table``: headers and rows, cell for cell as they are in the file.

The bytes are kept once; every pass decodes and cuts them afresh, so two passes over 300,000 rows need no
more memory than one row. Everything that can be wrong with the file as a whole is found by ``read_table``:
iterating over the rows of a table that was returned raises nothing.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from ranker.errors import FileUnreadable, InputError, NoHeader
from ranker.ingest.dialect import (
    Record,
    csv_rows,
    declared_delimiter,
    guess_delimiter,
    has_loose_quotes,
    has_plain_quotes,
    parse_delimiter,
    read_records,
)
from ranker.ingest.encoding import find_encoding, refuse_other_formats

EXTRA_HEADER = "extra_cells"
"""The output column for ``Row.extra``; a writer adds it when at least one row has extra cells."""
_ASCII = frozenset({"utf-8", "cp1252", "iso8859-1"})


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
    """A delimited file. ``headers`` are verbatim: blank and repeated ones stay as they are."""

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
    loose_quotes: bool = field(repr=False, default=False)
    text_start: int = field(repr=False, default=0)
    """The byte at which the text starts: after the byte order mark."""

    def rows(self) -> Iterator[Row]:
        """The rows under the header, in file order, blank lines left out; a new pass at each call."""
        width, in_header = len(self.headers), True
        for number, record in enumerate(self._records(), start=1):
            cells = record.cells
            if in_header:
                in_header = is_blank(cells)
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
        lines = text_lines(self.data, self.encoding, self.text_start)
        if self.loose_quotes:
            return read_records(lines, self.delimiter)
        return (Record(cells, False) for cells in csv_rows(lines, self.delimiter))

    def odd_row(self, number: int, record: Record) -> Row:
        """A record with too few or too many cells, or with a loose quote, as a row."""
        cells, width = record.cells, len(self.headers)
        beyond = cells[width:]
        problems = []
        if record.loose_quote:
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


def read_table(
    path_or_bytes: str | Path | bytes, *, encoding: str | None = None, delimiter: str | None = None
) -> Table:
    """Read CSV, TSV, semicolon or pipe separated text in UTF-8, UTF-16 or cp1252, with any line ends.

    ``encoding`` and ``delimiter`` override what the file looks like. Raises ``FileUnreadable`` (missing,
    folder, not text), ``NoHeader`` (empty) and ``InputError`` (no rows, one column, a quote never closed).
    """
    data = path_or_bytes if isinstance(path_or_bytes, bytes) else _read_bytes(Path(path_or_bytes))
    refuse_other_formats(data)
    found = find_encoding(data, encoding)
    start = found.bom_length
    _check_text(data, found.name, start)
    declared = declared_delimiter(next(text_lines(data, found.name, start), ""))
    if declared:  # Excel does not show this line either: it is no row
        start += len(next(text_lines(data, found.name, start)).encode(found.name))
    if delimiter is not None:
        cut = parse_delimiter(delimiter)
    else:
        cut = declared or guess_delimiter(text_lines(data, found.name, start))
    plain = found.name in _ASCII and has_plain_quotes(data, cut)  # then no pass is needed that cuts the text
    loose = not plain and has_loose_quotes(text_lines(data, found.name, start), cut)
    headers, newline = _header(data, found.name, start, cut, loose)
    table = Table(
        headers=headers,
        encoding=found.name,
        bom=found.bom_length > 0,
        delimiter=cut,
        newline=newline,
        sha256=hashlib.sha256(data).hexdigest(),
        data=data,
        loose_quotes=loose,
        text_start=start,
    )
    if loose:
        for _ in table.rows():  # a quote that is never closed has to be found now, not half-way
            pass
    if next(table.rows(), None) is None:
        raise InputError("The file has a header row but no leads under it. Export it again with its rows.")
    return table


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise FileUnreadable(f"There is no file “{path}”. Check the name and the folder.") from None
    except IsADirectoryError:
        raise FileUnreadable(f"“{path}” is a folder. Name the CSV file in it.") from None
    except PermissionError:
        raise FileUnreadable(f"“{path}” may not be read. Close it elsewhere, or check who owns it.") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise FileUnreadable(f"“{path}” can't be read: {reason}. Check the name and the folder.") from None


def text_lines(data: bytes, encoding: str, start: int) -> Iterator[str]:
    """Lines from byte ``start`` on with their ends as they are (LF, CRLF or CR), decoded as they are asked for."""
    stream = io.BytesIO(data)  # shares the bytes, copies nothing
    stream.seek(start)
    return io.TextIOWrapper(stream, encoding=encoding, errors="strict", newline="")


def _check_text(data: bytes, encoding: str, start: int) -> None:
    """Raise unless all of the bytes decode, to text without NUL characters that is not blank."""
    number, blank = 0, True
    try:
        for line in text_lines(data, encoding, start):
            number += 1
            if "\0" in line:
                raise FileUnreadable(
                    f"Line {number} holds a NUL byte, so the file is damaged or is not text. "
                    "Export it again, as CSV in UTF-8."
                )
            blank = blank and line.isspace()
    except UnicodeError:
        raise FileUnreadable(
            f"From line {number + 1} on, the text is not {encoding}. "
            "Save the file as “CSV UTF-8”, or name its encoding."
        ) from None
    if blank:
        raise NoHeader("The file is empty. It needs a row that names the columns, and a row for each lead.")


def _header(data: bytes, encoding: str, start: int, delimiter: str, loose: bool) -> tuple[tuple[str, ...], str]:
    """The first record that is not blank, and the line end after it."""
    last_line = "\n"

    def remember() -> Iterator[str]:
        nonlocal last_line
        for line in text_lines(data, encoding, start):
            last_line = line
            yield line

    records: Iterator[list[str]]
    if loose:
        records = (record.cells for record in read_records(remember(), delimiter))
    else:
        records = csv_rows(remember(), delimiter)
    headers = next((tuple(cells) for cells in records if not is_blank(cells)), ())
    if not headers:
        raise NoHeader("The file has no row that names its columns. Add one as the first row.")
    if len(headers) == 1:
        raise InputError(
            f"The file has one column only, “{' '.join(headers[0].split())[:60]}”: a company and a job title "
            "are needed. If its cells are not separated by comma, semicolon, tab or pipe, name the delimiter."
        )
    newline = next((end for end in ("\r\n", "\n", "\r") if last_line.endswith(end)), "\n")
    return headers, newline


def is_blank(cells: Sequence[str]) -> bool:
    """Whether all cells are blank."""
    return not any(cell and not cell.isspace() for cell in cells)

"""How the text of a delimited file is cut into records: delimiter, quotes, line ends.

Reading is the standard library's ``csv`` reader. What is added: the delimiter is chosen by evidence,
a quote that is never closed is an error that names its row (``csv`` would swallow the rest of the file
into one cell), and a lone quote inside a cell stays in it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import NamedTuple

from ranker.errors import InputError

DELIMITERS = (",", ";", "\t", "|")
_NAMES = {"comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t", "pipe": "|"}
MAX_CELL = 1 << 24
"""Characters in one cell; far above any real text, low enough to stop a file that is one huge cell."""

# Appended as a last line. Outside quotes it is a record of its own, read exactly so; inside quotes its quote
# mark is dropped, so whatever the file ends with, the last record differs from it.
_SENTINEL = 'end"end'


class Record(NamedTuple):
    """One record: its cells, and whether a quote in it is malformed (then the cells are kept as written)."""

    cells: list[str]
    loose_quote: bool


def csv_rows(lines: Iterable[str], delimiter: str, *, strict: bool = False) -> Iterator[list[str]]:
    """``csv.reader`` with our limits; raises ``csv.Error`` as that does."""
    if csv.field_size_limit() < MAX_CELL:
        csv.field_size_limit(MAX_CELL)
    return csv.reader(lines, delimiter=delimiter, strict=strict)


def parse_delimiter(text: str) -> str:
    """A delimiter as people name it: one sign, or comma, semicolon, tab, pipe. Else ``InputError``."""
    delimiter = _NAMES.get(text.strip().lower(), text)
    if len(delimiter) != 1 or delimiter in '"\r\n\0 ':
        raise InputError(f"Delimiter “{text}” can't be used. Usual ones: comma, semicolon, tab, pipe.")
    return delimiter


def declared_delimiter(first_line: str) -> str | None:
    """The delimiter of Excel's ``sep=;`` line, or none."""
    text = first_line.rstrip("\r\n")
    return text[4] if len(text) == 5 and text.lower().startswith("sep=") and text[4] in DELIMITERS else None


def guess_delimiter(lines: Iterable[str]) -> str:
    """The candidate that cuts the header into several cells and most of the first rows into as many.

    Ties go to the one with more columns, then to the order of ``DELIMITERS``.
    """
    sample = list(islice(lines, 60))
    best, best_score = ",", (0.0, 1)
    for delimiter in DELIMITERS:
        records: list[list[str]] = []
        try:
            records.extend(r for r in csv_rows(sample, delimiter) if any(c.strip() for c in r))
        except csv.Error:
            continue
        if not records or len(records[0]) < 2:
            continue
        width = len(records[0])
        score = (sum(len(r) == width for r in records) / len(records), width)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def has_loose_quotes(lines: Iterable[str], delimiter: str) -> bool:
    """Whether any quote is malformed, in one quick pass; details are for ``read_records``."""
    last: list[str] = []
    try:
        for last in csv_rows(chain(lines, [_SENTINEL]), delimiter, strict=True):  # noqa: B007
            pass
    except csv.Error:
        return True
    return last != [_SENTINEL]


def has_plain_quotes(data: bytes, delimiter: str) -> bool:
    """Whether every quote of an ASCII-compatible text encloses a whole cell, or is doubled in one.

    True is certain, and tells without cutting the text that no quote is malformed and no cell too long; False
    tells nothing.
    """
    if not delimiter.isascii():
        return False
    outside = data.split(b'"')
    if len(outside) % 2 == 0 or (len(data) >= MAX_CELL and max(map(len, outside)) >= MAX_CELL // 2):
        return False
    del outside[1::2]  # what remains stands between two quoted cells, or is the nothing within a doubled quote
    cut = delimiter.encode()
    opens, closes = (cut, b"\n"), (cut, b"\n", b"\r")
    first, last = outside[0], outside[-1]
    if len(outside) > 1 and ((first and not first.endswith(opens)) or (last and not last.startswith(closes))):
        return False
    return all(not part or (part.startswith(closes) and part.endswith(opens)) for part in outside[1:-1])


def read_records(lines: Iterable[str], delimiter: str) -> Iterator[Record]:
    """Records of a text with malformed quotes, blank ones included.

    A loose quote within one line is kept as written. One that runs over a line's end has swallowed other
    rows, or the rest of the file: ``InputError`` with the row in which it opens, as a spreadsheet counts.
    """
    seen: list[str] = []

    def remember() -> Iterator[str]:
        for line in chain(lines, [_SENTINEL]):
            seen.append(line)
            yield line

    number = 0
    try:
        for cells in csv_rows(remember(), delimiter):
            number += 1
            if seen[-1] is _SENTINEL:
                if len(seen) > 1:
                    raise _unclosed(number)
                return
            loose = any('"' in line for line in seen) and not _is_strict(seen, delimiter)
            if loose and len(seen) > 1:
                raise _unclosed(number)
            yield Record(_cut_line(seen[0], delimiter) if loose else cells, loose)
            seen.clear()
    except csv.Error:
        raise _unclosed(number + 1) from None


def _unclosed(number: int) -> InputError:
    return InputError(
        f'Row {number} opens a quote (") that is never closed, or that closes in a later row. '
        "Mend that row, or delete the quote, and try again."
    )


def _is_strict(lines: list[str], delimiter: str) -> bool:
    try:
        return len(list(csv_rows(lines, delimiter, strict=True))) == 1
    except csv.Error:
        return False


def _cut_line(line: str, delimiter: str) -> list[str]:
    """Cells of one line with a loose quote: well-quoted ones are unquoted, others are kept as written."""
    d = re.escape(delimiter)
    cell = re.compile(rf'"([^"]*(?:""[^"]*)*)"(?={d}|\Z)|([^{d}]*)')
    text, cells, at = line.rstrip("\r\n"), [], 0
    while True:
        match = cell.match(text, at)
        if match is None:  # can't be: the second branch matches everywhere
            break
        quoted, plain = match.groups()
        cells.append(quoted.replace('""', '"') if quoted is not None else plain)
        at = match.end() + 1
        if at > len(text):
            break
    return cells

"""How the text of a delimited file is cut into records: delimiter, quotes, line ends.

Reading is the standard library's ``csv`` reader. What is added: the delimiter is chosen by evidence,
a quote that is never closed spoils its own line only (``csv`` would swallow the rest of the file into one
cell), and a lone quote inside a cell stays in it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain, islice
from typing import NamedTuple

from ranker.errors import InputError
from ranker.ingest.header_row import header_index

DELIMITERS = (",", ";", "\t", "|")
_NAMES = {"comma": ",", "semicolon": ";", "tab": "\t", "\\t": "\t", "pipe": "|"}
MAX_CELL = 1 << 24
"""Characters in one cell; far above any real text, low enough to stop a file that is one huge cell."""
LONGEST_RECORD = 300
"""Lines of one record in a text with malformed quotes; what takes more is a quote that was never closed."""

# Appended as a last line. Outside quotes it is a record of its own, read exactly so; inside quotes its quote
# mark is dropped, so whatever the file ends with, the last record differs from it.
_SENTINEL = 'end"end'


class Record(NamedTuple):
    """One record: its cells, and whether a quote in it is malformed (then the cells are kept as written).

    ``cut_short``: the quote would have swallowed the lines below. ``lines``: how many lines it took.
    """

    cells: list[str]
    loose_quote: bool
    cut_short: bool = False
    lines: int = 1


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

    Ties go to the one with more columns, then to the order of ``DELIMITERS``. The header is the first record; only
    where no candidate cuts that, it is looked for below a title block.
    """
    sample = list(islice(lines, 60))
    cut: dict[str, list[list[str]]] = {}
    for delimiter in DELIMITERS:
        with suppress(csv.Error):
            cut[delimiter] = [r for r in csv_rows(sample, delimiter) if any(c.strip() for c in r)]
    below = {delimiter: records[header_index(records) :] for delimiter, records in cut.items()}
    return _best(cut) or _best(below) or ","


def _best(cut: dict[str, list[list[str]]]) -> str:
    best, best_score = "", (0.0, 1)
    for delimiter, records in cut.items():
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

    A loose quote is kept as written. Where one runs over a line's end, the line in which it opens is a record of
    its own, and the lines that it would have swallowed are read as if it were not there.
    """
    feed = _Feed(lines)
    reader = csv_rows(feed, delimiter)
    while True:
        try:
            cells = next(reader, None)
            too_long = False
        except csv.Error:
            reader, cells, too_long = csv_rows(feed, delimiter), [], True
        taken = feed.taken()
        if cells is None or not taken:
            return
        loose = too_long or (any('"' in line for line in taken) and not _is_strict(taken, delimiter))
        if not loose:
            yield Record(cells, False, lines=len(taken))
            continue
        feed.give_back(taken[1:])
        yield Record(_cut_line(taken[0], delimiter), True, len(taken) > 1 or _is_open(taken[0], delimiter))


class _Feed(Iterator[str]):
    """Lines for ``csv.reader``, which may be given back; it ends for a moment where a record grows too long."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._source = iter(lines)
        self._back: list[str] = []
        self._taken: list[str] = []

    def __next__(self) -> str:
        if len(self._taken) >= LONGEST_RECORD:
            raise StopIteration
        line = self._back.pop() if self._back else next(self._source)
        self._taken.append(line)
        return line

    def taken(self) -> list[str]:
        """The lines since the last time."""
        taken, self._taken = self._taken, []
        return taken

    def give_back(self, lines: list[str]) -> None:
        """Read these lines again."""
        self._back.extend(reversed(lines))


def _is_open(line: str, delimiter: str) -> bool:
    """Whether a quote opens in the line that does not close in it."""
    try:
        for _ in csv_rows([line], delimiter, strict=True):
            pass
    except csv.Error as error:
        return "end of data" in str(error)
    return False


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

"""The rows of a table in pieces of many: what can be done with a whole column at once is not done row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from ranker.ingest.dialect import Record, csv_rows
from ranker.ingest.lines import text_lines
from ranker.ingest.table import Table, is_blank


class Piece(NamedTuple):
    """Some rows in file order, as ``Table.rows`` gives them: ``cells`` of each are as many as the headers.

    ``odd``: place in the piece → (cells beyond the headers as CSV text, what is doubtful), for the few that have it.
    """

    numbers: Sequence[int]
    cells: Sequence[Sequence[str]]
    odd: Mapping[int, tuple[str, str]]


def pieces(table: Table, size: int) -> Iterator[Piece]:
    """The rows of a table in pieces of at most ``size``; a new pass at each call."""
    if table.loose_quotes or table.mended or table.doubts:
        rows = table.rows()
        while some := list(islice(rows, size)):
            odd = {at: (row.extra, row.problem) for at, row in enumerate(some) if row.extra or row.problem}
            yield Piece([row.number for row in some], [row.cells for row in some], odd)
        return
    width, last = len(table.headers), 0
    records = csv_rows(text_lines(table.data, table.codec, table.text_start), table.delimiter)
    for last, header in enumerate(records, start=1):
        if last >= table.header_row and not is_blank(header):
            break
    while part := list(islice(records, size)):
        first, last = last + 1, last + len(part)
        if set(map(len, part)) == {width}:
            yield Piece(range(first, last + 1), part, {})
        elif (piece := _with_odd(table, part, first)).numbers:
            yield piece


def _with_odd(table: Table, part: Sequence[list[str]], first: int) -> Piece:
    width, numbers, kept, odd = len(table.headers), list[int](), list[Sequence[str]](), dict[int, tuple[str, str]]()
    for number, cells in enumerate(part, start=first):
        if len(cells) == width:
            kept.append(cells)
        elif len(cells) > 1 or not is_blank(cells):
            row = table.odd_row(number, Record(cells, False))
            if row.extra or row.problem:
                odd[len(kept)] = row.extra, row.problem
            kept.append(row.cells)
        else:
            continue
        numbers.append(number)
    return Piece(numbers, kept, odd)

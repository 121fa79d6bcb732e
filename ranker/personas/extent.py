"""Where the line, list item or table row around a place of a persona's text begins and ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ranker.personas.draft import is_label
from ranker.personas.markdown import Table, Text, read_blocks
from ranker.personas.pieces import Piece

_MARKER = re.compile(r"[ \t]*(?:[-*+•‣◦·–]|(\d{1,3})[.)])[ \t]+(?:\[[ xX]\][ \t]+)?")
_PIPE = re.compile(r"(?<!\\)\|")
_END = re.compile(r"\r\n|\n|\r")
_BEFORE = re.compile(r"(?:\s*[,;]\s*(?:(?:and|or|und|oder|et|ou)\s+)?|\s+(?:and|or|und|oder|et|ou)\s+)\Z")
_AFTER = re.compile(r"\s*[,;]\s*(?:(?:and|or|und|oder|et|ou)\s+)?|\s+(?:and|or|und|oder|et|ou)\s+")
_MARKS = "*_`"


@dataclass(frozen=True, slots=True)
class Extent:
    """Characters ``start`` to ``end`` of the text: whole lines, the last without its line end.

    ``kind``: a ``row`` of a table, an ``item`` of a list, or other ``text``. ``marker`` is what an item begins with
    ("- ", "3. "); ``cells`` are the ends of a row's cells, without the pipes.
    """

    kind: Literal["row", "item", "text"]
    start: int
    end: int
    marker: str = ""
    cells: tuple[tuple[int, int], ...] = ()

    def cell(self, at: int) -> int | None:
        """The number of the cell that a character is in."""
        return next((index for index, (start, end) in enumerate(self.cells) if start <= at <= end), None)


def line_end(text: str) -> str:
    """The line end that a text uses most; a plain newline where it has none."""
    found = _END.findall(text)
    return max(set(found), key=found.count) if found else "\n"


def extent_at(text: str, at: int) -> Extent:
    """The extent around a character; its line where no block holds it."""
    for block in read_blocks(text, is_label):
        if isinstance(block, Table):
            for row in (block.header, *block.rows):
                start, end = _lines(text, row.line)
                if start <= at <= end:
                    return Extent("row", start, end, cells=_cells(text, start, end))
        elif block.piece.text:
            start, end = _lines(text, block.piece)
            if start <= at <= end:
                marker = _MARKER.match(text, start, end)
                if isinstance(block, Text) and block.kind == "item" and marker:
                    return Extent("item", start, end, marker[0])
                return Extent("text", start, end)
    start, end = _line_of(text, at, at)
    return Extent("text", start, end)


def without(text: str, extent: Extent) -> str:
    """The text without these lines, and without one line end."""
    after = _END.match(text, extent.end)
    if after:
        return text[: extent.start] + text[after.end() :]
    before = re.search(r"(?:\r\n|\n|\r)\Z", text[: extent.start])
    return text[: before.start() if before else extent.start] + text[extent.end :]


def cut_out(text: str, start: int, end: int) -> Iterator[str]:
    """The text without one name of "a, b and c": with the comma before it, then with the one behind it."""
    while start and text[start - 1] in _MARKS:
        start -= 1
    while end < len(text) and text[end] in _MARKS + ")]":
        end += 1
    before, after = _BEFORE.search(text[:start]), _AFTER.match(text, end)
    if before:
        yield text[: before.start()] + text[end:]
    if after:
        yield text[:start] + text[after.end() :]


def next_marker(marker: str) -> str:
    """The marker of the item that follows: "4. " after "3. "."""
    number = re.search(r"\d+", marker)
    return marker if number is None else marker.replace(number[0], str(int(number[0]) + 1), 1)


def _lines(text: str, piece: Piece) -> tuple[int, int]:
    place = piece.place
    return _line_of(text, place.start, place.end)


def _line_of(text: str, start: int, end: int) -> tuple[int, int]:
    first = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    stop = _END.search(text, end)
    return first, stop.start() if stop else len(text)


def _cells(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    bounds = [match.start() for match in _PIPE.finditer(text, start, end)]
    first, stop = start, end
    if bounds and not text[start : bounds[0]].strip():
        first = bounds.pop(0) + 1
    if bounds and not text[bounds[-1] + 1 : end].strip():
        stop = bounds.pop()
    edges = [first, *(bound + 1 for bound in bounds)]
    return tuple(zip(edges, [*bounds, stop], strict=True))

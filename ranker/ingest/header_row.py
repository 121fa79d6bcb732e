"""Which row names the columns: the first of a plain list, one further down below a title block.

The row with the most names that headers go by (in any of the seven languages); without two of them, the first
row that is as wide as the table and holds only short, different words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ranker.ingest.header_names import load_header_names, plain, squeeze

LOOKED_AT = 40
"""Rows at the top among which the header is looked for."""
_NO_NAME = re.compile(r"[\d.,:/ +-]+%?|.*@.*\..*|https?://.*|www\..*", re.DOTALL)
_LONGEST = 60


def header_index(rows: Sequence[Sequence[str]]) -> int:
    """The index of the header among the first rows, blank ones included; 0 if all of them are blank."""
    rows = rows[:LOOKED_AT]
    filled = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    first = next((at for at, cells in enumerate(filled) if cells), 0)
    known = [_known(cells) for cells in filled]
    if max(known, default=0) >= 2:
        return known.index(max(known))
    widths = sorted(len(cells) for cells in filled if cells)
    width = widths[len(widths) * 3 // 4] if widths else 0
    for at, cells in enumerate(filled):
        if len(cells) >= 2 and len(cells) * 2 > width and _names(cells):
            return at
    return first


def _known(cells: Sequence[str]) -> int:
    """How many of the cells are usual names of different fields."""
    names = load_header_names()
    squeezed = {squeeze(plain(cell)) for cell in cells if len(cell) <= _LONGEST}
    return sum(name in names.exact or name in names.bare_name for name in squeezed)


def _names(cells: Sequence[str]) -> bool:
    """Whether all of them could name a column."""
    short = all(len(cell) <= _LONGEST and not _NO_NAME.fullmatch(cell) for cell in cells)
    return short and len(set(cells)) == len(cells)

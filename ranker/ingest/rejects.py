"""The two columns that a file of rejected rows has in front of its own, and what tells it when it comes back."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ranker.export.csv_file import safe_cell

MENDED_HEADERS = ("row in the file", "why it was rejected")
_MARKED = re.compile("'+[=+\\-@\t\r\n\0＝＋－＠]")


def is_mended(headers: Sequence[str]) -> bool:
    """Whether the headers are those of a file of rejected rows."""
    return tuple(header.strip().lower() for header in headers[:2]) == MENDED_HEADERS and len(headers) > 2


def with_mark(text: str, *, formulas: bool = True) -> str:
    """``text`` behind a ``'`` where a spreadsheet would run it; ``formulas``: False for cells that are text anyway.

    ``without_marks`` gives back exactly what it was.
    """
    if _MARKED.match(text):
        return f"'{text}"
    return safe_cell(text) if formulas else text


def without_marks(cells: Sequence[str]) -> list[str]:
    """The cells as they were before ``with_mark``."""
    return [cell[1:] if _MARKED.match(cell) else cell for cell in cells]

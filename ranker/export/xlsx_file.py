"""Write XLSX row by row: text stays text, numbers are numbers, nothing is ever a formula or a link."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import BinaryIO

from ranker.errors import UsageError

MOST_ROWS = 1_048_575
"""Rows of a sheet below its header."""
LONGEST_CELL = 32_767
"""Characters that a cell can hold; longer text is cut and ends in "…"."""
_WIDEST = 60


def write_xlsx(
    target: str | BinaryIO,
    headers: Sequence[str],
    rows: Iterable[Sequence[str | float | None]],
    *,
    sheet: str = "Leads",
) -> int:
    """Write headers and rows to a path or an open binary file; return the number of rows.

    Text is written as a text cell whatever it starts with, so phone numbers, leading zeros and "=1+1" stay as
    they are; ``None`` and "" are blank cells. One row is in memory at a time. Raises ``UsageError`` for more
    than ``MOST_ROWS`` rows, and then the file is not to be used.
    """
    from xlsxwriter import Workbook  # type: ignore[import-untyped]  # slow to import, and needed only here

    book = Workbook(
        target,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
            "nan_inf_to_errors": True,
        },
    )
    try:
        page = book.add_worksheet(sheet)
        page.freeze_panes(1, 0)
        for place, header in enumerate(headers):
            page.set_column(place, place, min(max(len(header) + 2, 12), _WIDEST))
        bold = book.add_format({"bold": True})
        for place, header in enumerate(headers):
            page.write_string(0, place, _fitting(header), bold)
        count = 0
        for count, row in enumerate(rows, start=1):
            if count > MOST_ROWS:
                raise UsageError(f"A sheet holds {MOST_ROWS:,} rows, and these are more. Choose CSV.")
            for place, cell in enumerate(row):
                if cell is None or cell == "":
                    continue
                if isinstance(cell, str):
                    page.write_string(count, place, _fitting(cell))
                else:
                    page.write_number(count, place, cell)
        if headers:
            page.autofilter(0, 0, count, len(headers) - 1)
        return count
    finally:
        book.close()


def _fitting(text: str) -> str:
    """``text`` as a cell can hold it: not too long, and without halves of characters."""
    if len(text) > LONGEST_CELL:
        text = text[: LONGEST_CELL - 1] + "…"
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")

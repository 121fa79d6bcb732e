"""A file that is made to be opened in a spreadsheet, as bytes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from ranker.errors import UsageError
from ranker.export.csv_file import safe_cell, write_csv
from ranker.export.xlsx_file import write_xlsx

Cell = str | float | None

FORMATS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Format → media type."""


def check_format(name: str) -> None:
    """Raise ``UsageError`` for anything but a key of ``FORMATS``."""
    if name not in FORMATS:
        raise UsageError(f"“{name}” is no format of a file. Choose one of: {', '.join(FORMATS)}.")


def make_file(
    name: str,
    kind: str,
    headers: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    sheet: str = "Leads",
) -> tuple[bytes, int]:
    """(The file, its rows). ``kind``: a key of ``FORMATS``.

    CSV is UTF-8 with BOM and CRLF, formulas neutralised; XLSX holds text as text.
    """
    with tempfile.TemporaryDirectory(prefix="ranker-export-") as folder:  # for the owner only, gone afterwards
        path = Path(folder) / name
        if kind == "csv":
            count = write_csv(path, [safe_cell(one) for one in headers], map(_safe, rows), bom=True, newline="\r\n")
        else:
            count = write_xlsx(str(path), headers, rows, sheet=sheet)
        return path.read_bytes(), count


def _safe(row: Sequence[Cell]) -> list[str]:
    return ["" if cell is None else safe_cell(cell) if isinstance(cell, str) else str(cell) for cell in row]

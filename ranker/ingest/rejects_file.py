"""The rejected rows as a file: the file's own columns behind two of ours, to be mended and uploaded again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from ranker.export.xlsx_file import write_xlsx
from ranker.ingest.rejects import MENDED_HEADERS, with_mark
from ranker.ingest.staged import StagedImport
from ranker.store.engine import Database
from ranker.store.imports import all_import_rows, import_headers

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def rejects_name(staged: StagedImport) -> tuple[str, str]:
    """The name of the file of rejected rows, and its media type: a workbook for a workbook, else CSV."""
    stem = staged.file_name.rpartition(".")[0] or staged.file_name
    return (f"{stem} rejected.xlsx", XLSX_TYPE) if staged.sheet else (f"{stem} rejected.csv", "text/csv")


def rejects_file(database: Database, staged: StagedImport) -> bytes:
    """The rejected rows in the form of the uploaded file; see ``rejects_name``."""
    return rejects_xlsx(database, staged) if staged.sheet else rejects_csv(database, staged)


def rejects_csv(database: Database, staged: StagedImport) -> bytes:
    """As CSV in UTF-8 with a byte order mark; no cell is taken for a formula, and our reader gives back what it was."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*MENDED_HEADERS, *map(with_mark, import_headers(database, staged.id))])
    for number, reason, cells in _rows(database, staged):
        writer.writerow([number, reason, *map(with_mark, cells)])
    return out.getvalue().encode("utf-8-sig", "replace")


def rejects_xlsx(database: Database, staged: StagedImport) -> bytes:
    """As a workbook; every cell is text."""
    out = io.BytesIO()
    headers = [*MENDED_HEADERS, *(with_mark(header, formulas=False) for header in import_headers(database, staged.id))]
    rows = (
        [str(number), reason, *(with_mark(cell, formulas=False) for cell in cells)]
        for number, reason, cells in _rows(database, staged)
    )
    write_xlsx(out, headers, rows, sheet="Rejected")
    return out.getvalue()


def _rows(database: Database, staged: StagedImport) -> Iterator[tuple[int, str, list[str]]]:
    """Number, reason and cells; those beyond the headers, which are kept as one text, each for itself again."""
    width = len(staged.columns)
    for row in all_import_rows(database, staged.id, "rejected"):
        cells = list(row.cells[:width])
        for beyond in row.cells[width:]:
            cells += next(csv.reader([beyond], delimiter=staged.delimiter), [])
        yield row.number, row.reason, cells

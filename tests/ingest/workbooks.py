"""Workbooks for tests, made by a program that is not ours."""

import csv
import io
import zipfile

import xlsxwriter
from openpyxl import Workbook


def as_xlsx(rows, title="Leads"):
    """One sheet with these rows; a pair is a value with its number format."""
    book = Workbook()
    book.active.title = title
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            cell = book.active.cell(number, column)
            if isinstance(value, tuple):
                cell.value, cell.number_format = value
            else:
                cell.value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def workbook(**sheets: str) -> bytes:
    """Sheets of a workbook, each from the rows of a CSV."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for at, cells in enumerate(csv.reader(io.StringIO(rows))):
            sheet.write_row(at, 0, cells)
    book.close()
    return out.getvalue()


def rezipped(data, changes):
    """The workbook with parts changed by functions: path → bytes to bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            part = old.read(entry)
            changed = changes.get(entry.filename, lambda same: same)(part)
            new.writestr(entry.filename, changed)
    return out.getvalue()

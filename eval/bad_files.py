"""Files that nobody should hand over, and that people do: (what it is, its name, its bytes)."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable, Sequence

HEADER = "Company,Title,Name,Email\n"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
Make = Callable[[], bytes]


def _rows(count: int) -> str:
    return "".join(f"Alpha {n},VP Sales,Lead {n:04d},l{n}@alpha{n}.example\n" for n in range(1, count + 1))


def _text(body: str, encoding: str = "utf-8") -> Make:
    return lambda: body.encode(encoding)


def workbook(rows: Sequence[Sequence[object]]) -> bytes:
    """A sheet "Leads" with these cells."""
    from xlsxwriter import Workbook  # type: ignore[import-untyped]

    out = io.BytesIO()
    with Workbook(out, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Leads")
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(number, column, cell)
    return out.getvalue()


def rezipped(data: bytes, path: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            part = old.read(entry)
            new.writestr(entry.filename, change(part) if entry.filename == path else part)
    return out.getvalue()


_SHEET = "xl/worksheets/sheet1.xml"
_LEADS: list[list[object]] = [["Company", "Title", "Name"], ["Alpha", "CEO", "Lead 0001"], ["Beta", "CTO", "Lead 0002"]]


def _changed(change: Callable[[bytes], bytes]) -> bytes:
    return rezipped(workbook(_LEADS), _SHEET, change)


def _bomb() -> bytes:
    rows = b"<row><c><v>1</v></c></row>" * 4_000_000
    return _changed(lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + rows))


def _entities() -> bytes:
    wicked = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    return _changed(lambda xml: wicked + xml.partition(b"?>")[2])


def _formulas() -> bytes:
    cells = b'<row r="4"><c r="A4" t="inlineStr"><is><t>Gamma</t></is></c><c r="B4" t="str"><f>A2&amp;"x"</f></c>'
    cells += b'</row><row r="5"><c r="A5" t="inlineStr"><is><t>Delta</t></is></c><c r="B5" t="inlineStr"><is><t>CFO</t>'
    cells += b'</is></c><c r="C5" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    return _changed(lambda xml: xml.replace(b"</sheetData>", cells + b"</sheetData>"))


def _mixed() -> bytes:
    return "Société,Poste,Nom\nAlpha,Gérant,Lead 0001\nBeta,".encode() + "Délégué,Lead 0002\n".encode("cp1252")


_RIGHT_TO_LEFT = "Company,Title,Name\nشركة ألفا,مدير المبيعات,Lead 0001\nחברת בטא,סמנכ״ל מכירות,Lead 0002\n"
_WIDE = ",".join(["Company", "Title", *[f"Column {n}" for n in range(198)]])
_TITLED: list[list[object]] = [["Leads of November"], [], *_LEADS]

FILES: tuple[tuple[str, str, Make], ...] = (
    ("an empty file", "leads.csv", _text("")),
    ("blank lines only", "leads.csv", _text("\r\n \r\n\n")),
    ("headers without rows", "leads.csv", _text(HEADER)),
    ("one column", "leads.csv", _text("Company\nAlpha\nBeta\n")),
    ("200 columns", "leads.csv", _text(f"{_WIDE}\nAlpha,CEO,{','.join('x' * 198)}\n")),
    ("no column that could be the company", "leads.csv", _text("Qqq,Title\nAlpha,CEO\n")),
    ("no column that could be the title", "leads.csv", _text("Company,Qqq\nAlpha,CEO\n")),
    ("the same header twice", "leads.csv", _text("Company,Title,Title,Note,Note\nAlpha,CEO,Mr,a,b\n")),
    ("a quote that is never closed", "leads.csv", _text(f'{HEADER}"Alpha,CEO,Lead 0001,\n{_rows(3)}')),
    ("stray quotes", "leads.csv", _text(f'{HEADER}"Alpha" AG,CEO,Lead 0001,\nBeta,5" pipes,Lead 0002,\n')),
    ("more cells than headers", "leads.csv", _text(f"{HEADER}Alpha, Inc.,CEO,Lead 0001,l1@alpha.example\n{_rows(2)}")),
    ("rows that are too short", "leads.csv", _text(f"{HEADER}Alpha,CEO\n{_rows(2)}")),
    ("rows without a company", "leads.csv", _text(f"{HEADER},CEO,Lead 0009,\n{_rows(2)}")),
    ("NUL bytes", "leads.csv", _text(f"{HEADER}{_rows(2)}Beta,C\0EO,Lead 0003,\n")),
    ("UTF-16 without byte order mark", "leads.csv", _text(HEADER + _rows(2), "utf-16-le")),
    ("mixed line ends", "leads.csv", _text(f"{HEADER}Alpha,CEO,A,\r\nBeta,CTO,B,\rGamma,COO,C,\n")),
    ("two encodings in one file", "leads.csv", _mixed),
    ("a title block above the headers", "leads.csv", _text(f"Leads of November\n\n{HEADER}{_rows(2)}")),
    ("formulas in cells", "leads.csv", _text(f"{HEADER}=1+1,CEO,@SUM(A1),\n{_rows(1)}")),
    ("a title of 10,000 characters", "leads.csv", _text(f"{HEADER}Alpha,{'x' * 10_000},Lead 0001,\n")),
    ("a title of 10,001 characters", "leads.csv", _text(f"{HEADER}Alpha,{'x' * 10_001},Lead 0001,\n{_rows(2)}")),
    ("text from right to left", "leads.csv", _text(_RIGHT_TO_LEFT)),
    ("a PDF named .csv", "leads.csv", lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
    ("a web page", "leads.csv", _text("<!DOCTYPE html><html><body>Sign in</body></html>")),
    ("a program", "leads.csv", lambda: b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 8),
    ("a compressed file", "leads.csv.gz", lambda: gzip.compress((HEADER + _rows(2)).encode())),
    ("a ZIP archive with a CSV", "leads.zip", lambda: _zip("leads.csv")),
    ("an old workbook", "leads.xls", lambda: _OLE + "Workbook".encode("utf-16-le")),
    ("an encrypted workbook", "leads.xlsx", lambda: _OLE + "EncryptedPackage".encode("utf-16-le")),
    ("a workbook that is cut short", "leads.xlsx", lambda: workbook(_LEADS)[:-700]),
    ("a workbook whose sheet is damaged", "leads.xlsx", lambda: _changed(lambda xml: xml[:-90])),
    ("a zip bomb named .xlsx", "leads.xlsx", _bomb),
    ("a workbook that declares XML entities", "leads.xlsx", _entities),
    ("a workbook without rows", "leads.xlsx", lambda: workbook([])),
    ("a title block above the headers of a sheet", "leads.xlsx", lambda: workbook(_TITLED)),
    ("formulas without results and error cells", "leads.xlsx", _formulas),
)  # fmt: skip


def _zip(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr(name, HEADER + _rows(2))
    return out.getvalue()

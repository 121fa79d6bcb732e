"""A sheet is read as the spreadsheet shows it, and what only looks like a workbook is refused in words."""

import io
import zipfile
from contextlib import suppress
from datetime import date, datetime, time

import pytest
import xlsxwriter
from openpyxl import Workbook

from ranker.errors import FileUnreadable, InputError, NoHeader
from ranker.ingest.reader import read_again, read_table, reading_of
from tests.ingest.workbooks import as_xlsx, rezipped

HEADERS = ["Company", "Job title", "Employees"]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
SMALL = as_xlsx([HEADERS, ["A", "CEO", 5]])


def rows_of(data, **options):
    table = read_table(data, **options)
    assert list(
        read_again(data, table.sha256, table.headers, table.encoding, table.delimiter, reading_of(table)).rows()
    )
    return [(row.number, row.cells) for row in table.rows()]


def test_cells_are_read_as_they_are_shown():
    data = as_xlsx(
        [HEADERS, ["Alpha", "CEO", 250], ["Beta", "CTO", (1500, "#,##0")], ["Gamma", "COO", (0.5, "0%")],
         ["Delta", "CFO", (date(2025, 1, 10), "d-mmm")], ["Eps", True, (7, "000")],
         ["Zeta", "say \"hi\", he said\nthen left", datetime(2026, 11, 21, 7, 30)], ["Eta", time(9, 5), None]]  # noqa: DTZ001
    )  # fmt: skip
    assert [cells for _, cells in rows_of(data)] == [
        ("Alpha", "CEO", "250"), ("Beta", "CTO", "1,500"), ("Gamma", "COO", "50%"), ("Delta", "CFO", "10-Jan"),
        ("Eps", "TRUE", "007"), ("Zeta", 'say "hi", he said\nthen left', "2026-11-21 7:30:00"),
        ("Eta", "9:05:00", ""),
    ]  # fmt: skip


def test_the_header_is_found_below_a_title_block_and_rows_keep_the_sheets_numbers():
    data = as_xlsx([["Leads, November"], [], ["exported by hand"], HEADERS, ["A", "CEO", 5], [], ["B", "CTO", 6]])
    table = read_table(data)
    assert (table.headers, table.header_row) == (tuple(HEADERS), 4)
    assert [(row.number, row.cells) for row in table.rows()] == [(5, ("A", "CEO", "5")), (7, ("B", "CTO", "6"))]
    assert read_table(data, header_row=5).headers == ("A", "CEO", "5")
    with pytest.raises(NoHeader, match="Row 2 of sheet"):
        read_table(data, header_row=2)


def test_a_header_in_unknown_words_is_the_first_row_as_wide_as_the_table():
    data = as_xlsx([["Qqq list"], ["Ppp", "Zzz", "Www"], ["a", "b", "c"], ["d", "e", "f"]])
    assert read_table(data).headers == ("Ppp", "Zzz", "Www")


def two_sheets():
    """Notes, Leads, and an older list that is hidden."""
    book = Workbook()
    book.active.title = "Notes"
    book.active.append(["only", "this"])
    book.active.append(["and", "that"])
    leads, old = book.create_sheet("Leads"), book.create_sheet("Old")
    for sheet, count in ((leads, 3), (old, 9)):
        sheet.append(HEADERS)
        for n in range(count):
            sheet.append([sheet.title, "CEO", n])
    old.sheet_state = "hidden"
    return saved(book)


def test_the_fullest_visible_sheet_is_chosen_and_any_can_be():
    data = two_sheets()
    table = read_table(data)
    assert table.sheet == "Leads"
    assert table.sheets == (("Notes", 2, False), ("Leads", 4, False), ("Old", 10, True))
    assert len(rows_of(data, sheet="Old")) == 9
    with pytest.raises(InputError, match=r"no sheet “Other”\. Its sheets: Notes, Leads, Old"):
        read_table(data, sheet="Other")


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_merged_cells_count_for_every_row_they_span():
    book = Workbook()
    for row in (HEADERS, ["Alpha", "CEO", 5], [None, "CTO", 5], [None, "COO", 5], ["Beta", "CFO", 6]):
        book.active.append(row)
    book.active.merge_cells("A2:A4")
    assert [cells[0] for _, cells in rows_of(saved(book))] == ["Alpha", "Alpha", "Alpha", "Beta"]


def test_formulas_give_the_value_they_were_saved_with_and_one_without_is_named():
    data = as_xlsx([HEADERS, ["A", "=1+1", 5], ["B", "CTO", 6]])
    cached = rezipped(data, {"xl/worksheets/sheet1.xml": lambda xml: xml.replace(b"<v></v>", b"<v>2</v>").replace(
        b"<v />", b"<v>2</v>").replace(b"<v/>", b"<v>2</v>")})  # fmt: skip
    assert read_table(cached).doubts == {}
    assert rows_of(cached)[0] == (2, ("A", "2", "5"))
    missing = rezipped(data, {"xl/worksheets/sheet1.xml": lambda xml: xml.replace(b"<v></v>", b"").replace(
        b"<v />", b"").replace(b"<v/>", b"")})  # fmt: skip
    rows = list(read_table(missing).rows())
    assert rows[0].problem == "Row 2: column B holds a formula whose result was not saved."
    assert rows[1].problem == ""


def test_error_cells_are_blank_and_named():
    book = Workbook()
    for row in (HEADERS, ["A", "#N/A", 5]):
        book.active.append(row)
    book.active["B2"].data_type = "e"
    row = next(read_table(saved(book)).rows())
    assert row.cells == ("A", "", "5")
    assert row.problem == "Row 2: column B holds the error #N/A, read as blank."


def test_empty_rows_and_columns_around_the_table_are_no_leads():
    book = Workbook()
    book.active["B3"], book.active["C3"], book.active["B4"], book.active["C4"] = "Company", "Title", "A", "CEO"
    book.active["F900"] = " "
    book.active["B5000"].number_format = "0.00"
    table = read_table(saved(book))
    assert (table.headers, [row.number for row in table.rows()]) == (("", "Company", "Title"), [4])


def test_digits_beyond_what_a_computer_counts_with_stay():
    data = rezipped(as_xlsx([HEADERS, ["A", "CEO", 5]]), {
        "xl/worksheets/sheet1.xml": lambda xml: xml.replace(b"<v>5</v>", b"<v>4917012345678901234</v>")
    })  # fmt: skip
    assert rows_of(data)[0][1][2] == "4917012345678901234"


def test_entities_are_refused():
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    for part in ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"):
        wicked = rezipped(shared([HEADERS, ["A", "CEO", "5"]]), {part: lambda xml: bomb + xml.partition(b"?>")[2]})
        with pytest.raises(FileUnreadable, match="XML entities"):
            read_table(wicked)


def shared(rows):
    """With a table of shared texts, as spreadsheet programs write."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet("Leads")
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                page.write_string(number, column, text)
        page.write_rich_string(len(rows), 0, "Be", book.add_format({"bold": True}), "ta", " AG")
        page.write_string(len(rows), 1, "C\x01O_x0041_\r")
    return out.getvalue()


def test_texts_that_cells_share_are_read_with_their_odd_signs_and_without_their_looks():
    table = read_table(shared([HEADERS, ["Alpha", "CEO", "007"]]))
    assert [row.cells for row in table.rows()] == [("Alpha", "CEO", "007"), ("Beta AG", "C\x01O_x0041_\r", "")]


@pytest.mark.parametrize("encoding", [b"General", b"shift_jis", b"utf-16"])
def test_xml_in_an_encoding_that_is_none_or_not_the_one_it_says_is_damaged(encoding):
    odd = rezipped(shared([HEADERS, ["A", "CEO", "5"]]), {"_rels/.rels": lambda xml: xml.replace(b"UTF-8", encoding)})
    with pytest.raises(FileUnreadable, match="damaged"):
        read_table(odd)


def test_links_to_the_outside_are_not_followed():
    outside = b'Target="file:///etc/passwd" TargetMode="External"'
    data = rezipped(as_xlsx([HEADERS, ["A", "CEO", 5]]), {
        "xl/_rels/workbook.xml.rels": lambda xml: xml.replace(b'Target="/xl/worksheets/sheet1.xml"', outside)
    })  # fmt: skip
    with pytest.raises(InputError, match="no sheet with cells"):
        read_table(data)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    data = as_xlsx([HEADERS, ["A", "CEO", 5]])
    row = b"<row><c><v>1</v></c></row>"
    bomb = rezipped(
        data, {"xl/worksheets/sheet1.xml": lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + row * 4_000_000)}
    )
    assert len(bomb) < 1 << 20
    with pytest.raises(FileUnreadable, match="unpacks to far more"):
        read_table(bomb)
    # a declared size that lies is found while unpacking
    entry = bytearray(bomb)
    for sign in (b"PK\x01\x02", b"PK\x03\x04"):
        at = -1
        while (at := bytes(entry).find(sign, at + 1)) >= 0:
            size = at + (24 if sign == b"PK\x01\x02" else 22)
            entry[size : size + 4] = (1000).to_bytes(4, "little")
    with pytest.raises(FileUnreadable):
        read_table(bytes(entry))


def test_many_parts_that_share_a_bomb_are_refused(monkeypatch):
    monkeypatch.setattr("ranker.ingest.xlsx_package.MAX_TOTAL", 1_000)
    with pytest.raises(FileUnreadable, match="unpacks to far more"):
        read_table(SMALL)


def test_one_text_that_is_repeated_without_end_is_refused(monkeypatch):
    monkeypatch.setattr("ranker.ingest.workbook.MAX_TEXT", 1_000_000)
    data = as_xlsx([HEADERS, *[["x" * 30_000, "CEO", n] for n in range(50)]])
    with pytest.raises(FileUnreadable, match="far more text"):
        read_table(data)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        (OLE + "Workbook".encode("utf-16-le"), r"old Excel workbook \(XLS\)"),
        (SMALL[:-900], "damaged"),
        (SMALL[:2000] + bytes(900) + SMALL[2900:], "damaged"),
    ],
)  # fmt: skip
def test_what_is_locked_old_or_damaged_says_so(data, says):
    with pytest.raises(FileUnreadable, match=says):
        read_table(data)


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (["a.csv"], "ZIP archive"), (["word/document.xml"], "a document"), (["Index/Document.iwa"], "Apple"),
        (["mimetype", "content.xml"], "OpenDocument"), (["[Content_Types].xml", "xl/workbook.bin"], "XLSB"),
    ],
)  # fmt: skip
def test_other_zip_files_are_named(names, says):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in names:
            file.writestr(name, b"x")
    with pytest.raises(FileUnreadable, match=says):
        read_table(out.getvalue())


def test_any_bytes_changed_in_a_workbook_give_a_table_or_a_clear_error():
    data = as_xlsx([HEADERS, *[[f"Company {n}", "CEO", n] for n in range(9)]])
    for at in range(0, len(data), 61):
        broken = data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]
        with suppress(InputError):
            rows_of(broken)

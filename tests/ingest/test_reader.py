"""Any file that people call a CSV reads back cell for cell, or is refused with one clear line."""

import csv
import hashlib
import io
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ranker.errors import FileUnreadable, InputError, NoHeader, RankerError
from ranker.ingest.dialect import has_loose_quotes, has_plain_quotes
from ranker.ingest.reader import read_table

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]
LINE_ENDS = ["\n", "\r\n", "\r"]
DELIMITERS = [",", ";", "\t", "|"]
HEADERS = ("Company", "Job Title", "Note")
# Latin letters: a file in UTF-16 without a byte order mark is recognised by them.
ANY_CELL = st.text(st.characters(max_codepoint=0x24F, exclude_characters="\0"), max_size=12)
WIDE_CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
CP1252_CELL = st.text(st.sampled_from("abc XYZ09 éüñ,;|\t\"'\r\n"), max_size=12)


def written(headers, rows, delimiter=",", newline="\n", quoting=csv.QUOTE_MINIMAL):
    """As a careful program writes it; cells with line ends are quoted whatever the line end is."""
    lines = io.StringIO()
    writer = csv.writer(lines, delimiter=delimiter, lineterminator="\r\n", quoting=quoting)
    out = []
    for row in [headers, *rows]:
        lines.seek(0)
        lines.truncate()
        writer.writerow(row)
        out.append(lines.getvalue()[:-2] + newline)
    return "".join(out)


def cells(table):
    return [row.cells for row in table.rows()]


def table_or_message(data, **options):
    try:
        return read_table(data, **options), ""
    except RankerError as error:
        return None, str(error)


def tables(cell):
    return st.lists(st.tuples(cell, cell, cell), min_size=1, max_size=6)


@given(
    tables(ANY_CELL),
    st.sampled_from(ENCODINGS),
    st.sampled_from(LINE_ENDS),
    st.sampled_from(DELIMITERS),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
)
def test_a_table_in_any_encoding_delimiter_line_end_and_quoting_reads_back_cell_for_cell(
    rows, encoding, newline, delimiter, quoting
):
    data = written(HEADERS, rows, delimiter, newline, quoting).encode(encoding)
    table = read_table(data)
    assert table.headers == HEADERS
    assert (table.delimiter, table.newline) == (delimiter, newline)
    assert table.bom == (encoding in {"utf-8-sig", "utf-16"})
    assert cells(table) == rows
    assert cells(table) == rows, "a second pass gives the same"


@given(tables(WIDE_CELL), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_every_character_of_unicode_survives(rows, encoding):
    assert cells(read_table(written(HEADERS, rows).encode(encoding))) == rows


@given(tables(CP1252_CELL), st.sampled_from(LINE_ENDS), st.sampled_from(DELIMITERS))
def test_windows_text_is_recognised_without_being_told(rows, newline, delimiter):
    assert cells(read_table(written(HEADERS, rows, delimiter, newline).encode("cp1252"))) == rows


@given(st.binary(max_size=300), st.sampled_from([None, *ENCODINGS, "cp1252", "latin-1", "utf-32", "nonsense"]))
@settings(max_examples=300)
def test_any_bytes_give_a_table_or_a_clear_error(data, encoding):
    table, message = table_or_message(data, encoding=encoding)
    assert "\n" not in message
    if table is None:
        return
    assert all(len(row.cells) == len(table.headers) for row in table.rows())


@given(st.text(st.sampled_from('ab,;\t|" \r\n=é'), max_size=80))
@settings(max_examples=300)
def test_any_text_gives_a_table_or_a_clear_error(text):
    table, message = table_or_message(text.encode())
    assert "\n" not in message
    if table is None:
        return
    assert list(table.rows()) == list(table.rows()) != []


def test_mixed_line_ends_and_blank_lines():
    table = read_table(b"Company,Title\r\n\r\nA,CEO\r   \nB,CTO\n\n\nC,COO")
    assert [(r.number, r.cells) for r in table.rows()] == [
        (3, ("A", "CEO")), (5, ("B", "CTO")), (8, ("C", "COO")),
    ]  # fmt: skip


def test_a_row_of_delimiters_only_is_a_row():
    assert cells(read_table(b"Company,Title\n,\nB,CTO\n")) == [("", ""), ("B", "CTO")]


def test_short_rows_are_padded_and_extra_cells_are_kept_as_csv():
    rows = list(read_table(b'a;b;c\n1\n1;2;3;"x;y";z\n1;2;3;;\n').rows())
    assert rows[0] == (2, ("1", "", ""), "", "")
    assert rows[1].cells == ("1", "2", "3")
    assert next(csv.reader([rows[1].extra], delimiter=";")) == ["x;y", "z"]
    assert rows[1].problem.startswith("Row 3: 5 cells but 3 headers")
    assert (rows[2].extra, rows[2].problem) == ("", "")


def test_duplicate_and_blank_headers_are_verbatim_and_have_names_for_choosing():
    table = read_table(b"Email,,Email , \n1,2,3,\n")
    assert table.headers == ("Email", "", "Email ", " ")
    assert table.names == ("Email", "column 2", "Email (2)", "")


def test_leading_zeros_and_people_named_none_are_kept():
    assert cells(read_table(b"Company,Title\n007,None\nNA, x \n")) == [("007", "None"), ("NA", " x ")]


def test_a_sep_line_names_the_delimiter_and_is_no_row():
    table = read_table("sep=;\r\na;b,c\r\n1,5;2\r\n".encode("utf-16"))
    assert (table.headers, cells(table)) == (("a", "b,c"), [("1,5", "2")])
    assert next(table.rows()).number == 2


def test_commas_in_values_do_not_win_over_the_semicolons_of_the_header():
    assert read_table(b"Company;Title;Size\nA, B, C;CEO;1,001\nD, E, F;CTO;5,001\n").delimiter == ";"


def test_overrides_win():
    table = read_table("a;é,b\n1;2,3\n".encode("latin-1"), encoding="latin-1", delimiter="comma")
    assert (table.headers, table.encoding) == (("a;é", "b"), "iso8859-1")


def test_a_loose_quote_within_a_line_is_kept_and_reported():
    rows = list(read_table(b'Company,Title\n"Foo" Bar,"CEO, CTO"\nB,5" pipes\n').rows())
    assert [r.cells for r in rows] == [('"Foo" Bar', "CEO, CTO"), ("B", '5" pipes')]
    assert "Row 2" in rows[0].problem
    assert rows[1].problem == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('a,b\n1,2\n"3,4\n5,6\n', [("1", "2"), ('"3', "4"), ("5", "6")]),
        ('a,b\n1,2\n"3,4\n5,"6\n7,8\n', [("1", "2"), ('"3', "4"), ("5", '"6'), ("7", "8")]),
        ('a,b\n1,2\n3,"', [("1", "2"), ("3", '"')]),
        ('a,b\n1,2\n3,"4\n', [("1", "2"), ("3", '"4')]),
        ('a,b\n1,2\n3,"4\n5,"6\n7"\n', [("1", "2"), ("3", '"4'), ("5", "6\n7")]),
    ],
)
def test_an_unbalanced_quote_spoils_its_own_line_only_and_the_line_is_named(text, expected):
    rows = list(read_table(text.encode()).rows())
    assert [row.cells for row in rows] == expected
    assert "Row 3" in rows[1].problem
    assert "never closed" in rows[1].problem
    assert not rows[0].problem


def test_a_quote_at_the_top_of_a_long_file_does_not_swallow_the_rest():
    lines = [f"{n},x" for n in range(5000)]
    table = read_table("\n".join(["a,b", '"0,x', *lines]).encode())
    assert [row.cells for row in table.rows()] == [('"0', "x"), *[(str(n), "x") for n in range(5000)]]


def test_a_cell_of_a_million_characters_is_read_and_so_is_one_of_33_million():
    assert cells(read_table(b"a,b\n1," + b"x" * 1_000_000)) == [("1", "x" * 1_000_000)]
    assert cells(read_table(b"a,b\n1," + b"x" * (1 << 25) + b"\n2,y")) == [("1", "x" * (1 << 25)), ("2", "y")]


def test_the_header_is_found_below_a_title_block_and_can_be_chosen():
    data = b"Leads of November\n\nmade by hand,,\nCompany;Job title;Note\nA;CEO;x\n"
    table = read_table(data)
    assert (table.headers, table.header_row) == (("Company", "Job title", "Note"), 4)
    assert [(row.number, row.cells) for row in table.rows()] == [(5, ("A", "CEO", "x"))]
    other = read_table(b"Alpha,One,x\nCompany,Job title,Note\nA,CEO,x\n", header_row=1)
    assert other.headers == ("Alpha", "One", "x")
    with pytest.raises(NoHeader):
        read_table(data, header_row=2)


@pytest.mark.parametrize(
    ("data", "error", "says"),
    [
        (b"", NoHeader, "empty"),
        (b"\xef\xbb\xbf", NoHeader, "empty"),
        (b" \r\n\n", NoHeader, "empty"),
        (b",,\n,,\n", NoHeader, "names its columns"),
        (b"Company,Title\n", InputError, "no leads"),
        (b"Company\nA\n", InputError, "one column only, “Company”"),
        (b"%PDF-1.7 ...", FileUnreadable, "PDF.*Save it as CSV"),
        (b"PK\x03\x04....xl/workbook.xml", FileUnreadable, "damaged.*save it as XLSX or CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1..", FileUnreadable, "XLS"),
        (b"<!DOCTYPE html><html>", FileUnreadable, "web page"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(data, error, says):
    with pytest.raises(error, match=says):
        read_table(data)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(FileUnreadable, match="There is no file"):
        read_table(tmp_path / "none.csv")
    with pytest.raises(FileUnreadable, match="is a folder"):
        read_table(str(tmp_path))
    with pytest.raises(FileUnreadable):
        read_table("a\0b")


@pytest.mark.parametrize("delimiter", ["", "ab", '"', "\n"])
def test_a_delimiter_that_can_not_be_one_is_refused(delimiter):
    with pytest.raises(InputError, match="Delimiter"):
        read_table(b"a,b\n1,2\n", delimiter=delimiter)


def test_the_hash_is_of_the_bytes(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbfa,b\n1,2\n")
    assert read_table(path).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_quotes_that_are_called_plain_are_never_loose():
    plain = 0
    for length in range(8):
        for signs in product('a,"\n\r', repeat=length):
            text = "".join(signs)
            if has_plain_quotes(text.encode(), ","):
                plain += 1
                assert not has_loose_quotes(io.StringIO(text, newline=""), ",")
    assert plain > 10_000
    assert has_plain_quotes(b'A,B\r\n"x, y",1\r\n2,"say ""no"""\r\n"",""', ",")

"""What is written reads back verbatim, appears whole or not at all, and our own text runs no formula."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ranker.errors import UsageError
from ranker.export.csv_file import safe_cell, write_csv
from ranker.ingest.reader import read_table

CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@given(
    st.lists(st.tuples(CELL, CELL), min_size=1, max_size=5),
    st.sampled_from(["utf-8", "utf-16"]),
    st.booleans(),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([",", ";", "\t"]),
)
def test_what_is_written_reads_back_verbatim(tmp_path_factory, rows, encoding, bom, newline, delimiter):
    path = tmp_path_factory.getbasetemp() / "out.csv"
    wrote = write_csv(path, ["a", "b"], rows, encoding=encoding, bom=bom, newline=newline, delimiter=delimiter)
    table = read_table(path)
    assert wrote == len(rows)
    assert [row.cells for row in table.rows()] == rows
    assert (table.newline, table.bom) == (newline, bom or encoding == "utf-16")


def test_a_line_end_inside_a_cell_is_quoted_for_every_reader(tmp_path):
    path = tmp_path / "out.csv"
    write_csv(path, ["a"], [["x\ry"], ["x\ny"]])
    assert path.read_bytes() == b'a\n"x\ry"\n"x\ny"\n'


def test_a_failure_leaves_the_old_file_and_no_draft(tmp_path):
    path = tmp_path / "out.csv"
    path.write_text("old")

    def rows():
        yield ["1"]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_csv(path, ["a"], rows())
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("out.csv", "old")]


def test_rights_and_links_of_a_replaced_file_are_kept(tmp_path):
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to(real)
    write_csv(link, ["a"], [["1"]])
    assert link.is_symlink()
    assert real.read_text() == "a\n1\n"
    assert real.stat().st_mode & 0o777 == 0o640


def test_what_can_not_be_written_is_explained(tmp_path):
    with pytest.raises(UsageError, match="can't be written"):
        write_csv(tmp_path / "none" / "out.csv", ["a"], [])
    with pytest.raises(UsageError, match="can't be written"):
        write_csv(tmp_path, ["a"], [])
    with pytest.raises(UsageError, match="Use utf-8"):
        write_csv(tmp_path / "x.csv", ["a"], [["→"]], encoding="cp1252")
    with pytest.raises(UsageError, match="Use utf-8"):
        write_csv(tmp_path / "x.csv", ["a"], [], encoding="nonsense")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text", ["=1+1", "+SUM(A1)", "-2+A1", "@x", "\t=1", "\r=1", "\0=1", "=HYPERLINK()", "+1 ext 5", "-", "+"]
)
def test_formulas_are_neutralised(text):
    assert safe_cell(text) == "'" + text


@pytest.mark.parametrize("text", ["", "CEO", "-1", "-12.5", "+1 555 010 99", "+49 (0)30/123-4", "a=b", "'=1", "51-200"])
def test_plain_text_numbers_and_phones_are_left_alone(text):
    assert safe_cell(text) == text


@given(st.text())
def test_neutralising_twice_is_neutralising_once(text):
    once = safe_cell(text)
    assert safe_cell(once) == once
    assert once in (text, "'" + text)


def test_input_values_that_look_like_formulas_are_written_verbatim(tmp_path):
    path = tmp_path / "out.csv"
    write_csv(path, ["a", "b"], [["=1+1", "@x"]])
    with path.open(newline="") as file:
        assert list(csv.reader(file)) == [["a", "b"], ["=1+1", "@x"]]

"""Rejected rows that come back, pasted cells, files processed again, mappings under a name."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from eval.bad_files import workbook
from ranker.errors import InputError, UsageError
from ranker.ingest.again import original, stage_again, stage_pasted
from ranker.ingest.check import check
from ranker.ingest.merge import commit
from ranker.ingest.reader import read_table
from ranker.ingest.rejects import with_mark, without_marks
from ranker.ingest.rejects_file import rejects_file, rejects_name
from ranker.ingest.stage import restage, stage_file
from ranker.ingest.staged import get_import
from ranker.ingest.templates import apply_template, delete_template, list_templates, save_template
from ranker.ingest.undo import undo
from tests.ingest.importing import as_csv, counts, imported, leads, person
from tests.ingest.workbooks import as_xlsx

ROWS = [
    ["Alpha", "VP Sales", "Lead 0001", "+49 30 1234", "=1+1"],
    ["", "CEO", "Lead 0002", "-5", "'=x"],
    ["", "CTO", "Lead 0003", "0049", "@me"],
]
HEADERS = ["Company", "Title", "Name", "Phone", "=Note"]


def mended(data, name):
    """The file of rejected rows, with the company filled in by hand."""
    if name.endswith(".xlsx"):
        sheet = load_workbook(io.BytesIO(data)).active
        rows = [[cell.value or "" for cell in row] for row in sheet.iter_rows()]
        return workbook([rows[0], *[[*row[:2], "Beta", *row[3:]] for row in rows[1:]]])
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    return as_csv([[*row[:2], "Beta", *row[3:]] for row in rows[1:]], rows[0])


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_rejected_rows_come_back_as_the_leads_they_were_meant_to_be(database, kind):
    data = as_csv(ROWS, HEADERS) if kind == "csv" else workbook([HEADERS, *ROWS])
    staged = imported(database, data, f"leads.{kind}")
    assert counts(staged) == {"new": 1, "rejected": 2}
    name, _ = rejects_name(staged)
    assert name == f"leads rejected.{kind}"
    out = rejects_file(database, staged)
    table = read_table(mended(out, name))
    assert table.headers == tuple(HEADERS)
    assert [row.cells[1:] for row in table.rows()] == [tuple(row[1:]) for row in ROWS[1:]]
    again = imported(database, mended(out, name), name)
    assert counts(again) == {"new": 2}
    found = leads(database, "company_name", "full_name", "phone", "extra")
    assert ("Beta", "Lead 0002", "-5", '{"=Note":"\'=x"}') in found
    assert all("rejected" not in row[3] and "row in the file" not in row[3] for row in found)


def test_cells_beyond_the_headers_come_back_as_cells(database):
    staged = imported(database, b'Company;Title;Name\n;CEO;Lead 0001;x;"y;z"\nAlpha;CTO;Lead 0002\n', "a.csv")
    rows = list(csv.reader(io.StringIO(rejects_file(database, staged).decode("utf-8-sig"))))
    assert rows[1] == [
        "2",
        "No company: the row does not say where this person works.",
        "",
        "CEO",
        "Lead 0001",
        "x",
        "y;z",
    ]


@given(st.text(max_size=6), st.booleans())
def test_a_mark_is_taken_off_again(text, formulas):
    assert without_marks([with_mark(text, formulas=formulas)]) == [text]


def test_pasted_cells_take_the_path_of_a_file(database):
    staged = stage_pasted(database, 'Company\tTitle\tNote\r\nAlpha\tVP Sales\t"two\nlines"\r\nBeta\tCEO\t\r\n')
    assert (staged.delimiter, staged.row_count) == ("\t", 2)
    assert staged.file_name.startswith("Pasted 20")
    assert counts(commit(database, staged.id)) == {"new": 2}
    with pytest.raises(InputError, match="Nothing was pasted"):
        stage_pasted(database, " \n")


def test_a_file_is_given_back_byte_for_byte_and_can_be_processed_again_with_other_columns(database):
    data = as_csv([["Alpha", "Ulm", "VP Sales", "Lead 0001"], ["Beta", "Bonn", "CEO", "Lead 0002"]],
                  ("Company", "Title", "Role", "Name"))  # fmt: skip
    first = imported(database, data, "odd.csv", overrides=["title=Title"])
    assert leads(database, "title") == [("Ulm",), ("Bonn",)]
    assert original(database, first.id) == ("odd.csv", data)
    again = stage_again(database, first.id)
    assert (again.id > first.id, again.same_as) == (True, first.id)
    with pytest.raises(UsageError, match="not imported yet"):
        stage_again(database, again.id)
    restage(database, again.id, overrides=["title=Role", "location=Title"])
    assert counts(check(database, again.id)) == {"changed": 2}
    commit(database, again.id)
    assert leads(database, "title", "location") == [("VP Sales", "Ulm"), ("CEO", "Bonn")]
    undo(database, again.id)
    assert leads(database, "title", "location") == [("Ulm", ""), ("Bonn", "")]


def test_a_sheet_is_chosen_and_processed_again_as_it_was(database):
    staged = stage_file(
        database, "x.xlsx", as_xlsx([["Title block"], [], ["Company", "Title"], ["A", "CEO"], ["B", "CTO"]])
    )
    assert (staged.sheet, staged.header_row, staged.row_count) == ("Leads", 3, 2)
    assert [sheet.name for sheet in staged.sheets] == ["Leads"]
    commit(database, staged.id)
    again = stage_again(database, staged.id)
    assert (again.header_row, again.sheet, again.mapping) == (3, "Leads", staged.mapping)
    changed = restage(database, again.id, header_row=4, overrides=[])
    assert changed.header_row == 4


def test_a_mapping_under_a_name_is_saved_chosen_and_deleted(database):
    first = stage_file(database, "a.csv", as_csv([["Alpha", "VP Sales", "x"]], ("Qqq", "Zzz", "Www")),
                       overrides=["company=Qqq", "title=Zzz"])  # fmt: skip
    saved = save_template(database, first.id, "  Tool   A ")
    assert (saved.name, saved.columns) == ("Tool A", {"company": "Qqq", "title": "Zzz"})
    other = stage_file(database, "b.csv", as_csv([["x", "CEO", "Beta"]], ("Ppp", "zzz", "QQQ ")))
    assert other.missing == ("company", "title")
    chosen, missing = apply_template(database, other.id, "Tool A")
    assert (chosen.mapping, missing, chosen.missing) == ({"company": 2, "title": 1}, (), ())
    with pytest.raises(UsageError, match="None of the columns"):
        apply_template(database, stage_file(database, "c.csv", as_csv([person(1)])).id, "Tool A")
    with pytest.raises(UsageError, match="a name first"):
        save_template(database, first.id, " ")
    assert [one.name for one in list_templates(database)] == ["Tool A"]
    delete_template(database, "Tool A")
    assert list_templates(database) == []
    with pytest.raises(UsageError, match="no template"):
        apply_template(database, other.id, "Tool A")
    assert get_import(database, other.id).mapping == {"company": 2, "title": 1}

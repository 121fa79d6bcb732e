import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from ranker.errors import UsageError
from ranker.export import xlsx_file
from ranker.export.leads import Request, export_leads
from ranker.export.xlsx_file import LONGEST_CELL, write_xlsx
from ranker.store.exports import Selection
from tests.store.databases import empty
from tests.store.ranked import ranked_world

Rows = list[list[str | float | None]]


def written(headers: list[str], rows: Rows) -> list[tuple[object, ...]]:
    target = io.BytesIO()
    assert write_xlsx(target, headers, rows) == len(rows)
    target.seek(0)
    return [tuple(row) for row in load_workbook(target).active.iter_rows(values_only=True)]


def test_text_stays_text_whatever_it_starts_with() -> None:
    cells = ["=1+1", "+1 555 010 99", "-5", "@x", "007", "http://a.example", "{=A1}", "TRUE", "Ünal 🚀"]
    target = io.BytesIO()
    write_xlsx(target, [f"c{at}" for at in range(len(cells))], [cells])
    target.seek(0)
    row = load_workbook(target).active[2]
    assert [cell.value for cell in row] == cells
    assert {cell.data_type for cell in row} == {"s"}
    assert all(cell.hyperlink is None for cell in row)


def test_numbers_are_numbers_and_nothing_is_blank() -> None:
    assert written(["rank", "score", "why"], [[1, 99.5, ""], [None, 0.0, "x"]]) == [
        ("rank", "score", "why"), (1, 99.5, None), (None, 0, "x"),
    ]  # fmt: skip


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"])), min_size=2, max_size=2)))
def test_any_text_comes_back(rows: list[list[str]]) -> None:
    found = written(["a", "b"], [list(row) for row in rows])[1:]
    found += [(None, None)] * (len(rows) - len(found))  # blank rows at the end are not stored
    assert [[cell or "" for cell in row] for row in found] == [
        [cell.replace("\ufffe", "").replace("\uffff", "") for cell in row] for row in rows
    ]


def test_text_longer_than_a_cell_is_cut_and_says_so() -> None:
    (_, (cell,)) = written(["a"], [["x" * (LONGEST_CELL + 5)]])
    assert isinstance(cell, str)
    assert len(cell) == LONGEST_CELL
    assert cell.endswith("x…")


def test_halves_of_characters_do_not_stop_a_file() -> None:
    assert written(["a"], [["x\ud800y"]])[1] == ("x?y",)


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_file, "MOST_ROWS", 2)
    with pytest.raises(UsageError, match="Choose CSV"):
        write_xlsx(io.BytesIO(), ["a"], [["1"], ["2"], ["3"]])


def test_an_export_as_xlsx_holds_what_the_csv_holds_without_prefixes(tmp_path: Path) -> None:
    database = empty(tmp_path)
    ranked_world(database)
    made = export_leads(database, Request(Selection(top=1), format="xlsx"))
    rows = list(load_workbook(io.BytesIO(made.data)).active.iter_rows(values_only=True))
    first = dict(zip(rows[0], rows[1], strict=True))
    assert made.name.endswith(".xlsx")
    assert (first["Note"], first["Phone"], first["rank"], first["score"]) == ("=SUM(A1:A9)", "+1 555 010 99", 1, 90)
    database.close()

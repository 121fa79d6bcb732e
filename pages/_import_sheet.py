"""Which sheet of a workbook, and which row names its columns: chosen by us, correctable by a person."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from pages._import_of import LEADS, Of, Staged
from ranker.ingest.workbook import SheetInfo

LAST_ROW = 1_048_576


def pick_sheet(staged: Staged, of: Of = LEADS) -> None:
    """The sheets with their rows, where there is more than one; the fullest is chosen at first."""
    if len(staged.sheets) < 2:
        return
    names = [sheet.name for sheet in staged.sheets]
    chosen = st.selectbox(
        "Sheet",
        range(len(names)),
        index=names.index(staged.sheet),
        format_func=lambda at: _label(staged.sheets[at]),
        key=f"sheet-{of.key}{staged.id}-{staged.sheet}",
    )
    if names[chosen] != staged.sheet:
        with _ui.errors_shown():
            with st.spinner("Reading the sheet"):
                of.change(_ui.database(), staged.id, sheet=names[chosen])
            st.rerun()


def pick_header(staged: Staged, of: Of = LEADS) -> None:
    """The row that names the columns."""
    at = max(1, staged.header_row)
    row = st.number_input(
        "Column names stand in row", 1, LAST_ROW, at, key=f"header-{of.key}{staged.id}-{staged.sheet}-{at}",
        help="Rows above it are left out.",
    )  # fmt: skip
    if row != at:
        with _ui.errors_shown():
            with st.spinner("Reading the file again"):
                of.change(_ui.database(), staged.id, header_row=int(row))
            st.rerun()


def above_header(staged: Staged) -> str:
    """What is left out above the column names, in words; blank for none."""
    above = staged.header_row - 1
    return f"column names in row {_ui.number(staged.header_row)}" if above > 0 else ""


def _label(sheet: SheetInfo) -> str:
    return f"{sheet.name} ({_ui.plural(sheet.rows, 'filled row')}{', hidden' if sheet.hidden else ''})"

"""The right side: what a run wrote, one prospect at a time."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from pages._outreach_another import draw_another, draw_pending
from pages._outreach_compare import draw_comparison, draw_versions
from pages._outreach_edit import draw_edit, editing, open_edit
from pages._outreach_export import key_for
from pages._outreach_list import MOST, WORDS, draw_filter, draw_way, opened_by, place_of
from pages._outreach_read import draw_behind, draw_person, draw_thread
from pages._outreach_start import Asked
from pages._outreach_state import View, change
from ranker.errors import UsageError
from ranker.outreach.prospect_detail import prospect_detail
from ranker.outreach.run_sequences import RunLine, run_page
from ranker.outreach.sequence_row import SequenceRow
from ranker.outreach.stored import load_sequence
from ranker.store.engine import Database


def draw_reader(database: Database, view: View, run_id: int | None, asked: Asked | None) -> None:
    """The list's filter, the way through it, and the sequence that is open: that of the address, else the first."""
    row = _open(database, view)
    lines: tuple[RunLine, ...] = ()
    if run_id is not None:
        found = run_page(database, run_id, show=view.show, limit=MOST)
        if row is None and found.counts["waiting"] == found.total:
            return  # how far it is stands above
        lines = found.rows if view.show else tuple(one for one in found.rows if one.state != "waiting")
        draw_filter(view, found)
        if found.matching > MOST:
            st.caption(
                f"The first {_ui.number(MOST)} of {_ui.number(found.matching)}. With “{WORDS['to_approve']}” the next "
                "come up as these are approved."
            )
    if row is None:
        if not lines:
            st.info("There is none like that here.", icon=":material/filter_alt_off:")
            return
        row = load_sequence(database, opened_by(lines[0]))
    draw_way(database, row, lines, place_of(row, lines))
    draw_person(database, row)
    if draw_pending(database, view, row):
        return
    draw_versions(view, row, prospect_detail(database, row.prospect_id).sequences)
    if view.beside is not None and view.beside != row.id:
        draw_comparison(database, row, view.beside)
        return
    if editing(row):
        draw_edit(database, row)
        return
    draw_thread(row)
    with st.container(horizontal=True):
        if row.state == "complete":
            st.button(
                "Edit", icon=":material/edit:", on_click=open_edit, args=(row,), key="outreach_edit",
                shortcut=key_for("E"),
            )  # fmt: skip
        if asked is not None and not row.refused:
            draw_another(database, view, row, asked)
    draw_behind(row)


def _open(database: Database, view: View) -> SequenceRow | None:
    """The sequence in the address; one that is gone says so."""
    if view.sequence is None:
        return None
    try:
        return load_sequence(database, view.sequence)
    except UsageError as error:
        st.warning(_ui.plain_line(error.message), icon=":material/search_off:")
        change(sequence=None)
        return None

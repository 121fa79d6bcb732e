"""Cells copied from a spreadsheet, pasted: they take the path of a file."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from ranker.ingest.again import stage_pasted
from ranker.who import who


def paste() -> int | None:
    """A text area behind a line of its own; the import's number once something was pasted and read."""
    with (
        st.expander("Paste cells from a spreadsheet", icon=":material/content_paste:", key="paste"),
        st.form("paste-form", border=False),
    ):
        pasted = st.text_area(
            "Copy the cells with their header row, and paste them here", height=160, key="pasted-text",
            placeholder="Company\tJob title\tName",
        )  # fmt: skip
        if not st.form_submit_button("Read what I pasted", icon=":material/content_paste_go:"):
            return None
    with _ui.errors_shown():
        return stage_pasted(_ui.database(), pasted, who()).id
    return None

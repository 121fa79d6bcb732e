"""Prospects: everybody to whom something was written, and all that was written to one of them."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from pages._prospects_list import draw_list
from pages._prospects_one import draw_one
from ranker.store.overview import overview


def main() -> None:
    database = _ui.database()
    chosen = _ui.parameter("prospect")
    if chosen is not None:
        draw_one(database, chosen)
        return
    st.title("Prospects", anchor=False)
    if not draw_list(database):
        counted = overview(database)
        st.markdown(
            "Nothing has been written to anybody yet. Everybody to whom messages are written is kept here, with every "
            "version of them."
        )
        if counted.to_contact:
            if st.button("Write to the best", type="primary", icon=":material/edit_note:"):
                _ui.go(_ui.OUTREACH)
        elif counted.leads:
            if st.button("Rank leads first", type="primary", icon=":material/sort:"):
                _ui.go(_ui.RANK)
        elif st.button("Import leads", type="primary", icon=":material/upload_file:"):
            _ui.go(_ui.IMPORT)


with _ui.errors_shown():
    if "prospect" in st.query_params:
        st.button(
            "All prospects", icon=":material/arrow_back:", type="tertiary", on_click=st.query_params.pop,
            args=("prospect", None),
        )  # fmt: skip
    main()

"""Evaluate: labelled leads, and how well each variant answers on them."""

from __future__ import annotations

import streamlit as st

from pages import _evaluate_sets, _ui


def page() -> None:
    st.title("Evaluate", anchor=False)
    with _ui.errors_shown():
        if _ui.parameter("draft") is not None:
            _evaluate_sets.show_upload(_ui.database())
            return
        chosen = _evaluate_sets.choose(_ui.database())
        if chosen is not None:
            _evaluate_sets.show_labels(_ui.database(), chosen)


page()

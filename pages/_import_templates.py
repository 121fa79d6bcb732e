"""Mappings under a name: chosen for a file, saved from one, deleted."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from ranker.ingest.staged import StagedImport
from ranker.ingest.templates import apply_template, delete_template, list_templates, save_template


def templates(staged: StagedImport) -> None:
    """One line: choose a saved mapping, or keep this one under a name."""
    known = [template.name for template in list_templates(_ui.database())]
    said = st.session_state.pop(f"template-said-{staged.id}", "")
    if said:
        st.info(said, icon=":material/info:")
    with st.popover("Saved mappings", icon=":material/bookmarks:"):
        if known:
            name = st.selectbox("Mapping", known, key=f"template-{staged.id}")
            with st.container(horizontal=True):
                if st.button("Use it", icon=":material/check:", key=f"template-use-{staged.id}"):
                    _use(staged, name)
                if st.button("Delete it", icon=":material/delete:", type="tertiary", key=f"template-del-{staged.id}"):
                    delete_template(_ui.database(), name)
                    st.rerun()
        with st.form(f"template-form-{staged.id}", border=False):
            new = st.text_input("Name for the columns as they are chosen now", key=f"template-name-{staged.id}")
            if st.form_submit_button("Save", icon=":material/save:"):
                with _ui.errors_shown():
                    saved = save_template(_ui.database(), staged.id, new)
                    st.session_state[f"template-said-{staged.id}"] = f"Saved as “{_ui.plain(saved.name)}”."
                    st.rerun()
    st.caption("Files with the same headers are understood by themselves; a saved mapping is for the others.")


def _use(staged: StagedImport, name: str) -> None:
    with _ui.errors_shown():
        _, missing = apply_template(_ui.database(), staged.id, name)
        if missing:
            absent = ", ".join(_ui.plain(header) for header in missing)
            st.session_state[f"template-said-{staged.id}"] = f"Not in this file: {absent}."
        st.rerun()

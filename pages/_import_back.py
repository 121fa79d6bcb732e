"""What can be done with a file that was imported: get it back, process it again, undo it."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from ranker.ingest.again import original, stage_again
from ranker.ingest.staged import StagedImport
from ranker.ingest.undo import undo
from ranker.ingest.undo_plan import UndoPlan, plan_undo
from ranker.who import who

MOST_SHOWN = 200


def back(staged: StagedImport) -> None:
    """Three buttons; undoing asks first and says what it would do."""
    with st.container(horizontal=True):
        st.download_button(
            "Get the file back",
            data=lambda: original(_ui.database(), staged.id)[1],
            file_name=staged.file_name,
            icon=":material/download:",
            on_click="ignore",
            help="Byte for byte as it was uploaded.",
        )
        if st.button(
            "Process it again",
            icon=":material/replay:",
            help="With other columns, for example. It shows what would change.",
        ):
            with _ui.errors_shown():
                _ui.go(_ui.IMPORT, batch=stage_again(_ui.database(), staged.id, who()).id)
        asked = f"undo-asked-{staged.id}"
        if staged.state == "done" and st.button("Undo this import", icon=":material/undo:"):
            st.session_state[asked] = not st.session_state.get(asked)
    if staged.state == "done" and st.session_state.get(asked):
        with st.container(border=True, key="undo-plan"):
            _ask(staged, asked)


def _ask(staged: StagedImport, asked: str) -> None:
    """What an undo would do, before it does it."""
    with _ui.errors_shown():
        plan = plan_undo(_ui.database(), staged.id)
        st.markdown(sentence(plan))
        _staying(plan)
        if not plan.remove and not plan.restore and plan.kept:
            return
        if st.button("Undo it", type="primary", icon=":material/undo:", key=f"undo-{staged.id}"):
            with st.spinner("Undoing"):
                undo(_ui.database(), staged.id)
            del st.session_state[asked]
            st.rerun()


def sentence(plan: UndoPlan) -> str:
    """What an undo does: “412 leads go, 38 are as before. 6 stay as they are.”"""
    parts = []
    if plan.remove:
        new = _ui.plural(len(plan.remove), "new lead")
        parts.append(f"{new} will go, with {'its rank' if len(plan.remove) == 1 else 'their ranks'}.")
    if plan.restore:
        count = len(plan.restore)
        parts.append(f"{_ui.plural(count, 'lead')} will be as before this file.")
    if plan.kept:
        count = len(plan.kept)
        parts.append(f"{_ui.plural(count, 'lead')} {'stays as it is' if count == 1 else 'stay as they are'}:")
    return " ".join(parts) or "This file changed no lead; only its place in the list changes."


def _staying(plan: UndoPlan) -> None:
    if plan.kept:
        st.dataframe(
            [
                {
                    "Row": one.row,
                    "Why it stays": one.reason,
                    "Name": one.name,
                    "Job title": one.title,
                    "Company": one.company,
                }
                for one in plan.kept[:MOST_SHOWN]
            ],
            hide_index=True,
            height="content" if len(plan.kept) < 8 else 300,
            alt="Leads that an undo leaves as they are",
        )
        if len(plan.kept) > MOST_SHOWN:
            st.caption(f"The first {MOST_SHOWN} of {_ui.number(len(plan.kept))}.")
    for one in plan.kept_companies:
        st.caption(f"{_ui.plain(one.name)} keeps its data: {_ui.plain(one.reason)}")

"""Another sequence for the person who is open: in the tone, the length and with the words of the left side."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from pages._outreach_run import following
from pages._outreach_start import Asked
from pages._outreach_state import View, change
from ranker.outreach import outreach_run
from ranker.outreach.run_sequences import run_page
from ranker.outreach.sequence_row import SequenceRow
from ranker.store.engine import Database
from ranker.store.run_queries import get_run
from ranker.who import who


def draw_another(database: Database, view: View, row: SequenceRow, asked: Asked) -> None:
    """A box that says what it would be, and the button."""
    with st.popover("Write another one", icon=":material/refresh:"):
        request = asked.request
        st.markdown("As the left side says now:")
        for name, words in request.tone.words().items():
            was = getattr(row.tone, name)
            before = f" (this one: {was:.2f})" if was != getattr(request.tone, name) else ""
            st.caption(f"{name.capitalize()} {getattr(request.tone, name):.2f}{before}: {words}")
        st.caption(f"{_ui.plural(request.messages, 'message')}, for this person alone. This one stays as it is.")
        if asked.how.settings is not None:
            kept = row.analysis is not None and not row.outdated
            st.caption(
                "The analysis is there: only the writing is paid. Not tried live." if kept
                else "The analysis of this person is paid, too: there is none of what is known now. Not tried live."
            )  # fmt: skip
        if st.button(
            "Write it", type="primary", icon=":material/edit_note:", key="outreach_another",
            disabled=not request.context,
        ):  # fmt: skip
            with _ui.errors_shown():
                model = asked.how.model()
                begun = outreach_run.start(
                    database, [row.prospect_id], request, model, who=who(), again=model is not None
                )
                change(sequence=row.id, another=begun, beside=None, run=view.run or row.run_id)
                st.rerun()


def draw_pending(database: Database, view: View, row: SequenceRow) -> bool:
    """The other one that is being written; when it is there, both stand beside each other. False if there is none."""
    if view.another is None:
        return False
    run = get_run(database, view.another)
    if run.active:
        following(database, run.id)
        return True
    made = run_page(database, run.id, limit=1).rows
    if made and made[0].state == "complete" and made[0].prospect_id == row.prospect_id and made[0].id != row.id:
        change(sequence=made[0].id, beside=row.id if row.state == "complete" else None, another=None)
        st.rerun()
    reason = made[0].reason if made and made[0].reason else run.error
    change(another=None)
    st.error(f"The other one was not written. {_ui.plain_line(reason)}", icon=":material/error:")
    return False

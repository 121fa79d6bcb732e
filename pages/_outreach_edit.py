"""A sequence put right by hand: a new version, the old one stays. What was typed survives an error."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from pages._outreach_state import change
from ranker.errors import SequenceRefused
from ranker.outreach.edits import edit
from ranker.outreach.sequence import Message, longest
from ranker.outreach.sequence_row import SequenceRow
from ranker.store.engine import Database
from ranker.who import who

_OPEN, _WRONG = "outreach_editing", "outreach_edit_wrong"


def editing(row: SequenceRow) -> bool:
    """Whether this sequence is open for edits."""
    return bool(st.session_state.get(_OPEN) == row.id)


def open_edit(row: SequenceRow) -> None:
    """Open it; for a button."""
    st.session_state[_OPEN] = row.id
    st.session_state.pop(_WRONG, None)


def close_edit() -> None:
    """Close what is open; what was typed and not saved is gone."""
    st.session_state.pop(_OPEN, None)
    st.session_state.pop(_WRONG, None)


def draw_edit(database: Database, row: SequenceRow) -> None:
    """A field for each message, with its length; saving makes another version."""
    wrong: dict[int, str] = st.session_state.get(_WRONG, {})
    typed = {one.step: _field(row, one, wrong.get(one.step, "")) for one in row.messages}
    same = all(typed[one.step] == one.content for one in row.messages)
    with st.container(horizontal=True):
        st.button(
            "Save as a new version", type="primary", icon=":material/save:", disabled=same, key="outreach_edit_save",
            on_click=_save, args=(database, row),
        )  # fmt: skip
        st.button("Leave it as it was", icon=":material/close:", on_click=close_edit, key="outreach_edit_close")
    st.caption("The version before stays, and the new one has to be approved anew.")


def _field(row: SequenceRow, one: Message, wrong: str) -> str:
    text = st.text_area(f"Message {one.step}", one.content, height=160, key=_key(row, one.step))
    most, length = longest(one.step), len(text.strip())
    over = f" · {_ui.number(length - most)} too many" if length > most else ""
    st.caption(f"{_ui.number(length)} of {most} characters{over}")
    if wrong:
        st.error(_ui.plain_line(wrong), icon=":material/error:")
    return text


def _key(row: SequenceRow, step: int) -> str:
    return f"outreach_edit_{row.id}_{step}"


def _save(database: Database, row: SequenceRow) -> None:
    typed = {one.step: str(st.session_state[_key(row, one.step)]) for one in row.messages}
    try:
        made = edit(database, row.id, typed, who())
    except SequenceRefused as error:
        st.session_state[_WRONG] = error.steps
        st.session_state["outreach_said"] = error
        return
    except Exception as error:  # noqa: BLE001 - shown in words by the page
        st.session_state["outreach_said"] = error
        return
    close_edit()
    change(sequence=made, beside=None)
    st.session_state["outreach_said"] = "Saved as a new version."

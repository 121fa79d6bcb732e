"""The way through what a run wrote: which of it, Previous and Next, and the click that approves."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages import _ui
from pages._outreach_edit import editing
from pages._outreach_export import key_for
from pages._outreach_state import View, act, change
from ranker.outreach.approvals import approve, take_back
from ranker.outreach.run_sequences import SHOWN, RunLine, RunPage
from ranker.outreach.sequence_row import SequenceRow
from ranker.store.engine import Database
from ranker.who import who

MOST = 2_000
"""Sequences of a run that are stepped through."""
WORDS = {
    "to_approve": "To approve", "approved": "Approved", "marked": "Something invented", "template": "Templates",
    "fallback": "Fallback templates", "failed": "Failed", "waiting": "Waiting",
}  # fmt: skip


def draw_filter(view: View, found: RunPage) -> None:
    """Pills with counts; those without anything are left out."""
    key = "outreach_show"
    st.session_state[key] = view.show or None
    st.pills(
        "Show", [name for name in SHOWN if found.counts[name] or name in ("to_approve", view.show)], key=key,
        format_func=lambda name: f"{WORDS[name]} {_ui.number(found.counts[name])}", label_visibility="collapsed",
        on_change=lambda: change(show=st.session_state[key], sequence=None, beside=None),
    )  # fmt: skip


def opened_by(line: RunLine) -> int:
    """What a line opens: the newest version of that prospect; one that failed or waits stands for itself."""
    return line.newest_id or line.id if line.state == "complete" else line.id


def place_of(row: SequenceRow, lines: Sequence[RunLine]) -> int | None:
    """Where a sequence stands in the list: itself, else as another version for the same prospect."""
    for at, line in enumerate(lines):
        if row.id == line.id or row.prospect_id == line.prospect_id:
            return at
    return None


def draw_way(database: Database, row: SequenceRow, lines: Sequence[RunLine], at: int | None) -> None:
    """Approve, which goes on to the next; Previous, Next, ``3 of 40``; all by the keyboard, too."""
    before = None if not at else opened_by(lines[at - 1])
    after = None if at is None or at + 1 >= len(lines) else opened_by(lines[at + 1])
    with st.container(horizontal=True, vertical_alignment="center", key="outreach_way"):
        _approval(database, row, unread(lines, at))
        typing = editing(row)  # what is typed would be lost
        _step("Previous", "P", "arrow_back", None if typing else before)
        _step("Next", "N", "arrow_forward", None if typing else after)
        if at is not None:
            st.markdown(f"**{_ui.number(at + 1)} of {_ui.number(len(lines))}**", width="content")
    if _confirming(row):
        named = ", ".join(f"“{mark.text}”" for one in row.messages for mark in one.marks)
        st.error(
            f"This names what stands in nothing that we hold: {_ui.plain_line(named)}. Edit it, or approve it all the "
            "same if you know that it is true.", icon=":material/report:",
        )  # fmt: skip


def _step(label: str, letter: str, icon: str, to: int | None) -> None:
    st.button(
        label, icon=f":material/{icon}:", disabled=to is None, key=f"outreach_{label}", shortcut=key_for(letter),
        on_click=change, kwargs={"sequence": to, "beside": None},
    )  # fmt: skip


def _confirming(row: SequenceRow) -> bool:
    return row.marked and not row.approved and st.session_state.get("outreach_confirm") == row.id


def unread(lines: Sequence[RunLine], at: int | None) -> int | None:
    """The sequence to read after this one: the next one not approved; after the end the first."""
    if at is None:
        return None
    behind = (*lines[at + 1 :], *lines[:at])
    return next((opened_by(one) for one in behind if one.state == "complete" and one.approved_id is None), None)


def _approval(database: Database, row: SequenceRow, after: int | None) -> None:
    """Approve, with what is invented to be confirmed first; or take it back."""
    if row.state != "complete":
        return
    if row.approved:
        st.button(
            "Take back", icon=":material/undo:", key="outreach_take_back", shortcut=key_for("U"), on_click=act,
            args=(lambda: take_back(database, row.id), "Taken back: it is not exported any more."),
        )  # fmt: skip
        return
    asked, open_now = _confirming(row), editing(row)

    def go() -> None:
        if row.marked and not asked:
            st.session_state["outreach_confirm"] = row.id
            return
        st.session_state.pop("outreach_confirm", None)
        if act(lambda: approve(database, row.id, who(), despite_marks=asked), "Approved."):
            change(sequence=after or row.id, beside=None)

    st.button(
        "Approve all the same" if asked else "Approve", type="primary", shortcut=key_for("A"), icon=":material/check:",
        key=f"outreach_approve_{asked}", on_click=go, disabled=open_now or bool(row.refused),
        help="What is typed is not saved yet: save it, or leave it as it was." if open_now else None,
    )  # fmt: skip

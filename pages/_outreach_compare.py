"""All that was written for a prospect over time, and any two of it beside each other."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages import _ui
from pages._outreach_beside import messages, tones
from pages._outreach_state import View, change
from pages._outreach_words import origin_word
from ranker.outreach.compare import compare
from ranker.outreach.prospect_detail import SequenceLine
from ranker.outreach.sequence_row import SequenceRow
from ranker.store.engine import Database


def named(one: SequenceLine) -> str:
    """``3 · 2026-11-21 04:09 · template · edited``: it says nothing that time changes."""
    told = [f"{one.number}", _ui.day(one.created_at)]
    told.append(one.state if one.state != "complete" else origin_word(one.origin).lower())
    told += ["edited"] if one.edited else []
    told += [one.preset] if one.preset else []
    told += ["approved"] if one.approved_at else []
    return " · ".join(told)


def draw_versions(view: View, shown: SequenceRow, known: Sequence[SequenceLine]) -> None:
    """Which one is read, and with which it is compared; nothing where there is one alone."""
    if len(known) < 2:
        return
    by_id = {one.id: one for one in known}
    others = [one.id for one in known if one.id != shown.id and one.state == "complete"]
    left, right = st.columns(2)
    # A choice is known by its label: with another one approved, or one more, the field is new.
    state = f"{shown.id}_{len(known)}_{sum(bool(one.approved_at) for one in known)}"
    key, other = f"outreach_version_{state}", f"outreach_beside_{state}"
    st.session_state[key] = shown.id
    st.session_state[other] = view.beside if view.beside in others else None
    left.selectbox(
        f"Written for this person ({len(known)})", list(by_id), key=key, format_func=lambda one: named(by_id[one]),
        on_change=lambda: change(sequence=st.session_state[key], beside=None),
    )  # fmt: skip
    if others and shown.state == "complete":
        right.selectbox(
            "Compare with", others, key=other, format_func=lambda one: named(by_id[one]), placeholder="Another one",
            on_change=lambda: change(beside=st.session_state[other]),
        )  # fmt: skip


def draw_comparison(database: Database, shown: SequenceRow, beside_id: int) -> None:
    """The older one at the left: tones, lengths, the words that differ."""
    st.button("Close the comparison", icon=":material/close:", on_click=change, kwargs={"beside": None})
    found = compare(database, *sorted((beside_id, shown.id)))
    names = (f"Number {found.left.number}", f"Number {found.right.number}")
    if found.left.tone == found.right.tone:
        st.caption("The same tone on both sides.")
    else:
        st.html(tones(found.dials, names))
    if found.context_differs:
        st.caption(":material/info: What was said about us differs, too.")
    if found.known_differs:
        st.caption(":material/info: Something else was known of the person.")
    st.html(messages(found.pairs, names))

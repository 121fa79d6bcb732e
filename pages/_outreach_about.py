"""What the sender says of itself, and how many messages are wanted."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from pages._outreach_state import View, bound
from ranker.outreach.sequence import DEFAULT_MESSAGES, LONGEST_CONTEXT, MOST_MESSAGES, longest

_KEPT = "outreach_about_kept"
"""Outlives the field, which forgets what stands in it when another page is opened."""


def choose_about(last: str) -> str:
    """The text, kept from the last time; blanks around it don't count."""
    st.session_state["outreach_about"] = st.session_state.get(_KEPT, last)

    def keep() -> None:
        st.session_state[_KEPT] = st.session_state["outreach_about"]

    st.text_area(
        "About us", key="outreach_about", on_change=keep, height=150, max_chars=LONGEST_CONTEXT,
        placeholder="What you offer, to whom, and what it is good for. Only what stands here is said of you.",
    )  # fmt: skip
    text = str(st.session_state["outreach_about"]).strip()
    told = f"{_ui.number(len(text))} of {_ui.number(LONGEST_CONTEXT)} characters."
    if not text:
        told += " Say at least what you offer: without it there is nothing to write about."
    elif text == last.strip():
        told += " As the last time."
    st.caption(told)
    return text


def choose_messages(view: View) -> int:
    """How many messages each gets."""
    first, follow = longest(1), longest(2)
    st.number_input(
        "Messages for each", 1, MOST_MESSAGES, step=1,
        help=f"The first has at most {first} characters, each that follows at most {follow}.",
        **bound("messages", view.messages, lambda value: "" if value == DEFAULT_MESSAGES else value),
    )  # fmt: skip
    return view.messages

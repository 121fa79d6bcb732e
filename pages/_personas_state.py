"""What the Personas pages share: their addresses, what to tell after a click, and who is at work."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages import _ui
from ranker.errors import RankerError
from ranker.personas.drafts import Draft
from ranker.store.persona_usage import Usage
from ranker.who import who as usual_who

_TOLD = "personas_told"
_WHO = "personas_who"


def open_list() -> None:
    """The list of personas."""
    st.query_params.clear()


def open_new() -> None:
    """The page that begins a persona."""
    st.query_params.from_dict({"new": "1"})


def open_draft(draft_id: int) -> None:
    """A draft, to go on with it."""
    st.query_params.from_dict({"draft": str(draft_id)})


def open_version(version_id: int) -> None:
    """One version, to read it and to put it to use."""
    st.query_params.from_dict({"version": str(version_id)})


def open_comparison(version_id: int, other: int) -> None:
    """One version beside another."""
    st.query_params.from_dict({"version": str(version_id), "with": str(other)})


def tell(kind: str, message: str) -> None:
    """Say something the next time the page is drawn: ``success``, ``warning`` or ``error``."""
    st.session_state.setdefault(_TOLD, []).append((kind, message))


def draw_told() -> None:
    """What was to be said, once."""
    for kind, message in st.session_state.pop(_TOLD, []):
        icon = {"success": ":material/check_circle:", "warning": ":material/warning:"}.get(kind, ":material/error:")
        getattr(st, kind)(_ui.plain(message), icon=icon)
        if kind != "success":  # the page may be scrolled to where the click was
            st.toast(_ui.plain(message), icon=icon, duration="long")


def attempt(work: Callable[[], None]) -> None:
    """Work within a click: what goes wrong is told in words when the page is drawn."""
    try:
        work()
    except RankerError as error:
        tell("error", error.message)


def learn(draft: Draft) -> None:
    """Remember the newest state of a draft that this window has seen or made."""
    st.session_state[f"personas_revision-{draft.id}"] = draft.revision


def known(draft: Draft) -> int:
    """Its revision. A click that follows a change at once was drawn before the change was kept."""
    return int(st.session_state.get(f"personas_revision-{draft.id}", draft.revision))


def again(draft: Draft) -> None:
    """Draw the fields of a draft anew: what was typed there could not be done."""
    name = f"personas_again-{draft.id}"
    st.session_state[name] = st.session_state.get(name, 0) + 1


def state_of(draft: Draft) -> str:
    """A part of the keys of its fields, another after each change, so that they show what the text says."""
    return f"{draft.id}-{draft.revision}-{st.session_state.get(f'personas_again-{draft.id}', 0)}"


def who() -> str:
    """The name that the person gave, kept while the window is open; before that, the one beside their runs."""
    return str(st.session_state.get(_WHO, usual_who()))


def ask_who(key: str) -> None:
    """A field for it."""

    def remember() -> None:
        st.session_state[_WHO] = st.session_state[key]

    st.text_input(
        "Your name", value=who(), key=key, max_chars=80, placeholder="So that others know whom to ask",
        on_change=remember,
    )  # fmt: skip


def used_words(used: Usage) -> str:
    """Where a version is used, in words."""
    if not used.runs:
        return "no run yet"
    told = f"{_ui.plural(used.runs, 'run')}, the last {_ui.ago(used.last_at)}"
    return f"{told} · decides on {_ui.plural(used.leads, 'lead')} now" if used.leads else told

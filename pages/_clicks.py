"""What the pages with an address of their own share: writing to it, a widget bound to it, and what a click did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages import _ui
from ranker.errors import RankerError


def change(**params: Any) -> None:
    """Write to the address; blank and ``None`` take a parameter out."""
    for name, value in params.items():
        if value in (None, "", ()):
            st.query_params.pop(name, None)
        else:
            st.query_params[name] = str(value)


def bound(key: str, value: Any, write: Callable[[Any], None]) -> dict[str, Any]:
    """``key`` and ``on_change`` for a widget that shows ``value`` and hands what it shows then to ``write``."""
    st.session_state[key] = value
    return {"key": key, "on_change": lambda: write(st.session_state[key])}


def act(key: str, work: Callable[[], object], said: str) -> bool:
    """Do something on a click; ``say`` of the same ``key`` tells what was ``said``, or what failed. False for that."""
    try:
        work()
    except Exception as error:  # noqa: BLE001 - shown in words by the page
        st.session_state[key] = error
        return False
    st.session_state[key] = said
    return True


def say(key: str) -> None:
    """What the last click did, where it is seen however far the page is scrolled; a failure stays at the top too."""
    said = st.session_state.pop(key, None)
    place = st.container()  # always there, so that a message moves nothing and closes no box
    if isinstance(said, Exception):
        with place:
            _ui.show_error(said)
        told = said.message if isinstance(said, RankerError) else "That did not work: see the top of the page."
        st.toast(_ui.plain(told), icon=":material/error:")
    elif said:
        st.toast(_ui.plain(said), icon=":material/check_circle:")

"""The button of a file that is made on the click, and how the click went."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages import _ui
from ranker.errors import RankerError
from ranker.events import tell_error


def draw_download(page: str, people: int, make: Callable[[], tuple[bytes, str]], *, name: str, mime: str) -> None:
    """``make`` gives the file and what to say of it. ``page`` is the beginning of the keys: ``results_outcome``."""
    outcome: dict[str, Any] = st.session_state.setdefault(f"{page}_outcome", {})

    def made() -> bytes:
        """On the click, in a thread of its own: nothing of Streamlit in here, only the shared dict."""
        outcome.clear()
        outcome["at_work"] = True
        try:
            data, done = make()
        except RankerError as error:
            outcome.update(at_work=False, failed=error.message)
            raise
        except Exception as error:  # noqa: BLE001 - told on the page, its kind logged
            tell_error("export.failed", error)
            outcome.update(at_work=False, failed="The file could not be made, and nobody was marked. Try again.")
            raise RankerError("The file could not be made.") from None
        outcome.update(at_work=False, done=done)
        return data

    st.download_button(
        f"Download {_ui.plural(people, 'person', 'people')}" if people else "Nobody to export",
        made, file_name=name, mime=mime, type="primary", icon=":material/download:", on_click="ignore",
        disabled=not people, key=f"{page}_download",
    )  # fmt: skip
    _draw_outcome(f"{page}_outcome")


@st.fragment(run_every=1)
def _draw_outcome(key: str) -> None:
    """A file is made in another thread, which can't draw."""
    outcome = st.session_state.get(key, {})
    if outcome.get("at_work"):
        st.info("Making the file …", icon=":material/hourglass_top:")
    elif "failed" in outcome:
        st.error(_ui.plain(outcome["failed"]), icon=":material/error:")
    elif "done" in outcome:
        st.success(_ui.plain(outcome["done"]), icon=":material/download_done:")

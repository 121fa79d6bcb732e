"""The file for a sending tool: how many go out, who is held back and why; it is made on the click."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages import _ui
from ranker.errors import RankerError
from ranker.events import tell_error
from ranker.export.made_file import FORMATS
from ranker.outreach.export_sequences import WHY, Layout, Wanted, choose_sequences, export_sequences, file_name
from ranker.store.engine import Database
from ranker.who import who

_LAYOUTS: dict[Layout, str] = {"lead": "One row a person", "message": "One row a message"}
_OPEN, _OUTCOME = "outreach_exporting", "outreach_outcome"


def draw_export(database: Database, run_id: int | None) -> None:
    """The button, and the dialog that it opens."""
    if st.button("Export", icon=":material/download:", key="outreach_export"):
        st.session_state[_OPEN] = True
    if st.session_state.get(_OPEN):
        dialog = st.dialog("Export", width="medium", icon=":material/download:", on_dismiss=_closed)
        dialog(_draw)(database, run_id)


def key_for(letter: str) -> str | None:
    """The key that clicks a button of the page; none while the dialog is open, where nobody sees what it would do."""
    return None if st.session_state.get(_OPEN) else letter


def _closed() -> None:
    for name in (_OPEN, _OUTCOME):
        st.session_state.pop(name, None)


def _draw(database: Database, run_id: int | None) -> None:
    with _ui.errors_shown():
        of_run = False
        if run_id is not None:
            of_run = st.radio(
                "Of whom", (False, True), horizontal=True, key="outreach_export_run",
                format_func={False: "Everybody who was written to", True: "Those of this run"}.__getitem__,
            )  # fmt: skip
        also = st.checkbox("Also what nobody approved", key="outreach_export_also")
        wanted = Wanted(run_id if of_run else None, approved_only=not also)
        found = choose_sequences(database, wanted)
        people = len(found.sequences)
        st.markdown(f"**= {_ui.plural(people, 'person', 'people')}**, one sequence each")
        held = [f"{_ui.number(found.left_out[one])} {words}" for one, words in WHY.items() if found.left_out.get(one)]
        if held:
            st.caption(f"Left out: {', '.join(held)}.")
        if found.newer:
            many = "1 has" if found.newer == 1 else f"{_ui.number(found.newer)} have"
            st.caption(f":material/info: {many} a newer version that nobody approved: the approved one goes out.")
        if also:
            st.warning("Somebody should read them first: nobody said yet that they may be sent.",
                       icon=":material/warning:")  # fmt: skip
        layout = st.segmented_control(
            "Rows", list(_LAYOUTS), default="lead", required=True, format_func=_LAYOUTS.__getitem__,
            key="outreach_export_layout",
        )  # fmt: skip
        form = st.segmented_control(
            "Format", list(FORMATS), default="csv", required=True, key="outreach_export_format",
            format_func={"csv": "CSV", "xlsx": "Excel (XLSX)"}.__getitem__,
        )  # fmt: skip
        _download(database, wanted, layout or "lead", form or "csv", people)


def _download(database: Database, wanted: Wanted, layout: Layout, form: str, people: int) -> None:
    outcome: dict[str, Any] = st.session_state.setdefault(_OUTCOME, {})
    by = who()

    def make() -> bytes:
        """On the click, in a thread of its own: nothing of Streamlit in here, only the shared dict."""
        outcome.clear()
        outcome["at_work"] = True
        try:
            made = export_sequences(database, wanted, layout=layout, format=form, who=by)
        except RankerError as error:
            outcome.update(at_work=False, failed=error.message)
            raise
        except Exception as error:  # noqa: BLE001 - told on the page, its kind logged
            tell_error("export.failed", error)
            outcome.update(at_work=False, failed="The file could not be made, and nobody was marked. Try again.")
            raise RankerError("The file could not be made.") from None
        rows = "" if layout == "lead" else f" ({_ui.plural(made.rows, 'row')})"
        outcome.update(
            at_work=False,
            done=f"{_ui.plural(made.people, 'person', 'people')} in {made.name}{rows}, marked as exported.",
        )
        return made.data

    st.download_button(
        f"Download {_ui.plural(people, 'person', 'people')}" if people else "Nobody to export",
        make, file_name=file_name(wanted, form), mime=FORMATS[form], type="primary", icon=":material/download:",
        on_click="ignore", disabled=not people, key="outreach_download",
    )  # fmt: skip
    _told()


@st.fragment(run_every=1)
def _told() -> None:
    """How the click went. A file is made in another thread, which can't draw."""
    outcome = st.session_state.get(_OUTCOME, {})
    if outcome.get("at_work"):
        st.info("Making the file …", icon=":material/hourglass_top:")
    elif "failed" in outcome:
        st.error(_ui.plain(outcome["failed"]), icon=":material/error:")
    elif "done" in outcome:
        st.success(_ui.plain(outcome["done"]), icon=":material/download_done:")

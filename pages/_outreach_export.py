"""The file for a sending tool: how many go out, who is held back and why; it is made on the click."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from pages._download import draw_download
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
    by = who()

    def make() -> tuple[bytes, str]:
        made = export_sequences(database, wanted, layout=layout, format=form, who=by)
        rows = "" if layout == "lead" else f" ({_ui.plural(made.rows, 'row')})"
        return made.data, f"{_ui.plural(made.people, 'person', 'people')} in {made.name}{rows}, marked as exported."

    draw_download("outreach", people, make, name=file_name(wanted, form), mime=FORMATS[form])

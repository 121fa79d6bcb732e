"""“Check this installation”: what the doctor says, on a click."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from ranker.care.doctor import examine

_BADGES = {
    "ok": ":green-badge[:material/check: well]",
    "warning": ":orange-badge[:material/warning: look]",
    "problem": ":red-badge[:material/error: problem]",
}


def draw_check() -> None:
    """A button, and below it a line for each thing that was looked at; they stay until the next check."""
    if st.button("Check this installation", icon=":material/stethoscope:", key="settings_check"):
        with st.spinner("Looking"):
            st.session_state["settings_report"] = examine()
    report = st.session_state.get("settings_report")
    if report is None:
        st.caption("Looks at Python, libraries, disk, database, runs, personas and backups, and says what to do.")
        return
    said = {"ok": "All is well.", "warning": "It works; something wants a look.", "problem": "Something needs a hand."}
    st.markdown(f"**{said[report.state]}**")
    with st.container(border=True, key="settings_findings"):
        for one in report.findings:
            way = f" **{_ui.plain(one.way)}**" if one.way else ""
            st.markdown(f"{_BADGES[one.state]} {one.name}: {_ui.plain(one.told)}{way}")

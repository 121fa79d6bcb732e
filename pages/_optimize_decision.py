"""Make it live, or keep the old one: a person's click, recorded; and what to do next."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from pages._personas_state import ask_who, who
from ranker.optimizer import decision
from ranker.optimizer.optimization_list import OptimizationLine
from ranker.optimizer.optimization_result import Result
from ranker.store.engine import Database


def draw_decision(database: Database, line: OptimizationLine, result: Result) -> None:
    """The two buttons, or what was decided."""
    if line.decision:
        _decided(line)
        return
    st.subheader("Your decision", anchor=False)
    if not result.gain:
        st.markdown("No gain is proven, so keeping the old one is the safe choice.")
    if line.start is None:
        st.caption("The version that it started from was removed, so that nothing can be made live.")
        return
    if not line.start.live:
        st.warning(
            f"Another version is in use by now than version {line.start.version}, from which this search started. "
            "Making the new text live takes the place of that one; what came in with it is not in the new text.",
            icon=":material/call_split:",
        )
    ask_who("optimize_who")
    with st.container(horizontal=True):
        live, keep = (
            st.button(label, icon=icon, type="primary" if first else "secondary", key=f"optimize_{name}")
            for name, label, icon, first in (
                ("live", "Make it live", ":material/check:", result.gain),
                ("keep", "Keep the old one", ":material/undo:", not result.gain),
            )
        )
    if live or keep:
        with _ui.errors_shown():
            (decision.make_live if live else decision.discard)(database, line.id, who())
            st.rerun()


def _decided(line: OptimizationLine) -> None:
    when = f"{_ui.ago(line.decided_at)}{_ui.by(line.decided_by)}"
    if line.decision != decision.LIVE:
        st.info(f"The old one was kept {when}.", icon=":material/undo:")
        draw_next(line)
        return
    st.success(f"Made live {when}. Leads keep their ranks until they are ranked again.", icon=":material/check_circle:")
    with st.container(horizontal=True, vertical_alignment="center"):
        owner = line.start.owner_id if line.start else None
        if st.button("Rank again", type="primary", icon=":material/sort:", key="optimize_rank"):
            _ui.go(_ui.RANK, who="all", persona=None if line.task else owner)
        if owner is not None and not line.task:
            _ui.link(_ui.PERSONAS, "Go back to another version", ":material/history:", persona=owner)
        elif owner is not None:
            _ui.link(_ui.PROMPTS, "Go back to another version", ":material/history:")


def draw_next(line: OptimizationLine) -> None:
    """What can be done where nothing changes."""
    with st.container(horizontal=True):
        _ui.link(_ui.EVALUATE, "Label more leads", ":material/label:", set=line.set_id)
        _ui.link(_ui.OPTIMIZE, "Search again, farther or on other labels", ":material/replay:", like=line.id)

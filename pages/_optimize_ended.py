"""How an optimization ended where it did not come to its end, and the ways to go on."""

from __future__ import annotations

import math

import streamlit as st

from pages import _ui
from pages._optimize_spent import spent
from pages._optimize_words import unseen
from ranker.optimizer import optimize_run
from ranker.optimizer.optimization_list import OptimizationLine
from ranker.store.engine import Database


def draw_ended(database: Database, line: OptimizationLine) -> None:
    """Failed, cancelled, or out of budget: in words, and “Go on”; nothing where it came to its end."""
    state = line.run.state
    short = state == "done" and line.result is not None and line.result.ended == "budget"
    if state == "failed":
        st.error(_ui.plain(line.run.error), icon=":material/error:")
        st.markdown(f"The version in use is the one from before. What was tried until then is kept. {unseen(line)}")
    elif state == "cancelled":
        st.info("This optimization was cancelled. The version in use is the one from before, and what was tried until "
                "then is kept.", icon=":material/block:")  # fmt: skip
    if line.model:
        st.caption(f"{spent(line)[:1].upper()}{spent(line)[1:]}.")
    if not line.decision and (state in {"failed", "cancelled"} or (short and not line.looks)):
        _go_on(database, line)


def _go_on(database: Database, line: OptimizationLine) -> None:
    """The same search, from where it stopped; with a model under limits of one's choice."""
    if line.set_id is None or line.start is None:
        st.caption("Its labelled leads or its persona were removed, so it can't go on.")
        return
    limit = line.run.max_usd
    calls = line.said.get("max_calls")
    if line.model:
        left, right = st.columns(2)
        cost = line.run.cost.known if line.run.cost else 0.0
        usual = limit if limit is None else max(limit, math.ceil(cost * 200) / 100)
        limit = left.number_input(
            "Most it may cost in all, in dollars", min_value=0.0, step=1.0, format="%.2f", value=usual,
            placeholder="no limit", key=f"optimize_more_usd_{line.id}",
        )  # fmt: skip
        calls = right.number_input(
            "Most calls in all", min_value=1, step=100, value=calls, placeholder="no limit",
            key=f"optimize_more_calls_{line.id}",
        )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Go on", type="primary", icon=":material/play_arrow:", key="optimize_go_on"):
            with _ui.errors_shown():
                optimize_run.go_on(database, line.id, limit, None if calls is None else int(calls))
                st.rerun()
        _ui.link(_ui.OPTIMIZE, "Start another one like it", ":material/replay:", like=line.id)

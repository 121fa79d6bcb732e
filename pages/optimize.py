"""Optimize: search for a better text with labelled leads, watch it, and decide about what it found."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from pages._optimize_list import draw_list, draw_two, open_runs
from pages._optimize_run import draw_optimization
from pages._optimize_start import draw_first_visit, draw_start
from ranker.evaluation.set_list import list_sets
from ranker.optimizer.optimization_list import count_optimizations
from ranker.personas.catalog import seed_personas

_CHOICES = {"like", "set", "version", "how"}
"""Parameters of the address that choose something in the form."""


def main() -> None:
    database = _ui.database()
    seed_personas(database)
    run, other = _ui.parameter("run"), _ui.parameter("with")
    if run is not None:
        st.button("All optimizations", icon=":material/arrow_back:", type="tertiary", on_click=open_runs)
    st.title("Optimize", anchor=False)
    if run is not None and other is not None:
        draw_two(database, run, other)
        return
    if run is not None:
        draw_optimization(database, run)
        return
    st.markdown("A search changes a text step by step, tries each change on labelled leads, and says what it gains at "
                "companies that it did not see. Nothing is in use before you say so.")  # fmt: skip
    sets, there = list_sets(database), count_optimizations(database)
    if not sets:
        draw_first_visit(database)
    else:
        wide = not there or bool(_CHOICES & st.query_params.keys())
        with st.expander("Start an optimization", icon=":material/add:", expanded=wide), _ui.errors_shown():
            draw_start(database, sets)
    if there:
        draw_list(database)


with _ui.errors_shown():
    main()

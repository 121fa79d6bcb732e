"""How steady a variant is: the same one again on the same leads."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from pages._evaluate_words import FIGURES, figure
from ranker.evaluation.stability import stability
from ranker.store.engine import Database
from ranker.store.evaluations import EvalLine


def draw_steady(database: Database, line: EvalLine) -> None:
    """Nothing where it was evaluated once."""
    found = stability(database, line)
    if found is None:
        return
    times = f"Evaluated {len(found.runs)} times"
    if found.identical:
        st.success(f"{times}: the same verdicts, ranks and figures each time.", icon=":material/check_circle:")
        return
    same = f"{found.same / found.judged:.1%}" if found.judged else "none"
    told = [f"{times}: **{same}** of {_ui.plural(found.judged, 'lead')} got the same verdict each time"]
    if found.contacted:
        told.append(f"{found.in_place / found.contacted:.1%} of {_ui.number(found.contacted)} to contact the same rank")
    if found.failed:
        told.append(f"{_ui.number(found.failed)} without a verdict in one of them do not count")
    st.info(f"{'; '.join(told)}.", icon=":material/sync:")
    spreads = [
        f"{FIGURES[name][0]} {figure(one.least)} to {figure(one.most)} (standard deviation {figure(one.deviation)})"
        for name, one in found.spreads.items()
    ]
    st.caption(f"{' · '.join(spreads)}. A difference between two variants that is no larger than this says nothing.")

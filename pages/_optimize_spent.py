"""What an optimization has spent, against what it may, and what it asks just now."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from ranker.optimizer.optimization_list import OptimizationLine
from ranker.store.engine import Database
from ranker.store.run_queries import RunRow


def spent(line: OptimizationLine) -> str:
    """``free``, or ``120 calls of at most 400, $0.0841 of at most $2.00``; what is not known is said to be so."""
    if not line.model:
        return "free"
    cost, most_calls, most_usd = line.run.cost, line.said.get("max_calls"), line.run.max_usd
    if cost is None or not cost.calls:
        calls = "no call yet" if line.active else "no call was made"
        return f"{calls}{f', at most {_ui.dollars(most_usd)}' if most_usd is not None else ''}"
    said = f"{_ui.plural(cost.calls, 'call')}{f' of at most {_ui.number(most_calls)}' if most_calls else ''}"
    if not cost.unknown or cost.known:
        said += f", {_ui.dollars(cost.known, 4)}"
        said += f" of at most {_ui.dollars(most_usd)}" if most_usd is not None else ", no limit of money"
    return said + (f", {_ui.plural(cost.unknown, 'call')} of unknown cost" if cost.unknown else "")


def draw_asking(database: Database, run: RunRow) -> None:
    """What the calls under way wait for, where a model is asked."""
    if not run.live:
        return
    from ranker.scoring.llm.report import standing

    now = standing(database, run)
    told = [f"waits for {_ui.plain(one)}" for one in now.waiting]
    if now.cached:
        told.append(f"{_ui.plural(now.cached, 'answer')} from before, free")
    if told:
        st.caption(" · ".join(told))

"""Optimizations compared: all of them as a table, two of them beside each other."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages import _ui
from pages._optimize_candidates import draw_difference
from pages._optimize_pictures import draw_generations
from pages._optimize_words import DECISIONS, compared, cost_of, ended_of, gain, set_of, start_of, sure, what_of
from pages._paging import draw_paging
from ranker.errors import UsageError
from ranker.optimizer.optimization_list import (
    OptimizationLine,
    count_optimizations,
    get_optimization,
    list_optimizations,
)
from ranker.optimizer.optimization_read import read_tree, text_of
from ranker.store.engine import Database

PAGE_ROWS = 25
_WIDTHS = {
    "#": 40, "Ended": 105, "Gain, not seen": 105, "95% sure": 125, "Gain, searched": 110, "Start": 195,
    "Labelled leads": 120, "What changes": 120, "Cost": 55, "Decision": 95, "When": 95,
}  # fmt: skip


def draw_list(database: Database) -> None:
    """The table; one that is ticked opens, two are compared."""
    page = max(1, _ui.parameter("page") or 1)
    count = count_optimizations(database)
    lines = list_optimizations(database, offset=(page - 1) * PAGE_ROWS, limit=PAGE_ROWS)
    active = any(line.active for line in lines)
    st.subheader("Optimizations", anchor=False)
    st.fragment(_table, run_every=2 if active else None)(database, page, active)
    draw_paging(page, -(-count // PAGE_ROWS), "optimize", words=("Newer", "Older"),
                told=f", {_ui.plural(count, 'optimization')}")  # fmt: skip


def _table(database: Database, page: int, active: bool) -> None:
    lines = list_optimizations(database, offset=(page - 1) * PAGE_ROWS, limit=PAGE_ROWS)
    if active and not any(line.active for line in lines):
        st.rerun()
    ids = [line.id for line in lines]
    chosen = [ids.index(one) for one in (_ui.parameter("run"), _ui.parameter("with")) if one in ids]
    key = f"optimize_list_{page}_{ids[0] if ids else 0}"

    def write() -> None:
        picked = [ids[row] for row in st.session_state[key]["selection"]["rows"] if row < len(ids)][-2:]
        open_runs(*picked)

    st.caption("Tick one to see all of it, two to compare them. The gain that counts is the one at companies that the "
               "search did not see; the one where it searched is what was optimized, and flatters.")  # fmt: skip
    st.dataframe(
        pd.DataFrame([_row(line) for line in lines]),
        hide_index=True,
        key=key,
        on_select=write,
        selection_mode="multi-row",
        selection_default={"selection": {"rows": chosen}} if chosen else None,
        column_config={name: st.column_config.TextColumn(width=width) for name, width in _WIDTHS.items()},
        alt="Optimizations, the newest first",
    )


def open_runs(run: int | None = None, other: int | None = None) -> None:
    """Put one optimization into the address, two, or none."""
    for name in ("run", "with", "text", "against", "like", "view"):
        st.query_params.pop(name, None)
    for name, value in (("run", run), ("with", other)):
        if value is not None:
            st.query_params[name] = str(value)


def _row(line: OptimizationLine) -> dict[str, str]:
    unseen = line.result.unseen if line.result else None
    return {
        "#": str(line.id), "Ended": ended_of(line), "Gain, not seen": gain(unseen.difference if unseen else None),
        "95% sure": sure(unseen) if unseen else "–", "Gain, searched": gain(line.training_gain),
        "Start": start_of(line), "Labelled leads": set_of(line), "What changes": what_of(line), "Cost": cost_of(line),
        "Decision": DECISIONS.get(line.decision, line.decision) or "–", "When": _ui.ago(line.run.queued_at),
    }  # fmt: skip


def draw_two(database: Database, first: int, second: int) -> None:
    """Two optimizations side by side: facts, pictures, and what their proposals differ in."""
    lines = [get_optimization(database, one) for one in sorted((first, second))]
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader(f"Optimization {lines[0].id} beside {lines[1].id}", anchor=False)
        st.button("Close", icon=":material/close:", type="tertiary", key="optimize_two_close", on_click=open_runs)
    st.markdown(_beside(lines))
    st.dataframe(_facts(lines), hide_index=True, alt="Both optimizations, fact by fact", key="optimize_two",
                 height="content")  # fmt: skip
    trees = [read_tree(database, line) for line in lines]
    for column, line, tree in zip(st.columns(2), lines, trees, strict=True):
        with column:
            st.markdown(f"**Optimization {line.id}**")
            draw_generations(line, tree, f"optimize_two_{line.id}")
    if lines[0].slot != lines[1].slot:
        return
    st.markdown(f"**What {lines[1].id} proposes, against what {lines[0].id} proposes**")
    try:
        texts = [text_of(database, line.id, line.result.proposal if line.result else 0) for line in lines]
    except UsageError:
        st.caption("One of them has not begun.")
        return
    if texts[0] == texts[1]:
        st.caption("Both propose the same text.")
    else:
        draw_difference(lines[0], *texts)


def _beside(lines: list[OptimizationLine]) -> str:
    if len({line.set_id for line in lines}) > 1:
        return ("They are on different labelled leads, so their gains can't be compared; what they propose can be, on "
                "the page Evaluate.")  # fmt: skip
    return ("Both are on the same labelled leads. Which of the two texts is better is for the page Evaluate to say, "
            "once both are versions.")  # fmt: skip


def _facts(lines: list[OptimizationLine]) -> pd.DataFrame:
    told = [_told(line) for line in lines]
    return pd.DataFrame(
        {
            "": list(told[0]),
            **{f"Optimization {line.id}": list(one.values()) for line, one in zip(lines, told, strict=True)},
        }
    )


def _told(line: OptimizationLine) -> dict[str, str]:
    settings = line.settings
    unseen = line.result.unseen if line.result else None
    return {
        "How it ended": ended_of(line),
        "Gain where not seen": compared(unseen) if unseen else "–",
        "Gain where it was searched (it flatters)": gain(line.training_gain),
        "What changes": what_of(line), "Start": start_of(line), "Labelled leads": set_of(line),
        "Depth and width": f"{_ui.plural(settings.generations, 'generation')} of {settings.variants}, "
        f"beam {settings.beam}, {settings.folds} checks",
        "Texts tried": _ui.number(line.result.tried) if line.result else "–",
        "Held-out companies looked at": _times(len(line.looks)),
        "Cost": cost_of(line), "Decision": DECISIONS.get(line.decision, line.decision) or "–",
    }  # fmt: skip


def _times(count: int) -> str:
    return ("not", "once", "twice")[count] if count < 3 else f"{count} times"

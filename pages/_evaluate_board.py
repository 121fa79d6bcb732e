"""The variants on a set: a picture of them, and the table in which one, two or more are ticked."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages import _ui
from pages._evaluate_words import HEADLINE, between, cost_of, figure, how_of, variant_of
from ranker.evaluation.intervals import Interval
from ranker.evaluation.leaderboard import Entry, Leaderboard

_ACCENT, _LIVE, _REST = "#1f6feb", "#1a7f37", "#8a94a3"
_WIDTHS = {
    "#": 35, HEADLINE: 75, "95% sure": 95, "Version": 55, "Persona": 170, "How": 150, "In use": 60, "Pairs": 55,
    "f1": 55, "Judged": 60, "Failed": 55, "Cost": 70, "Times": 50, "When": 95,
}  # fmt: skip
MOST_TICKED = 6


def draw_picture(board: Leaderboard) -> None:
    """Every variant as a point: pairs across, f1 up, both intervals as a cross."""
    entries = [one for one in board.entries if {"pairs", "f1"} <= one.figures.macro.keys() and not one.outdated]
    if not entries:
        return
    drawn, labels = go.Figure(), _labels(board)
    for live, name, colour, symbol in (
        (False, "Variant", _ACCENT, "circle"), (True, "In use now", _LIVE, "diamond"),
    ):  # fmt: skip
        some = [(at, one) for at, one in enumerate(board.entries, start=1) if one in entries and one.line.live == live]
        if some:
            drawn.add_trace(_points(some, labels, name, colour, symbol))
    if {"pairs", "f1"} <= board.nothing.keys():
        drawn.add_trace(
            go.Scatter(
                x=[board.nothing["pairs"]], y=[board.nothing["f1"]], mode="markers+text", name="Doing nothing",
                text=["doing nothing"], textposition="top center", hovertemplate="%{x:.3f}, %{y:.3f}<extra></extra>",
                marker={"symbol": "x", "size": 10, "color": _REST}, showlegend=False,
            )
        )  # fmt: skip
    drawn.update_layout(
        height=360, margin={"l": 10, "r": 10, "t": 10, "b": 10}, legend={"orientation": "h", "y": 1.12},
        xaxis={"title": "Pairs in the right order", "range": [0.38, 1.03]},
        yaxis={"title": "The right people (f1)", "range": [-0.06, 1.06]},
    )  # fmt: skip
    told = [
        f"{at}: {variant_of(one.line)}{' (in use)' if one.line.live else ''}, pairs "
        f"{figure(one.figures.macro['pairs'])}, f1 {figure(one.figures.macro['f1'])}"
        for at, one in enumerate(board.entries, start=1)
        if one in entries
    ]
    alt = f"Variants by pairs in the right order (across) and f1 (up). {'; '.join(told)}. {_nothing(board)}"
    st.plotly_chart(drawn, config={"displayModeBar": False}, alt=alt, key="evaluate_picture")
    st.caption("Numbers are those of the table. The arms of a cross: 95% sure that the truth is within, at companies "
               "like these. Up and to the right is better.")  # fmt: skip


def _labels(board: Leaderboard) -> dict[int, str]:
    """The number beside each point; points in one place share a label, which stands at the first of them."""
    there: dict[tuple[float, float], list[int]] = {}
    for at, one in enumerate(board.entries, start=1):
        macro = one.figures.macro
        there.setdefault((round(macro.get("pairs", 0.0), 2), round(macro.get("f1", 0.0), 2)), []).append(at)
    return {
        some[0]: ", ".join(map(str, some)) if len(some) < 4 else f"{some[0]}, {some[1]} and {len(some) - 2} more"
        for some in there.values()
    }


def _points(some: list[tuple[int, Entry]], labels: dict[int, str], name: str, colour: str, symbol: str) -> go.Scatter:
    macros = [one.figures.macro for _, one in some]
    return go.Scatter(
        x=[macro["pairs"] for macro in macros], y=[macro["f1"] for macro in macros], name=name,
        mode="markers+text", text=[f"<b>{labels.get(at, '')}</b>" for at, _ in some], textposition="top left",
        customdata=[variant_of(one.line) for _, one in some],
        hovertemplate="%{customdata}<br>pairs %{x:.3f}, f1 %{y:.3f}<extra></extra>",
        marker={"symbol": symbol, "size": 11, "color": colour},
        error_x=_arms([one.figures.intervals.get("pairs") for _, one in some], colour),
        error_y=_arms([one.figures.intervals.get("f1") for _, one in some], colour),
    )  # fmt: skip


def _arms(intervals: list[Interval | None], colour: str) -> dict[str, object]:
    """From the mean to each limit; none where a limit can't be told."""
    ups = [0.0 if one is None or one.high is None else one.high - one.mean for one in intervals]
    downs = [0.0 if one is None or one.low is None else one.mean - one.low for one in intervals]
    faint = f"rgba({int(colour[1:3], 16)},{int(colour[3:5], 16)},{int(colour[5:], 16)},.45)"
    return {
        "type": "data", "symmetric": False, "array": ups, "arrayminus": downs, "color": faint, "thickness": 1.5,
        "width": 3,
    }  # fmt: skip


def draw_table(board: Leaderboard, chosen: list[int]) -> None:
    """A row a variant, the best first. What is ticked stands in the address: ``run``, ``with``, ``and``."""
    ids = [one.line.run.id for one in board.entries]
    key = f"evaluate_table_{'_'.join(map(str, ids))}"
    ticked = [ids.index(run) for run in chosen if run in ids]

    def write() -> None:
        picked = [ids[row] for row in st.session_state[key]["selection"]["rows"] if row < len(ids)]
        st.query_params["runs"] = ",".join(map(str, picked[:MOST_TICKED]))
        if not picked:
            st.query_params.pop("runs", None)
        for name in ("page", "swap"):
            st.query_params.pop(name, None)

    st.caption("Tick one to see all of it, two to compare them, more to compare each with the one in use.")
    st.dataframe(
        pd.DataFrame([_row(at, one) for at, one in enumerate(board.entries, start=1)]),
        hide_index=True,
        key=key,
        on_select=write,
        selection_mode="multi-row",
        selection_default={"selection": {"rows": ticked}} if ticked else None,
        column_config={name: st.column_config.TextColumn(width=width) for name, width in _WIDTHS.items()},
        alt="Variants on these labelled leads, the best first",
    )
    st.caption(_nothing(board))


def _row(at: int, one: Entry) -> dict[str, str]:
    macro, found = one.figures.macro, one.figures
    return {
        "#": str(at), HEADLINE: figure(macro.get("pairs_f1")),
        "95% sure": "other labels" if one.outdated else between(found.intervals.get("pairs_f1")),
        "Version": str(one.line.run.version or "–"), "Persona": one.line.run.persona or "removed",
        "How": how_of(one.line), "In use": "✓ yes" if one.line.live else "",
        "Pairs": figure(macro.get("pairs")), "f1": figure(macro.get("f1")),
        "Judged": f"{macro.get('coverage', 0.0):.1%}", "Failed": _ui.number(found.failed), "Cost": cost_of(one.line),
        "Times": str(one.repeats), "When": _ui.ago(one.line.run.ended_at),
    }  # fmt: skip


def _nothing(board: Leaderboard) -> str:
    if not board.nothing:
        return ""
    said = ", ".join(
        f"{name} {figure(board.nothing[key])}" for name, key in (("pairs", "pairs"), ("f1", "f1"), ("both", "pairs_f1"))
        if key in board.nothing
    )  # fmt: skip
    return f"Doing nothing (contacting nobody) scores: {said}."

"""The variants on a set: a picture of them, and the table in which one, two or more are ticked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages import _ui
from pages._evaluate_words import between, cost_of, figure, how_of, text_colour, variant_of
from ranker.evaluation.intervals import Interval
from ranker.evaluation.leaderboard import Entry, Leaderboard

_ACCENT, _LIVE, _REST = "#1f6feb", "#1a7f37", "#8a94a3"
_WIDTHS = {
    "#": 35, "Pairs and f1": 80, "95% sure": 88, "Version": 55, "Persona": 165, "How": 115, "In use": 55, "Pairs": 50,
    "f1": 50, "Judged": 55, "Failed": 50, "Cost": 60, "Times": 45, "When": 95,
}  # fmt: skip
MOST_TICKED = 6
_MOST_ROWS = 15
_NEAR = 0.15
"""How far the lowest variant may be above doing nothing for both to be in the picture."""


def draw_picture(board: Leaderboard) -> None:
    """Every variant as a point: pairs across, f1 up, both intervals as a cross."""
    entries = [one for one in board.entries if {"pairs", "f1"} <= one.figures.macro.keys() and not one.outdated]
    if not entries:
        return
    left, bottom = _corner(entries, board.nothing)
    drawn, labels = go.Figure(), _labels(board, (1.02 - left) / 15, (1.03 - bottom) / 12)
    for live, name, colour, symbol in (
        (False, "Variant", _ACCENT, "circle"), (True, "In use now", _LIVE, "diamond"),
    ):  # fmt: skip
        some = [(at, one) for at, one in enumerate(board.entries, start=1) if one in entries and one.line.live == live]
        if some:
            drawn.add_trace(_points(some, labels, name, colour, symbol))
    _mark_nothing(drawn, board.nothing, left, bottom)
    drawn.update_layout(
        height=360, margin={"l": 10, "r": 10, "t": 10, "b": 10}, legend={"orientation": "h", "y": 1.12},
        xaxis={"title": "Pairs in the right order", "range": [left, 1.02]},
        yaxis={"title": "The right people (f1)", "range": [bottom, 1.03]},
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


def _corner(entries: Sequence[Entry], nothing: Mapping[str, float]) -> tuple[float, float]:
    """Where the axes begin: a little below the lowest arm, and below doing nothing where that is near."""
    found = []
    for name in ("pairs", "f1"):
        lows = [one.figures.intervals[name].low or 0.0 for one in entries if name in one.figures.intervals]
        found.append(min([*lows, *(one.figures.macro[name] for one in entries)]))
    there = [nothing.get(name, 0.0) for name in ("pairs", "f1")]
    if all(low - none < _NEAR for low, none in zip(found, there, strict=True)):
        found = [min(low, none) for low, none in zip(found, there, strict=True)]
    return found[0] - 0.04, found[1] - 0.06


def _mark_nothing(drawn: go.Figure, nothing: Mapping[str, float], left: float, bottom: float) -> None:
    """Doing nothing as a cross; beyond the corner it is told there."""
    if not {"pairs", "f1"} <= nothing.keys():
        return
    x, y = nothing["pairs"], nothing["f1"]
    if x >= left and y >= bottom:
        drawn.add_trace(
            go.Scatter(
                x=[x], y=[y], mode="markers+text", text=["doing nothing"], textposition="top center", showlegend=False,
                hovertemplate="%{x:.3f}, %{y:.3f}<extra></extra>", marker={"symbol": "x", "size": 10, "color": _REST},
            )
        )  # fmt: skip
    else:
        drawn.add_annotation(
            xref="paper", yref="paper", x=0.0, y=0.02, xanchor="left", showarrow=False,
            text=f"↙ doing nothing: pairs {x:.2f}, f1 {y:.2f}, outside of this picture",
        )  # fmt: skip


def _labels(board: Leaderboard, wide: float, high: float) -> dict[int, str]:
    """The number beside each point; points as near as a label share one, which stands at the first of them."""
    there: dict[tuple[float, float], list[int]] = {}
    for at, one in enumerate(board.entries, start=1):
        x, y = one.figures.macro.get("pairs", 0.0), one.figures.macro.get("f1", 0.0)
        near = next((spot for spot in there if abs(spot[0] - x) < wide and abs(spot[1] - y) < high), (x, y))
        there.setdefault(near, []).append(at)
    return {
        some[0]: ", ".join(map(str, some)) if len(some) < 4 else f"{some[0]}, {some[1]} and {len(some) - 2} more"
        for some in there.values()
    }


def _points(some: list[tuple[int, Entry]], labels: dict[int, str], name: str, colour: str, symbol: str) -> go.Scatter:
    macros = [one.figures.macro for _, one in some]
    return go.Scatter(
        x=[macro["pairs"] for macro in macros], y=[macro["f1"] for macro in macros], name=name,
        mode="markers+text", text=[f"<b>{labels.get(at, '')}</b>" for at, _ in some], textposition="top left",
        textfont_color=text_colour(),
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
    """A row a variant, the best first. What is ticked stands in the address: ``runs``."""
    ids = [one.line.run.id for one in board.entries]
    key = f"evaluate_table_{'_'.join(map(str, ids))}"
    ticked = [ids.index(run) for run in chosen if run in ids]
    names = Counter(variant_of(one.line) for one in board.entries)

    def write() -> None:
        picked = [ids[row] for row in st.session_state[key]["selection"]["rows"] if row < len(ids)]
        if len(picked) == 2:  # the one in use is what another is compared with; else the one evaluated first
            live = {one.line.run.id for one in board.entries if one.line.live}
            picked.sort(key=lambda run: (run in live, -run))
        st.query_params["runs"] = ",".join(map(str, picked[:MOST_TICKED]))
        if not picked:
            st.query_params.pop("runs", None)
        for name in ("page", "moves", "was"):
            st.query_params.pop(name, None)

    st.caption("Tick one to see all of it, two to compare them, more to compare each with the one in use.")
    st.dataframe(
        pd.DataFrame([_row(at, one, names) for at, one in enumerate(board.entries, start=1)]),
        hide_index=True,
        key=key,
        height=35 * min(len(ids), _MOST_ROWS) + 38,
        on_select=write,
        selection_mode="multi-row",
        selection_default={"selection": {"rows": ticked}} if ticked else None,
        column_config={name: st.column_config.TextColumn(width=width) for name, width in _WIDTHS.items()},
        alt="Variants on these labelled leads, the best first",
    )
    st.caption(_nothing(board))


def _row(at: int, one: Entry, names: Counter[str]) -> dict[str, str]:
    """``names``: of all rows; where two are called alike, as after an update of the ranker, a fingerprint tells."""
    macro, found = one.figures.macro, one.figures
    alike = names[variant_of(one.line)] > 1
    return {
        "#": str(at), "Pairs and f1": figure(macro.get("pairs_f1")),
        "95% sure": "other labels" if one.outdated else between(found.intervals.get("pairs_f1")),
        "Version": str(one.line.run.version or "–"), "Persona": one.line.run.persona or "removed",
        "How": how_of(one.line) + (f" ({one.line.run.variant[:6]})" if alike else ""),
        "In use": "✓ yes" if one.line.live else "",
        "Pairs": figure(macro.get("pairs")), "f1": figure(macro.get("f1")),
        "Judged": f"{macro.get('coverage', 0.0):.1%}", "Failed": _ui.number(found.failed), "Cost": cost_of(one.line),
        "Times": str(len(one.runs)), "When": _ui.ago(one.line.run.ended_at),
    }  # fmt: skip


def _nothing(board: Leaderboard) -> str:
    if not board.nothing:
        return ""
    said = ", ".join(
        f"{name} {figure(board.nothing[key])}" for name, key in (("pairs", "pairs"), ("f1", "f1"), ("both", "pairs_f1"))
        if key in board.nothing
    )  # fmt: skip
    return f"Doing nothing (contacting nobody) scores: {said}."

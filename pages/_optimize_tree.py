"""Which text was made from which, as a tree: the start at the left, a step to the right for each change."""

from __future__ import annotations

from html import escape

import plotly.graph_objects as go
import streamlit as st

from pages._optimize_pictures import ACCENT, REST, STILL, UNSEEN, evaluated
from pages._optimize_words import gain, unseen
from ranker.optimizer.optimization_list import OptimizationLine
from ranker.optimizer.optimization_read import Tree, Tried

_ROW = 24
_MOST_LABELLED = 4
"""Steps up to which there is room for the gain beside each number."""
_WORSE = "#b3541e"
_FAINT = "rgba(138,148,163,.55)"


def draw_tree(line: OptimizationLine, tree: Tree, chosen: int | None, key: str) -> None:
    """The tree of all texts that were tried; a thick line leads to ``chosen``."""
    shown = {one.number: one for one in evaluated(tree)}
    if len(shown) < 2:
        st.caption("The tree begins with the first new text.")
        return
    rows = rows_of(shown)
    steps = {number: len(tree.lineage(number)) - 1 for number in shown}
    deepest = max(steps.values())
    way = set(tree.lineage(chosen)) if chosen in tree.tried else set()
    proposal = line.result.proposal if line.result else None
    places = {number: (steps[number], rows[number]) for number in shown}
    drawn = go.Figure([_lines(shown, places, way, strong=False), _lines(shown, places, way, strong=True)])
    drawn.add_trace(_nodes(list(shown.values()), places, proposal, short=deepest > _MOST_LABELLED))
    drawn.update_layout(
        height=90 + _ROW * (1 + max(rows.values())), margin={"l": 10, "r": 10, "t": 10, "b": 10},
        xaxis={"tickvals": list(range(deepest + 1)), "range": [-0.15, deepest + 0.7], "title": "Changes so far",
               "ticktext": ["Start", *map(str, range(1, deepest + 1))], "showgrid": False, "zeroline": False},
        yaxis={"visible": False, "range": [max(rows.values()) + 0.7, -1]},
    )  # fmt: skip
    alt = "Which text was made from which. " + "; ".join(
        f"{one.number} from {one.parent or 'the start'} ({gain(one.gain)})" for one in shown.values() if one.number
    )
    st.plotly_chart(drawn, config=STILL, alt=alt, key=key)
    thick = "The thick line leads to the text that is open below or proposed. " if way else ""
    st.caption(
        "A number is a text; the greener it is, the more it gains over the start where it was searched, which flatters "
        f"it. Filled: it was in a beam. {thick}{unseen(line)}"
    )


def rows_of(shown: dict[int, Tried]) -> dict[int, int]:
    """Number → its row: leaves one below the other, a parent in the row of its first child."""
    children: dict[int, list[int]] = {}
    for one in shown.values():
        if one.parent in shown:
            children.setdefault(one.parent, []).append(one.number)
    rows: dict[int, int] = {}
    waiting = [one.number for one in shown.values() if one.parent not in shown][::-1]
    free = 0
    while waiting:
        number = waiting.pop()
        rows[number] = free
        below = children.get(number, [])
        waiting += below[::-1]
        free += not below
    return rows


def _lines(shown: dict[int, Tried], places: dict[int, tuple[int, int]], way: set[int], *, strong: bool) -> go.Scatter:
    xs: list[float | None] = []
    ys: list[float | None] = []
    for one in shown.values():
        if one.parent in shown and (one.number in way) == strong:
            (left, above), (right, below) = places[one.parent], places[one.number]
            bend = left + 0.12  # right behind the parent, so that no line runs through another text
            xs += [left, bend, bend, right, None]
            ys += [above, above, below, below, None]
    look = {"color": ACCENT, "width": 3} if strong else {"color": _FAINT, "width": 1.3}
    return go.Scatter(x=xs, y=ys, mode="lines", hoverinfo="skip", showlegend=False, line=look)


def _nodes(some: list[Tried], places: dict[int, tuple[int, int]], proposal: int | None, *, short: bool) -> go.Scatter:
    most = max((abs(one.gain or 0.0) for one in some), default=0.0) or 1.0
    return go.Scatter(
        x=[places[one.number][0] for one in some], y=[places[one.number][1] for one in some], mode="markers+text",
        text=[_label(one, proposal, short=short) for one in some], textposition="top right", textfont={"size": 11},
        customdata=[(escape(one.edit) or "The text that was there.", gain(one.gain)) for one in some], showlegend=False,
        hovertemplate="%{text}: %{customdata[1]} where it was searched<br>%{customdata[0]}<extra></extra>",
        marker={
            "size": [15 if one.number == proposal else 10 for one in some],
            "symbol": ["star" if one.number == proposal else "circle" if one.beams else "circle-open" for one in some],
            "color": [one.gain or 0.0 for one in some], "cmin": -most, "cmax": most,
            "colorscale": [[0, _WORSE], [0.5, REST], [1, UNSEEN]], "opacity": 1, "line": {"width": 1.5},
        },
    )  # fmt: skip


def _label(one: Tried, proposal: int | None, *, short: bool) -> str:
    if not one.number:
        return "start"
    star = " ★" if one.number == proposal else ""
    return f"<b>{one.number}</b>{star}" if short and not star else f"<b>{one.number}</b> {gain(one.gain)}{star}"

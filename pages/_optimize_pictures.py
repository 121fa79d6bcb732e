"""An optimization as a picture: every text by generation, the beam, the start, and what no search saw."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from pages import _ui
from pages._evaluate_words import HEADLINE, figure
from pages._optimize_words import FLATTERS, gain, unseen
from ranker.optimizer.optimization_list import OptimizationLine
from ranker.optimizer.optimization_read import Tree, Tried
from ranker.optimizer.optimization_result import Compared, Result

ACCENT, REST, UNSEEN = "#1f6feb", "#8a94a3", "#1a7f37"
_START = "#6b7280"
STILL = {"displayModeBar": False}
_LAYOUT = {
    "margin": {"l": 10, "r": 10, "t": 10, "b": 10},
    "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom"},
}


def draw_generations(line: OptimizationLine, tree: Tree, key: str) -> None:
    """Every text as a dot, the best of each beam as a line, the start dashed; at the end what no search saw."""
    start = tree.tried.get(0)
    if start is None or start.standing is None:
        st.caption("The picture begins with the first figures.")
        return
    drawn = go.Figure()
    last = tree.generations
    base = start.standing.pairs_f1
    places = _places(tree)
    proposal = line.result.proposal if line.result else None
    for name, colour, chosen in (("Tried", REST, False), ("In the beam", ACCENT, True)):
        some = [one for one in evaluated(tree) if one.number and bool(one.beams) == chosen]
        if some:
            drawn.add_trace(_dots(some, places, name, colour, proposal))
    best = _best_lines(tree)
    drawn.add_trace(
        go.Scatter(
            x=[at for at, _ in best], y=[tree.tried[one].standing.pairs_f1 for _, one in best], mode="lines",
            name="Best of the beam", line={"color": ACCENT, "width": 2}, hoverinfo="skip",
        )
    )  # fmt: skip
    drawn.add_trace(
        go.Scatter(
            x=[-0.3, last + 0.45], y=[base, base], mode="lines", name="Start", hoverinfo="skip",
            line={"color": _START, "dash": "dash", "width": 1.5},
        )
    )  # fmt: skip
    ticks = {at: "Start" if not at else str(at) for at in range(last + 1)}
    if line.result and proposal:
        for at, (word, found) in enumerate(_unseen(line, line.result), start=last + 1):
            ticks[at] = word
            _add_unseen(drawn, found, at, first=at == last + 1)
    drawn.update_layout(
        height=400, yaxis={"title": HEADLINE, "automargin": True},
        xaxis={"tickvals": list(ticks), "ticktext": list(ticks.values()), "range": [-0.4, max(ticks) + 0.6],
               "title": "Generation"}, **_LAYOUT,
    )  # fmt: skip
    st.plotly_chart(drawn, config=STILL, alt=_told(line, tree), key=key)
    st.caption(_below(line, tree))


def evaluated(tree: Tree) -> list[Tried]:
    """The texts whose figures are known, the start first."""
    return [one for one in tree.tried.values() if one.standing is not None]


def _places(tree: Tree) -> dict[int, float]:
    """Where a dot stands across: those of one generation side by side, in the order in which they came."""
    there: dict[int, list[int]] = {}
    for one in evaluated(tree):
        there.setdefault(one.generation, []).append(one.number)
    return {
        number: generation + (0.5 * (at + 0.5) / len(numbers) - 0.25 if generation else 0.0)
        for generation, numbers in there.items()
        for at, number in enumerate(numbers)
    }


def _dots(some: list[Tried], places: dict[int, float], name: str, colour: str, proposal: int | None) -> go.Scatter:
    return go.Scatter(
        x=[places[one.number] for one in some], y=[one.standing.pairs_f1 for one in some], name=name, mode="markers",
        customdata=[(one.number, gain(one.gain)) for one in some],
        hovertemplate="Text %{customdata[0]}: %{y:.3f}, %{customdata[1]} where it was searched<extra></extra>",
        marker={
            "color": colour, "size": [15 if one.number == proposal else 9 for one in some],
            "symbol": ["star" if one.number == proposal else "circle" for one in some],
            "line": {"width": 1, "color": "rgba(255,255,255,.6)"},
        },
    )  # fmt: skip


def _best_lines(tree: Tree) -> list[tuple[int, int]]:
    """Generation → the best of its beam, for the generations that are over."""
    return [(at, beam[0]) for at in range(tree.generations + 1) if (beam := tree.beam(at))]


def _unseen(line: OptimizationLine, result: Result) -> list[tuple[str, Compared]]:
    """What no search saw, in words and figures; what was held out to the end apart, once somebody looked at it."""
    found = [("Not seen", result.unseen)] if result.unseen else []
    looked = line.looks[0].comparison if line.looks else None
    if looked and (result.nested or not found):  # without the folds, what was not seen is what was held out
        found.append(("Held out", looked))
    return found


def _add_unseen(drawn: go.Figure, found: Compared, at: int, *, first: bool) -> None:
    """What the start and the proposal score at companies that no search saw, with the interval of the difference."""
    drawn.add_trace(
        go.Scatter(
            x=[at], y=[found.base], mode="markers", showlegend=False, hovertemplate="Start: %{y:.3f}<extra></extra>",
            marker={"symbol": "line-ew", "size": 26, "line": {"width": 2, "color": _START}},
        )
    )  # fmt: skip
    arms = None
    if found.low is not None and found.high is not None:
        arms = {
            "type": "data", "symmetric": False, "array": [found.high - found.difference],
            "arrayminus": [found.difference - found.low], "color": UNSEEN, "thickness": 1.5, "width": 5,
        }  # fmt: skip
    drawn.add_trace(
        go.Scatter(
            x=[at], y=[found.candidate], mode="markers", name="New, where not seen", error_y=arms, showlegend=first,
            marker={"symbol": "diamond", "size": 12, "color": UNSEEN}, customdata=[gain(found.difference)],
            hovertemplate="New: %{y:.3f}, %{customdata} over the start<extra></extra>",
        )
    )  # fmt: skip


def _told(line: OptimizationLine, tree: Tree) -> str:
    start = tree.tried[0].standing
    steps = "; ".join(
        f"generation {at}: best text {number}, {figure(tree.tried[number].standing.pairs_f1)}"
        for at, number in _best_lines(tree)
        if at
    )
    return (
        f"{HEADLINE} of every text by generation. Start {figure(start.pairs_f1 if start else None)}"
        f"{'; ' + steps if steps else ''}. {unseen(line)}{_held_out(line)}"
    ).replace("*", "").replace("\\", "")  # fmt: skip


def _held_out(line: OptimizationLine) -> str:
    """For whoever can't see the picture."""
    looked = line.looks[0].comparison if line.looks else None
    if looked is None:
        return ""
    return f" Held out to the end: start {figure(looked.base)}, new {figure(looked.candidate)}."


def _below(line: OptimizationLine, tree: Tree) -> str:
    texts = len(evaluated(tree)) - 1
    parts = [f"{_ui.plural(texts, 'text')} tried"]
    if tree.rejected:
        parts.append(f"{_ui.plural(len(tree.rejected), 'other')} rejected without a try")
    star = " The star is the one that is proposed." if line.result and line.result.proposal else ""
    right = " At the right, the diamond is the proposal and the dash the start, at the same companies." if star else ""
    return f"{' · '.join(parts)}.{star} {FLATTERS} {unseen(line)}{right}{_held_out(line)}"

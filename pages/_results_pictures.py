"""Pictures where looking beats reading: who fits by company size, the scores, and the funnel of the newest run."""

from __future__ import annotations

from collections import Counter

import plotly.graph_objects as go
import streamlit as st

from pages import _ui
from pages._results_state import SIZES, size_name, size_of
from ranker.store.engine import Database
from ranker.store.facets import Facets
from ranker.store.funnel import Funnel, newest_funnel

_ACCENT, _REST = "#1f6feb", "#9aa4b2"
_STILL = {"displayModeBar": False}


def draw_pictures(database: Database, counts: Facets) -> None:
    """Three tabs. Sizes and scores are of the leads that match; the funnel is of the newest run."""
    sizes, scores, run = st.tabs(["By company size", "Scores", "From all to those to contact"])
    with sizes:
        _sizes(counts)
    with scores:
        _scores(counts)
    with run, _ui.errors_shown():
        _funnel(newest_funnel(database))


def _sizes(counts: Facets) -> None:
    every: Counter[str] = Counter()
    contact: Counter[str] = Counter()
    for (low, _), count in counts.sizes.items():
        every[size_of(low)] += count
    for (low, _), count in counts.to_contact_by_size.items():
        contact[size_of(low)] += count
    names = [name for name in SIZES if every[name]]
    if not names:
        st.caption("No leads match.")
        return
    labels = [size_name(name) for name in names]
    shares = [f"{_ui.number(contact[name])} ({contact[name] / every[name]:.0%})" for name in names]
    ticks = [f"{label}<br><b>{share}</b>" for label, share in zip(labels, shares, strict=True)]
    figure = go.Figure(
        [
            go.Bar(name="To contact", x=ticks, y=[contact[name] for name in names], marker_color=_ACCENT),
            go.Bar(
                name="Not", x=ticks, y=[every[name] - contact[name] for name in names], marker_color=_REST,
                marker_pattern_shape="/",
            ),
        ]
    )  # fmt: skip
    figure.update_layout(barmode="stack", yaxis_title="Leads", **_LAYOUT)
    figure.update_xaxes(type="category", title="People at the company · to contact")
    text = "; ".join(
        f"{label}: {share} of {every[name]:,}" for label, share, name in zip(labels, shares, names, strict=True)
    )
    _draw(figure, f"To contact by company size. {text}.", "sizes")


def _scores(counts: Facets) -> None:
    if not counts.scores:
        st.caption("No leads with a score match.")
        return
    steps = range(0, 101, 5)
    figure = go.Figure(
        go.Bar(
            x=[step + 2.5 if step < 100 else 100 for step in steps], y=[counts.scores.get(step, 0) for step in steps],
            customdata=[f"{step}–{step + 4.9:g}" if step < 100 else "100" for step in steps], marker_color=_ACCENT,
            hovertemplate="Score %{customdata}: %{y} leads<extra></extra>",
        )
    )  # fmt: skip
    figure.update_layout(bargap=0.05, xaxis_title="Score", yaxis_title="Leads", **_LAYOUT)
    most = max(counts.scores, key=lambda step: counts.scores[step])
    high = sum(count for step, count in counts.scores.items() if step >= 80)
    _draw(
        figure,
        f"Leads by score, in steps of five: most, {counts.scores[most]:,}, begin at {most}; {high:,} have 80 or more.",
        "scores",
    )


def _funnel(found: Funnel) -> None:
    if found.run_id is None:
        st.caption("No run is finished yet.")
        return
    stages = [
        ("Entered", found.entered, ""),
        ("Judged", found.judged, f"{_ui.number(found.not_judged)} could not be judged"),
        ("Fit the persona", found.qualified, f"{_ui.number(found.not_relevant)} do not"),
        ("To contact", found.to_contact, _between(found)),
    ]
    figure = go.Figure(
        go.Funnel(
            y=[name for name, _, _ in stages], x=[count for _, count, _ in stages], textinfo="value+percent initial",
            marker_color=_ACCENT, connector_fillcolor="rgba(154,164,178,.25)",
        )
    )  # fmt: skip
    figure.update_layout(**_LAYOUT)
    steps = "; ".join(f"{name} {_ui.number(count)}{f' ({why})' if why else ''}" for name, count, why in stages)
    _draw(figure, f"Run {found.run_id}, {_ui.ago(found.ended_at)}. {steps}.", "funnel")


def _between(found: Funnel) -> str:
    parts = [
        (found.put_in, "put in by a person"),
        (found.taken_out, "taken out by a person"),
        (found.held, "on the do-not-contact list"),
    ]
    return ", ".join(f"{_ui.number(count)} {what}" for count, what in parts if count)


_LAYOUT = {
    "height": 320,
    "margin": {"l": 10, "r": 10, "t": 10, "b": 10},
    "legend": {"orientation": "h", "y": 1.12},
}


def _draw(figure: go.Figure, text: str, name: str) -> None:
    st.plotly_chart(figure, config=_STILL, alt=text, key=f"results_{name}")
    st.caption(text)

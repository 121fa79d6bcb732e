"""Figures and variants in words, and numbers as this page writes them."""

from __future__ import annotations

import streamlit as st

from pages._runs_money import known, strategy_of
from ranker.evaluation.compare import limit
from ranker.evaluation.intervals import Interval
from ranker.llm.settings import load_settings
from ranker.store.evaluations import EvalLine

FIGURES = {
    "pairs_f1": ("Pairs and f1 together", "the mean of both; verdicts rest on it"),
    "pairs": ("Pairs in the right order", "of leads with different labels at one company, ties count half"),
    "f1": ("The right people (f1)", "whom it would contact against whom you would"),
    "precision": ("Precision", "of those it would contact, how many you would"),
    "recall": ("Recall", "of those you would contact, how many it would"),
    "left_out": ("Rightly left out", "of those you would not contact"),
    "order": ("Order by score alone", "pairs in the right order, whoever is contacted"),
    "top_pairs": ("Order of the right people", "pairs among those with a rank of yours"),
    "p_at_3": ("Right people in the first 3", "precision@3"),
    "ndcg_5": ("The first 5, by rank", "NDCG@5"),
    "tau_b": ("Kendall's tau-b", "of your ranks: 1 is the same order, -1 reversed"),
    "spearman": ("Spearman", "of your ranks: 1 is the same order, -1 reversed"),
    "mae": ("Ranks off (MAE)", "mean error in ranks, 0 is best"),
    "rmse": ("Ranks off (RMSE)", "large errors weigh more, 0 is best"),
    "nmse": ("Ranks off (NMSE)", "percent of the worst possible, 0 is best"),
}
"""In the order in which they are shown: (what it is called, what it says)."""
HEADLINE = FIGURES["pairs_f1"][0]


def persona_of(line: EvalLine) -> str:
    """``Who buys from us, version 2``; says so where it was removed."""
    return f"{line.run.persona}, version {line.run.version}" if line.run.persona else "A persona that was removed"


def how_of(line: EvalLine) -> str:
    """``Rules``, or ``Best for its price, gpt-5-mini``; a prompt that is not the first version, and another temperature
    than usual, are named.
    """
    decided = line.run.decided
    called = strategy_of(decided)
    if not decided.is_model:
        return called
    short = called.removeprefix("Model, ")
    told = [f"{short[:1].upper()}{short[1:]}", *decided.names]
    told += [f"{task} prompt {version}" for task, version in line.prompts.items() if version > 1]
    if decided.temperature is not None and decided.temperature != load_settings({}).temperature:
        told.append(f"temperature {decided.temperature:g}")
    return ", ".join(told)


def variant_of(line: EvalLine) -> str:
    """Both, for a line of text."""
    return f"{persona_of(line)} · {how_of(line)}"


def cost_of(line: EvalLine) -> str:
    """``free`` by rules, ``$0.42``; a cost that is not known is said to be so."""
    return "free" if line.run.cost is None else known(line.run.cost)


def figure(value: float | None) -> str:
    """``0.734``; a dash where it is not defined."""
    return "–" if value is None else f"{value:.3f}"


def between(interval: Interval | None) -> str:
    """``0.61 to 0.80``; a question mark for a limit that can't be told."""
    if interval is None:
        return "–"
    low, high = ("?" if one is None else f"{one:.2f}" for one in (interval.low, interval.high))
    return f"{low} to {high}"


def signed(interval: Interval) -> str:
    """``-0.021 to +0.104``."""
    return f"{limit(interval.low)} to {limit(interval.high)}"


def text_colour() -> str:
    """The theme's colour of text, for text within a picture: Plotly's own is too faint there on a ground."""
    return "#E8ECF1" if st.context.theme.type == "dark" else "#0B1220"

"""How to rank: by rules, or by a strategy that asks a language model; the choice stands in the address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from pages import _ui
from ranker.llm.settings import Settings
from ranker.scoring.llm.offer import SENT, Offer, asked_of, offer, price_told, stays_here, with_choice
from ranker.scoring.llm.words import strategy_words

RULES = "rules"
_RULES_LINE = "free, instant, and nothing leaves this computer"
_LEAVES = f"{SENT}; no names of people, no email addresses"
NOT_TRIED = "Not tried live yet: tested on a server of our own and a small model only."


@dataclass(frozen=True, slots=True)
class How:
    """A strategy that asks a model, and with what."""

    strategy: str
    settings: Settings


def choose_how(*, alone: bool = False) -> How | None:
    """The choice that stands in the address (``how=two-phase&model=gpt-5-mini&limit=2``); ``None`` for rules.

    ``alone``: the first provider is asked, and no other in its place.
    """
    found = offer()
    if alone and found.settings is not None:
        found = replace(found, settings=replace(found.settings, providers=found.settings.providers[:1]))
    if found.settings is None:
        _without(found)
        return None
    options = (RULES, *found.strategies)
    now = st.query_params.get("how", "")
    how = st.radio(
        "How", options, format_func=lambda one: "Rules" if one == RULES else strategy_words(one).name,
        captions=[_RULES_LINE, *(strategy_words(one).line for one in found.strategies)],
        **_bound("how", now if now in options else RULES, lambda one: "" if one == RULES else one),
    )  # fmt: skip
    return None if how == RULES else How(how, with_what(found.settings))


def _without(found: Offer) -> None:
    """Rules alone; what else there would be is a line, no dead choice."""
    st.markdown(f"How  \n:material/rule: **Rules**: {_RULES_LINE}")
    if found.wrong:
        st.warning(
            f"No language model can be asked: {_ui.plain(found.wrong)} Rules work without.", icon=":material/key:"
        )
        _ui.link(_ui.SETTINGS, "See what is set", ":material/settings:")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            "With a key, a language model can judge instead: it also understands titles that rules can't place, and "
            "you see what it would cost before anything is asked.",
            width="content",
        )
        _ui.link(_ui.SETTINGS, "Set one up", ":material/key:")


def with_what(settings: Settings, leaves: str = _LEAVES) -> Settings:
    """The model and the limit of money, and what that means for the leads' data: ``leaves`` says what is sent."""
    first = settings.providers[0]
    left, right = st.columns(2)
    model = left.text_input(
        f"Model, at {asked_of(settings)}",
        max_chars=200,
        **_bound("model", st.query_params.get("model") or first.model, lambda one: _other(one, first.model)),
    )
    usual, limited = settings.max_usd, _number(st.query_params.get("limit"))
    limit = right.number_input(
        "Most it may cost, in dollars", min_value=0.0, step=1.0, format="%.2f",
        placeholder="no limit" if usual is None else f"{usual:,.2f}, as in Settings",
        **_bound("limit", usual if limited is None else limited, lambda one: "" if one is None else f"{one:g}"),
    )  # fmt: skip
    chosen = with_choice(settings, model, limit)
    first = chosen.providers[0]
    if stays_here(chosen):
        said = "It is asked at an address on this computer: nothing leaves it."
    else:
        said = f"{asked_of(chosen)} gets {leaves}. {NOT_TRIED}"
    unlimited = " No limit of money is set: it runs to its end." if chosen.max_usd is None else ""
    st.caption(_ui.plain(f"{first.model}: {price_told(first, first.model)}.{unlimited} {said}"))
    return chosen


def _other(said: str, usual: str) -> str:
    """A model that is not the usual one; "" for that."""
    return "" if said.strip() == usual else said.strip()


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if 0 <= value < 1e9 else None


def _bound(name: str, value: Any, said: Callable[[Any], str]) -> dict[str, Any]:
    """``key`` and ``on_change`` of a widget that shows ``value`` and writes the parameter ``name``; "" drops it."""
    key = f"rank_{name}"
    st.session_state[key] = value

    def write() -> None:
        told = said(st.session_state[key])
        if told:
            st.query_params[name] = told
        else:
            st.query_params.pop(name, None)

    return {"key": key, "on_change": write}

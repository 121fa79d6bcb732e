"""One real call to the language model on a click, and providers that are left alone, with a button that ends it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import streamlit as st

from pages import _ui
from ranker.llm.overview import Overview, health_of, trouble_words
from ranker.llm.settings import Settings
from ranker.store.engine import Database
from ranker.store.provider_states import load_states, reset_state

if TYPE_CHECKING:
    from ranker.llm.trial import Trial

_STATES = {
    "ok": ":gray-badge[:material/check: no trouble known]",
    "resting": ":orange-badge[:material/pause: left alone]",
    "out": ":red-badge[:material/error: out of order]",
}
_RUNGS = {
    "json_schema": "the strictest (a JSON schema)",
    "json_object": "JSON without a schema, which is checked here",
    "plain": "plain text, from which the JSON is read here",
}


def draw_button(told: Overview) -> bool:
    """The button; whether it was pressed."""
    help_ = "One real call with a made-up title, no lead. It costs a small part of a cent where the model costs money."
    return st.button("Test it", icon=":material/bolt:", key="model_test", disabled=not told.ready, help=help_)


def draw_test(database: Database, settings: Settings, told: Overview, tested: bool) -> None:
    """A test, if it was asked for; how the last one went, and how each provider does."""
    if tested:
        from ranker.llm.trial import try_provider  # it loads the client, which takes a second

        with st.spinner("Asking"), _ui.errors_shown():
            st.session_state["model_trial"] = try_provider(settings, database)
    trial = st.session_state.get("model_trial")
    if trial is not None:
        _say(trial)
    _health(database, settings, shown=told.ready)


def _say(trial: Trial) -> None:
    if trial.ok:
        served = f" (it calls itself {_ui.plain(trial.served)})" if trial.served not in {"", trial.model} else ""
        st.success(
            f"{_ui.plain(trial.title)}, {_ui.plain(trial.model)}{served} answers as it should.",
            icon=":material/check_circle:",
        )
        assert trial.rung is not None
        st.caption(f"{_took(trial)} Form of the answer: {_RUNGS[trial.rung]}.")
        return
    st.error(f"{_ui.plain(trial.told)} {_ui.plain(trial.way)}".strip(), icon=":material/error:")
    if trial.calls:
        st.caption(_took(trial))


def _took(trial: Trial) -> str:
    said = []
    if trial.latency_ms is not None:
        said.append(f"{trial.latency_ms / 1000:.1f} seconds" if trial.latency_ms >= 100 else "Less than 0.1 seconds")
    if trial.tokens_in is not None and trial.tokens_out is not None:
        said.append(f"{_ui.plural(trial.tokens_in, 'token')} in, {_ui.number(trial.tokens_out)} out")
    if trial.cost_usd is None:
        said.append("cost unknown")
    else:
        said.append(f"${trial.cost_usd:,.6f}" if trial.cost_usd else "no cost")
    if trial.calls > 1:
        said.append(f"{_ui.plural(trial.calls, 'request')}, some only to find out what the address can take")
    return f"{'; '.join(said)}.".replace("$", "\\$")


def _health(database: Database, settings: Settings, *, shown: bool) -> None:
    with database.session() as session:
        states = load_states(session)
    for provider, state in health_of(settings, states):
        if state.state == "ok" and not shown:
            continue
        name = f"Your own address, {provider.name.partition(':')[2]}" if ":" in provider.name else provider.preset.title
        st.markdown(f"**{_ui.plain(name)}** {_STATES[state.state]}")
        if state.state == "ok":
            continue
        st.caption(_ui.plain(trouble_words(state, time.time())))
        if st.button("Reset", icon=":material/restart_alt:", key=f"model_reset_{provider.name}", help="Ask it again"):
            reset_state(database, provider.name)
            st.session_state.pop("model_trial", None)  # what it said holds no more, and would contradict the reset
            st.rerun()

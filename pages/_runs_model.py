"""What a run with a language model was: how it judged, what it asked, what it cost, and who was not judged."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from pages._runs_money import STRATEGIES, asked_whom, dollars, known, strategy_of
from ranker.store.ai_calls import Spending
from ranker.store.engine import Database
from ranker.store.run_list import RunLine, asked_again

OUTCOMES = {
    "ok": "answered",
    "open": "under way, or lost",
    "rate": "told to slow down",
    "busy": "no room at the provider",
    "quota": "refused: no credit",
    "auth": "refused: the key",
    "model": "refused: no such model",
    "tier": "refused: the service tier",
    "request": "refused as invalid",
    "too_long": "too long",
    "server": "error at the provider",
    "network": "connection lost",
    "timeout": "took too long",
    "refused": "declined to answer",
    "filtered": "withheld by a filter",
    "cut": "cut off",
    "empty": "empty",
    "invalid": "of the wrong form",
    "unsupported": "asked again in another form",
}
"""How a call can end, in few words."""


def draw_model(database: Database, run: RunLine) -> None:
    """The lines about one run with a model."""
    from ranker.scoring.llm.report import cost_of, failures  # what it imports takes a second to load

    used = cost_of(database, run.id)
    _how(run)
    _cost(run)
    _asked(run, used)
    failed = failures(database, run.id)
    count = sum(one.leads for one in failed)
    if not count:
        return
    with st.container(border=True, key="runs_failed"):
        st.markdown(
            f"**{_ui.plural(count, 'lead')} could not be judged, because a call failed.** That is no verdict on them."
        )
        st.markdown("\n".join(f"- {_ui.number(one.leads)}: {_ui.plain(one.words)}" for one in failed))
        again = asked_again(database, run.id)
        if again:
            _ui.link(_ui.RUNS, f"Asked again in run {again[0]}", ":material/history:", run=again[0])
        if run.state == "done" and st.button("Ask only these again", icon=":material/replay:"):
            _ui.go(_ui.RANK, run=run.id)


def _how(run: RunLine) -> None:
    decided = run.decided
    meaning = STRATEGIES.get(decided.strategy, "")
    st.markdown(f"**{_ui.plain(strategy_of(decided))}**{f': {meaning}' if meaning else ''}")
    told = [_ui.plain(asked_whom(run))]
    if decided.temperature is not None:
        told.append(f"temperature {decided.temperature:g}")
    if decided.templates:
        versions = ", ".join(f"{task} {version[:8]}" for task, version in decided.templates.items())
        told.append(f"prompts {_ui.plain(versions)}")
    st.caption(" · ".join(told))


def _cost(run: RunLine) -> None:
    if run.cost is None:
        return
    told = [f"**Cost: {_ui.plain(known(run.cost))}**"]
    if run.usd_a_lead is not None:
        each = "sequence" if run.kind == "outreach" else "lead"
        told.append(f"{_ui.plain(dollars(run.usd_a_lead))} a {each}")
    if run.max_usd is not None:
        told.append(f"limit {_ui.plain(dollars(run.max_usd))}")
    st.markdown(" · ".join(told))
    if run.cost.unknown:
        most = f", at most {_ui.plain(dollars(run.cost.reserved))}" if run.cost.reserved else ""
        st.caption(f"What {_ui.plural(run.cost.unknown, 'call')} cost is not known{most}.")


def _asked(run: RunLine, used: Spending) -> None:
    told = []
    if used.calls:
        kinds = sorted(used.by_outcome, key=lambda one: (one[0] != "ok", -one[1], one[0]))
        ends = " + ".join(f"{_ui.number(count)} {OUTCOMES.get(kind, kind)}" for kind, count in kinds)
        told.append(f"{_ui.plural(used.calls, 'call')} = {ends}")
        cached = f" ({_ui.number(used.tokens_cached)} from the provider's cache)" if used.tokens_cached else ""
        told.append(f"{_ui.number(used.tokens_in)} tokens in{cached}, {_ui.number(used.tokens_out)} out")
    there, again = run.counts.get("calls_cached", 0), run.counts.get("retries", 0)
    if there or not used.calls:
        told.append(f"{_ui.plural(there, 'answer')} {'was' if there == 1 else 'were'} there already")
    if again:
        told.append(f"{_ui.plural(again, 'call')} had to be repeated")
    st.caption(" · ".join(told))

"""Two rankings beside each other: how each judged, what it cost, and how far they agree."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages import _ui
from pages._runs_money import cost_of, dollars, strategy_of
from pages._runs_one import persona_of
from ranker.evaluation.run_agreement import Agreement, agreement
from ranker.store.counter import leads_version
from ranker.store.engine import Database
from ranker.store.run_list import RunLine


def draw_agreement(database: Database, first: RunLine, second: RunLine) -> None:
    """A table of both, and what they agree on."""
    with database.session() as session:
        version = leads_version(session)
    if persona_of(first) == persona_of(second):
        st.caption(f"Both for {_ui.plain(persona_of(first))}.")
    found = _agreement(database, str(database.engine.url), first.id, second.id, version)
    st.dataframe(
        _table(first, second, found),
        hide_index=True,
        column_config={"": st.column_config.TextColumn(width=90)},
        alt="Both runs: how they judged, what they found and what they cost",
    )
    if found.share is None or found.chance is None:
        st.markdown("There is no lead that both judged.")
    else:
        _agreed(found, found.share, found.chance)
    _order(found)
    _apart(found)
    held = [f"{_ui.number(count)} in run {run.id}" for run in (first, second) if (count := run.counts.get("held", 0))]
    if held:
        st.caption(
            f"Leads on the do-not-contact list count here as they were judged, and are not among those to contact: "
            f"{', '.join(held)}."
        )


@st.cache_data(max_entries=20, show_spinner=False)
def _agreement(_database: Database, url: str, first: int, second: int, version: int) -> Agreement:
    """Finished runs never change, but leads can be deleted: ``version`` counts that."""
    return agreement(_database, first, second)


def _short(run: RunLine) -> str:
    """The model has a row of its own: ``Best for its price``."""
    called = strategy_of(run.decided).removeprefix("Model, ")
    return called[:1].upper() + called[1:]


def _table(first: RunLine, second: RunLine, found: Agreement) -> pd.DataFrame:
    sides = ((first, found.failed_first), (second, found.failed_second))
    rows = {
        "How": [_short(run) for run, _ in sides],
        "Model": [", ".join(run.decided.names) or "–" for run, _ in sides],
        "Persona": [persona_of(run) for run, _ in sides],
        "To contact": [_ui.number(run.counts.get("ranked", 0)) for run, _ in sides],
        "Failed": [_ui.number(failed + found.failed_both) for _, failed in sides],
        "Cost": [cost_of(run) for run, _ in sides],
        "A lead": [dollars(run.usd_a_lead) if run.usd_a_lead is not None else "–" for run, _ in sides],
        "Worked": [_ui.duration(run.seconds) for run, _ in sides],
    }
    if rows["Persona"][0] == rows["Persona"][1]:
        del rows["Persona"]  # told above
    if rows["Model"] == ["–", "–"]:
        del rows["Model"]
    if rows["Failed"] == ["0", "0"]:
        del rows["Failed"]
    if rows["A lead"] == ["–", "–"]:
        del rows["A lead"]
    columns = {f"Run {run.id}": [values[at] for values in rows.values()] for at, (run, _) in enumerate(sides)}
    return pd.DataFrame({"": list(rows)} | columns)


def _agreed(found: Agreement, share: float, chance: float) -> None:
    st.markdown(
        f"**Agreement: {share:.1%}** of {_ui.plural(found.judged, 'lead')} that both judged = "
        f"{_ui.number(found.both)} contacted in both + {_ui.number(found.neither)} in neither. The others: "
        f"{_ui.number(found.only_first)} only in the first, {_ui.number(found.only_second)} only in the second."
    )
    kappa = (
        ""
        if found.kappa is None
        else f" Cohen's kappa, where 0 is chance and 1 is agreement on all: {found.kappa:.2f}."
    )
    st.caption(f"Two that choose as many, each at random, would agree on {chance:.1%}.{kappa}")


def _order(found: Agreement) -> None:
    if found.tau is None:
        st.caption("No company has two leads contacted in both that both runs put in an order.")
        return
    where = _ui.plural(found.companies, "company", "companies")
    st.caption(
        f"Order of those contacted in both, on average over {where} with at least two: Kendall's tau-b "
        f"{found.tau:.2f} (1 is the same order, 0 none in common, -1 reversed)."
    )


def _apart(found: Agreement) -> None:
    told = []
    failed = found.failed_first + found.failed_second + found.failed_both
    if failed:
        told.append(f"{_ui.plural(failed, 'lead')} on which a call failed in one of them: that is no verdict")
    if found.unjudged:
        told.append(f"{_ui.plural(found.unjudged, 'lead')} with nothing to judge by, such as no job title")
    if told:
        st.caption(f"Left out of these figures: {'; '.join(told)}.")

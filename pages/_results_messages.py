"""What was written to a lead, beside the table of Results."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from pages._prospects_words import origin_of, state_of, tone_of
from pages._results_state import View
from ranker.outreach.prospect_detail import sequences_of_lead
from ranker.store.engine import Database
from ranker.store.lead_detail import LeadDetail

_MOST = 5
_TAKEN = ("q", "company", "size", "rank", "score", "department", "seniority", "flag", "review", "overruled", "exported")
"""The filters that hold on Outreach as well; whom nobody may write to is left out there anyway."""


def write_label(view: View) -> str:
    """The button: to those who were picked, or to those who match."""
    return f"Write to {_ui.number(len(view.picked))} picked" if view.picked else "Write to these"


def write_to(view: View) -> dict[str, str | int]:
    """The address of Outreach that means the same people, but for whoever may not be contacted."""
    if view.picked:
        return {"who": "picked", "pick": ",".join(map(str, view.picked))}
    kept = {name: st.query_params[name] for name in _TAKEN if st.query_params.get(name)}
    return {"who": "filter", **kept}


def draw_written(database: Database, lead: LeadDetail) -> None:
    """The newest sequences, the way to all of them, and to another one where this person may be contacted."""
    prospect, sequences = sequences_of_lead(database, lead.lead_id)
    may = lead.row is not None and lead.row.rank is not None
    if not sequences:
        if may and st.button("Write to them", icon=":material/edit_note:", key="results_write_one"):
            _ui.go(_ui.OUTREACH, lead=lead.lead_id)
        return
    with st.container(border=True, key="results_messages"):
        st.markdown(f"##### {_ui.plural(len(sequences), 'sequence')} of messages")
        for one in sequences[:_MOST]:
            who = f", {origin_of(one.origin, edited=one.edited).lower()}" if one.origin else ""
            told = f"Number {one.number}: {state_of(one)}{who}, {tone_of(one.tone, one.preset)}"
            st.caption(f"{_ui.plain_line(told)} · {_ui.ago(one.created_at)}")
        with st.container(horizontal=True):
            newest = sequences[0].id if sequences[0].state == "complete" else None
            if newest is not None:
                _ui.link(_ui.OUTREACH, "Read the newest", ":material/forum:", sequence=newest)
            _ui.link(_ui.PROSPECTS, "All of them", ":material/groups:", prospect=prospect)
            if may:
                _ui.link(_ui.OUTREACH, "Write another one", ":material/edit_note:", lead=lead.lead_id)

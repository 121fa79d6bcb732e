"""What was written to a lead, beside the table of Results."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from pages._prospects_words import origin_of, state_of, tone_of
from ranker.outreach.prospect_detail import sequences_of_lead
from ranker.store.engine import Database
from ranker.store.lead_detail import LeadDetail

_MOST = 5


def draw_written(database: Database, lead: LeadDetail) -> None:
    """The newest sequences, and the way to all of them; nothing where nothing was written."""
    prospect, sequences = sequences_of_lead(database, lead.lead_id)
    if prospect is None or not sequences:
        return
    with st.container(border=True, key="results_messages"):
        st.markdown(f"##### {_ui.plural(len(sequences), 'sequence')} of messages")
        for one in sequences[:_MOST]:
            who = f", {origin_of(one.origin, edited=one.edited).lower()}" if one.origin else ""
            told = f"Number {one.number}: {state_of(one)}{who}, {tone_of(one.tone, one.preset)}"
            st.caption(f"{_ui.plain_line(told)} · {_ui.ago(one.created_at)}")
        _ui.link(_ui.PROSPECTS, "Read them", ":material/mail:", prospect=prospect)

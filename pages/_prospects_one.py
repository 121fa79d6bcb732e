"""One prospect: who it is, whether they fit now, what a model noticed, and every sequence over time."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages import _ui
from pages._outreach_words import rest_words, source_words
from pages._prospects_words import cost_of, standing_of, state_of, tone_of, written_by
from pages._results_table import status_text
from ranker.outreach.facts import facts_of
from ranker.outreach.prospect_detail import KeptAnalysis, ProspectDetail, SequenceLine, prospect_detail
from ranker.outreach.sequence import Known
from ranker.store.engine import Database
from ranker.store.lead_detail import LeadDetail, lead_detail

_AT_ONCE = 10
"""Sequences that are shown before somebody asks for all."""


def draw_one(database: Database, prospect_id: int) -> None:
    """Everything about one prospect; one that is gone says so."""
    found = prospect_detail(database, prospect_id)
    row = found.row
    lead = lead_detail(database, row.lead_id) if row.lead_id is not None else None
    name = row.name or ("(no name)" if lead else "Somebody with a profile")
    st.title(_ui.plain(name), anchor=False)
    if lead is None:
        st.text(row.profile_url)
        st.info(
            "Only the address of a profile is known of this person, so messages can say nothing about them. Import a "
            "lead with this profile, and the two become one.",
            icon=":material/link:",
        )
    else:
        _lead(lead, row.profile_url)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _sequences(found, may=lead is None or (lead.row is not None and lead.row.rank is not None))
    with right:
        _analyses(found.analyses)
        _known(found.known)


def _lead(lead: LeadDetail, profile_url: str) -> None:
    """Who it is, and whether they fit now."""
    st.text(lead.fields["title"] or "(no title)")
    people = "1 person" if lead.company_size == "1" else f"{lead.company_size} people" if lead.company_size else ""
    parts = (lead.company, people, lead.fields["location"])
    st.caption(_ui.plain_line(" · ".join(part for part in (*parts, profile_url) if part)))
    if lead.suppressed:
        st.error(
            "On the do-not-contact list: nothing new is written, and nothing is exported.", icon=":material/block:"
        )
    row = lead.row
    with st.container(horizontal=True, vertical_alignment="center"):
        if row is None:
            st.markdown("Not ranked yet.")
        else:
            told = [f"Now: **{_ui.plain_line(status_text(row))}**"]
            told += [f"number **{row.rank}** in the company"] if row.rank is not None else []
            told += [f"score **{row.score:.1f}**"] if row.score is not None else []
            st.markdown(" · ".join(told))
            _ui.link(_ui.RESULTS, "See the lead on Results", ":material/checklist:", lead=lead.lead_id)
    if row is not None:
        st.text(row.reasoning)
        if row.status != "ranked" and not lead.suppressed:
            st.warning(
                "By the ranking of today this person is not to be contacted. Look at the lead before anything is sent.",
                icon=":material/warning:",
            )
        elif row.stale:
            st.caption(":material/update: Title, company or size changed since this verdict.")


def _sequences(found: ProspectDetail, *, may: bool) -> None:
    """``may``: whether this person may be contacted now."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader("Sequences", anchor=False, width="content")
        if may and st.button("Write another one", icon=":material/edit_note:", key="prospects_write"):
            row = found.row
            _ui.go(_ui.OUTREACH, lead=row.lead_id, url=None if row.lead_id else row.profile_url)
    st.caption(f"{standing_of(found.row.standing)} · {_ui.plural(found.row.sequences, 'sequence')}")
    edited = {one.parent: one.number for one in reversed(found.sequences) if one.parent}
    for one in found.sequences[:_AT_ONCE]:
        _sequence(one, edited.get(one.number))
    rest = found.sequences[_AT_ONCE:]
    if rest:
        with st.expander(f"{_ui.plural(len(rest), 'earlier one')}"):
            for one in rest:
                _sequence(one, edited.get(one.number))


def _sequence(one: SequenceLine, later: int | None) -> None:
    """``later``: the number of the newest version that a person made of it."""
    with st.container(border=True, key=f"prospects_sequence_{one.id}"):
        parent = f", from number {one.parent}" if one.parent else ""
        written = f" · {_ui.plain_line(written_by(one))}{parent}" if one.origin else ""
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"**Number {one.number}** · {state_of(one)}{written}", width="stretch")
            if one.state == "complete":
                _ui.link(_ui.OUTREACH, "Read", ":material/forum:", sequence=one.id)
            elif one.run_id is not None:
                _ui.link(_ui.OUTREACH, "Its run", ":material/forum:", run=one.run_id)
        if one.reason:
            st.markdown(f":material/error: {_ui.plain_line(one.reason)}")
        count = _ui.plural(one.messages, "message")
        if one.messages != one.wanted:
            count = f"{_ui.number(one.messages)} of {_ui.plural(one.wanted, 'message')}"
        told = [tone_of(one.tone, one.preset), count, cost_of(one), _asked(one)]
        if one.approved_at:
            told.append(f"approved {_ui.ago(one.approved_at)}{f' by {one.approved_by}' if one.approved_by else ''}")
        st.caption(_ui.plain_line(" · ".join(told)))
        if later is not None:
            st.caption(f":material/edit: Edited since as number {later}.")
        if one.outdated:
            st.caption(":material/update: Something of what is known of them, or of the verdict, changed since.")


def _asked(one: SequenceLine) -> str:
    way = {"api": " by the API", "command": " by the command line"}.get(one.made_by, "")
    return f"{_ui.ago(one.created_at)}{way}{f' by {one.who}' if one.who else ''}"


def _analyses(analyses: tuple[KeptAnalysis, ...]) -> None:
    st.subheader("What a model noticed", anchor=False)
    if not analyses:
        st.caption("No analysis is kept: no model was asked about this person. Templates need none.")
        return
    _analysis(analyses[0])
    for one in analyses[1:]:
        with st.expander(f"An earlier one, {_ui.ago(one.created_at)}"):
            _analysis(one)


def _analysis(one: KeptAnalysis) -> None:
    st.text(one.analysis.summary)
    if one.analysis.role:
        st.text(one.analysis.role)
    for signal in one.analysis.signals:
        inferred = signal.rests == "inferred"
        rests = "inferred" if inferred else f"from: {rest_words(signal.rests)}"
        sign = ":material/help:" if inferred else ":material/check:"
        st.markdown(f"{sign} {_ui.plain_line(signal.text)} *({_ui.plain_line(rests)})*")
    used = ", ".join(map(str, reversed(one.sequences)))
    told = [f"By {_ui.plain_line(one.analysis.model)}, {_ui.ago(one.created_at)}"]
    told += [f"used by sequence{'' if len(one.sequences) == 1 else 's'} {used}"] if used else []
    st.caption(" · ".join(told))


def _known(known: Known | None) -> None:
    """All that a message can speak of, and what of it a model would be told."""
    with st.expander("What a message can speak of"):
        if known is None or not known.sources:
            st.caption("Nothing: only an address is known.")
            return
        told = set(facts_of(known))
        st.dataframe(
            pd.DataFrame(
                {
                    "What": [source_words(one) for one in known.sources],
                    "Told to a model": ["yes" if one in told else "as a part of the persona" for one in known.sources],
                }
            ),
            hide_index=True,
            column_config={"What": st.column_config.TextColumn(width=330)},
            alt="What is known about this person, and what of it a model is told",
        )
        st.caption("Never told: the email address, the phone number and the profile’s address.")

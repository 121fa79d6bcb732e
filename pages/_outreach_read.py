"""One sequence to read: for whom, the thread, what the analysis says, what it cost."""

from __future__ import annotations

from html import escape

import streamlit as st

from pages import _ui
from pages._outreach_thread import thread
from pages._outreach_words import rest_words
from ranker.errors import RankerError
from ranker.outreach import refusals
from ranker.outreach.sequence_row import SequenceRow
from ranker.store.engine import Database
from ranker.store.lead_detail import LeadDetail, lead_detail


def draw_person(database: Database, row: SequenceRow) -> None:
    """Name, title, company, the rank there, and the way to all that is known of them."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(_ui.plain_line(row.name or row.profile_url or "(no name)"), anchor=False, width="content")
        for badge, colour, icon in badges(row):
            st.badge(badge, color=colour, icon=f":material/{icon}:")
    told = [part for part in (row.title, row.company) if part]
    if row.lead_id is None:
        told.append("only this address is known of them")
    st.text(" · ".join(told))
    lead = _lead(database, row.lead_id)
    if lead is not None and lead.row is not None and lead.row.rank is not None:
        score = "" if lead.row.score is None else f", score {lead.row.score:.1f}"
        st.caption(f"Number {lead.row.rank} in the company{score}: {_ui.plain_line(lead.row.reasoning)}")
    _ui.link(_ui.PROSPECTS, "All about this person", ":material/person:", prospect=row.prospect_id)
    if row.refused:
        st.error(
            f"{refusals.WORDS[row.refused]} As long as that is so, nothing is approved or exported.",
            icon=":material/block:",
        )
    if row.outdated:
        st.info(
            "Something of what is known of this person changed since it was written. Write another one to use it.",
            icon=":material/update:",
        )


def badges(row: SequenceRow) -> list[tuple[str, str, str]]:
    """(Words, colour, icon): its state, who wrote it, what a person did."""
    found = []
    if row.state == "failed":
        found.append(("Failed", "red", "error"))
    elif row.state == "waiting":
        found.append(("Waiting", "gray", "schedule"))
    elif row.origin == "fallback":
        found.append(("Fallback: a template", "orange", "warning"))
    elif row.origin == "template":
        found.append(("Template", "orange", "draft"))
    else:
        found.append(("By a model", "blue", "smart_toy"))
    if row.edited:
        found.append(("Edited", "gray", "edit"))
    if row.marked:
        found.append(("Something is invented", "red", "report"))
    if row.approved:
        found.append(("Approved", "green", "check_circle"))
    return found


def draw_thread(row: SequenceRow) -> None:
    """Who wrote it, as a line that nobody can overlook, then the messages."""
    if row.state == "failed":
        st.error(f"Nothing was written: {_ui.plain_line(row.reason)}", icon=":material/error:")
        return
    if row.state == "waiting":
        st.info("This one is still being written.", icon=":material/hourglass_top:")
        return
    if row.origin == "fallback":
        st.warning(
            f"**A template, not the model’s words.** The call failed: {_ui.plain_line(row.reason)}",
            icon=":material/warning:",
        )
    elif row.origin == "template":
        st.warning("**A template, not written by a model.** It is filled from what is known of this person.",
                   icon=":material/draft:")  # fmt: skip
    st.html(thread(row.messages, row.origin or "", edited=row.edited))


def draw_behind(row: SequenceRow) -> None:
    """The thinking, the analysis, what was known, what it cost."""
    if row.state != "complete":
        return
    with st.expander("Why it is written so", icon=":material/psychology:"):
        if row.summary:
            st.text(row.summary)
        _analysis(row)
        _asked(row)
    st.caption(cost_line(row))


def _analysis(row: SequenceRow) -> None:
    found = row.analysis
    if found is None:
        if row.origin != "model":
            st.caption("There is no analysis: no model was asked.")
        return
    st.markdown("##### What the model made of them")
    st.text(found.summary)
    st.text(f"Role: {found.role}")
    if found.signals:
        signals = "".join(
            f"<li>{escape(one.text)} <small>({escape(rest_words(one.rests))})</small></li>" for one in found.signals
        )
        st.html(f"<ul>{signals}</ul>")


def _asked(row: SequenceRow) -> None:
    st.markdown("##### What was asked for")
    for name, words in row.tone.words().items():
        st.caption(f"{name.capitalize()} {getattr(row.tone, name):.2f}: {words}")
    if row.preset:
        st.caption(f"Tone copied from “{_ui.plain_line(row.preset)}”")
    st.caption("About us:")
    st.text(row.context)


def cost_line(row: SequenceRow) -> str:
    """Which model, calls, tokens and dollars; what was asked again; who and when."""
    told = []
    if row.origin == "model":
        told.append(_ui.plain_line(row.model))
    used = row.usage
    if used.calls:
        told.append(_ui.plural(used.calls, "call"))
        told.append(f"{_ui.number(used.tokens_in)} tokens in, {_ui.number(used.tokens_out)} out")
        told.append("cost unknown" if used.usd is None else _ui.dollars(used.usd, 4) if used.usd else "free")
    else:
        told.append("no call, free")
    if row.asked_again:
        told.append(f"asked again {_ui.plural(row.asked_again, 'time')}")
    told.append(f"{_ui.ago(row.ended_at or row.created_at)}{_ui.by(row.who)}")
    return " · ".join(told)


def _lead(database: Database, lead_id: int | None) -> LeadDetail | None:
    if lead_id is None:
        return None
    try:
        return lead_detail(database, lead_id)
    except RankerError:  # deleted a moment ago
        return None

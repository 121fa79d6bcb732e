"""The left side: for whom, in which tone, about us, how many, how; what that means; one button."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages import _ui
from pages._outreach_about import choose_about, choose_messages
from pages._outreach_cost import button_words, draw_estimate, estimated
from pages._outreach_how import How, choose_how
from pages._outreach_state import View, change
from pages._outreach_tone import choose_tone
from pages._outreach_who import Whom, choose_whom
from pages._rank_cost import refused
from ranker.outreach import choice, outreach_run
from ranker.outreach.outreach_queries import last_context
from ranker.outreach.sequence import Request
from ranker.store.engine import Database
from ranker.who import who


@dataclass(frozen=True, slots=True)
class Asked:
    """What the left side says now: the request, and how it would be written."""

    request: Request
    how: How


def draw_start(database: Database, view: View) -> Asked:
    """The form; its button is the one thing to do next."""
    whom = choose_whom(database, view)
    tone, preset = choose_tone(database, view)
    about = choose_about(last_context(database))
    messages = choose_messages(view)
    how = choose_how()
    request = Request(tone, about, messages, how.fallback, preset)
    label, possible = _label(whom, how, request)
    if st.button(
        label, type="primary", icon=":material/edit_note:", key="outreach_start",
        disabled=not possible or not whom.count or not about,
    ):  # fmt: skip
        with _ui.errors_shown():
            run_id = begin(database, whom, request, how)
            change(run=run_id, sequence=None, beside=None, another=None, show=None)
            st.rerun()
    return Asked(request, how)


def _label(whom: Whom, how: How, request: Request) -> tuple[str, bool]:
    """What the button says, and whether anything can be written so; for a model what it takes stands above it."""
    people = _ui.plural(whom.count, "person", "people")
    if not whom.count:
        return "Nobody to write to", False
    model = how.model()
    if model is None:
        return f"Fill templates for {people}", True
    possible = not refused(model)
    if not whom.lead_ids and possible:
        st.caption(
            "Nobody asks who this is, as nothing is known of them: one call writes, or a few if it has to be asked "
            "again. What that costs is not counted before."
        )
    if not whom.lead_ids or not possible:
        return f"Write to {people}", possible
    limit, found = model.settings.max_usd, estimated(request, model, whom.lead_ids)
    draw_estimate(found, limit, model.settings.providers[0].model_for("write"))
    return f"Write to {people} ({button_words(found, limit)})", True


def begin(database: Database, whom: Whom, request: Request, how: How) -> int:
    """Start the run (two clicks start one), and give its number."""
    if whom.url:
        prospects: tuple[int, ...] = (choice.by_url(database, whom.url).id,)
    else:
        with database.write() as session:
            prospects = choice.make(session, whom.lead_ids)
    return outreach_run.start(database, prospects, request, how.model(), who=who())

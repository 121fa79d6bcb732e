"""A prompt as it would be sent about a company of yours, for a persona: both parts, and how long they are."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from pages import _ui
from pages._prompts_text import draw_sent
from pages._prompts_writing import draw_about
from pages._rank_start import usual_persona
from ranker.ingest.sample import sample_company
from ranker.outreach import preview
from ranker.personas.catalog import PersonaText, list_personas, live_version
from ranker.scoring.llm.preview import KEPT_FROM, Sent, can_be_sent, sent
from ranker.store.company_leads import ToldLead, company_leads, usual_company
from ranker.store.engine import Database
from ranker.store.home_queries import company_names, find_companies

_OF_OPTIMIZING = {"critique", "edit"}
_MOST_COMPANIES = 200
"""As many are offered before one has to search."""


def draw_rendered(database: Database, task: str, content: str) -> None:
    """Company and persona to choose, then what is sent about them; both stand in the address."""
    st.subheader("As it is sent", anchor=False)
    if task in _OF_OPTIMIZING:
        st.caption("Optimizing with a model asks with this prompt, about errors on labelled leads and no company.")
        return
    if preview.can_be_sent(task):
        draw_about(database, task, content)
        return
    if not can_be_sent(task):
        st.caption("No strategy of this ranker asks with this prompt, so there is nothing to show.")
        return
    left, right = st.columns(2)
    with left:
        persona = _persona(database)
    with right:
        leads = _leads(database)
    with _ui.errors_shown():
        found = sent(persona, task, content, leads)
        if found is None:
            st.info("A model would be asked about nobody at this company. Choose another.", icon=":material/info:")
            return
        _figures(found)
        above, below = st.columns(2, gap="medium")
        with above:
            st.markdown(f"**The same for all leads of this size** · about {_ui.number(found.system_tokens)} tokens")
            draw_sent(found.system, "prompts_system")
        with below:
            st.markdown(f"**This company’s leads** · about {_ui.number(found.user_tokens)} tokens")
            draw_sent(found.user, "prompts_user")


def _persona(database: Database) -> PersonaText:
    personas = list_personas(database)
    wanted = _ui.parameter("persona")
    key = f"prompts_persona-{wanted}"
    chosen = st.selectbox(
        "For which persona", personas, index=usual_persona(personas, wanted), key=key,
        format_func=lambda one: one.name, on_change=lambda: _keep("persona", st.session_state[key].id),
    )  # fmt: skip
    return live_version(database, chosen.id)


def _leads(database: Database) -> list[ToldLead]:
    """The leads of the company that is chosen; before there are leads, of one in the sample."""
    wanted = _ui.parameter("company")
    number = wanted if wanted is not None and company_names(database, [wanted]) else usual_company(database)
    if number is None:
        rows = sample_company()
        st.info(
            f"There are no leads yet, so this is “{_ui.plain(rows[0]['company'])}” of the sample.",
            icon=":material/info:",
        )
        _ui.link(_ui.IMPORT, "Import leads", icon=":material/upload_file:")
        return [ToldLead(*(row.get(name, "") for name in ToldLead._fields)) for row in rows]
    search = st.session_state.get("prompts_search", "")
    names = company_names(database, [number]) | find_companies(database, search, limit=_MOST_COMPANIES)
    several = Counter(names.values())  # a choice is known by its label, so that no two may be the same
    labels = {one: name if several[name] == 1 else f"{name} ({one})" for one, name in names.items()}
    key = f"prompts_company-{number}"
    st.selectbox(
        "About which company", list(names), index=list(names).index(number), key=key,
        format_func=lambda one: labels.get(one, "?"), on_change=lambda: _keep("company", st.session_state[key]),
    )  # fmt: skip
    if len(names) >= _MOST_COMPANIES or search:
        st.text_input("Find a company", key="prompts_search", placeholder="A part of its name or web address")
    return company_leads(database, number)


def _keep(name: str, number: int) -> None:
    st.query_params[name] = str(number)


def _figures(found: Sent) -> None:
    told = [f"One request about {_ui.plural(found.leads, 'lead')} at “{_ui.plain(found.size)}”"]
    if found.others:
        told.append(f"{_ui.plural(found.others, 'lead')} more in further requests, or like one of these")
    if found.unjudged:
        told.append(f"{_ui.plural(found.unjudged, 'lead')} without a usable title, not asked about")
    if found.ruled_out:
        told.append(f"{_ui.plural(found.ruled_out, 'lead')} ruled out by rules before, not asked about")
    told.append(f"about {_ui.number(found.system_tokens + found.user_tokens)} tokens, a token taken as four bytes")
    st.caption(" · ".join(told))
    if found.kept:
        st.caption(
            f":material/check: The part that stays the same has {_ui.number(KEPT_FROM)} tokens and more, so providers "
            "can keep it and charge less for it."
        )
    else:
        st.warning(
            f"The part that stays the same has about {_ui.number(found.system_tokens)} tokens. Providers keep one from "
            f"{_ui.number(KEPT_FROM)} on, so each request pays for all of it.",
            icon=":material/warning:",
        )

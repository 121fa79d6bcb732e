"""A prompt of outreach as it would be sent about a person of yours: both parts, and how long they are."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from pages import _ui
from pages._prompts_text import draw_sent
from ranker.outreach.known import known_of, known_of_lead
from ranker.outreach.preview import SentToWrite, sent_about
from ranker.outreach.prospect_detail import prospect_detail
from ranker.outreach.prospect_list import ProspectFilters, page_prospects
from ranker.outreach.sequence import Analysis, Known, Request
from ranker.outreach.tone import Tone
from ranker.store import results
from ranker.store.engine import Database
from ranker.store.filters import Filters

_MOST = 200
"""As many people are offered before one has to search."""
_ABOUT_US = "(The text about us stands here.)"


def draw_about(database: Database, task: str, content: str) -> None:
    """A person to choose, then what is sent about them; the person stands in the address."""
    search = str(st.session_state.get("prompts_person_search", "")).strip()
    people = _people(database, search)
    wanted = st.query_params.get("person", "")
    if wanted and wanted not in people and _known(database, wanted):
        people = {wanted: _name(database, wanted), **people}
    if not people and not search:
        st.info("Nobody is ranked yet. Rank leads, and this shows what is sent about one of them.",
                icon=":material/info:")  # fmt: skip
        _ui.link(_ui.RANK, "Rank leads", icon=":material/sort:")
        return
    left, right = st.columns(2)
    with left:
        if people:
            key = f"prompts_person-{wanted}"
            chosen = st.selectbox(
                "About whom", list(people), index=list(people).index(wanted) if wanted in people else 0, key=key,
                format_func=lambda one: people.get(one, "?"),
                on_change=lambda: st.query_params.update({"person": st.session_state[key]}),
            )  # fmt: skip
        else:
            chosen = ""
            st.info("Nobody has this name, title or company.", icon=":material/search_off:")
    if len(people) >= _MOST or search:
        right.text_input("Find a person", key="prompts_person_search", placeholder="Name, title or company")
    known = _known(database, chosen)
    if known is None:
        return
    request, analysis = _before(database, chosen)
    with _ui.errors_shown():
        found = sent_about(task, content, known, request, analysis)
        _figures(task, found, analysis)
        same = "the same for everybody at companies of this size" if task == "analyse" else "the same for everybody"
        above, below = st.columns(2, gap="medium")
        with above:
            st.markdown(f"**{same[:1].upper()}{same[1:]}** · about {_ui.number(found.system_tokens)} tokens")
            draw_sent(found.system, "prompts_system")
        with below:
            st.markdown(f"**About this person** · about {_ui.number(found.user_tokens)} tokens")
            draw_sent(found.user, "prompts_user")


def _people(database: Database, search: str) -> dict[str, str]:
    """``p4`` (a prospect) or ``l7`` (a lead) → name; prospects first, and leads to contact where there are none."""
    found = page_prospects(database, ProspectFilters(search), limit=_MOST)
    names = {f"p{one.id}": _told(one.name or one.profile_url, one.title, one.company) for one in found.rows}
    if not found.total:
        best = results.page(
            database, Filters(search, statuses=("ranked",), suppressed=False), sort="score", descending=True,
            limit=_MOST,
        )  # fmt: skip
        names = {f"l{one.lead_id}": _told(one.name, one.title, one.company) for one in best.rows}
    several = Counter(names.values())  # a choice is known by its label, so that no two may be the same
    return {one: name if several[name] == 1 else f"{name} ({one[1:]})" for one, name in names.items()}


def _told(name: str, title: str, company: str) -> str:
    return ", ".join(part for part in (name or "(no name)", title, company) if part)


def _known(database: Database, person: str) -> Known | None:
    if not person[1:].isdecimal() or len(person) > 11:
        return None
    with database.session() as session:
        if person[0] == "p":
            return known_of(session, [int(person[1:])]).get(int(person[1:]))
        return known_of_lead(session, int(person[1:]))


def _name(database: Database, person: str) -> str:
    known = _known(database, person)
    assert known is not None
    return _told(known.value("full_name") or known.profile_url, known.value("title"), known.value("company"))


def _before(database: Database, person: str) -> tuple[Request, Analysis | None]:
    """What was asked for last for this person, and the analysis that is kept; else the usual."""
    if person[0] != "p":
        return Request(Tone(), _ABOUT_US), None
    found = prospect_detail(database, int(person[1:]))
    last = found.sequences[0] if found.sequences else None
    analysis = found.analyses[0].analysis if found.analyses else None
    if last is None:
        return Request(Tone(), _ABOUT_US), analysis
    return Request(last.tone, last.context or _ABOUT_US, max(1, last.wanted)), analysis


def _figures(task: str, found: SentToWrite, analysis: Analysis | None) -> None:
    told = [f"about {_ui.number(found.system_tokens + found.user_tokens)} tokens, a token taken as four bytes"]
    if task == "write":
        kept = "the analysis is the one that is kept" if analysis else "no analysis is kept yet"
        told.append(f"tone, number and “About us” as they were asked for last; {kept}")
    st.caption(" · ".join(told))
    if found.nobody:
        st.info("Only an address is known of this person, so a model would not be asked who they are.",
                icon=":material/info:")  # fmt: skip

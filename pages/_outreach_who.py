"""For whom: the best of each company, what a filter leaves, one lead, or the address of a profile."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages import _ui
from pages._outreach_state import DEFAULT_TOP, FINER, MOST_TOP, View, bound, change
from pages._results_state import SIZES, size_name
from ranker.errors import RankerError
from ranker.outreach import refusals
from ranker.outreach.choice import REASONS, WORDS, Choice, Chosen, Skip, choose
from ranker.outreach.profile_url import profile_of
from ranker.outreach.prospects import lead_of_profile
from ranker.store.engine import Database
from ranker.store.lead_detail import lead_detail

_LABELS = {
    "top": "Best per company", "filter": "A filter", "picked": "Picked on Results", "lead": "One lead",
    "url": "A profile",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Whom:
    """Leads to write to, or one address that no lead has."""

    lead_ids: tuple[int, ...] = ()
    url: str = ""

    @property
    def count(self) -> int:
        """How many people that is."""
        return len(self.lead_ids) or int(bool(self.url))


def choose_whom(database: Database, view: View) -> Whom:
    """What the address says; at once how many that is, and who is left out and why."""
    st.markdown("##### For whom")
    missing = {"lead": view.lead is None, "picked": not view.picked}
    options = [name for name in _LABELS if not missing.get(name)]
    given = bound("who", view.who if view.who in options else "top", lambda name: "" if name == "top" else name)
    st.segmented_control(
        "For whom", options, format_func=_LABELS.__getitem__, required=True, label_visibility="collapsed", **given
    )
    if view.who == "url":
        return _profile(database, view)
    if view.who == "lead":
        return _one(database, view)
    if view.who == "top":
        st.number_input(
            "People a company, at most", 1, MOST_TOP, step=1,
            **bound("top", view.top, lambda value: "" if value == DEFAULT_TOP else value),
        )  # fmt: skip
        st.caption("People who share the last place come along.")
        with st.expander("Only some of them", expanded=_narrowed(view)):
            _filters(view)
    elif view.who == "filter":
        _filters(view)
    st.checkbox(
        "Leave out who has a sequence already",
        **bound("again", view.skip, lambda skip: "" if skip else "1"),
    )
    skip: Skip = "any" if view.skip else ""
    if view.who == "picked":
        return _told(choose(database, Choice(lead_ids=view.picked, skip=skip)))
    choice = Choice(view.filters, view.top if view.who == "top" else None, skip=skip)
    return _told(choose(database, choice))


def _narrowed(view: View) -> bool:
    return bool(view.filters.search or view.filters.company or view.sizes or view.finer)


def _filters(view: View) -> None:
    st.text_input(
        "Search", placeholder="Name, title or company", icon=":material/search:", **bound("q", view.filters.search)
    )
    st.text_input("Company", placeholder="Part of its name", **bound("company", view.filters.company))
    st.pills(
        "People at the company", list(SIZES), selection_mode="multi", format_func=size_name,
        **bound("size", list(view.sizes), ",".join),
    )  # fmt: skip
    if view.finer:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f":material/filter_alt: Also narrowed by {_ui.plural(view.finer, 'filter')} of Results.")
            st.button("Take them out", type="tertiary", on_click=change, kwargs=dict.fromkeys(FINER))


def _told(found: Chosen) -> Whom:
    """``14 people at 8 companies``, and the sum over all that were looked at."""
    where = _ui.plural(found.companies, "company", "companies")
    st.markdown(f"**= {_ui.plural(len(found.lead_ids), 'person', 'people')} at {where}**")
    left_out = [f"{_ui.number(found.left_out[one])} {WORDS[one]}" for one in REASONS if found.left_out.get(one)]
    if left_out:
        parts = " + ".join([f"{_ui.number(len(found.lead_ids))} chosen", *left_out])
        st.caption(f"{_ui.plural(found.looked_at, 'lead')} = {parts}.")
    if not found.lead_ids and found.left_out.get("has_sequence"):
        st.button(
            f"Write others for these {_ui.number(found.left_out['has_sequence'])}", icon=":material/refresh:",
            on_click=change, kwargs={"again": "1"},
        )  # fmt: skip
    return Whom(found.lead_ids)


def _one(database: Database, view: View) -> Whom:
    """The lead in the address, if they may be contacted; another sequence for them is nothing to skip."""
    if view.lead is None:
        return Whom()
    try:
        lead = lead_detail(database, view.lead)
    except RankerError as error:
        st.error(_ui.plain_line(error.message), icon=":material/error:")
        return Whom()
    name = lead.fields["full_name"] or "(no name)"
    st.text(f"{name}\n{' · '.join(part for part in (lead.fields['title'], lead.company) if part)}")
    st.button("Choose others", icon=":material/groups:", on_click=change, kwargs={"lead": None, "who": None})
    found = choose(database, Choice(lead_ids=(view.lead,)))
    for reason in found.left_out:
        st.warning(refusals.WORDS.get(reason, "This lead is not there any more."), icon=":material/block:")
    return Whom(found.lead_ids)


def _profile(database: Database, view: View) -> Whom:
    """A typed address: one prospect, or what is wrong with it under the field."""
    st.text_input(
        "Address of a LinkedIn profile", placeholder="https://www.linkedin.com/in/name", max_chars=600,
        **bound("url", view.url),
    )  # fmt: skip
    if not view.url.strip():
        return Whom()
    try:
        profile = profile_of(view.url)
    except RankerError as error:
        st.error(_ui.plain_line(error.message), icon=":material/error:")
        return Whom()
    with database.session() as session:
        lead_id = lead_of_profile(session, profile)
        refused = refusals.of_profile(session, profile) if lead_id is None else None
    if refused is not None:
        st.warning(refusals.WORDS[refused], icon=":material/block:")
        return Whom()
    if lead_id is not None:
        lead = lead_detail(database, lead_id)
        st.text(f"{lead.fields['full_name'] or '(no name)'} · {lead.fields['title']} · {lead.company}")
        found = choose(database, Choice(lead_ids=(lead_id,)))
        for reason in found.left_out:
            st.warning(refusals.WORDS.get(reason, reason), icon=":material/block:")
        return Whom(found.lead_ids)
    st.info(
        "No lead has this profile, so nothing is known of this person but the address: the messages can say nothing "
        "about them.", icon=":material/info:",
    )  # fmt: skip
    return Whom(url=view.url)

"""A persona's other version is in use since these leads were ranked: what ranking them again would move."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from ranker.personas.catalog import get_version
from ranker.scoring.persona_preview import MOST_LEADS, leads_state, preview, seconds
from ranker.scoring.variants import engine_of
from ranker.store.engine import Database
from ranker.store.outdated import Outdated, companies_judged_by, outdated

AT_ONCE = 2_000
"""Leads up to which the numbers are there without a click."""
MOST = MOST_LEADS
"""Leads that are judged at most."""
Counts = tuple[int, int, int, int | None]
"""Leads that come in, go out and move; how many were judged, where that is not all of them."""


def draw_outdated(database: Database) -> None:
    """Nothing where the ranking is by the version in use."""
    found = outdated(database)
    if found is None:
        return
    with st.container(border=True, key="results_outdated"), _ui.errors_shown():
        asked = f"results_outdated-{found.old_id}-{found.live_id}"
        counts = None
        if not found.with_model and (found.leads <= AT_ONCE or st.session_state.get(asked)):
            with st.spinner("Judging the leads by both versions…"):
                counts = _counted(_key(database, found), database, found)
        st.markdown(f":material/update: {_said(found, counts)}")
        with st.container(horizontal=True, vertical_alignment="center"):
            if counts is None and not found.with_model:
                st.button(
                    f"See what would move, {_ui.duration(seconds(database, found.leads))}",
                    icon=":material/calculate:", key="results_outdated_see",
                    on_click=st.session_state.update, args=({asked: True},),
                )  # fmt: skip
            if st.button("Rank again", icon=":material/sort:", key="results_outdated_rank"):
                _ui.go(_ui.RANK, who="all", persona=found.persona_id)
            _ui.link(
                _ui.PERSONAS, "What changed", ":material/difference:", version=found.live_id, **{"with": found.old_id}
            )  # fmt: skip


def _said(found: Outdated, counts: Counts | None) -> str:
    name = f" of “{_ui.plain(found.persona)}”" if found.leads < found.all_leads else ""
    ranked = f"{_ui.plural(found.leads, 'lead')} {'is' if found.leads == 1 else 'are'} ranked by version {found.old}"
    if counts is None:
        model = " A language model judged them, so what would move shows only when it is asked again."
        return f"**Version {found.live}{name} is live**, and {ranked}.{model if found.with_model else ''}"
    came, went, moved, part = counts
    of = (
        ""
        if part is None
        else f" Counted at {_ui.plural(part, 'lead')}, a part of them: whole companies, chosen by a fixed rule."
    )
    if not (came or went or moved):
        return f"**With version {found.live}{name} live nothing would change** for what is ranked by {found.old}.{of}"
    told = ", ".join(
        f"{_ui.number(count)} {one if count == 1 else many}"
        for count, one, many in (
            (came, "comes in", "come in"), (went, "goes out", "go out"), (moved, "moves", "move"),
        )
    )  # fmt: skip
    until = f"{ranked[:1].upper()}{ranked[1:]} until you rank again."
    return f"**With version {found.live}{name} live: {told}.**{of} {until}"


def _key(database: Database, found: Outdated) -> tuple[str, str, int, int]:
    return str(database.engine.url), leads_state(database), found.old_id, found.live_id


@st.cache_data(max_entries=20, show_spinner=False)
def _counted(key: tuple[str, str, int, int], _database: Database, _found: Outdated) -> Counts:
    old, new = (engine_of(get_version(_database, one)) for one in (_found.old_id, _found.live_id))
    companies = companies_judged_by(_database, _found.old_id)
    told = preview(_database, old, new, MOST, companies)
    part = None if told.whole else told.judged
    return len(told.of("in")), len(told.of("out")), len(told.of("moved")), part

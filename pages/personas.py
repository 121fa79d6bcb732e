"""Personas: whom each one looks for, where it is used, what of its text was understood, and what it says of a title."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from pages._personas_text import draw_text, draw_understood
from pages._personas_try import draw_try
from ranker.personas.catalog import PersonaText, get_version, list_personas, list_versions, live_version, seed_personas
from ranker.personas.describe import describe
from ranker.scoring.rank_run import engine_of
from ranker.store.engine import Database
from ranker.store.persona_usage import Usage, persona_usage


def main() -> None:
    database = _ui.database()
    seed_personas(database)
    chosen, version = _ui.parameter("persona"), _ui.parameter("version")
    if version is not None:
        _one(database, get_version(database, version))
    elif chosen is not None:
        _one(database, live_version(database, chosen))
    else:
        _list(database)


def _list(database: Database) -> None:
    st.title("Personas", anchor=False)
    st.markdown("A persona says in plain text whom to contact, at which size of company, and whom to leave alone.")
    usage = persona_usage(database)
    for persona in list_personas(database):
        used = usage.get(persona.live_version_id, Usage())
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"persona_{persona.id}"):
            with st.container():
                st.markdown(f"**{_ui.plain(persona.name)}**")
                st.caption(f"Version {persona.live_version} of {persona.versions} is in use · {_used(used)}")
            if st.button("Read and try", icon=":material/person_search:", key=f"open_{persona.id}"):
                st.query_params["persona"] = str(persona.id)
                st.rerun()


def _used(used: Usage) -> str:
    if not used.runs:
        return "no run yet"
    told = f"{_ui.plural(used.runs, 'run')}, the last {_ui.ago(used.last_at)}"
    return f"{told} · decides on {_ui.plural(used.leads, 'lead')} now" if used.leads else told


def _one(database: Database, persona: PersonaText) -> None:
    _head(database, persona)
    engine = engine_of(persona)
    draw_try(engine)
    described = describe(
        persona.content, engine.persona.spec, threshold=engine.persona.threshold, unread=engine.persona.unread
    )
    left, right = st.columns(2, gap="large")
    with left:
        draw_text(described)
    with right:
        draw_understood(described)


def _head(database: Database, persona: PersonaText) -> None:
    if st.button("All personas", icon=":material/arrow_back:", type="tertiary"):
        st.query_params.clear()
        st.rerun()
    versions = {one.id: one for one in list_versions(database, persona.persona_id)}
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.title(persona.name, anchor=False)
        if len(versions) > 1:
            st.selectbox(
                "Version",
                list(versions),
                index=list(versions).index(persona.id),
                format_func=lambda one: f"{versions[one].version}{' (in use)' if versions[one].live else ''}",
                key="personas_version",
                on_change=lambda: st.query_params.update({"version": str(st.session_state["personas_version"])}),
                width=200,
            )
    used = persona_usage(database).get(persona.id, Usage())
    state = "in use" if persona.live else "not in use"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"Version {persona.version}, {state} · {_used(used)}")
        if persona.live:
            _ui.link(_ui.RANK, "Rank leads", icon=":material/sort:", persona=persona.persona_id)
        if used.last_run is not None:
            _ui.link(_ui.RUNS, "Its last run", icon=":material/history:", run=used.last_run)


with _ui.errors_shown():
    main()

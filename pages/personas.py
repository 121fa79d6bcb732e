"""Personas: whom each one looks for, where it is used; read, edit, try, compare, and put to use."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from pages._personas_changes import draw_comparison
from pages._personas_edit import draw_edit
from pages._personas_new import draw_new
from pages._personas_read import draw_read
from pages._personas_state import open_draft, open_list, open_new, used_words
from ranker.personas.catalog import get_version, list_personas, live_version, seed_personas
from ranker.personas.drafts import Draft, get_draft, list_drafts
from ranker.personas.versions import unarchive
from ranker.store.engine import Database
from ranker.store.persona_usage import Usage, persona_usage


def main() -> None:
    database = _ui.database()
    seed_personas(database)
    version, other = _ui.parameter("version"), _ui.parameter("with")
    draft, persona = _ui.parameter("draft"), _ui.parameter("persona")
    if draft is not None:
        draw_edit(database, get_draft(database, draft))
    elif "new" in st.query_params:
        draw_new(database)
    elif version is not None and other is not None:
        draw_comparison(get_version(database, other), get_version(database, version))
    elif version is not None:
        draw_read(database, get_version(database, version))
    elif persona is not None:
        draw_read(database, live_version(database, persona))
    else:
        _list(database)


def _list(database: Database) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.title("Personas", anchor=False)
        st.button("New persona", icon=":material/add:", type="primary", on_click=open_new)
    st.markdown("A persona says in plain text whom to contact, at which size of company, and whom to leave alone.")
    usage = persona_usage(database)
    for draft in list_drafts(database, None):
        _unsaved(draft)
    for persona in list_personas(database):
        used = usage.get(persona.live_version_id, Usage())
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"persona_{persona.id}"):
            with st.container():
                drafts = len(list_drafts(database, persona.id))
                unsaved = f" :orange-badge[:material/edit_note: {_ui.plural(drafts, 'draft')} not saved]"
                st.markdown(f"**{_ui.plain(persona.name)}**{unsaved if drafts else ''}")
                st.caption(f"Version {persona.live_version} of {persona.versions} is in use · {used_words(used)}")
            if st.button("Open", icon=":material/person_search:", key=f"open_{persona.id}"):
                st.query_params["persona"] = str(persona.id)
                st.rerun()
    _archived(database)


def _unsaved(draft: Draft) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"draft_{draft.id}"):
        with st.container():
            name = _ui.plain(draft.name or "A new persona")
            st.markdown(f"**{name}** :orange-badge[:material/edit_note: Not saved yet]")
            st.caption(f"Last change {_ui.ago(draft.updated_at)}")
        st.button("Go on", icon=":material/edit:", key=f"go_on_{draft.id}", on_click=open_draft, args=(draft.id,))


def _archived(database: Database) -> None:
    away = list_personas(database, archived=True)
    if not away:
        return
    with st.expander(f"Archive: {_ui.plural(len(away), 'persona')} not offered for ranking"):
        for persona in away:
            with st.container(horizontal=True, vertical_alignment="center", key=f"away_{persona.id}"):
                st.markdown(_ui.plain(persona.name))
                if st.button("Look", key=f"open_{persona.id}", type="tertiary"):
                    st.query_params["persona"] = str(persona.id)
                    st.rerun()
                if st.button("Bring back", icon=":material/unarchive:", key=f"back_{persona.id}"):
                    unarchive(database, persona.id)
                    st.rerun()


with _ui.errors_shown():
    if _ui.parameter("persona") or _ui.parameter("version") or _ui.parameter("draft") or "new" in st.query_params:
        st.button("All personas", icon=":material/arrow_back:", type="tertiary", on_click=open_list)
    main()

"""One version of a persona: its text, what was understood, what it says of titles, and putting it to use."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from pages._personas_live import draw_preview
from pages._personas_state import (
    attempt,
    draw_told,
    open_comparison,
    open_draft,
    open_list,
    open_version,
    tell,
    used_words,
    who,
)
from pages._personas_text import draw_text, draw_understood
from pages._personas_try import draw_try
from pages._versions import beside
from ranker.personas.catalog import PersonaText, is_archived, list_versions
from ranker.personas.describe import describe
from ranker.personas.drafts import discard, list_drafts, start_draft
from ranker.personas.starting import file_name
from ranker.personas.versions import archive, make_live, unarchive
from ranker.scoring.variants import engine_of
from ranker.store.engine import Database
from ranker.store.persona_usage import Usage, persona_usage


def draw_read(database: Database, persona: PersonaText) -> None:
    """The head with its actions, then try it, then the text beside what was understood."""
    versions = list_versions(database, persona.persona_id)
    _head(persona, versions)
    draw_told()
    away = is_archived(database, persona.persona_id)
    _facts(database, persona, versions, away)
    _actions(database, persona, versions, away)
    _drafts(database, persona)
    if not persona.live and not away:
        _before_live(database, persona)
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
    _history(persona, versions)


def _head(persona: PersonaText, versions: list[PersonaText]) -> None:
    known = {one.id: one for one in versions}
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.title(persona.name, anchor=False)
        if len(versions) > 1:
            live = next((one.id for one in versions if one.live), 0)
            # A choice is known by its label: where labels change, as "in use" does, it has to be another field.
            key = f"personas_version-{persona.id}-{live}"
            st.selectbox(
                "Version",
                list(known),
                index=list(known).index(persona.id),
                format_func=lambda one: f"{known[one].version}{' (in use)' if known[one].live else ''}",
                key=key,
                on_change=lambda: open_version(st.session_state[key]),
                width=200,
            )


def _facts(database: Database, persona: PersonaText, versions: list[PersonaText], away: bool) -> None:
    used = persona_usage(database).get(persona.id, Usage())
    state = "in the archive, not offered for ranking" if away else "in use" if persona.live else "not in use"
    told = [f"Version {persona.version}, {state}", used_words(used)]
    if persona.created_at:
        told.append(f"saved {_ui.ago(persona.created_at)}{f' by {_ui.plain(persona.who)}' if persona.who else ''}")
    parent = next((one for one in versions if one.id == persona.parent_id), None)
    if parent is not None:
        told.append(f"made from version {parent.version}")
    if persona.note:
        told.append(f"“{_ui.plain(persona.note)}”")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(" · ".join(told))
        if persona.live and not away:
            _ui.link(_ui.RANK, "Rank leads", icon=":material/sort:", persona=persona.persona_id)
        if used.last_run is not None:
            _ui.link(_ui.RUNS, "Its last run", icon=":material/history:", run=used.last_run)


def _actions(database: Database, persona: PersonaText, versions: list[PersonaText], away: bool) -> None:
    with st.container(horizontal=True):
        st.button(
            "Edit", icon=":material/edit:", type="primary" if persona.live else "secondary", key="personas_edit",
            on_click=lambda: attempt(lambda: open_draft(start_draft(database, persona.id, who()).id)),
        )  # fmt: skip
        st.download_button(
            "Download", persona.content.encode(), file_name(persona.name, persona.version), "text/markdown",
            icon=":material/download:", key="personas_download", help="The text as a Markdown file, to the byte.",
        )  # fmt: skip
        other = beside(persona, versions)
        if other is not None:
            st.button(
                "Compare versions", icon=":material/difference:", key="personas_compare",
                on_click=open_comparison, args=(persona.id, other.id),
            )  # fmt: skip
        if away:
            st.button(
                "Bring back", icon=":material/unarchive:", key="personas_unarchive",
                on_click=lambda: attempt(lambda: unarchive(database, persona.persona_id)),
            )  # fmt: skip
        else:
            st.button(
                "Archive", icon=":material/archive:", key="personas_archive",
                help="No longer offered for ranking. Versions, runs and verdicts stay, and it can be brought back.",
                on_click=lambda: attempt(lambda: _archive(database, persona)),
            )  # fmt: skip


def _archive(database: Database, persona: PersonaText) -> None:
    archive(database, persona.persona_id)
    open_list()


def _history(persona: PersonaText, versions: list[PersonaText]) -> None:
    """Every version with what is known of it; a click opens one, to read it or to go back to it."""
    if len(versions) < 2:
        return
    numbers = {one.id: one.version for one in versions}
    with st.expander(f"History: {_ui.plural(len(versions), 'version')}"):
        for one in versions:
            told = [f"**Version {one.version}**", _ui.ago(one.created_at)]
            told += [f"by {_ui.plain(one.who)}"] if one.who else []
            told += [f"from version {numbers[one.parent_id]}"] if one.parent_id in numbers else []
            told += [f"“{_ui.plain(one.note)}”"] if one.note else []
            told += [":green-badge[:material/check: In use]"] if one.live else []
            with st.container(horizontal=True, vertical_alignment="center", key=f"history_{one.id}"):
                st.markdown(" · ".join(told))
                if one.id != persona.id:
                    st.button(
                        "Open", key=f"version_{one.id}", type="tertiary", icon=":material/history:",
                        on_click=open_version, args=(one.id,),
                    )  # fmt: skip


def _drafts(database: Database, persona: PersonaText) -> None:
    numbers = {one.id: one.version for one in list_versions(database, persona.persona_id)}
    for draft in list_drafts(database, persona.persona_id):
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"draft_{draft.id}"):
            base = f"from version {numbers[draft.base_id]}" if draft.base_id in numbers else "of this persona"
            by = f" by {_ui.plain(draft.who)}" if draft.who else ""
            steps = f", {_ui.plural(len(draft.steps), 'change')}" if draft.steps else ", nothing changed yet"
            st.markdown(
                f":orange-badge[:material/edit_note: Not saved] Draft {base}{by}{steps}, {_ui.ago(draft.updated_at)}"
            )
            st.button("Go on", icon=":material/edit:", key=f"go_on_{draft.id}", on_click=open_draft, args=(draft.id,))
            st.button(
                "Throw away", icon=":material/delete:", key=f"discard_{draft.id}", type="tertiary",
                on_click=discard, args=(database, draft.id),
            )  # fmt: skip


def _before_live(database: Database, persona: PersonaText) -> None:
    with st.container(border=True, key="persona_live"):
        st.subheader("Before it goes live", anchor=False)
        draw_preview(database, persona.persona_id, persona.name, persona.content)
        st.button(
            f"Make version {persona.version} live", type="primary", icon=":material/check:", key="personas_live",
            on_click=lambda: attempt(lambda: _live(database, persona)),
        )  # fmt: skip
        st.caption("Leads keep their verdicts until they are ranked again. You can go back to any version.")


def _live(database: Database, persona: PersonaText) -> None:
    make_live(database, persona.id)
    tell("success", f"Version {persona.version} is in use now. Rank leads to give them its verdicts.")

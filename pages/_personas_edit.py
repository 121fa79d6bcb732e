"""A draft of a persona: text and form side by side, what changes, and saving it as a version."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from pages._personas_changes import draw_changes
from pages._personas_form import draw_form
from pages._personas_live import draw_preview
from pages._personas_state import (
    again,
    ask_who,
    attempt,
    draw_told,
    known,
    learn,
    open_comparison,
    open_draft,
    open_list,
    open_version,
    state_of,
    tell,
    who,
)
from pages._personas_text import draw_missed, draw_text
from pages._personas_try import draw_try
from ranker.errors import PersonaError, PersonaMoved, RankerError
from ranker.personas.catalog import PersonaText, get_version
from ranker.personas.describe import Described, describe
from ranker.personas.drafts import Draft, discard, fork, keep, moved_on, save, set_name, start_draft, undo
from ranker.personas.line_diff import keep_line_ends
from ranker.personas.starting import from_file
from ranker.scoring.rules import RulesEngine
from ranker.scoring.variants import engine_of_text
from ranker.store.engine import Database

_MONOSPACE = """<style>[class*="st-key-personas_text-"] textarea {
  font: .82rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }</style>"""


def draw_edit(database: Database, draft: Draft) -> None:
    """Everything about one draft; each change is kept as it is made."""
    base = get_version(database, draft.base_id) if draft.base_id is not None else None
    st.title(f"Editing {draft.name}" if draft.name else "Editing a new persona", anchor=False)
    learn(draft)
    began = f"Draft from version {base.version}" if base is not None else "Draft of a new persona"
    st.caption(
        f"{began} · kept as you go, last change {_ui.ago(draft.updated_at)}: a refresh loses nothing · "
        "nobody is ranked by it before it is saved and live"
    )
    # Each part has a container of its own, there or not, so that none below is made anew and loses what is typed there
    # when one above comes or goes.
    with st.container():
        draw_told()
    newer = moved_on(database, draft)
    with st.container():
        if newer is not None:
            _moved(database, draft, newer)
    engine: RulesEngine | None = None
    problem = ""
    try:
        engine = engine_of_text(draft.content, draft.name or "New persona")
    except PersonaError as error:
        problem = error.message
    with st.container():
        if engine is not None:
            draw_try(engine)
    left, right = st.columns([3, 4], gap="small")
    with left:
        described = _text(database, draft, engine, problem)
    with right:
        with st.container():
            if described is not None:
                draw_missed(described)
        st.subheader("As a form", anchor=False)
        if engine is None:
            st.caption("The form comes back as soon as the text can be read.")
        else:
            draw_form(database, draft)
    st.subheader("What changes", anchor=False)
    with st.container():
        _changes(database, draft, base, readable=engine is not None)
    _save(database, draft, base, newer)


def _moved(database: Database, draft: Draft, newer: PersonaText) -> None:
    by = f" by {_ui.plain(newer.who)}" if newer.who else ""
    st.warning(
        f"Version {newer.version} was saved{by} {_ui.ago(newer.created_at)}, after you began. Your draft does not have "
        "its changes. Save yours beside it below, or go on from that version; this draft stays meanwhile.",
        icon=":material/warning:",
    )
    with st.container(horizontal=True):
        if draft.base_id is not None:
            st.button(
                f"What version {newer.version} changed", icon=":material/difference:",
                on_click=open_comparison, args=(newer.id, draft.base_id),
            )  # fmt: skip
        st.button(
            f"Go on from version {newer.version}", icon=":material/edit:",
            on_click=lambda: attempt(lambda: open_draft(start_draft(database, newer.id, who()).id)),
        )  # fmt: skip


def _text(database: Database, draft: Draft, engine: RulesEngine | None, problem: str) -> Described | None:
    """The text to write in, or its lines with their numbers; what was understood of it, None where nothing."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader("As written", anchor=False)
        numbered = st.toggle(
            "Line numbers", key="personas_numbered", help="Look at the lines instead of changing them."
        )
        st.button(
            "Undo", icon=":material/undo:", key="personas_undo", disabled=not draft.steps,
            help="Take the last change back, made in the text or in the form.",
            on_click=lambda: attempt(lambda: learn(undo(database, draft.id, known(draft)))),
        )  # fmt: skip
    described = None
    if engine is None:
        st.error(problem, icon=":material/error:")
    else:
        described = describe(
            draft.content, engine.persona.spec, threshold=engine.persona.threshold, unread=engine.persona.unread
        )
    if numbered and described is not None:
        draw_text(described, heading=False)
    else:
        st.html(_MONOSPACE)
        key = f"personas_text-{state_of(draft)}"
        st.text_area(
            "The text", draft.content, height=640, key=key, label_visibility="collapsed",
            on_change=_typed, args=(database, draft, key),
        )  # fmt: skip
    with st.popover("Take the text from a file", icon=":material/upload_file:"):
        st.file_uploader(
            "A text file (.md or .txt); it takes the place of the whole text", type=["md", "txt"],
            key=f"personas_given-{state_of(draft)}", on_change=lambda: attempt(lambda: _given(database, draft)),
        )  # fmt: skip
    return described


def _given(database: Database, draft: Draft) -> None:
    file = st.session_state.get(f"personas_given-{state_of(draft)}")
    if file is not None:
        learn(keep(database, draft.id, draft.revision, from_file(file.name, file.getvalue())))


def _typed(database: Database, draft: Draft, key: str) -> None:
    typed = keep_line_ends(draft.content, st.session_state[key])
    try:
        learn(keep(database, draft.id, draft.revision, typed))
    except PersonaMoved:
        attempt(lambda: _apart(database, draft, typed))
    except RankerError as error:
        tell("error", error.message)
        again(draft)


def _apart(database: Database, draft: Draft, typed: str) -> None:
    own = fork(database, draft.id, typed)
    tell(
        "warning",
        "This draft was changed in another window. What you typed is a draft of its own now, and you are in it; the "
        "other one is untouched. Both are listed with the persona.",
    )
    open_draft(own.id)


def _changes(database: Database, draft: Draft, base: PersonaText | None, *, readable: bool) -> None:
    if base is None:
        st.caption("A new persona: saved, it is offered for ranking as version 1.")
        return
    draw_changes(base.content, draft.content)
    if readable and base.content != draft.content:
        with st.container(border=True, key="persona_preview"):
            st.markdown("**On today’s leads**")
            draw_preview(database, base.persona_id, draft.name, draft.content)


def _save(database: Database, draft: Draft, base: PersonaText | None, newer: PersonaText | None) -> None:
    with st.container(border=True, key="persona_save"):
        if base is None:
            key = f"personas_name-{draft.id}"
            st.text_input(
                "Name of the persona", draft.name, max_chars=200, key=key,
                on_change=lambda: set_name(database, draft.id, st.session_state[key]),
            )  # fmt: skip
        left, right = st.columns([1, 2])
        with left:
            ask_who(f"personas_who-{draft.id}")
        with right:
            st.text_input("Note", key=f"personas_note-{draft.id}", max_chars=300, placeholder="Why this change")
        beside = newer is not None
        number = max(draft.seen, newer.version if newer is not None else 0) + 1
        label = f"Save mine beside it, as version {number}" if beside else f"Save as version {number}"
        with st.container(horizontal=True):
            st.button(
                label, type="primary", icon=":material/save:", key="personas_save",
                on_click=lambda: attempt(lambda: _saved(database, draft, beside)),
            )  # fmt: skip
            st.button(
                "Throw this draft away", icon=":material/delete:", key="personas_discard",
                on_click=lambda: attempt(lambda: _discarded(database, draft)),
            )  # fmt: skip


def _saved(database: Database, draft: Draft, beside: bool) -> None:
    note = st.session_state.get(f"personas_note-{draft.id}", "")
    version = save(database, draft.id, known(draft), note=note, who=who(), beside=beside)
    tell("success", f"Saved as version {version.version}.{'' if version.live else ' It is not in use yet.'}")
    open_version(version.id)


def _discarded(database: Database, draft: Draft) -> None:
    discard(database, draft.id)
    if draft.base_id is None:
        open_list()
    else:
        open_version(draft.base_id)

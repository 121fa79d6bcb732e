"""A draft of a prompt: the text, its checks as they are now, what is sent, what changes, and saving it."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from pages._personas_changes import draw_lines
from pages._personas_state import ask_who, attempt, draw_told, tell, who
from pages._prompts_sent import draw_rendered
from pages._prompts_state import known, learn, open_draft, open_list, open_version
from pages._prompts_text import draw_problems, draw_variables
from ranker.errors import RankerError, TemplateMoved
from ranker.store.engine import Database
from ranker.templates.catalog import TemplateText, get_version
from ranker.templates.checks import check
from ranker.templates.drafts import TemplateDraft, discard, fork, keep, save
from ranker.templates.tasks import task_of

_MONOSPACE = """<style>[class*="st-key-prompts_text-"] textarea {
  font: .82rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }</style>"""


def draw_edit(database: Database, draft: TemplateDraft) -> None:
    """Everything about one draft; each change is kept as it is made."""
    base = get_version(database, draft.base_id) if draft.base_id is not None else None
    st.title(f"Editing “{_ui.plain(task_of(draft.task).title)}”", anchor=False)
    learn(draft)
    began = f"Draft from version {base.version}" if base is not None else "Draft"
    st.caption(
        f"{began} · kept as you go, last change {_ui.ago(draft.updated_at)}: a refresh loses nothing · "
        "no model is asked with it before it is saved and live"
    )
    with st.container():
        draw_told()
    problems = check(draft.task, draft.content)
    wrong = any(one.error for one in problems)
    left, right = st.columns([4, 3], gap="large")
    with left:
        st.subheader("The text", anchor=False)
        st.html(_MONOSPACE)
        key = f"prompts_text-{draft.id}-{draft.revision}"
        st.text_area(
            "The text", draft.content, height=640, key=key, label_visibility="collapsed",
            on_change=_typed, args=(database, draft, key),
        )  # fmt: skip
        st.caption("Checked when you leave the field, or with Ctrl+Enter.")
    with right:
        st.subheader("Checks", anchor=False)
        with st.container():
            draw_problems(draft.content, problems)
        draw_variables(draft.task)
    with st.container():
        if wrong:
            st.subheader("As it is sent", anchor=False)
            st.caption("It comes back as soon as the text is mended.")
        else:
            draw_rendered(database, draft.task, draft.content)
    st.subheader("What changes", anchor=False)
    with st.container():
        if base is None or base.content == draft.content:
            st.caption("Nothing is changed yet.")
        else:
            draw_lines(base.content, draft.content)
    _save(database, draft, base, wrong=wrong)


def _typed(database: Database, draft: TemplateDraft, key: str) -> None:
    typed = st.session_state[key]
    try:
        learn(keep(database, draft.id, known(draft), typed))
    except TemplateMoved:
        attempt(lambda: _apart(database, draft, typed))
    except RankerError as error:
        tell("error", error.message)


def _apart(database: Database, draft: TemplateDraft, typed: str) -> None:
    own = fork(database, draft.id, typed)
    tell(
        "warning",
        "This draft was changed in another window. What you typed is a draft of its own now, and you are in it; the "
        "other one is untouched. Both are listed with the prompt.",
    )
    open_draft(own.id)


def _save(database: Database, draft: TemplateDraft, base: TemplateText | None, *, wrong: bool) -> None:
    with st.container(border=True, key="prompts_save_box"):
        left, right = st.columns([1, 2])
        with left:
            ask_who(f"prompts_who-{draft.id}")
        with right:
            st.text_input("Note", key=f"prompts_note-{draft.id}", max_chars=300, placeholder="Why this change")
        with st.container(horizontal=True):
            st.button(
                "Save as a new version", type="primary", icon=":material/save:", key="prompts_save", disabled=wrong,
                on_click=lambda: attempt(lambda: _saved(database, draft)),
            )  # fmt: skip
            st.button(
                "Throw this draft away", icon=":material/delete:", key="prompts_discard",
                on_click=lambda: attempt(lambda: _discarded(database, draft, base)),
            )  # fmt: skip
        st.caption("Mend the text first." if wrong else "It is not in use before you make it live.")


def _saved(database: Database, draft: TemplateDraft) -> None:
    note = st.session_state.get(f"prompts_note-{draft.id}", "")
    version = save(database, draft.id, known(draft), note=note, who=who())
    tell("success", f"Saved as version {version.version}. It is not in use yet.")
    open_version(version.id)


def _discarded(database: Database, draft: TemplateDraft, base: TemplateText | None) -> None:
    discard(database, draft.id)
    if base is None:
        open_list()
    else:
        open_version(base.id)

"""Prompts: what a language model is told, task by task; read, edit with checks, compare, put to use, go back."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from pages._personas_changes import draw_lines
from pages._prompts_edit import draw_edit
from pages._prompts_read import draw_read
from pages._prompts_state import chosen_words, draw_key, open_comparison, open_list, open_version, used_words
from pages._versions import choose_two
from ranker.store.engine import Database
from ranker.store.template_usage import TemplateUse, template_usage
from ranker.templates.catalog import TemplateSummary, TemplateText, get_version, list_templates, versions
from ranker.templates.drafts import get_draft, list_drafts
from ranker.templates.shipped import seed_templates
from ranker.templates.tasks import place_of, task_of


def main() -> None:
    database = _ui.database()
    seed_templates(database)
    version, other, draft = _ui.parameter("version"), _ui.parameter("with"), _ui.parameter("draft")
    if draft is not None:
        draw_edit(database, get_draft(database, draft))
    elif version is not None and other is not None:
        _comparison(database, get_version(database, other), get_version(database, version))
    elif version is not None:
        draw_read(database, get_version(database, version))
    else:
        _list(database)


def _list(database: Database) -> None:
    st.title("Prompts", anchor=False)
    draw_key()
    usage = template_usage(database)
    for one in sorted(list_templates(database), key=lambda one: place_of(one.task)):
        _line(database, one, usage.get((one.task, one.live_hash), TemplateUse()))


def _line(database: Database, one: TemplateSummary, used: TemplateUse) -> None:
    about = task_of(one.task)
    with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"prompt_{one.id}"):
        with st.container():
            drafts = len(list_drafts(database, one.id))
            unsaved = f" :orange-badge[:material/edit_note: {_ui.plural(drafts, 'draft')} not saved]"
            name = f"**{_ui.plain(about.title)}** · `{one.task}`{unsaved if drafts else ''}"
            st.markdown(f"{name}  \n{_ui.plain(about.purpose)}")
            st.caption(
                f"Version {one.live_version} of {one.versions} is in use, {chosen_words(one)} · {used_words(used)}"
            )
        st.button(
            "Open", icon=":material/chat:", key=f"open_prompt_{one.id}", on_click=open_version,
            args=(one.live_version_id,),
        )  # fmt: skip


def _comparison(database: Database, old: TemplateText, new: TemplateText) -> None:
    """Two versions, to choose others."""
    st.title("Compare versions", anchor=False)

    def named(one: TemplateText) -> str:
        of = f"{one.task}, version" if one.template_id != new.template_id else "Version"
        return f"{of} {one.version}{' (in use)' if one.live else ''}, {_ui.day(one.created_at)}"

    choose_two("prompts", old, new, versions(database, new.template_id), named, open_comparison)
    if old.content == new.content:
        st.caption("The two texts are the same.")
    else:
        draw_lines(old.content, new.content)
    st.button(f"Open version {new.version}", icon=":material/open_in_new:", on_click=open_version, args=(new.id,))


with _ui.errors_shown():
    if st.query_params.keys() & {"version", "draft"}:
        st.button("All prompts", icon=":material/arrow_back:", type="tertiary", on_click=open_list)
    main()

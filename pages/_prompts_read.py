"""One version of a prompt: its text and checks, the rendered prompt, its history, and putting it to use."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from pages._personas_changes import draw_lines
from pages._personas_state import attempt, draw_told, tell, who
from pages._prompts_sent import draw_rendered
from pages._prompts_state import chosen_words, open_comparison, open_draft, open_version, used_words
from pages._prompts_text import draw_problems, draw_text, draw_variables
from pages._versions import beside
from ranker.store.engine import Database
from ranker.store.template_usage import TemplateUse, template_usage
from ranker.templates.catalog import TemplateSummary, TemplateText, get_template, versions
from ranker.templates.checks import check
from ranker.templates.drafts import discard, list_drafts, start_draft
from ranker.templates.shipped import follow_ranker, shipped_hash
from ranker.templates.tasks import task_of
from ranker.templates.versions import make_live


def draw_read(database: Database, shown: TemplateText) -> None:
    """The head with its actions, the text beside its checks, what is sent, and every version."""
    summary, known = get_template(database, shown.template_id), versions(database, shown.template_id)
    usage = template_usage(database)
    _head(shown, known)
    draw_told()
    st.markdown(f"{_ui.plain(task_of(shown.task).purpose)}")
    _facts(summary, shown, known, usage.get((shown.task, shown.hash), TemplateUse()))
    _actions(database, shown, known)
    _drafts(database, shown, known)
    _newer(database, summary, known)
    if not shown.live:
        _before_live(database, shown, summary)
    problems = check(shown.task, shown.content)
    left, right = st.columns([4, 3], gap="large")
    with left:
        st.subheader("As written", anchor=False)
        draw_text(shown.content, problems)
    with right:
        st.subheader("Checks", anchor=False)
        draw_problems(shown.content, problems)
        draw_variables(shown.task)
    if not any(one.error for one in problems):
        draw_rendered(database, shown.task, shown.content)
    _history(shown, known, usage)


def _head(shown: TemplateText, known: list[TemplateText]) -> None:
    by_id = {one.id: one for one in known}
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.title(task_of(shown.task).title, anchor=False)
        if len(known) > 1:
            live = next((one.id for one in known if one.live), 0)
            # A choice is known by its label: where labels change, as "in use" does, it has to be another field.
            key = f"prompts_version-{shown.id}-{live}"
            st.selectbox(
                "Version", list(by_id), index=list(by_id).index(shown.id), key=key, width=200,
                format_func=lambda one: f"{by_id[one].version}{' (in use)' if by_id[one].live else ''}",
                on_change=lambda: open_version(st.session_state[key]),
            )  # fmt: skip


def _facts(summary: TemplateSummary, shown: TemplateText, known: list[TemplateText], used: TemplateUse) -> None:
    state = f"in use, {chosen_words(summary)}" if shown.live else f"not in use; version {summary.live_version} is"
    told = [f"Version {shown.version} of “{_ui.plain(shown.task)}”, {state}", used_words(used)]
    told += [f"saved {_ui.ago(shown.created_at)}{_ui.by(shown.who)}"] if shown.created_at else []
    parent = next((one for one in known if one.id == shown.parent_id), None)
    told += [f"made from version {parent.version}"] if parent is not None else []
    told += [f"“{_ui.plain(shown.note)}”"] if shown.note else []
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(" · ".join(told))
        if used.last_run is not None:
            _ui.link(_ui.RUNS, "Its last run", icon=":material/history:", run=used.last_run)


def _actions(database: Database, shown: TemplateText, known: list[TemplateText]) -> None:
    with st.container(horizontal=True):
        st.button(
            "Edit a copy", icon=":material/edit:", type="primary" if shown.live else "secondary", key="prompts_edit",
            help="Begin a new version from this text. This one stays as it is.",
            on_click=lambda: attempt(lambda: open_draft(start_draft(database, shown.id, who()).id)),
        )  # fmt: skip
        st.download_button(
            "Download", shown.content.encode(), f"{shown.task}-v{shown.version}.jinja", "text/plain",
            icon=":material/download:", key="prompts_download",
        )  # fmt: skip
        other = beside(shown, known)
        if other is not None:
            st.button(
                "Compare versions", icon=":material/difference:", key="prompts_compare",
                on_click=open_comparison, args=(shown.id, other.id),
            )  # fmt: skip


def _drafts(database: Database, shown: TemplateText, known: list[TemplateText]) -> None:
    numbers = {one.id: one.version for one in known}
    for draft in list_drafts(database, shown.template_id):
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"prompt_draft_{draft.id}"):
            base = f"from version {numbers[draft.base_id]}" if draft.base_id in numbers else "of this prompt"
            st.markdown(
                f":orange-badge[:material/edit_note: Not saved] Draft {base}{_ui.by(draft.who)}, "
                f"{_ui.ago(draft.updated_at)}"
            )
            st.button("Go on", icon=":material/edit:", key=f"go_on_{draft.id}", on_click=open_draft, args=(draft.id,))
            st.button(
                "Throw away", icon=":material/delete:", key=f"discard_{draft.id}", type="tertiary",
                on_click=discard, args=(database, draft.id),
            )  # fmt: skip


def _newer(database: Database, summary: TemplateSummary, known: list[TemplateText]) -> None:
    """Where a person chose: that the ranker's own text waits, and the way back to it."""
    own = next((one for one in known if one.hash == shipped_hash(summary.task)), None)
    if not summary.chosen_at or own is None:
        return
    is_own = own.id == summary.live_version_id
    told = "the text in use" if is_own else f"version {own.version}"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            f"This ranker comes with {told}. A person chose what is in use, so an update changes nothing by itself."
        )
        st.button(
            "Go with the ranker’s own text", key="prompts_follow", type="tertiary", icon=":material/update:",
            help="The text that comes with the ranker is in use, and so will be a newer one after an update.",
            on_click=lambda: attempt(lambda: follow_ranker(database, summary.task)),
        )  # fmt: skip


def _before_live(database: Database, shown: TemplateText, summary: TemplateSummary) -> None:
    back = shown.version < summary.live_version
    live = next(one for one in versions(database, shown.template_id) if one.live)
    with st.container(border=True, key="prompts_live_box"):
        st.subheader(f"What changes against version {live.version}, which is in use", anchor=False)
        draw_lines(live.content, shown.content)
        st.button(
            f"Go back to version {shown.version}" if back else f"Make version {shown.version} live", type="primary",
            icon=":material/undo:" if back else ":material/check:", key="prompts_live",
            on_click=lambda: attempt(lambda: _live(database, shown)),
        )  # fmt: skip
        st.caption("Leads keep their verdicts until a model ranks them again. You can go back to any version.")


def _live(database: Database, shown: TemplateText) -> None:
    make_live(database, shown.id, who())
    tell("success", f"Version {shown.version} is in use now: the next ranking with a model asks with it.")


def _history(shown: TemplateText, known: list[TemplateText], usage: dict[tuple[str, str], TemplateUse]) -> None:
    """Every version with what is known of it; a click opens one, to read it or to go back to it."""
    numbers = {one.id: one.version for one in known}
    st.subheader(f"History: {_ui.plural(len(known), 'version')}", anchor=False)
    for one in known:
        used = usage.get((one.task, one.hash), TemplateUse())
        told = [f"**Version {one.version}**", _ui.ago(one.created_at)]
        told += [_ui.by(one.who).strip()] if one.who else []
        told += [f"from version {numbers[one.parent_id]}"] if one.parent_id in numbers else []
        told += [f"“{_ui.plain(one.note)}”"] if one.note else []
        told += [used_words(used)]
        told += [":green-badge[:material/check: In use]"] if one.live else []
        with st.container(horizontal=True, vertical_alignment="center", key=f"prompt_history_{one.id}"):
            st.markdown(" · ".join(told))
            if one.id != shown.id:
                st.button(
                    "Open", key=f"prompt_version_{one.id}", type="tertiary", icon=":material/history:",
                    on_click=open_version, args=(one.id,),
                )  # fmt: skip

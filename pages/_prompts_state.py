"""What the Prompts pages share: their addresses, the states of a draft, and what is true of a version in words."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from ranker.errors import LlmError
from ranker.llm.settings import check_key, load_settings
from ranker.store.template_usage import TemplateUse
from ranker.templates.catalog import TemplateSummary
from ranker.templates.drafts import TemplateDraft


def open_list() -> None:
    """The list of prompts."""
    st.query_params.clear()


def open_version(version_id: int) -> None:
    """One version, to read it and to put it to use."""
    _open(version=version_id)


def open_comparison(version_id: int, other: int) -> None:
    """One version beside another."""
    _open(version=version_id, **{"with": other})


def open_draft(draft_id: int) -> None:
    """A draft, to go on with it."""
    _open(draft=draft_id)


def _open(**numbers: int) -> None:
    """What is looked at with it (a company, a persona) stays in the address."""
    kept = {name: st.query_params[name] for name in ("company", "persona", "person") if name in st.query_params}
    st.query_params.from_dict({name: str(number) for name, number in numbers.items()} | kept)


def learn(draft: TemplateDraft) -> None:
    """Remember the newest state of a draft that this window has seen or made."""
    st.session_state[f"prompts_revision-{draft.id}"] = draft.revision


def known(draft: TemplateDraft) -> int:
    """Its revision. A click that follows a change at once was drawn before the change was kept."""
    return int(st.session_state.get(f"prompts_revision-{draft.id}", draft.revision))


def used_words(used: TemplateUse) -> str:
    """Where a version is used, in words."""
    return f"{_ui.plural(used.runs, 'run')}, the last {_ui.ago(used.last_at)}" if used.runs else "no run yet"


def chosen_words(one: TemplateSummary) -> str:
    """Who put the live version to use, and when."""
    if one.chosen_at:
        return f"chosen {_ui.ago(one.chosen_at)}{_ui.by(one.chosen_by)}"
    return "as it comes with the ranker"


def draw_key() -> None:
    """One line on what prompts are for, and what a key would add where there is none."""
    told = (
        "Prompts are what a language model is told. Ranking by rules, the usual way, and messages from templates use "
        "none of them."
    )
    try:
        check_key(load_settings())
    except LlmError:
        told += (
            " No key is set: everything on this page works without one; with a key, a model can judge leads and "
            "write messages by these prompts."
        )
    st.caption(told)

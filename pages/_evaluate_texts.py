"""What differs between two variants: how they judge, the persona's text word by word, and the prompts."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from pages._evaluate_words import how_of, persona_of
from pages._personas_changes import draw_changes, draw_lines
from ranker.personas.catalog import get_version
from ranker.store.engine import Database
from ranker.store.evaluations import EvalLine
from ranker.templates.catalog import text_by_hash


def draw_texts(database: Database, candidate: EvalLine, base: EvalLine) -> None:
    """From the other to this one: what went is struck, what came is new."""
    ours, theirs = candidate.run.decided, base.run.decided
    if (ours.strategy, ours.models, ours.provider) != (theirs.strategy, theirs.models, theirs.provider):
        st.markdown(f"- How: {_ui.plain(how_of(base))} → {_ui.plain(how_of(candidate))}")
    elif ours.temperature != theirs.temperature:
        st.markdown(f"- Temperature: {theirs.temperature} → {ours.temperature}")
    shared = [task for task in ours.templates if task in theirs.templates]
    changed = [task for task in shared if ours.templates[task] != theirs.templates[task]]
    if candidate.run.version_id is None or base.run.version_id is None:
        st.caption("The persona of one of them was removed, so that the texts can't be compared.")
    elif candidate.run.version_id != base.run.version_id:
        old, new = get_version(database, base.run.version_id), get_version(database, candidate.run.version_id)
        st.markdown(f"- {_ui.plain(persona_of(base))} → {_ui.plain(persona_of(candidate))}")
        draw_changes(old.content, new.content)
    elif not changed:
        st.caption("The persona's text is the same.")
    for task in changed:
        with database.session() as session:
            was, now = (text_by_hash(session, task, one.templates[task]) for one in (theirs, ours))
        st.markdown(f"- Prompt “{_ui.plain(task)}”: version {was.version} → version {now.version}")
        draw_lines(was.content, now.content)

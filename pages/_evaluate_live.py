"""Put a variant's persona to use, and go back to the version that was in use before."""

from __future__ import annotations

import streamlit as st

from pages import _ui
from pages._personas_live import draw_preview
from ranker.personas.catalog import get_version, live_version
from ranker.personas.versions import make_live
from ranker.store.engine import Database
from ranker.store.evaluations import EvalLine


def draw_live(database: Database, line: EvalLine) -> None:
    """What would change on today's leads, and the button; where it is in use, the way back."""
    if line.run.version_id is None:
        st.caption("Its persona was removed.")
        return
    persona = get_version(database, line.run.version_id)
    if persona.live:
        st.success(f"Version {persona.version} of “{_ui.plain(persona.name)}” is in use.", icon=":material/check:")
        _back(database, persona.persona_id, persona.id)
    else:
        draw_preview(database, persona.persona_id, persona.name, persona.content)
        now = live_version(database, persona.persona_id)
        st.button(
            f"Make version {persona.version} live", type="primary", icon=":material/check:", key="evaluate_live",
            on_click=_use, args=(database, persona.id, now.id),
        )  # fmt: skip
        st.caption("Leads keep their verdicts until they are ranked again. You can go back to any version.")
    if line.run.decided.is_model:
        st.caption("This puts the persona to use. How leads are judged (rules, or a model) is chosen when you rank; "
                   "versions of prompts are put to use on the page Prompts.")  # fmt: skip


def _use(database: Database, version_id: int, was: int) -> None:
    with _ui.errors_shown():
        make_live(database, version_id)
        st.query_params["was"] = str(was)


def _back(database: Database, persona_id: int, version_id: int) -> None:
    was = _ui.parameter("was")
    if was is None or was == version_id:
        _ui.link(_ui.PERSONAS, "Go back to another version on Personas", ":material/history:", version=version_id)
        return
    before = get_version(database, was)
    if before.persona_id != persona_id:
        return
    with st.container(horizontal=True):
        if st.button("Rank again with it", type="primary", icon=":material/sort:", key="evaluate_rank"):
            _ui.go(_ui.RANK, who="all", persona=persona_id)
        st.button(
            f"Go back to version {before.version}", icon=":material/undo:", key="evaluate_back",
            on_click=_use, args=(database, before.id, version_id),
        )  # fmt: skip

"""What a ranking would do, in one sentence, and the persona that is offered first: for Rank and for Import."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages import _ui
from ranker.ingest.sample import sample_persona_hash
from ranker.personas.catalog import PersonaSummary
from ranker.scoring import rank_run
from ranker.scoring.rank_run import Plan
from ranker.scoring.selection import Selection
from ranker.store.home_queries import last_persona
from ranker.who import who

if TYPE_CHECKING:
    from ranker.scoring.llm.variants import ModelChoice


def usual_persona(personas: list[PersonaSummary], wanted: int | None = None) -> int:
    """The place of the one wanted, else of the one used last; before the first run, of that which suits the sample."""
    usual = last_persona(_ui.database(), sample_persona_hash())
    by_id = {one.id: place for place, one in enumerate(personas)}
    return by_id.get(wanted or 0, by_id.get(usual or 0, 0))


def sentence(plan: Plan, persona: str = "", *, seconds: float | None = None, cost: str = "free") -> str:
    """What would happen, in one sentence, with the two things that may surprise. By rules it is free."""
    where = _ui.plural(plan.companies, "company", "companies")
    purpose = f" for “{_ui.plain(persona)}”" if persona else ""
    time = _ui.duration(plan.seconds if seconds is None else seconds)
    said = [f"**{_ui.plural(plan.leads, 'lead')} at {where}{purpose}, {time}, {cost}.**"]
    others = plan.leads - plan.chosen
    if others:
        said.append(
            f"{_ui.number(others)} of them {'is' if others == 1 else 'are'} there because they work at the same "
            "companies: ranks hold within a company."
        )
    if plan.held:
        said.append(
            f"{_ui.number(plan.held)} on the do-not-contact list: judged, but without a rank and never exported."
        )
    return " ".join(said)


def begin(selection: Selection, persona: PersonaSummary, model: ModelChoice | None = None) -> int:
    """Start the ranking (two clicks start one), and give its number. Who started it waits for its results."""
    run_id = rank_run.start(_ui.database(), selection, persona.live_version_id, who(), model)
    st.session_state["followed"] = run_id  # also where it ends before its page was drawn
    return run_id

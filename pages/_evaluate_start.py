"""Start an evaluation: which versions of personas, how, and what it would cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages import _rank_cost, _ui
from pages._evaluate_again import estimated_on
from pages._rank_how import How, choose_how
from ranker.evaluation import eval_run
from ranker.evaluation.leaderboard import Leaderboard
from ranker.personas.catalog import PersonaText, list_personas, list_versions
from ranker.store.engine import Database
from ranker.who import who

if TYPE_CHECKING:
    from ranker.scoring.llm.variants import ModelChoice

_MOST = 12


def draw_start(database: Database, set_id: int, board: Leaderboard) -> None:
    """The form. A variant that was evaluated already is not evaluated again: its figures are there."""
    known = {
        one.id: one for persona in list_personas(database) for one in list_versions(database, persona.id)
    }  # fmt: skip
    given = [int(part) for part in st.query_params.get("versions", "").split(",") if part.isdecimal()]
    chosen = st.multiselect(
        "Which versions", list(known), default=[one for one in given if one in known][:_MOST],
        format_func=lambda one: _named(known[one]), key="evaluate_versions", max_selections=_MOST,
        placeholder="Choose one or several versions of a persona",
    )  # fmt: skip
    how = choose_how(alone=True)
    if not chosen:
        st.caption("Choose what to evaluate: versions of a persona are made, and changed, on the page Personas.")
        return
    choice = None if how is None else _choice(how)
    versions = _left(database, board, [known[one] for one in chosen], choice)
    if not versions:
        return
    label = f"Evaluate {_ui.plural(len(versions), 'version')} on {_ui.plural(board.leads, 'lead')}"
    if how is not None and choice is not None:
        label += f" ({_estimates(database, set_id, versions, choice, how)})"
        if _rank_cost.refused(choice):
            return
    if st.button(label, type="primary", icon=":material/analytics:", key="evaluate_start"):
        for one in versions:
            eval_run.start(database, set_id, one.id, who(), choice)
        st.query_params["set"] = str(set_id)
        st.rerun()


def _left(
    database: Database, board: Leaderboard, versions: list[PersonaText], choice: ModelChoice | None
) -> list[PersonaText]:  # fmt: skip
    """Those that were not evaluated this way yet; of the others it is said where they stand."""
    places = {one.line.run.variant: at for at, one in enumerate(board.entries, start=1) if not one.outdated}
    there = {one.id: places.get(eval_run.variant_of(database, one.id, choice)) for one in versions}
    done = [f"{_ui.plain(_named(one))} (number {there[one.id]})" for one in versions if there[one.id]]
    if done:
        st.caption(f"Evaluated this way already, see below: {', '.join(done)}. Tick it there to run it again.")
    return [one for one in versions if there[one.id] is None]


def _choice(how: How) -> ModelChoice:
    from ranker.scoring.llm.variants import ModelChoice  # the client behind it takes a second to load

    return ModelChoice(how.strategy, how.settings)


def _named(one: PersonaText) -> str:
    return f"{one.name}, version {one.version}{' (in use)' if one.live else ''}"


def _estimates(
    database: Database, set_id: int, versions: list[PersonaText], choice: ModelChoice, how: How
) -> str:  # fmt: skip
    """What each would ask, and the sum in words."""
    found = [(one, estimated_on(database, set_id, one.id, choice)) for one in versions]
    for version, estimate in found:
        if len(found) > 1:
            st.markdown(f"**{_ui.plain(_named(version))}**: {_rank_cost.cost_words(estimate)}")
        _rank_cost.draw_estimate(estimate, how.settings.max_usd)
    if len(found) > 1 and how.settings.max_usd is not None:
        st.caption(f"The limit of {_ui.dollars(how.settings.max_usd)} holds for each of them.")
    known = [estimate.plan.usd for _, estimate in found if estimate.plan.usd is not None]
    return _rank_cost.usd_words(sum(known) if len(known) == len(found) else None)

"""Start an evaluation: which versions of personas, how, and what it would cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages import _rank_cost, _ui
from pages._evaluate_again import estimated_on
from pages._rank_how import How, choose_how
from pages._rank_start import usual_persona
from ranker.evaluation import eval_run
from ranker.evaluation.leaderboard import Leaderboard
from ranker.personas.catalog import PersonaText, list_personas, list_versions
from ranker.store.engine import Database
from ranker.templates.catalog import TemplateText, list_templates, versions
from ranker.templates.tasks import task_of
from ranker.who import who

if TYPE_CHECKING:
    from ranker.scoring.llm.variants import ModelChoice

_MOST = 12


def draw_start(database: Database, set_id: int, board: Leaderboard) -> None:
    """The form. A variant that was evaluated already is not evaluated again: its figures are there."""
    personas = list_personas(database)
    known = {one.id: one for persona in personas for one in list_versions(database, persona.id)}
    given = [int(part) for part in st.query_params.get("versions", "").split(",") if part.isdecimal()]
    if not given and not board.entries:
        given = [personas[usual_persona(personas)].live_version_id]  # the first one takes a single click
    chosen = st.multiselect(
        "Which versions", list(known), default=[one for one in given if one in known][:_MOST],
        format_func=lambda one: _named(known[one]), key="evaluate_versions", max_selections=_MOST,
        placeholder="Choose one or several versions of a persona",
    )  # fmt: skip
    how = choose_how(alone=True)
    if not chosen:
        st.caption("Choose what to evaluate: versions of a persona are made, and changed, on the page Personas.")
        return
    choice = None if how is None else _choice(database, how)
    wanted = _left(database, board, [known[one] for one in chosen], choice)
    if not wanted:
        return
    label = f"Evaluate {_ui.plural(len(wanted), 'version')} on {_ui.plural(board.leads, 'lead')}"
    if how is not None and choice is not None:
        label += f" ({_estimates(database, set_id, wanted, choice, how)})"
        if _rank_cost.refused(choice):
            return
    if st.button(label, type="primary", icon=":material/analytics:", key="evaluate_start"):
        for one in wanted:
            eval_run.start(database, set_id, one.id, who(), choice)
        st.query_params["set"] = str(set_id)
        st.rerun()


def _left(
    database: Database, board: Leaderboard, chosen: list[PersonaText], choice: ModelChoice | None
) -> list[PersonaText]:  # fmt: skip
    """Those that were not evaluated this way yet; of the others it is said where they stand."""
    places = {one.line.run.variant: at for at, one in enumerate(board.entries, start=1) if not one.outdated}
    there = {one.id: places.get(eval_run.variant_of(database, one.id, choice)) for one in chosen}
    done = [f"{_ui.plain(_named(one))} (number {there[one.id]})" for one in chosen if there[one.id]]
    if done:
        st.caption(f"Evaluated this way already, see below: {', '.join(done)}. Tick it there to run it again.")
    return [one for one in chosen if there[one.id] is None]


def _choice(database: Database, how: How) -> ModelChoice:
    """How the model is asked: by the prompts in use, unless other versions of them are chosen here."""
    from ranker.scoring.llm.tasks import TASKS as ASKED  # the client behind them takes a second to load
    from ranker.scoring.llm.variants import ModelChoice

    kept = {one.task: versions(database, one.id) for one in list_templates(database) if one.task in ASKED[how.strategy]}
    texts: dict[str, TemplateText] = {}
    for task, known in kept.items():
        at = next((place for place, one in enumerate(known) if one.live), 0)
        if len(known) > 1:
            at = st.selectbox(
                f"Prompt “{task_of(task).title}”", range(len(known)), index=at, key=f"evaluate_prompt_{task}",
                format_func=lambda place, known=known: _version(known[place]),
            )  # fmt: skip
        texts[task] = known[at]
    return ModelChoice(how.strategy, how.settings, texts)


def _version(one: TemplateText) -> str:
    return f"version {one.version}{' (in use)' if one.live else ''}, {_ui.day(one.created_at)}"


def _named(one: PersonaText) -> str:
    return f"{one.name}, version {one.version}{' (in use)' if one.live else ''}"


def _estimates(
    database: Database, set_id: int, wanted: list[PersonaText], choice: ModelChoice, how: How
) -> str:  # fmt: skip
    """What each would ask, and the sum in words."""
    found = [(one, estimated_on(database, set_id, one.id, choice)) for one in wanted]
    for version, estimate in found:
        if len(found) > 1:
            st.markdown(f"**{_ui.plain(_named(version))}**: {_rank_cost.cost_words(estimate)}")
        _rank_cost.draw_estimate(estimate, how.settings.max_usd)
    if len(found) > 1 and how.settings.max_usd is not None:
        st.caption(f"The limit of {_ui.dollars(how.settings.max_usd)} holds for each of them.")
    known = [estimate.plan.usd for _, estimate in found if estimate.plan.usd is not None]
    return _rank_cost.usd_words(sum(known) if len(known) == len(found) else None)

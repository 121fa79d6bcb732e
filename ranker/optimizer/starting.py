"""What an optimization starts from: checked, and written down as a plan and a variant that later steps read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from ranker.errors import UsageError
from ranker.optimizer.settings import Settings
from ranker.optimizer.stored import Plan, load_optimization
from ranker.optimizer.subjects import RULES, STEPS_OF_A_MODEL
from ranker.personas import catalog as personas
from ranker.scoring.variants import engine_of, keep_rules
from ranker.store import run_queries
from ranker.store.engine import Database
from ranker.templates import catalog as templates
from ranker.templates.shipped import seed_templates

if TYPE_CHECKING:
    from ranker.scoring.llm.variants import ModelChoice


def plan_of(
    database: Database, search: Settings, slot: str, model: ModelChoice | None, *, open_at_end: bool
) -> Plan:  # fmt: skip
    """How the search is to go. Raises ``UsageError`` for a slot that there is not, and what a model's setup raises."""
    if model is None:
        if slot != "persona":
            raise UsageError("By rules only the persona can be optimized. Choose a model to optimize a prompt.")
        return Plan(search, open_at_end=open_at_end)
    from ranker.llm.settings import check_key
    from ranker.llm.spending import check_spending
    from ranker.optimizer.llm_subject import slots_of
    from ranker.scoring.llm.tasks import TASKS

    if slot not in slots_of(model.strategy):
        raise UsageError(f"“{slot}” can't be optimized with this strategy: {', '.join(slots_of(model.strategy))}.")
    check_key(model.settings)
    check_spending(model.settings, [*TASKS[model.strategy], *STEPS_OF_A_MODEL])
    seed_templates(database)  # a variant names versions of prompts, so they have to be there
    model.try_account_again(database)
    first = model.settings.providers[0]
    with database.session() as session:
        live = templates.live_texts(session)
    return Plan(
        search, model.strategy, {task: first.model_for(task) for task in STEPS_OF_A_MODEL},
        {task: live[task].hash for task in STEPS_OF_A_MODEL}, model.settings.max_calls, open_at_end,
    )  # fmt: skip


def kept_variant(
    session: Session, persona_version_id: int, template_version_id: int | None, slot: str, model: ModelChoice | None,
    plan: Plan,
) -> tuple[int, str]:  # fmt: skip
    """The id and the hash of the variant that the search starts from.

    Raises ``UsageError`` for a version that is not there or of another prompt, ``PersonaError`` or ``LlmSetup`` for a
    text that can't be used.
    """
    persona = personas.load_version(session, persona_version_id)
    if model is None or plan.strategy == RULES:
        return keep_rules(session, engine_of(persona), persona)
    texts = dict(templates.live_texts(session))
    if slot != "persona":
        if template_version_id is None:
            raise UsageError("Say which version of the prompt the optimization starts from.")
        version = templates.load_version(session, template_version_id)
        if slot != f"template:{version.task}":
            raise UsageError(f"Version {version.version} is one of the prompt “{version.task}”, not of {slot}.")
        texts[version.task] = version
    return replace(model, texts=texts).keep(session, persona)


def ask_again(database: Database, run_id: int) -> None:
    """Ask the provider of an optimization again whose account was empty or whose key was refused.

    Raises ``LlmSetup`` if it is not set up any more, ``UsageError`` if there is no such optimization.
    """
    with database.session() as session:
        row, run = load_optimization(session, run_id), run_queries.load_run(session, run_id)
        if row.plan.strategy == RULES:
            return
        from ranker.llm.settings import load_settings
        from ranker.scoring.llm.variants import choice_of_variant

        choice, _, _ = choice_of_variant(session, run.variant_id, load_settings())
    choice.try_account_again(database)

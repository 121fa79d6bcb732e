"""Variants that ask a model: strategy, persona, prompts, provider, models, temperature, all under one hash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from ranker.errors import LlmSetup, UsageError
from ranker.llm.failures import ACCOUNT
from ranker.llm.settings import Settings, check_key, load_settings
from ranker.llm.spending import check_spending
from ranker.personas.catalog import PersonaText
from ranker.scoring.llm.engine import ENGINE, ModelEngine
from ranker.scoring.llm.tasks import TASKS
from ranker.scoring.llm.templates import load_prompt, prompts_of
from ranker.scoring.variants import engine_of, keep_variant, persona_of_variant, same_variant
from ranker.store.engine import Database
from ranker.store.provider_states import load_states, reset_state
from ranker.store.run_queries import RunRow
from ranker.templates.catalog import TemplateText, live_texts, text_by_hash


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """How somebody wants a model to be asked: a strategy of ``TASKS``, and settings with their limit of money."""

    strategy: str
    settings: Settings
    texts: Mapping[str, TemplateText] | None = None
    """The versions of the prompts by task; ``None`` for those in use."""

    def engine(self, session: Session, persona: PersonaText) -> ModelEngine:
        """The engine for a persona.

        Raises ``PersonaError`` if the persona's text can't be used, ``LlmSetup`` if a prompt's can't.
        """
        kept = prompts_of(live_texts(session) if self.texts is None else self.texts)
        prompts = {task: kept[task] if task in kept else load_prompt(task) for task in TASKS[self.strategy]}
        return ModelEngine(
            engine_of(persona), persona.content, persona.hash, self.strategy, self.settings, prompts
        )  # fmt: skip

    def check(self) -> None:
        """Raise ``NoKey``, ``SpendingOff`` or ``PriceUnknown`` if nothing may be asked; nothing is sent."""
        check_key(self.settings)
        check_spending(self.settings, TASKS[self.strategy])

    def try_account_again(self, database: Database) -> None:
        """Ask providers again whose account was empty or whose key was refused: whoever starts anew has mended it."""
        with database.session() as session:
            states = load_states(session)
        for one in self.settings.providers:
            if one.name in states and states[one.name].why in ACCOUNT:
                reset_state(database, one.name)

    def keep(self, session: Session, persona: PersonaText) -> tuple[int, str]:
        """The id and hash of the variant, which is written down. Raises what ``check`` and ``engine`` do."""
        self.check()
        engine = self.engine(session, persona)
        return keep_variant(session, engine.variant, ENGINE, persona.id, engine.decides), engine.variant


def model_of_variant(session: Session, variant_id: int | None, settings: Settings) -> ModelEngine:
    """The engine that a variant names, asked with the keys and at the pace of ``settings``.

    Raises ``UsageError`` if its persona or a version of a prompt is gone, or the program decides otherwise now,
    ``LlmSetup`` if its provider is not set up any more.
    """
    choice, persona, digest = choice_of_variant(session, variant_id, settings)
    engine = choice.engine(session, persona)
    same_variant(engine.variant, digest)
    return engine


def choice_of_variant(
    session: Session, variant_id: int | None, settings: Settings
) -> tuple[ModelChoice, PersonaText, str]:
    """(The choice that a variant stands for, with the keys and the pace of ``settings``; its persona; its hash).

    Raises ``UsageError`` if its persona or a version of a prompt is gone, ``LlmSetup`` if its provider is not set up
    any more.
    """
    persona, digest, decides = persona_of_variant(session, variant_id)
    named = [one for one in settings.providers if one.name == decides["provider"]]
    if not named:
        raise LlmSetup(
            f"This run asks {decides['provider']}, which is not set up now. Set it up again, or start a new run."
        )
    models = decides["models"]
    first = replace(named[0], model=next(iter(models.values())), models=models)
    others = tuple(one for one in settings.providers if one is not named[0])
    asked = replace(settings, providers=(first, *others), temperature=decides["temperature"])
    texts = {task: text_by_hash(session, task, version) for task, version in decides["templates"].items()}
    return ModelChoice(decides["strategy"], asked, texts), persona, digest


def again(database: Database, run: RunRow, limit: float | None = None) -> tuple[ModelChoice, int]:
    """(The choice of a run with a model, asked with today's keys; the version of its persona), to ask once more.

    ``limit``: dollars, by default as much as the run had. Raises what ``choice_of_variant`` does, and ``UsageError``
    if the ranker decides otherwise now.
    """
    settings = load_settings().with_cap(run.max_usd if limit is None else limit)
    with database.session() as session:
        choice, persona, digest = choice_of_variant(session, run.variant_id, settings)
        if choice.engine(session, persona).variant != digest:
            raise UsageError(
                "The ranker was updated since this run, so that the same can't be asked again. "
                "Choose again whom to rank, and how."
            )
    return choice, persona.id

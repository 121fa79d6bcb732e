"""How messages are written: by which model and prompts, or by templates; all that decides it under one hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.errors import LlmSetup, NoKey, UsageError
from ranker.llm.failures import ACCOUNT
from ranker.llm.settings import Settings, check_key
from ranker.llm.spending import check_spending
from ranker.outreach.enforcing import CHECKER
from ranker.outreach.sequence import FIRST_LONGEST, FOLLOW_LONGEST
from ranker.outreach.template_words import FILE
from ranker.outreach.writing import ROUNDS, TASKS
from ranker.scoring.llm.templates import Prompt, load_prompt, prompts_of
from ranker.scoring.variants import keep_variant
from ranker.store.engine import Database
from ranker.store.provider_states import load_states, reset_state
from ranker.templates.catalog import TemplateText, live_texts, text_by_hash
from ranker.templates.version import template_hash

ENGINE, TEMPLATES = "llm-outreach", "outreach-templates"
"""Engines of a variant: a model, and templates without one."""
_VERSION = "outreach-1"


@dataclass(frozen=True, slots=True)
class OutreachModel:
    """A model as it is asked for messages: ``settings`` with their limit of money, and the versions of both prompts.

    Not tried live. Where the first provider fails the next one of ``settings`` stands in; a sequence says who really
    wrote it. ``texts``: the versions of the prompts by task; None for those in use.
    """

    settings: Settings
    texts: Mapping[str, TemplateText] | None = None

    def check(self) -> None:
        """Raise ``NoKey``, ``SpendingOff`` or ``PriceUnknown`` if nothing may be asked; nothing is sent."""
        try:
            check_key(self.settings)
        except NoKey:
            preset = self.settings.providers[0].preset
            raise NoKey(
                f"Writing with a language model needs a key. Set {preset.key_variable} (in the environment or in a "
                f"file .env, or enter it on the page Settings) for {preset.title}. Without a key, messages are written "
                "from templates."
            ) from None
        check_spending(self.settings, TASKS)

    def prompts(self, session: Session) -> dict[str, Prompt]:
        """The prompts by task. Raises ``LlmSetup`` for one that can't be used."""
        kept = prompts_of({
            task: one for task, one in (live_texts(session) if self.texts is None else self.texts).items()
            if task in TASKS
        })  # fmt: skip
        return {task: kept[task] if task in kept else load_prompt(task) for task in TASKS}

    def decides(self, session: Session) -> dict[str, Any]:
        """Everything that decides what is written but for the prospect and the request."""
        first = self.settings.providers[0]
        return {
            "engine": ENGINE, "version": _VERSION, "strategy": "outreach", "provider": first.name,
            "templates": {task: prompt.version for task, prompt in self.prompts(session).items()},
            "models": {task: first.model_for(task) for task in TASKS}, "temperature": self.settings.temperature,
            "rounds": ROUNDS, **_held(),
        }  # fmt: skip

    def digest(self, session: Session) -> str:
        """The hash of its variant; nothing is written down."""
        return _digest(self.decides(session))

    def keep(self, session: Session) -> tuple[int, str]:
        """The id and hash of the variant, which is written down. Raises what ``check`` and ``prompts`` do."""
        self.check()
        return _keep(session, ENGINE, self.decides(session))

    def try_account_again(self, database: Database) -> None:
        """Ask providers again whose account was empty or whose key was refused: whoever starts anew has mended it."""
        with database.session() as session:
            states = load_states(session)
        for one in self.settings.providers:
            if one.name in states and states[one.name].why in ACCOUNT:
                reset_state(database, one.name)


def keep_templates(session: Session) -> tuple[int, str]:
    """The id and hash of the variant of templates, where no model is asked."""
    return _keep(session, TEMPLATES, {"engine": TEMPLATES, "version": _VERSION, "strategy": "templates", **_held()})


def keep(session: Session, model: OutreachModel | None) -> tuple[int, str]:
    """The id and hash of the variant of a model, or of templates where there is none."""
    return keep_templates(session) if model is None else model.keep(session)


def model_of_variant(session: Session, variant_id: int | None, settings: Settings) -> OutreachModel | None:
    """What a variant names, with the keys and the pace of ``settings``; None for templates.

    Raises ``UsageError`` if it is gone or the program writes otherwise now, ``LlmSetup`` if its provider is not set up.
    """
    rows = session.connection().execute(text("SELECT engine, settings FROM variant WHERE id=:id"), {"id": variant_id})
    found = rows.first()
    if found is None or found[0] not in {ENGINE, TEMPLATES}:
        raise UsageError("How this run writes is not known any more. Start a new one on the page Outreach.")
    said = json.loads(found[1])
    if {name: said.get(name) for name in _held()} != _held() or said["version"] != _VERSION:
        raise UsageError("The ranker was updated since this run was started. Start it again on the page Outreach.")
    if found[0] == TEMPLATES:
        return None
    named = [one for one in settings.providers if one.name == said["provider"]]
    if not named:
        raise LlmSetup(
            f"This run asks {said['provider']}, which is not set up now. Set it up again, or start a new run."
        )
    models = said["models"]
    first = replace(named[0], model=models["write"], models=models)
    others = tuple(one for one in settings.providers if one is not named[0])
    texts = {task: text_by_hash(session, task, version) for task, version in said["templates"].items()}
    asked = replace(settings, providers=(first, *others), temperature=said["temperature"])
    return OutreachModel(asked, texts)


def _held() -> dict[str, Any]:
    """What holds for every message, whoever writes it; ``sentences``: those of the templates, which stand in."""
    return {"checker": CHECKER, "limits": [FIRST_LONGEST, FOLLOW_LONGEST], "sentences": _sentences()}


@cache
def _sentences() -> str:
    return template_hash(FILE.read_text(encoding="utf-8"))


def _keep(session: Session, engine: str, decides: dict[str, Any]) -> tuple[int, str]:
    digest = _digest(decides)
    return keep_variant(session, digest, engine, None, decides), digest


def _digest(decides: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()[:16]

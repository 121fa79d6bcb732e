"""The subject of an optimization in the database: the rules' persona, or a slot of a variant with a model."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from ranker.errors import UsageError
from ranker.evaluation.set_items import Item, company_names, inputs, labelled, load_items
from ranker.llm.settings import Settings as Asking
from ranker.llm.settings import load_settings
from ranker.optimizer.copy_guard import CopyGuard
from ranker.optimizer.stored import OptimizationRow
from ranker.optimizer.subject import Subject
from ranker.personas.catalog import load_version
from ranker.scoring.variants import engine_of_variant, same_variant
from ranker.store.engine import Database
from ranker.store.run_costs import scope_of
from ranker.store.run_queries import RunRow
from ranker.templates.catalog import text_by_hash

if TYPE_CHECKING:
    from ranker.optimizer.llm_subject import ModelSetup
    from ranker.scoring.llm.watch import Watch

RULES = "rules"
STEPS_OF_A_MODEL = ("critique", "edit")
_KEPT = 2
_rules: OrderedDict[tuple[str, int], tuple[str, Subject]] = OrderedDict()


@dataclass(frozen=True)
class Work:
    """What a search works with. ``settings``: how a model is asked, ``None`` where none is. ``leads``: how many."""

    subject: Subject
    guard: CopyGuard
    leads: int
    settings: Asking | None = None


def work_of(database: Database, run: RunRow, row: OptimizationRow, watch: Watch | None = None) -> Work:
    """The subject of an optimization. ``watch`` is told every second how calls of a model stand, and can stop them.

    Raises ``UsageError`` if the labelled set, the persona or a prompt is gone, and what making the subject does.
    """
    with database.session() as session:
        items = load_items(session, row.set_id) if row.set_id is not None else ()
        if not items:
            raise UsageError("The labelled leads of this optimization were removed. Start another one.")
        if row.persona_version_id is None:
            raise UsageError("The persona of this optimization was removed. Start another one.")
        text = load_version(session, row.persona_version_id).content
        if row.plan.strategy == RULES:
            engine_of_variant(session, run.variant_id)  # refuses rules that decide otherwise than at the start
        setup = None if row.plan.strategy == RULES else model_setup(session, run, row)
    guard = guard_of(items)
    if setup is None:
        return Work(_rules_subject(database, run.id, text, items), guard, len(items))
    from ranker.optimizer.llm_subject import LlmSubject  # its client takes a second to load
    from ranker.optimizer.model_errors import Labelled

    given, industries = inputs(items), {item.key: item.industry for item in items}
    leads = [Labelled(lead, given[lead.source_id], industries[lead.source_id]) for lead in labelled(items)]
    return Work(
        LlmSubject(database, scope_of(run.id), leads, setup, row.slot, watch), guard, len(items), setup.settings
    )


def guard_of(items: Sequence[Item]) -> CopyGuard:
    """What no text may copy: titles, companies, domains."""
    names = [name for item in items for name in (item.company, item.domain) if name]
    return CopyGuard([item.title for item in items], [*names, *company_names(items).values()])


def model_setup(session: Session, run: RunRow, row: OptimizationRow) -> ModelSetup:
    """How a model is asked: the start's variant, the models and prompts of the two steps, the limits of the whole.

    Raises as ``ranker.scoring.llm.variants.choice_of_variant``.
    """
    from ranker.optimizer.llm_subject import ModelSetup
    from ranker.scoring.llm.variants import choice_of_variant

    choice, persona, digest = choice_of_variant(session, run.variant_id, load_settings())
    same_variant(choice.engine(session, persona).variant, digest)
    first = choice.settings.providers[0]
    first = replace(first, models={**first.models, **row.plan.models})
    # The limits of this run alone: a limit of every ranking is not one of an optimization that has its own or none.
    settings = replace(choice.settings, providers=(first,), max_usd=run.max_usd, max_calls=row.plan.max_calls)
    prompts = {task: one.content for task, one in (choice.texts or {}).items()}
    prompts |= {task: text_by_hash(session, task, digest).content for task, digest in row.plan.templates.items()}
    return ModelSetup(choice.strategy, persona.name, persona.content, prompts, settings)


def _rules_subject(database: Database, run_id: int, text: str, items: Sequence[Item]) -> Subject:
    """Kept from step to step of a run, because it remembers what it judged; its reader is its own."""
    from ranker.optimizer.rules_subject import RulesSubject
    from ranker.titles import TitleReader

    place, what = (str(database.engine.url), run_id), f"{text}\x1f{items!r}"
    known = _rules.pop(place, None)
    if known is None or known[0] != what:
        known = (what, RulesSubject(text, labelled(items), inputs(items), TitleReader()))
    _rules[place] = known
    while len(_rules) > _KEPT:
        _rules.popitem(last=False)
    return known[1]

"""What an optimization with a model would take at most, from the prompts that would really be sent; nothing is sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ranker.evaluation.eval_estimate import set_decided_by
from ranker.evaluation.set_items import Item, company_names, inputs, load_items
from ranker.llm.question import Question
from ranker.llm.settings import Provider
from ranker.llm.spending import check_spending
from ranker.optimizer.llm_subject import EDITS
from ranker.optimizer.model_asking import POINTS, Point, Slot, critique_question, edit_question
from ranker.optimizer.outcome import Split
from ranker.optimizer.settings import Settings
from ranker.optimizer.subjects import STEPS_OF_A_MODEL
from ranker.personas.catalog import get_version
from ranker.scoring.llm.engine import ModelEngine
from ranker.scoring.llm.estimate import took_before
from ranker.scoring.llm.leads import Lead
from ranker.scoring.llm.plan import plan
from ranker.scoring.llm.tasks import TASKS
from ranker.scoring.llm.templates import Prompt, prompts_of
from ranker.scoring.llm.variants import ModelChoice
from ranker.scoring.variants import alone
from ranker.store.engine import Database
from ranker.templates import catalog as templates

_ERRORS_TOKENS = 400
"""About how long the errors of a critique are, which are not known before."""
_ANSWERED = 0.4
"""About how much of the longest answer a critique or an edit takes."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """At most so many calls: ``judging`` leads, of which one text takes ``a_text``, and ``thinking`` of changes.

    ``usd``: about what all of them cost, None where a price is not known; a search mostly ends before. ``seconds``:
    about how long; ``measured``: by how long this model's answers took before.
    """

    judging: int
    thinking: int
    a_text: int
    usd: float | None
    seconds: float
    measured: bool

    @property
    def calls(self) -> int:
        """All calls."""
        return self.judging + self.thinking


def check(choice: ModelChoice) -> None:
    """Raise ``NoKey``, ``SpendingOff`` or ``PriceUnknown`` if the search may ask nothing; nothing is sent."""
    choice.check()
    check_spending(choice.settings, [*TASKS[choice.strategy], *STEPS_OF_A_MODEL])


def with_prompt(database: Database, choice: ModelChoice, template_version_id: int | None) -> ModelChoice:
    """The choice with a version of one prompt, the others as they are in use. Raises ``UsageError``."""
    if template_version_id is None:
        return choice
    with database.session() as session:
        one = templates.load_version(session, template_version_id)
        return replace(choice, texts={**templates.live_texts(session), one.task: one})


def estimate_search(
    database: Database, set_id: int, persona_version_id: int, choice: ModelChoice, slot: str, settings: Settings,
    parts: Split,
) -> Estimate:  # fmt: skip
    """Count what every generation to its full width, and every check, would ask; ``parts``: who is for what.

    ``choice``: with the prompts that the search starts from. Answers that are kept from before are counted too.
    Raises ``UsageError`` for a version that is not there, ``PersonaError`` or ``LlmSetup`` if it can't be used.
    """
    persona = get_version(database, persona_version_id)
    with database.session() as session:
        engine, items = choice.engine(session, persona), load_items(session, set_id)
        took = took_before(session, engine)
        prompts = prompts_of(templates.live_texts(session))
        kept = templates.live_texts(session) if choice.texts is None else choice.texts
    text = persona.content if slot == "persona" else kept[slot.partition(":")[2]].content
    whole = [plan(engine.tasks, choice.strategy, some, choice.settings, took) for some in _by_company(engine, items)]
    companies = len(parts.training) + len(parts.held_out)
    texts = _units(settings, parts) / max(1, companies)
    # A parent that is asked for one text takes a critique as well, so there can be as many as texts.
    groups = settings.generations * settings.variants * (1 + len(parts.folds))
    thinking = _thinking(choice.settings.providers[0], prompts, text)
    prices = [one.usd for one in whole]
    judging = None if None in prices else sum(one or 0.0 for one in prices) * texts
    seconds = sum(one.seconds for one in whole) * texts
    return Estimate(
        round(sum(one.calls for one in whole) * texts), 2 * groups, sum(one.calls for one in whole),
        None if judging is None or thinking is None else judging + thinking * groups,
        seconds + 2 * groups * (took or 3.0) / max(1, choice.settings.concurrency), took is not None,
    )  # fmt: skip


def decided_by(
    database: Database, set_id: int, persona_version_id: int, choice: ModelChoice, slot: str, settings: Settings
) -> str:
    """A hash of everything that ``estimate_search`` depends on, so that one can be kept. Raises what that does."""
    said = [set_decided_by(database, set_id, persona_version_id, choice), slot, repr(settings)]
    with database.session() as session:
        said += [one.hash for task, one in templates.live_texts(session).items() if task in STEPS_OF_A_MODEL]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _by_company(engine: ModelEngine, items: Sequence[Item]) -> list[list[Lead]]:
    """The leads of each company that would be asked about: a search judges every company alone."""
    names, given = company_names(items), inputs(items)
    companies: dict[str, list[Item]] = {}
    for item in items:
        companies.setdefault(names[item.company_key], []).append(item)
    found = []
    with alone():
        for company, some in companies.items():
            leads = engine.leads(
                [given[one.key] for one in some], [one.industry for one in some], [company] * len(some)
            )
            found.append(list(dict.fromkeys(one for one in leads if isinstance(one, Lead))))
    return [some for some in found if some]


def _units(settings: Settings, parts: Split) -> int:
    """Texts × companies at most, each counted once: a text that one search evaluated is known to the others."""
    new, seen = settings.generations * settings.variants, len(parts.training)
    checks = sum(new * (seen - len(fold)) + len(fold) for fold in parts.folds)
    return (1 + new) * seen + checks + 2 * len(parts.held_out)


def _thinking(provider: Provider, prompts: dict[str, Prompt], text: str) -> float | None:
    """Dollars for one critique with its edit; None for an unknown price."""
    slot, points = Slot("the text", "its form"), [Point("x" * 200, "x" * 200)] * POINTS
    critique = critique_question(prompts["critique"], slot, text, [])
    edit = edit_question(prompts["edit"], slot, text, points, EDITS)
    costs = [_cost(provider, critique, _ERRORS_TOKENS), _cost(provider, edit, 0)]
    return None if None in costs else sum(one or 0.0 for one in costs)


def _cost(provider: Provider, question: Question, more: int) -> float | None:
    price = provider.price(provider.model_for(question.purpose))
    if price is None:
        return None
    return price.cost(round(question.likely_input()) + more, 0, round(question.max_output * _ANSWERED))

"""A prompt as it would be sent about a company's leads, and how long it is. Nothing is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ranker.llm.settings import load_settings
from ranker.personas.catalog import PersonaText
from ranker.scoring.assessment import Assessment, Inputs
from ranker.scoring.llm.engine import ModelEngine
from ranker.scoring.llm.leads import Lead, batches
from ranker.scoring.llm.tasks import BATCH, TASKS, shipped_prompts
from ranker.scoring.llm.templates import read_prompt
from ranker.scoring.variants import alone, engine_of
from ranker.store.company_leads import ToldLead

KEPT_FROM = 1_024
"""Tokens from which on providers keep the beginning of a request, so that asking again costs less."""
_BYTES_A_TOKEN = 4


@dataclass(frozen=True, slots=True)
class Sent:
    """The two parts of a request, and about how many tokens each has (four bytes are taken for one).

    ``leads`` are in it; ``others`` of the company would be asked about in further requests or are like one of them.
    Nobody is asked about the ``unjudged``, who have no usable title, and the ``ruled_out``, on whom rules decide.
    ``size``: the persona's size class.
    """

    system: str
    user: str
    system_tokens: int
    user_tokens: int
    leads: int
    others: int
    unjudged: int
    ruled_out: int
    size: str

    @property
    def kept(self) -> bool:
        """Whether the part that stays the same is long enough for providers to keep it."""
        return self.system_tokens >= KEPT_FROM


def can_be_sent(task: str) -> bool:
    """Whether a strategy of this ranker asks with the prompt of a task."""
    return any(task in tasks for tasks in TASKS.values())


def sent(persona: PersonaText, task: str, content: str, leads: Sequence[ToldLead]) -> Sent | None:
    """The first request about some leads of one company; None where nobody would be asked about.

    ``content`` is a text that passes ``ranker.templates.checks``. Raises ``PersonaError`` for a persona that can't be
    used and ``LlmSetup`` for a text that can't.
    """
    strategy = next(name for name, tasks in TASKS.items() if task in tasks)
    rules, prompts = engine_of(persona), {**shipped_prompts(), task: read_prompt(task, content)}
    engine = ModelEngine(rules, persona.content, persona.hash, strategy, load_settings({}), prompts)
    inputs = [Inputs(one.title, one.company, one.size, one.domain) for one in leads]
    with alone():
        found = engine.leads(inputs, [one.industry for one in leads], ["one"] * len(leads))
    judged = [one for one in found if isinstance(one, Lead)]
    if not judged:
        return None
    batch = max(batches(judged, BATCH[task], by_company=task == "rank"), key=len)
    question = engine.tasks.question(task, batch)
    system, user = (len(part.encode()) // _BYTES_A_TOKEN for part in (question.system, question.user))
    unusable = sum(isinstance(one, Assessment) and one.qualified is None for one in found)
    return Sent(
        question.system, question.user, system, user, len(batch), len(judged) - len(batch), unusable,
        len(found) - len(judged) - unusable, ", ".join(batch[0].brackets),
    )  # fmt: skip

"""What a ranking would take, told before it is started, from the prompts that would really be sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ranker.llm.question import output_limit
from ranker.llm.settings import Settings
from ranker.scoring.llm.batching import even_batches, two_orders
from ranker.scoring.llm.cascade import at_most_again
from ranker.scoring.llm.leads import Lead, batches
from ranker.scoring.llm.tasks import BATCH, TASKS, Tasks, expected_output

SECONDS_A_CALL = 3.0
"""What an answer is taken to need; the true figure is known only once a provider is asked."""
_EXACT, _SAMPLE = 10_000, 5_000
"""Up to so many leads every question of a task is put together and counted; of more, those of so many leads."""


@dataclass(frozen=True, slots=True)
class Step:
    """One task of a strategy. Tokens are estimates: four bytes each, thinking not counted.

    Dollars are ``None`` for an unknown price. ``at_most``: not all of it may be needed, because only leads that are
    found relevant come this far. ``worst`` is what would be reserved if each answer were the longest allowed.
    """

    task: str
    model: str
    calls: int
    leads: int
    tokens_in: int
    tokens_out: int
    usd: float | None
    worst: float | None
    at_most: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """All steps, and the seconds that they would take at the limits that are known.

    ``counted``: how many questions were put together to count tokens; fewer than ``calls`` is a sample of them.
    """

    steps: tuple[Step, ...]
    seconds: float
    counted: int

    @property
    def calls(self) -> int:
        """Questions in all, retries not counted."""
        return sum(step.calls for step in self.steps)

    @property
    def usd(self) -> float | None:
        """Dollars in all; ``None`` as soon as one price is not known."""
        known = [step.usd for step in self.steps if step.usd is not None]
        return sum(known) if len(known) == len(self.steps) else None

    @property
    def worst(self) -> float | None:
        """Dollars if every answer were the longest allowed, thinking included; ``None`` for an unknown price."""
        known = [step.worst for step in self.steps if step.worst is not None]
        return sum(known) if len(known) == len(self.steps) else None


def _work(task: str, leads: Sequence[Lead]) -> list[list[Lead]]:
    """The batches of a task, of the longest titles where not all leads of a company come that far."""
    if task == "score":
        return even_batches(leads, BATCH[task])
    if task not in {"rescore", "final"}:
        return batches(leads, BATCH[task], by_company=task == "rank")
    companies: dict[tuple[tuple[str, ...], str], list[Lead]] = {}
    for lead in leads:
        companies.setdefault((lead.brackets, lead.company), []).append(lead)
    again = [
        lead
        for some in companies.values()
        for lead in sorted(some, key=lambda one: (-len(one.inputs[0]), one.place))[: at_most_again(len(some))]
    ]
    return two_orders(again, BATCH[task])[task == "final"]


def plan(
    tasks: Tasks, strategy: str, leads: Sequence[Lead], settings: Settings, took: float | None = None
) -> Plan:  # fmt: skip
    """Count what would be asked of the first provider; nothing is sent. ``took``: seconds a call takes, if known."""
    provider = settings.providers[0]
    steps, counted = [], 0
    for order, task in enumerate(TASKS[strategy]):
        model = provider.model_for(task)
        price = provider.price(model)
        work = _work(task, leads)
        some = sample_of(work)
        times = len(work) / max(1, len(some))
        into, worst = 0.0, 0.0
        for batch in some:
            question = tasks.question(task, batch)
            into += round(question.likely_input()) * times
            if price is not None:
                worst += (provider.worst(model, question.worst_input(), output_limit(question, model)) or 0.0) * times
        out = sum(expected_output(task, len(batch)) for batch in work)
        counted += len(some)
        steps.append(
            Step(
                task, model, len(work), sum(map(len, work)), round(into), out,
                None if price is None else price.cost(round(into), 0, out), None if price is None else worst, order > 0,
            )
        )  # fmt: skip
    calls = sum(step.calls for step in steps)
    tokens = sum(step.tokens_in + step.tokens_out for step in steps)
    seconds = max(
        calls * (took or SECONDS_A_CALL) / settings.concurrency,
        calls / settings.rpm * 60 if settings.rpm else 0.0,
        tokens / settings.tpm * 60 if settings.tpm else 0.0,
    )
    return Plan(tuple(steps), seconds, counted)


def sample_of(work: list[list[Lead]]) -> list[list[Lead]]:
    """All batches of up to 10,000 leads; of more, every so manieth, so that they hold about 5,000; always the same."""
    leads = sum(map(len, work))
    return work if leads <= _EXACT else work[:: max(1, leads // _SAMPLE)]

"""How one text of a slot does with a model: every company judged alone, all of them at once, and no error taken for a
verdict.

A company alone, so that its figures follow from the text and its own leads: a search asks about some companies first
and about others later, and leaves parts out; batches that companies share would make each figure depend on that. It is
what a ranking of that company alone would give.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from ranker.errors import BudgetSpent, CapReached, ProvidersFailed
from ranker.llm.apart import run_to_end
from ranker.llm.breaker import Breaker
from ranker.llm.client import LlmClient
from ranker.llm.failures import POLICIES
from ranker.scoring.assessment import Assessment
from ranker.scoring.llm.asking import each
from ranker.scoring.llm.assess import assess
from ranker.scoring.llm.engine import ModelEngine
from ranker.scoring.llm.leads import Lead
from ranker.scoring.llm.strategies import STRATEGIES
from ranker.scoring.llm.tasks import TASKS
from ranker.scoring.llm.watch import Progress, Watch, watched
from ranker.store.engine import Database

PASSING = frozenset(kind for kind, policy in POLICIES.items() if policy.moves_on and not policy.ends)
"""Failures that say nothing about what was asked: the network, the pace, a server in trouble."""
ROUNDS = 3
"""How often calls that failed in passing are made again, beyond the client's own tries."""
_COMPANIES_AT_ONCE = 40


def judge_companies(
    engine: ModelEngine, database: Database, scope: str, companies: Mapping[str, Sequence[Lead]],
    watch: Watch | None = None, *, pause: float = 0.5, cool: float = 15.0,
) -> dict[Lead, Assessment]:  # fmt: skip
    """The verdicts on the leads of each company; what was answered before costs nothing. Never by another provider.

    A lead that the model can't or won't judge has none, and that is the text's own fault. Calls that fail in passing
    are made again. Raises ``BudgetSpent`` at a limit of ``engine.settings``, ``Cancelled``, ``ProvidersFailed`` where
    calls fail again and again, and what ``LlmClient`` does before anything is asked.
    """
    for _ in range(ROUNDS):
        verdicts, passing = run_to_end(_judge(engine, database, scope, companies, watch, pause, cool))
        if not passing:
            return verdicts
    raise failed_again(passing)


def failed_again(kinds: Sequence[str]) -> ProvidersFailed:
    """The error to stop with where calls fail in passing time after time."""
    words = " and ".join(POLICIES[kind].words for kind in sorted(set(kinds)))
    return ProvidersFailed(
        f"The model {words}, although it was asked again and again. Nothing was recorded for this text, because a "
        "failure is no verdict. Go on with this optimization when the model answers again."
    )


def raise_stopped(client: LlmClient) -> None:
    """Raise why a client asks nothing further, if it does; a limit that is reached as ``BudgetSpent``."""
    if isinstance(client.stopped, CapReached):
        raise BudgetSpent(client.stopped.message)
    if client.stopped is not None:
        raise client.stopped


async def _judge(
    engine: ModelEngine, database: Database, scope: str, companies: Mapping[str, Sequence[Lead]], watch: Watch | None,
    pause: float, cool: float,
) -> tuple[dict[Lead, Assessment], list[str]]:  # fmt: skip
    """The verdicts, and the kinds of failures that passed."""
    client = LlmClient(
        engine.settings, database, scope, TASKS[engine.strategy], failover=False, pause=pause,
        breaker=lambda: Breaker(cool=cool),
    )  # fmt: skip
    seen = Progress()
    async with client:
        verdicts = await watched(_all(engine, client, companies, seen), client, seen, watch)
        raise_stopped(client)
        return verdicts, [kind for kind in client.failures if kind in PASSING]


async def _all(
    engine: ModelEngine, client: LlmClient, companies: Mapping[str, Sequence[Lead]], seen: Progress
) -> dict[Lead, Assessment]:  # fmt: skip
    threshold, verdicts = engine.rules.persona.threshold, dict[Lead, Assessment]()

    async def one(leads: Sequence[Lead]) -> int:
        answers = await STRATEGIES[engine.strategy](client, engine.tasks, leads, Progress())
        verdicts.update({lead: assess(lead, row, threshold, engine.variant) for lead, row in answers.found.items()})
        return len(leads)

    seen.begin("evaluate", sum(map(len, companies.values())))
    async for done in each(companies.values(), one, _COMPANIES_AT_ONCE):
        seen.done += done
        await asyncio.sleep(0)
    return verdicts

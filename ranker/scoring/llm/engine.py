"""Judge a list of leads with a language model: free gates first, equal leads once, ranks by code."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ranker.errors import LlmError
from ranker.llm.apart import run_to_end
from ranker.llm.breaker import Breaker
from ranker.llm.client import LlmClient
from ranker.llm.settings import Settings
from ranker.scoring.assessment import Assessment, Inputs
from ranker.scoring.llm import gates
from ranker.scoring.llm.asking import Answers
from ranker.scoring.llm.assess import assess, reason_of
from ranker.scoring.llm.leads import Lead, lead_of, pieces
from ranker.scoring.llm.strategies import GATED, PIECE, STRATEGIES
from ranker.scoring.llm.tasks import TASKS, Tasks, shipped_prompts
from ranker.scoring.llm.templates import Prompt
from ranker.scoring.llm.watch import Progress, Watch, watched
from ranker.scoring.rank_table import RankedTable, company_keys, ranked_table
from ranker.scoring.rules import RulesEngine
from ranker.store.ai_calls import Spending
from ranker.store.engine import Database

ENGINE = "llm-1"


@dataclass(frozen=True, slots=True)
class Piece:
    """What came of some companies. ``stopped``: why nothing further was asked, ``None`` if all was."""

    verdicts: dict[Lead, Assessment]
    answers: Answers
    spending: Spending
    calls_cached: int
    retries: int
    stopped: LlmError | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a whole list. ``stopped``: why nothing further was asked, ``None`` if all was."""

    ranked: RankedTable
    spending: Spending
    answers: Answers
    calls_cached: int
    retries: int
    stopped: LlmError | None
    failed: dict[str, int] = field(default_factory=dict)
    """Leads that were not judged because of a call, by the reason's code."""
    gates: gates.GateCounts = field(default_factory=gates.GateCounts)
    """Rows that a gate rejected, and what the sample of them showed."""


class ModelEngine:
    """Judges leads by one persona with a language model. ``variant`` names everything that decides, by a hash.

    ``rules`` are the engine for the same persona: it knows its sizes and threshold, and who can't be judged at all.
    ``prompts`` has the prompt of each task that the strategy uses; by default those that come with the ranker.
    """

    def __init__(
        self, rules: RulesEngine, text: str, persona_hash: str, strategy: str, settings: Settings,
        prompts: Mapping[str, Prompt] | None = None,
    ) -> None:  # fmt: skip
        self.rules, self.strategy, self.settings = rules, strategy, settings
        self.tasks = Tasks(text, rules.persona.spec, rules.persona.threshold, prompts or shipped_prompts())
        first = settings.providers[0]
        self.decides: dict[str, Any] = {
            "engine": ENGINE,
            "strategy": strategy,
            "persona": persona_hash,
            "templates": self.tasks.versions(strategy),
            "provider": first.name,
            "models": {task: first.model_for(task) for task in TASKS[strategy]},
            "temperature": settings.temperature,
            "threshold": rules.persona.threshold,
        }
        if strategy in GATED:
            self.decides["gates"] = {"version": gates.VERSION, "rules": rules.variant}
        self.variant = hashlib.sha256(json.dumps(self.decides, sort_keys=True).encode()).hexdigest()[:16]

    def leads(
        self, inputs: Sequence[Inputs], industries: Sequence[str], companies: Sequence[str]
    ) -> list[Lead | Assessment]:
        """For each row the lead to ask about, or the assessment of one that nobody could judge or a gate rejected."""
        names = [bracket.name for bracket in self.rules.persona.brackets]
        found: list[Lead | Assessment] = []
        for one, industry, company in zip(inputs, industries, companies, strict=True):
            unjudged = self.rules.unjudgeable(one)
            if unjudged is not None:
                found.append(replace(unjudged, variant=self.variant))
                continue
            places, doubt = self.rules.places(one.size)
            unknown = doubt in {"size_missing", "size_unreadable"}
            brackets = tuple(names[at] for at in (places if unknown else places[:1]))
            found.append(self._gated(one, lead_of(one, industry, company, brackets, doubt)))
        return found

    def _gated(self, inputs: Inputs, lead: Lead) -> Lead | Assessment:
        """The gates' verdict on a lead that they reject, if it is not of the sample; else the lead."""
        by_rules = gates.rejected(self.rules, inputs) if self.strategy in GATED else None
        if by_rules is None:
            return lead
        if gates.sampled(lead):
            return replace(lead, sampled=True)
        return replace(by_rules, flags=tuple(sorted((*by_rules.flags, gates.GATED))), variant=self.variant)

    def scope(self, leads: Sequence[Lead | Assessment]) -> str:
        """The name of this piece of work, for the limit of money: the same leads judged by the same variant."""
        said = sorted(lead.place for lead in leads if isinstance(lead, Lead))
        return hashlib.sha256("\n".join([self.variant, *said]).encode()).hexdigest()[:32]

    def judge(
        self, database: Database, inputs: Sequence[Inputs], industries: Sequence[str], watch: Watch | None = None,
        *, pause: float = 0.5, cool: float = 15.0,
    ) -> Outcome:  # fmt: skip
        """Judge and rank. Raises ``NoKey``, ``SpendingOff`` or ``PriceUnknown`` before anything is asked.

        Whatever happens after that, every lead has an assessment: a verdict, or why there is none. ``pause`` and
        ``cool`` are the seconds before a retry, and those that a failing provider is left alone.
        """
        companies = company_keys([(one.company, one.domain) for one in inputs])
        leads = self.leads(inputs, industries, companies)
        scope, verdicts, answers = self.scope(leads), dict[Lead, Assessment](), Answers()
        cached = retries = 0
        stopped: LlmError | None = None
        asked: dict[str, list[Lead]] = {}
        for lead in {lead for lead in leads if isinstance(lead, Lead)}:
            asked.setdefault(lead.company, []).append(lead)
        for part in pieces(companies, PIECE[self.strategy]) or [[]]:
            about = [lead for company in part for lead in asked.get(company, ())]
            piece = self.judge_piece(database, scope, about, watch, stopped=stopped, pause=pause, cool=cool)
            verdicts.update(piece.verdicts)
            answers.add(piece.answers)
            cached, retries, stopped = cached + piece.calls_cached, retries + piece.retries, piece.stopped
        assessments = [verdicts[lead] if isinstance(lead, Lead) else lead for lead in leads]
        return Outcome(
            ranked_table(assessments, companies), piece.spending, answers, cached, retries, stopped,
            failures_of(assessments), gates.gate_counts((one.flags, one.qualified) for one in assessments),
        )  # fmt: skip

    def judge_piece(
        self, database: Database, scope: str, leads: Sequence[Lead], watch: Watch | None = None, *,
        stopped: LlmError | None = None, pause: float = 0.5, cool: float = 15.0,
    ) -> Piece:  # fmt: skip
        """Judge all leads of some companies; answers that are kept from before cost nothing.

        ``scope`` names the work that the limit of money holds for. ``stopped``: why nothing may be asked any more.
        Raises what ``judge`` does. ``watch`` can stop it: then ``stopped`` of what came of it is ``Cancelled``.
        """
        return run_to_end(self._judge(database, scope, leads, watch, stopped, pause, cool))

    async def _judge(
        self, database: Database, scope: str, leads: Sequence[Lead], watch: Watch | None, stopped: LlmError | None,
        pause: float, cool: float,
    ) -> Piece:  # fmt: skip
        client = LlmClient(
            self.settings, database, scope, TASKS[self.strategy], pause=pause, breaker=lambda: Breaker(cool=cool)
        )
        client.stopped = stopped
        async with client:
            seen = Progress()
            answers = await watched(STRATEGIES[self.strategy](client, self.tasks, leads, seen), client, seen, watch)
            spending = client.spending()
        threshold = self.rules.persona.threshold
        verdicts = {lead: assess(lead, row, threshold, self.variant) for lead, row in answers.found.items()}
        return Piece(verdicts, answers, spending, client.cache_hits, client.retries, client.stopped)


def failures_of(assessments: Iterable[Assessment]) -> dict[str, int]:
    """How many leads were not judged because of a call, by the reason's code."""
    return dict(Counter(reason for one in assessments if (reason := reason_of(one.flags)) is not None))

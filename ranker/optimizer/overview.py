"""Optimizations for a page: a list of them, and one with its generations, candidates, lineage and spend."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from ranker.optimizer import stored
from ranker.optimizer.memory import Candidate
from ranker.optimizer.outcome import Standing
from ranker.optimizer.standing import standing
from ranker.optimizer.stored import OptimizationRow
from ranker.optimizer.subject import Figures
from ranker.store import ai_calls, run_queries
from ranker.store.ai_calls import Spending
from ranker.store.engine import Database
from ranker.store.run_costs import RunCost, run_costs, scope_of
from ranker.store.run_queries import RunRow

_LINES = (
    "SELECT o.run_id, r.state, r.who, r.queued_at, r.ended_at, r.error, r.done, r.total, s.name, o.slot, o.settings, "
    "p.name, v.version, t.version, o.result, o.openings, o.decision, o.decided_by, "
    "(SELECT count(*) FROM candidate AS c WHERE c.run_id=o.run_id AND c.search=0 AND c.state='evaluated') "
    "FROM optimization AS o JOIN run AS r ON r.id=o.run_id LEFT JOIN eval_set AS s ON s.id=o.eval_set_id "
    "LEFT JOIN persona_version AS v ON v.id=o.persona_version_id LEFT JOIN persona AS p ON p.id=v.persona_id "
    "LEFT JOIN template_version AS t ON t.id=o.template_version_id "
    "WHERE (:set=0 OR o.eval_set_id=:set) ORDER BY o.run_id DESC LIMIT :limit OFFSET :offset"
)


@dataclass(frozen=True, slots=True)
class OptimizationLine:
    """One in a list. ``share``: how much is done, 0 to 1. ``tried``: texts evaluated, the start among them.

    ``gain``: whether a gain is claimed, None before the end; ``words``: that in a sentence. ``looks``: how often the
    companies held out were looked at. ``cost`` is None for rules.
    """

    run_id: int
    state: str
    who: str
    queued_at: str
    ended_at: str
    error: str
    share: float
    labelled: str
    slot: str
    strategy: str
    persona: str
    version: int | None
    template_version: int | None
    tried: int
    proposal: int | None
    gain: bool | None
    words: str
    looks: int
    decision: str
    decided_by: str
    cost: RunCost | None


@dataclass(frozen=True, slots=True)
class CandidateView:
    """One text of the search with what is known of it. ``last_beam``: the last generation whose beam it was in.

    ``value``: pairs and f1 over the training companies; ``held_out``: the same over the companies held out, once they
    were looked at. Both None where not known.
    """

    candidate: Candidate
    last_beam: int | None
    standing: Standing | None
    held_out: float | None

    @property
    def value(self) -> float | None:
        """What candidates are drawn by."""
        return None if self.standing is None else self.standing.pairs_f1

    def in_beam(self, generation: int) -> bool:
        """Whether it was among the best after a generation; who leaves the beam never comes back."""
        return self.last_beam is not None and self.candidate.generation <= generation <= self.last_beam


@dataclass(frozen=True, slots=True)
class OptimizationView:
    """One optimization. ``candidates``: of the search for the proposal, by number; rejected ones with their reason.

    ``folds``: how many candidates each further search has tried so far. ``spending`` is by the ledger, None for rules.
    ``shown``: how things stand within the step under way (``run.live``). ``looks`` are those that were done.
    """

    run: RunRow
    row: OptimizationRow
    candidates: tuple[CandidateView, ...]
    folds: tuple[int, ...]
    spending: Spending | None
    looks: tuple[Mapping[str, Any], ...]

    @property
    def generations(self) -> int:
        """The last generation that has a candidate."""
        return max((one.candidate.generation for one in self.candidates), default=0)

    @property
    def start(self) -> CandidateView | None:
        """The text that it started from."""
        return self.candidates[0] if self.candidates else None

    @property
    def proposal(self) -> CandidateView | None:
        """What is proposed; None before the end, or where that is the start."""
        number = self.row.result.get("proposal")
        return self.candidates[number] if number else None

    def lineage(self, number: int) -> tuple[CandidateView, ...]:
        """From the start to a candidate, each the parent of the next."""
        found = [self.candidates[number]]
        while (parent := found[-1].candidate.parent) is not None:
            found.append(self.candidates[parent])
        return tuple(reversed(found))


def list_optimizations(
    database: Database, set_id: int | None = None, *, offset: int = 0, limit: int = 50
) -> list[OptimizationLine]:  # fmt: skip
    """Optimizations (on one labelled set), the newest first."""
    with database.session() as session:
        connection = session.connection()
        rows = connection.execute(text(_LINES), {"set": set_id or 0, "limit": limit, "offset": max(0, offset)}).all()
        costs = run_costs(connection, [row[0] for row in rows])
    return [_line(row, costs) for row in rows]


def get_optimization(database: Database, run_id: int) -> OptimizationView:
    """One optimization, also while it is under way. Raises ``UsageError`` if there is none with this number."""
    with database.session() as session:
        row = stored.load_optimization(session, run_id)
        run = run_queries.load_run(session, run_id)
        found = stored.candidates(session, run_id)
        scores = stored.scores(session, run_id)
        spending = None if row.plan.strategy == "rules" else ai_calls.spending(session, scope_of(run_id))
    looks = tuple(look for look in row.openings if "number" in look)
    folds = tuple(sum(one.state == "evaluated" for one, _ in some) for search, some in sorted(found.items()) if search)
    training = row.split.get("training", ())
    held = row.split.get("held_out", ()) if looks else ()
    views = tuple(_view(one, beam, scores, training, held) for one, beam in found.get(0, []))
    return OptimizationView(run, row, views, folds, spending, looks)


def _view(
    one: Candidate, beam: int, scores: Mapping[tuple[str, str], Figures], training: Sequence[str], held: Sequence[str]
) -> CandidateView:
    """``training`` is not known before the search is over: until then, a text's figures are all that it has."""
    own = {company: figures for (digest, company), figures in scores.items() if digest == one.hash}
    seen = {company: own[company] for company in training or own if company in own}
    whole = one.state == "evaluated" and bool(seen)
    hidden = {company: own[company] for company in held if company in own}
    return CandidateView(
        one, beam - 1 if beam else None, standing(seen, tuple(seen)) if whole else None,
        standing(hidden, tuple(hidden)).pairs_f1 if hidden and len(hidden) == len(held) else None,
    )  # fmt: skip


def _line(row: Any, costs: Mapping[int, RunCost]) -> OptimizationLine:
    plan, result, openings = (json.loads(row[at]) for at in (10, 14, 15))
    claim = result.get("claim", {})
    strategy = plan.get("strategy", "rules")
    share = 1.0 if row[1] == "done" else min(1.0, row[6] / row[7]) if row[7] else 0.0
    return OptimizationLine(
        run_id=row[0], state=row[1], who=row[2], queued_at=row[3], ended_at=row[4], error=row[5], share=share,
        labelled=row[8] or "", slot=row[9], strategy=strategy, persona=row[11] or "", version=row[12],
        template_version=row[13], tried=row[18], proposal=result.get("proposal"), gain=claim.get("gain"),
        words=claim.get("words", ""), looks=sum("number" in look for look in openings), decision=row[16],
        decided_by=row[17], cost=None if strategy == "rules" else costs.get(row[0], RunCost()),
    )  # fmt: skip

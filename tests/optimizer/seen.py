"""One optimization as its run kept it, for tests: candidates with their standing, beam and lineage, spend and looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ranker.optimizer import stored
from ranker.optimizer.memory import Candidate
from ranker.optimizer.outcome import Standing
from ranker.optimizer.standing import standing
from ranker.store import ai_calls, run_queries
from ranker.store.run_costs import scope_of


@dataclass(frozen=True)
class Seen:
    """``last_beam``: the last generation whose beam it was in; ``held_out``: pairs_f1 there, once it was looked at."""

    candidate: Candidate
    last_beam: int | None
    standing: Standing | None
    held_out: float | None

    @property
    def value(self):
        return None if self.standing is None else self.standing.pairs_f1

    def in_beam(self, generation):
        return self.last_beam is not None and self.candidate.generation <= generation <= self.last_beam


@dataclass(frozen=True)
class View:
    run: Any
    row: Any
    candidates: tuple[Seen, ...]
    folds: tuple[int, ...]
    spending: Any
    looks: tuple[Any, ...]

    @property
    def generations(self):
        return max((one.candidate.generation for one in self.candidates), default=0)

    @property
    def start(self):
        return self.candidates[0] if self.candidates else None

    @property
    def proposal(self):
        number = self.row.result.get("proposal")
        return self.candidates[number] if number else None

    def lineage(self, number):
        found = [self.candidates[number]]
        while (parent := found[-1].candidate.parent) is not None:
            found.append(self.candidates[parent])
        return tuple(reversed(found))


def seen(database, run_id):
    """Also while it is under way."""
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
    views = tuple(_seen(one, beam, scores, training, held) for one, beam in found.get(0, []))
    return View(run, row, views, folds, spending, looks)


def _seen(one, beam, scores, training, held):
    """``training`` is not known before the search is over: until then, a text's figures are all that it has."""
    own = {company: figures for (digest, company), figures in scores.items() if digest == one.hash}
    seen = {company: own[company] for company in training or own if company in own}
    whole = one.state == "evaluated" and bool(seen)
    hidden = {company: own[company] for company in held if company in own}
    return Seen(
        one, beam - 1 if beam else None, standing(seen, tuple(seen)) if whole else None,
        standing(hidden, tuple(hidden)).pairs_f1 if hidden and len(hidden) == len(held) else None,
    )  # fmt: skip

"""What a search remembers, in the database: each ``keep_…`` is one transaction, and nothing is known but by it.

Whoever goes on after a crash knows all that was kept; what was under way is done again, and answers of a model that
had come are in the cache. Writing says whether the run still goes on: a cancelled one writes nothing further.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.errors import BudgetSpent, Cancelled
from ranker.evaluation.compare import HEADLINE, headline_or
from ranker.optimizer import stored
from ranker.optimizer.memory import Candidate
from ranker.optimizer.settings import Settings
from ranker.optimizer.subject import Figures
from ranker.store import run_queries
from ranker.store.engine import Database

_SAY = text(
    "UPDATE run SET live=:live, done=CASE WHEN done<:done THEN :done ELSE done END "
    "WHERE id=:run AND state IN ('queued', 'running')"
)
_LONGEST = 400


class Pause(Exception):
    """The piece is long enough: what comes next is the next piece's."""


def planned(settings: Settings, held_out: bool) -> int:
    """The most candidates that an optimization evaluates, over all searches: what its progress is counted in."""
    return _a_search(settings) * (1 + settings.folds) + int(held_out)


def _a_search(settings: Settings) -> int:
    return 1 + settings.generations * settings.variants


@dataclass
class DatabaseMemory:
    """See ``ranker.optimizer.memory.Memory``. ``seconds``: after so long, and one checkpoint, a piece is enough.

    ``spent``: told before each step that costs, says why nothing more may be spent, "" while it may. ``live``: how
    things stand, as it is written to the run.
    """

    database: Database
    run_id: int
    settings: Settings
    seconds: float = 3.0
    spent: Callable[[], str] = lambda: ""
    live: dict[str, Any] = field(default_factory=dict)
    cancelled: bool = False

    def __post_init__(self) -> None:
        with self.database.session() as session:
            found = stored.candidates(session, self.run_id)
            self._scores = stored.scores(session, self.run_id)
        self._rows = {search: {one.number: one for one, _ in some} for search, some in found.items()}
        self._beams = {(search, one.number): beam for search, some in found.items() for one, beam in some}
        self._seen: frozenset[str] = frozenset()
        self._began, self._kept = time.monotonic(), 0

    @property
    def judged(self) -> int:
        """How many texts × companies have figures."""
        return len(self._scores)

    def check(self) -> None:
        """See ``Memory``; also raises ``Pause``."""
        if self._kept and time.monotonic() - self._began >= self.seconds:
            raise Pause
        if not run_queries.get_run(self.database, self.run_id).active:
            self.cancelled = True
            raise Cancelled("The optimization was cancelled.")
        why = self.spent()
        if why:
            raise BudgetSpent(why)

    def candidates(self, search: int) -> list[Candidate]:
        """See ``Memory``."""
        return [one for _, one in sorted(self._rows.get(search, {}).items())]

    def scores(self, text_hash: str, companies: Sequence[str]) -> dict[str, Figures]:
        """See ``Memory``."""
        self._seen = frozenset(companies)
        return {name: self._scores[text_hash, name] for name in companies if (text_hash, name) in self._scores}

    def keep_proposed(self, search: int, batch: Sequence[Candidate]) -> None:
        """See ``Memory``."""
        rows = self._rows.setdefault(search, {})
        rows |= {one.number: one for one in batch}
        tried = [one for one in batch if one.state == "proposed" and one.number]
        if tried:
            self._tell(search, tried[0], "proposed")
        self._write(lambda session: stored.keep_candidates(session, self.run_id, search, batch))

    def keep_evaluated(self, search: int, candidate: Candidate, scores: Mapping[str, Figures]) -> None:
        """See ``Memory``."""
        self._rows[search][candidate.number] = candidate
        self._scores |= {(candidate.hash, company): figures for company, figures in scores.items()}
        self._tell(search, candidate, candidate.state)

        def work(session: Session) -> None:
            stored.keep_candidates(session, self.run_id, search, [candidate])
            stored.keep_scores(session, self.run_id, candidate.hash, scores)

        self._write(work)

    def keep_beam(self, search: int, generation: int, numbers: Sequence[int]) -> None:
        """See ``Memory``."""
        if all(self._beams.get((search, number), 0) > generation for number in numbers):
            return
        for number in numbers:
            self._beams[search, number] = max(generation + 1, self._beams.get((search, number), 0))
        self._write(lambda session: stored.keep_beam(session, self.run_id, search, generation, numbers), counts=False)

    def keep_scores(self, text_hash: str, scores: Mapping[str, Figures]) -> None:
        """See ``Memory``."""
        self._scores |= {(text_hash, company): figures for company, figures in scores.items()}
        self._write(lambda session: stored.keep_scores(session, self.run_id, text_hash, scores))

    def done(self) -> int:
        """Candidates that are dealt with, in the unit of ``planned``: a search that is over counts in full."""
        if not self._rows:
            return 0
        newest = max(self._rows)
        over = sum(one.state in {"evaluated", "rejected"} for one in self._rows[newest].values())
        return newest * _a_search(self.settings) + min(over, _a_search(self.settings))

    def _tell(self, search: int, one: Candidate, state: str) -> None:
        known = (self._scores.get((one.hash, company)) for company in self._seen)
        values = [value for it in known if it is not None and (value := headline_or(HEADLINE, it)) is not None]
        self.live |= {
            "search": search, "generation": one.generation, "number": one.number, "state": state,
            "critique": one.critique[:_LONGEST], "edit": one.edit[:_LONGEST],
            "pairs_f1": round(sum(values) / len(values), 4) if values else None,
        }  # fmt: skip

    def _write(self, work: Callable[[Session], None], *, counts: bool = True) -> None:
        """One checkpoint. Raises ``Cancelled``, and nothing is written, where the run does not go on."""
        said = {"run": self.run_id, "live": json.dumps(self.live), "done": self.done()}
        with self.database.write() as session:
            if session.connection().execute(_SAY, said).rowcount:
                work(session)
            else:
                self.cancelled = True
        if self.cancelled:
            raise Cancelled("The optimization was cancelled.")
        self._kept += counts

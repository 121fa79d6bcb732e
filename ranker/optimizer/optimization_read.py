"""One optimization from inside: every text that was tried, how it stands, from which it was made, and what is going on.

All of it is read from the tables that the search writes, so that any window shows the same, also in the middle of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from ranker.errors import UsageError
from ranker.evaluation.compare import CompanyChange
from ranker.optimizer.optimization_list import OptimizationLine, mean_gain
from ranker.optimizer.outcome import Standing
from ranker.optimizer.standing import headline, key, standing
from ranker.optimizer.subject import Figures
from ranker.store.engine import Database


@dataclass(frozen=True, slots=True)
class Tried:
    """A candidate without its text (``text_of`` has it), which is ``length`` characters long.

    ``standing`` and ``gain`` (in pairs_f1, over the start) are over the companies that its search sees, None until it
    was evaluated. ``beams``: the generations in whose beam it was, empty for none.
    """

    search: int
    number: int
    parent: int | None
    generation: int
    hash: str
    length: int
    critique: str
    edit: str
    state: str
    reason: str
    beams: range
    standing: Standing | None
    gain: float | None

    @property
    def evaluated(self) -> bool:
        """Whether its figures are known."""
        return self.standing is not None


@dataclass(frozen=True, slots=True)
class Tree:
    """The search on all training companies. ``tried`` is by number, a ``nothing`` left out; ``order`` has the numbers
    of those that were evaluated, the best first. ``scores``: number → company → figures, at all companies known.
    """

    tried: Mapping[int, Tried]
    order: tuple[int, ...]
    scores: Mapping[int, Mapping[str, Figures]]

    @property
    def generations(self) -> int:
        """The last generation that was begun; 0 for the start alone."""
        return max((one.generation for one in self.tried.values()), default=0)

    @property
    def rejected(self) -> tuple[Tried, ...]:
        """What was proposed and not tried."""
        return tuple(one for one in self.tried.values() if one.state == "rejected")

    def beam(self, generation: int) -> list[int]:
        """Who went on after a generation, the best first; empty while it is not over."""
        return [number for number in self.order if generation in self.tried[number].beams]

    def lineage(self, number: int) -> list[int]:
        """The numbers from the start to a candidate."""
        found: list[int] = []
        at: int | None = number
        while at is not None:
            found.append(at)
            at = self.tried[at].parent if at in self.tried else None
        return found[::-1]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far all searches of an optimization are. ``search``: the one at work, of ``searches`` (0 is the first).

    ``evaluated`` and ``rejected`` count texts over all searches, the starts left out; ``most`` is how many texts can be
    tried at all. ``newest``: the last text that was proposed, whichever search did; its figures are not read.
    """

    search: int
    searches: int
    generation: int
    evaluated: int
    rejected: int
    most: int
    newest: Tried | None

    @property
    def share(self) -> float:
        """How much is done, 0 to 1, if every search goes on to its last generation; mostly it ends before."""
        return min(1.0, (self.evaluated + self.rejected) / self.most) if self.most else 0.0


_FIELDS = "search, number, parent, generation, hash, length(content), critique, edit, state, reason, in_beam"


def read_tree(database: Database, line: OptimizationLine) -> Tree:
    """Every candidate of the search on all training companies, as far as it is."""
    with database.session() as session:
        connection = session.connection()
        rows = connection.execute(
            text(
                f"SELECT {_FIELDS} FROM candidate WHERE run_id=:run AND search=0 AND state<>'nothing' ORDER BY number"
            ),
            {"run": line.id},
        ).all()
        by_hash = _scores(connection, line.id)
    seen = line.split.training if line.split else ()
    start = by_hash.get(rows[0][4], {}) if rows else {}
    tried = {row[1]: _tried(row, by_hash.get(row[4], {}), start, seen) for row in rows}
    order = sorted(
        (one.number for one in tried.values() if one.standing is not None),
        key=lambda number: _key(tried[number]),
    )
    return Tree(tried, tuple(order), {one.number: by_hash.get(one.hash, {}) for one in tried.values()})


def read_progress(database: Database, line: OptimizationLine) -> Progress:
    """How far it is, over all of its searches."""
    with database.session() as session:
        connection = session.connection()
        counted = connection.execute(
            text(
                "SELECT search, max(generation), sum(CASE WHEN state='evaluated' AND number>0 THEN 1 ELSE 0 END), "
                "sum(CASE WHEN state='rejected' THEN 1 ELSE 0 END) FROM candidate WHERE run_id=:run "
                "GROUP BY search ORDER BY search"
            ),
            {"run": line.id},
        ).all()
        newest = connection.execute(
            text(
                f"SELECT {_FIELDS} FROM candidate WHERE run_id=:run AND state<>'nothing' AND number>0 "
                "ORDER BY id DESC LIMIT 1"
            ),
            {"run": line.id},
        ).first()
    searches = 1 + (len(line.split.folds) if line.split else line.settings.folds)
    search, generation = (counted[-1][0], counted[-1][1]) if counted else (0, 0)
    return Progress(
        search, searches, generation, sum(row[2] for row in counted), sum(row[3] for row in counted),
        searches * line.settings.generations * line.settings.variants,
        None if newest is None else _tried(newest, {}, {}, ()),
    )  # fmt: skip


def text_of(database: Database, run_id: int, number: int, search: int = 0) -> str:
    """The whole text of a candidate. Raises ``UsageError`` if there is none with this number."""
    with database.session() as session:
        found = session.connection().execute(
            text("SELECT content FROM candidate WHERE run_id=:run AND search=:search AND number=:number"),
            {"run": run_id, "search": search, "number": number},
        ).scalar()  # fmt: skip
    if found is None:
        raise UsageError(f"There is no text {number} in optimization {run_id}. Choose one from its table.")
    return str(found)


def company_changes(tree: Tree, number: int, companies: tuple[str, ...]) -> list[CompanyChange]:
    """pairs_f1 of a candidate beside that of the start at these companies, the one that loses most first."""
    new, old = tree.scores.get(number, {}), tree.scores.get(0, {})
    found = []
    for company in companies:
        ours, theirs = (headline(side[company]) if company in side else None for side in (new, old))
        if ours is not None and theirs is not None:
            found.append(CompanyChange(company, ours, theirs, ours - theirs))
    return sorted(found, key=lambda one: (one.change, one.company))


def _scores(connection: Connection, run_id: int) -> dict[str, dict[str, Figures]]:
    found: dict[str, dict[str, Figures]] = {}
    rows = connection.execute(
        text("SELECT hash, company, figures FROM candidate_score WHERE run_id=:run"), {"run": run_id}
    )
    for digest, company, figures in rows:
        found.setdefault(digest, {})[company] = json.loads(figures)
    return found


def _tried(row: Any, scores: Mapping[str, Figures], start: Mapping[str, Figures], seen: tuple[str, ...]) -> Tried:
    search, number, parent, generation, digest, length, critique, edit, state, reason, in_beam = row
    known = state == "evaluated" and bool(seen) and all(company in scores for company in seen)
    return Tried(
        search, number, parent, generation, digest, length, critique, edit, state, reason, range(generation, in_beam),
        standing(scores, seen) if known else None,
        mean_gain(scores, start, seen) if known else None,
    )  # fmt: skip


def _key(one: Tried) -> tuple[float, ...]:
    assert one.standing is not None
    return key(one.standing, one.length, one.number)

"""The same variant on the same labelled leads again: what it said alike, and how far its figures move by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import stdev

from sqlalchemy import bindparam, text

from ranker.evaluation.figures import Figures
from ranker.store.engine import Database
from ranker.store.evaluations import EvalLine, list_evaluations

SPREAD = ("pairs_f1", "pairs", "f1")
"""The figures whose spread is told."""


@dataclass(frozen=True, slots=True)
class Spread:
    """One figure over the repeats, in their order. ``deviation``: their standard deviation (n - 1)."""

    values: tuple[float, ...]

    @property
    def least(self) -> float:
        """The lowest."""
        return min(self.values)

    @property
    def most(self) -> float:
        """The highest."""
        return max(self.values)

    @property
    def deviation(self) -> float:
        """sqrt(Σ(value - mean)² / (n - 1)), of at least two."""
        return stdev(self.values)


@dataclass(frozen=True, slots=True)
class Stability:
    """Repeats of one variant, from the first; only those with the same labelled leads.

    ``judged``: leads with a verdict in every repeat, ``same`` of them with the same one in all. ``contacted``: leads
    to contact in every repeat, ``in_place`` of them with the same rank in all. ``failed``: leads without a verdict in
    some repeat, which is not counted as a change of mind; ``partly``: those of them that have one in another repeat.
    """

    runs: tuple[int, ...]
    judged: int
    same: int
    contacted: int
    in_place: int
    failed: int
    partly: int
    spreads: Mapping[str, Spread]

    @property
    def identical(self) -> bool:
        """Whether every repeat said the same, to the last rank and figure."""
        steady = all(spread.least == spread.most for spread in self.spreads.values())
        return steady and not self.partly and self.judged == self.same and self.contacted == self.in_place


def stability(database: Database, line: EvalLine) -> Stability | None:
    """How steady the variant of an evaluation is; None where it has fewer than two finished repeats."""
    every = [
        one
        for one in list_evaluations(database, line.set_id)
        if one.variant_id == line.variant_id is not None and one.run.state == "done"
    ]
    of_repeat: dict[int, EvalLine] = {}
    for one in every:  # the newest first: a repeat that was evaluated anew counts once
        of_repeat.setdefault(one.repeat, one)
    leads = every[0].run.total if every else 0
    repeats = [of_repeat[number] for number in sorted(of_repeat) if of_repeat[number].run.total == leads]
    if len(repeats) < 2:
        return None
    return _measured(database, repeats)


def _measured(database: Database, repeats: Sequence[EvalLine]) -> Stability:
    ids = [one.run.id for one in repeats]
    counted = text(
        "SELECT count(*), sum(CASE WHEN judged=:n THEN 1 ELSE 0 END), "
        "sum(CASE WHEN judged=:n AND low=high THEN 1 ELSE 0 END), "
        "sum(CASE WHEN judged=:n AND low=1 THEN 1 ELSE 0 END), "
        "sum(CASE WHEN judged=:n AND low=1 AND first=last THEN 1 ELSE 0 END), "
        "sum(CASE WHEN judged>0 AND judged<:n THEN 1 ELSE 0 END) FROM ("
        "SELECT item_id, count(qualified) AS judged, min(qualified) AS low, max(qualified) AS high, "
        "min(rank) AS first, max(rank) AS last FROM eval_prediction WHERE run_id IN :runs GROUP BY item_id"
        ") AS each_lead"
    ).bindparams(bindparam("runs", expanding=True))
    with database.session() as session:
        row = session.connection().execute(counted, {"runs": ids, "n": len(ids)}).one()
    leads, judged, same, contacted, in_place, partly = (int(value or 0) for value in row)
    figures = [Figures.from_json(one.figures).macro for one in repeats]
    spreads = {
        name: Spread(tuple(macro[name] for macro in figures))
        for name in SPREAD
        if all(name in macro for macro in figures)
    }
    return Stability(tuple(ids), judged, same, contacted, in_place, leads - judged, partly, spreads)

"""The variants that were evaluated on a set, the best first: from figures that were kept, nothing is computed again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import text

from ranker.evaluation.figures import Figures
from ranker.store.engine import Database
from ranker.store.evaluations import EvalLine, list_evaluations


@dataclass(frozen=True, slots=True)
class Entry:
    """The newest finished evaluation of a variant. ``runs``: all finished ones that it has, the newest first.

    ``outdated``: labels have gone since, with leads that were deleted, so that it can't be compared any more.
    """

    line: EvalLine
    figures: Figures
    runs: tuple[int, ...]
    outdated: bool


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """``entries`` by pairs_f1, the highest first, outdated ones last. ``nothing``: the means of doing nothing.

    ``open``: the newest evaluation of each variant where that waits, works, failed or was cancelled, and nobody put it
    aside; newest first.
    """

    entries: tuple[Entry, ...]
    nothing: Mapping[str, float]
    open: tuple[EvalLine, ...]
    leads: int


def leaderboard(database: Database, set_id: int) -> Leaderboard:
    """Every variant that was evaluated on a set."""
    lines = list_evaluations(database, set_id)
    with database.session() as session:
        counted = text("SELECT count(*) FROM eval_item WHERE eval_set_id=:id")
        leads = int(session.connection().execute(counted, {"id": set_id}).scalar_one())
    newest: dict[int | None, EvalLine] = {}
    done: dict[int | None, list[EvalLine]] = {}
    for line in lines:
        newest.setdefault(_variant(line), line)
        if line.run.state == "done":
            done.setdefault(_variant(line), []).append(line)
    entries = [
        Entry(
            some[0], found := Figures.from_json(some[0].figures), tuple(one.run.id for one in some),
            found.leads != leads,
        )
        for some in done.values()
    ]  # fmt: skip
    entries.sort(key=lambda one: (one.outdated, -one.figures.macro.get("pairs_f1", -1.0), one.line.run.id))
    return Leaderboard(
        tuple(entries),
        entries[0].figures.nothing if entries and not entries[0].outdated else {},
        tuple(line for line in newest.values() if line.run.state != "done" and not line.dismissed),
        leads,
    )


def _variant(line: EvalLine) -> int:
    """A variant that is gone (null) makes its runs stand for themselves."""
    return -line.run.id if line.variant_id is None else line.variant_id

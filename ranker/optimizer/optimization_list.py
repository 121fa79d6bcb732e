"""Optimizations as the page shows them: on which labels, from which version, how each ended, what it gained where."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, text

from ranker.errors import UsageError
from ranker.optimizer.optimization_result import Result
from ranker.optimizer.outcome import Split
from ranker.optimizer.settings import Settings
from ranker.optimizer.standing import gains
from ranker.optimizer.subject import Figures
from ranker.store.engine import Database
from ranker.store.run_costs import RunCost, run_costs
from ranker.store.run_queries import RunRow, get_run, list_runs

KIND = "optimize"


@dataclass(frozen=True, slots=True)
class StartVersion:
    """The version that a search starts from. ``name``: of the persona, or the task of a prompt. ``owner_id``: the
    persona's or template's own number; ``live``: whether it is the one in use now.
    """

    id: int
    owner_id: int
    name: str
    version: int
    live: bool


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked at the held-out companies; ``at`` as stored."""

    at: str
    who: str


@dataclass(frozen=True, slots=True)
class OptimizationLine:
    """One optimization. ``set_id`` and ``start`` are None where they were removed since.

    ``said`` is all that ``optimization.settings`` holds, ``settings`` the part that a search is decided by. ``split``
    and ``result`` are None until they are known. ``training_gain``: the mean difference in pairs_f1 between proposal
    and start at the companies that the search saw: what was optimized, so never to be shown without the unseen gain.
    ``decision``: "", ``live`` or ``discarded``. ``cost`` is None where nothing was asked that costs money.
    """

    run: RunRow
    set_id: int | None
    set_name: str
    slot: str
    start: StartVersion | None
    settings: Settings
    said: Mapping[str, Any]
    split: Split | None
    result: Result | None
    looks: tuple[Look, ...]
    decision: str
    decided_by: str
    decided_at: str
    training_gain: float | None
    cost: RunCost | None

    @property
    def id(self) -> int:
        """The number of its run."""
        return self.run.id

    @property
    def task(self) -> str:
        """The task whose prompt may change; "" where the persona may."""
        return self.slot.partition(":")[2] if self.slot.startswith("template:") else ""

    @property
    def model(self) -> str:
        """The model that is asked, "" for the rules engine."""
        return str(self.said.get("model") or "")


def list_optimizations(database: Database, *, offset: int = 0, limit: int = 50) -> list[OptimizationLine]:
    """Every optimization, the newest first."""
    return _lines(database, list_runs(database, KIND, offset, limit))


def count_optimizations(database: Database) -> int:
    """How many there are."""
    with database.session() as session:
        return int(session.connection().execute(text("SELECT count(*) FROM optimization")).scalar_one())


def get_optimization(database: Database, run_id: int) -> OptimizationLine:
    """One optimization. Raises ``UsageError`` if there is none with this number."""
    run = get_run(database, run_id)
    lines = _lines(database, [run])
    if not lines:
        raise UsageError(f"Run {run_id} is no optimization. Choose one from the list.")
    return lines[0]


_SELECT = text(
    "SELECT o.run_id, o.eval_set_id, coalesce(s.name, ''), o.slot, o.settings, o.split, o.result, o.openings, "
    "o.decision, o.decided_by, o.decided_at, o.persona_version_id, pv.persona_id, p.name, pv.version, pv.live, "
    "o.template_version_id, tv.template_id, t.task, tv.version, tv.live FROM optimization AS o "
    "LEFT JOIN eval_set AS s ON s.id=o.eval_set_id "
    "LEFT JOIN persona_version AS pv ON pv.id=o.persona_version_id LEFT JOIN persona AS p ON p.id=pv.persona_id "
    "LEFT JOIN template_version AS tv ON tv.id=o.template_version_id LEFT JOIN template AS t ON t.id=tv.template_id "
    "WHERE o.run_id IN :ids"
).bindparams(bindparam("ids", expanding=True))
_NUMBERED = text(
    "SELECT run_id, number, hash FROM candidate WHERE search=0 AND run_id IN :ids ORDER BY run_id, number"
).bindparams(bindparam("ids", expanding=True))
_SCORES = text(
    "SELECT run_id, hash, company, figures FROM candidate_score WHERE run_id IN :ids AND hash IN :hashes"
).bindparams(bindparam("ids", expanding=True), bindparam("hashes", expanding=True))
_SETTINGS = tuple(Settings.__dataclass_fields__)


def _lines(database: Database, runs: Sequence[RunRow]) -> list[OptimizationLine]:
    """These runs as optimizations, in their order; the same few queries for any number of them."""
    if not runs:
        return []
    ids = [run.id for run in runs]
    with database.session() as session:
        connection = session.connection()
        rows = {row[0]: row for row in connection.execute(_SELECT, {"ids": ids})}
        results = {number: Result.from_json(json.loads(row[6])) for number, row in rows.items()}
        splits = {number: split_of(json.loads(row[5])) for number, row in rows.items()}
        gained = _training_gains(connection, results, splits)
        costs = run_costs(connection, ids)
    return [
        _line(run, rows[run.id], splits[run.id], results[run.id], gained.get(run.id), costs.get(run.id))
        for run in runs
        if run.id in rows
    ]


def split_of(said: Mapping[str, Any]) -> Split | None:
    """What ``optimization.split`` holds; None while it is empty."""
    if not said:
        return None
    folds = tuple(tuple(fold) for fold in said["folds"])
    return Split(tuple(said["training"]), folds, tuple(said["held_out"]), said["words"])


def _training_gains(
    connection: Connection, results: Mapping[int, Result | None], splits: Mapping[int, Split | None]
) -> dict[int, float]:
    proposed = {number: one.proposal for number, one in results.items() if one is not None}
    hashes: dict[tuple[int, int], str] = {}
    for run_id, number, digest in connection.execute(_NUMBERED, {"ids": list(proposed)}) if proposed else ():
        if number in (0, proposed[run_id]):
            hashes[run_id, number] = digest
    if not hashes:
        return {}
    scores: dict[tuple[int, str], dict[str, Figures]] = {}
    wanted = {"ids": list(proposed), "hashes": sorted(set(hashes.values()))}
    for run_id, digest, company, figures in connection.execute(_SCORES, wanted):
        scores.setdefault((run_id, digest), {})[company] = json.loads(figures)
    found = {}
    for run_id, number in proposed.items():
        parts, ends = splits[run_id], (hashes.get((run_id, number)), hashes.get((run_id, 0)))
        if parts is not None and ends[0] is not None and ends[1] is not None:
            new, old = scores.get((run_id, ends[0]), {}), scores.get((run_id, ends[1]), {})
            gain = mean_gain(new, old, parts.training)
            if gain is not None:
                found[run_id] = gain
    return found


def mean_gain(new: Mapping[str, Figures], old: Mapping[str, Figures], companies: Iterable[str]) -> float | None:
    """The mean difference in pairs_f1 over those of these companies that both have; None where there is none."""
    both = [company for company in companies if company in new and company in old]
    found = list(gains(new, old, both).values())
    return sum(found) / len(found) if found else None


def _line(
    run: RunRow, row: Any, split: Split | None, result: Result | None, gain: float | None, cost: RunCost | None
) -> OptimizationLine:
    said = json.loads(row[4])
    looks = tuple(Look(str(one.get("at", "")), str(one.get("who", ""))) for one in json.loads(row[7]))
    settings = Settings(**{name: said[name] for name in _SETTINGS if name in said})
    return OptimizationLine(
        run, row[1], row[2], row[3], _start(row[11:16]) or _start(row[16:21]), settings, said, split, result, looks,
        row[8], row[9], row[10], gain, cost,
    )  # fmt: skip


def _start(row: Sequence[Any]) -> StartVersion | None:
    number, owner, name, version, live = row
    return None if number is None or owner is None else StartVersion(number, owner, name, version, bool(live))

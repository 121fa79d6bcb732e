"""Optimizations as the page shows them: on which labels, from which version, how each ended, what it gained where."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.orm import Session

from ranker.errors import UsageError
from ranker.evaluation.set_items import company_names, load_items
from ranker.optimizer.optimization_result import Look, Result, looks_of
from ranker.optimizer.outcome import Split
from ranker.optimizer.settings import Settings
from ranker.optimizer.split import split as split_companies
from ranker.optimizer.standing import gains
from ranker.optimizer.subject import Figures
from ranker.store.engine import Database
from ranker.store.run_list import RunLine, lines_of

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
class OptimizationLine:
    """One optimization. ``set_id``, ``start`` and ``persona_version_id`` (the start, or what a prompt is tried with)
    are None where they were removed since.

    ``said`` is all that ``optimization.settings`` holds, ``settings`` the part that a search is decided by. ``split``
    is None where the labels were removed, ``result`` until it is known. ``looks`` are those at the hold-out.
    ``training_gain``: the mean difference in pairs_f1 between proposal and start at the companies that the search saw:
    what was optimized, so never to be shown without the unseen gain. ``decision``: "", ``live`` or ``discarded``.
    """

    run: RunLine
    set_id: int | None
    set_name: str
    slot: str
    start: StartVersion | None
    persona_version_id: int | None
    settings: Settings
    said: Mapping[str, Any]
    split: Split | None
    result: Result | None
    looks: tuple[Look, ...]
    decision: str
    decided_by: str
    decided_at: str
    training_gain: float | None

    @property
    def id(self) -> int:
        """The number of its run."""
        return self.run.id

    @property
    def task(self) -> str:
        """The task whose prompt may change; "" where the persona may."""
        return self.slot.partition(":")[2] if self.slot.startswith("template:") else ""

    @property
    def active(self) -> bool:
        """Whether it waits or works."""
        return self.run.state in {"queued", "running"}

    @property
    def model(self) -> str:
        """The models that judge, "" for the rules engine."""
        return ", ".join(self.run.decided.names)


def list_optimizations(database: Database, *, offset: int = 0, limit: int = 50) -> list[OptimizationLine]:
    """Every optimization, the newest first."""
    with database.session() as session:
        rows = session.connection().execute(
            text("SELECT run_id FROM optimization ORDER BY run_id DESC LIMIT :limit OFFSET :offset"),
            {"limit": limit, "offset": max(0, offset)},
        )
        return _lines(session, [row[0] for row in rows])


def count_optimizations(database: Database) -> int:
    """How many there are."""
    with database.session() as session:
        return int(session.connection().execute(text("SELECT count(*) FROM optimization")).scalar_one())


def get_optimization(database: Database, run_id: int) -> OptimizationLine:
    """One optimization. Raises ``UsageError`` if there is none with this number."""
    with database.session() as session:
        lines = _lines(session, [run_id])
    if not lines:
        raise UsageError(f"There is no optimization {run_id}. Choose one from the list.")
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


def _lines(session: Session, ids: Sequence[int]) -> list[OptimizationLine]:
    """These optimizations, in their order; the same few queries for any number of them."""
    if not ids:
        return []
    connection = session.connection()
    rows = {row[0]: row for row in connection.execute(_SELECT, {"ids": list(ids)})}
    runs = lines_of(connection, list(rows))
    results = {number: Result.from_json(json.loads(row[6])) for number, row in rows.items()}
    splits = {
        number: split_of(json.loads(row[5])) or _split_now(session, row[1], settings_of(json.loads(row[4])))
        for number, row in rows.items()
    }
    gained = _training_gains(connection, results, splits)
    return [
        _line(runs[number], rows[number], splits[number], results[number], gained.get(number))
        for number in ids
        if number in rows
    ]


def split_of(said: Mapping[str, Any]) -> Split | None:
    """What ``optimization.split`` holds; None while it is empty."""
    if not said:
        return None
    folds = tuple(tuple(fold) for fold in said["folds"])
    return Split(tuple(said["training"]), folds, tuple(said["held_out"]), said["words"])


def settings_of(said: Mapping[str, Any]) -> Settings:
    """The part of ``optimization.settings`` that decides a search."""
    return Settings(**said.get("search", {}))


def _split_now(session: Session, set_id: int | None, settings: Settings) -> Split | None:
    """The split of a search that has not kept it yet: the same, as it follows from the labels and the settings."""
    items = load_items(session, set_id) if set_id is not None else ()
    companies = tuple(dict.fromkeys(company_names(items).values()))
    return split_companies(companies, settings) if companies else None


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


def _line(run: RunLine, row: Any, split: Split | None, result: Result | None, gain: float | None) -> OptimizationLine:
    said = json.loads(row[4])
    return OptimizationLine(
        run, row[1], row[2], row[3], _start(row[16:21]) or _start(row[11:16]), row[11], settings_of(said), said, split,
        result, looks_of(json.loads(row[7])), row[8], row[9], row[10], gain,
    )  # fmt: skip


def _start(row: Sequence[Any]) -> StartVersion | None:
    number, owner, name, version, live = row
    return None if number is None or owner is None else StartVersion(number, owner, name, version, bool(live))

"""The run row: who asked for what, how far it is, how it ended. Written by the steps of a run, read by pages.

A run is ``queued``, ``running``, then ``done``, ``failed`` or ``cancelled``. Its position is kept in the row and
moves in the same transaction as the rows of a piece, so a piece that was kept is never done twice.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.errors import UsageError
from ranker.store.clock import now
from ranker.store.engine import Database

ACTIVE = ("queued", "running")
_IS_ACTIVE = "state IN ('queued', 'running')"
_TAIL = 0.35
"""Ranking and publishing, as a share of judging; holds until they have begun."""


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run as the database has it. Times are ISO 8601 in UTC, blank until they come."""

    id: int
    kind: str
    """``rank``, ``evaluate``, ``optimize``, ``outreach`` or ``import``."""
    state: str
    phase: str
    """rank: reading, judging, ranking, publishing, done. evaluate: reading, judging, measuring, done. optimize:
    searching, opening, done. outreach: reading, writing, done. import: reading, writing, done."""
    done: int
    """Leads judged, or rows read, so far."""
    total: int
    counts: dict[str, int]
    who: str
    error: str
    """Why it failed, for a person."""
    queued_at: str
    started_at: str
    ended_at: str
    work_key: str
    variant_id: int | None
    selection: dict[str, Any]
    at: int
    """The last lead (or row) that was worked on in this phase."""
    seconds: dict[str, float] = field(default_factory=dict)
    """Seconds of work so far, by phase."""
    max_usd: float | None = None
    """Dollars that it may cost; ``None`` for no limit of its own."""
    live: dict[str, Any] = field(default_factory=dict)
    """How a run with a language model stands within the piece under way (``scoring.llm.durable``)."""
    version: str = ""
    """The stored position, to see whether another process has moved it."""

    @property
    def active(self) -> bool:
        """Whether it is queued or running."""
        return self.state in ACTIVE

    @property
    def share(self) -> float:
        """How much is done, 0 to 1; of a piece under way what ``live`` tells of it."""
        if self.state == "done":
            return 1.0
        part = float(self.live.get("share", 0)) * self.live.get("piece", 0)
        return min(1.0, (self.done + part) / self.total) if self.total else 0.0

    @property
    def worked(self) -> float:
        """Seconds of work so far, over all phases."""
        return sum(self.seconds.values())

    @property
    def speed(self) -> float | None:
        """Leads (or rows) a second: in the counting phase while it runs, over all once it is done."""
        spent = self.worked if self.state == "done" else self.seconds.get(COUNTING.get(self.kind, ""), 0.0)
        return self.done / spent if spent > 0 and self.done else None

    @property
    def seconds_left(self) -> float | None:
        """Seconds until it is done, as the speed so far tells; None while that is not known."""
        if not self.active or self.speed is None:
            return None
        counting = self.total / self.speed
        left = max(0.0, (self.total - self.done) / self.speed) + counting * _TAIL
        after = sum(spent for phase, spent in self.seconds.items() if phase in {"ranking", "publishing", "writing"})
        return max(0.0, left - after)


COUNTING = {
    "rank": "judging",
    "evaluate": "judging",
    "optimize": "searching",
    "outreach": "writing",
    "import": "reading",
}
"""The phase in which ``done`` grows, by kind of run."""

_COLUMNS = (
    "id, kind, state, phase, done, total, counts, who, error, queued_at, started_at, ended_at, work_key, variant_id, "
    "selection, max_usd, live, phases"
)


def load_run(session: Session, run_id: int) -> RunRow:
    """One run, within a transaction. Raises ``UsageError`` if there is none with this number."""
    found = session.connection().execute(text(f"SELECT {_COLUMNS} FROM run WHERE id=:id"), {"id": run_id}).first()
    if found is None:
        raise UsageError(f"There is no run {run_id}. Choose one from the list of runs.")
    return _row(found)


def get_run(database: Database, run_id: int) -> RunRow:
    """One run. Raises ``UsageError`` if there is none with this number."""
    with database.session() as session:
        return load_run(session, run_id)


def list_runs(database: Database, kind: str = "", offset: int = 0, limit: int = 50) -> list[RunRow]:
    """Runs (of one kind), the newest first."""
    return _many(database, "(:kind='' OR kind=:kind)", {"kind": kind}, offset, limit)


def active_runs(database: Database, kind: str = "") -> list[RunRow]:
    """Runs (of one kind) that are queued or running, the newest first."""
    return _many(database, f"{_IS_ACTIVE} AND (:kind='' OR kind=:kind)", {"kind": kind}, 0, 1000)


def measured_speed(database: Database, kind: str = "rank", runs: int = 5, least: int = 1000) -> float | None:
    """Leads a second over all phases of the newest finished runs with at least ``least`` leads; None if none.

    Runs with a language model, which wait for answers, do not count.
    """
    free = "coalesce((SELECT engine FROM variant AS v WHERE v.id=variant_id), '') NOT LIKE 'llm%'"
    condition = f"state='done' AND kind=:kind AND total>=:least AND {free}"
    rows = _many(database, condition, {"kind": kind, "least": least}, 0, runs)
    spent, worked = sum(row.worked for row in rows), sum(row.total for row in rows)
    return worked / spent if spent > 0 else None


def ask(
    session: Session,
    kind: str,
    work_key: str,
    selection: Mapping[str, Any],
    *,
    variant_id: int | None = None,
    total: int = 0,
    who: str = "",
    max_usd: float | None = None,
) -> int:
    """Queue a run within a write transaction; the same work that is queued or running already gives its id."""
    connection = session.connection()
    known = connection.execute(
        text(f"SELECT id FROM run WHERE kind=:kind AND work_key=:key AND {_IS_ACTIVE} ORDER BY id LIMIT 1"),
        {"kind": kind, "key": work_key},
    ).scalar()
    if known is not None:
        return int(known)
    made = connection.execute(
        text(
            "INSERT INTO run (kind, state, work_key, variant_id, selection, total, who, max_usd, queued_at) "
            "VALUES (:kind, 'queued', :key, :variant, :selection, :total, :who, :most, :at) RETURNING id"
        ),
        {
            "kind": kind, "key": work_key, "variant": variant_id, "selection": json.dumps(selection, sort_keys=True),
            "total": total, "who": who, "most": max_usd, "at": now(),
        },
    )  # fmt: skip
    return int(made.scalar_one())


def move(
    session: Session,
    run: RunRow,
    phase: str,
    *,
    at: int = 0,
    done: int | None = None,
    total: int | None = None,
    spent: float = 0.0,
    counts: Mapping[str, int] | None = None,
) -> bool:
    """Move the run on from where ``run`` stands, within the write transaction of the piece.

    ``spent``: seconds of work, added to the phase that ``run`` is in. Phase ``done`` ends the run. False if the
    run was cancelled, or another process has moved it meanwhile: then nothing may be written.
    """
    seconds = dict(run.seconds)
    if spent:
        here = run.phase or "reading"
        seconds[here] = round(seconds.get(here, 0.0) + spent, 3)
    moved = session.connection().execute(
        text(
            "UPDATE run SET state=:state, phase=:phase, done=:done, total=:total, phases=:phases, counts=:counts, "
            "started_at=CASE WHEN started_at='' THEN :now ELSE started_at END, ended_at=:ended "
            f"WHERE id=:id AND {_IS_ACTIVE} AND phase=:was AND phases=:version"
        ),
        {
            "state": "done" if phase == "done" else "running",
            "phase": phase,
            "done": run.done if done is None else done,
            "total": run.total if total is None else total,
            "phases": json.dumps({"at": at, "seconds": seconds}, sort_keys=True),
            "counts": json.dumps(run.counts if counts is None else dict(counts)),
            "now": now(),
            "ended": now() if phase == "done" else "",
            "id": run.id,
            "was": run.phase,
            "version": run.version,
        },
    )
    return bool(moved.rowcount)


def tell_live(database: Database, run_id: int, live: Mapping[str, Any]) -> bool:
    """Write down how an active run stands within its piece; False if it has ended, so that the piece can stop."""
    with database.write() as session:
        told = session.connection().execute(
            text(f"UPDATE run SET live=:live WHERE id=:id AND {_IS_ACTIVE}"), {"live": json.dumps(live), "id": run_id}
        )
        return bool(told.rowcount)


def end(database: Database, run_id: int, state: str, error: str = "", unless_phase: str = "none") -> bool:
    """End an active run as ``cancelled`` or ``failed``; False if it had ended already, or is in that phase."""
    with database.write() as session:
        ended = session.connection().execute(
            text(
                f"UPDATE run SET state=:state, error=:error, ended_at=:at WHERE id=:id AND {_IS_ACTIVE} "
                "AND phase<>:unless"
            ),
            {"state": state, "error": error, "at": now(), "id": run_id, "unless": unless_phase},
        )
        return bool(ended.rowcount)


def _many(database: Database, condition: str, values: Mapping[str, Any], offset: int, limit: int) -> list[RunRow]:
    with database.session() as session:
        rows = session.connection().execute(
            text(f"SELECT {_COLUMNS} FROM run WHERE {condition} ORDER BY id DESC LIMIT :limit OFFSET :offset"),
            {**values, "limit": limit, "offset": max(0, offset)},
        )
        return [_row(row) for row in rows]


def _row(row: Any) -> RunRow:
    values = dict(zip(_COLUMNS.split(", "), row, strict=True))
    version = values.pop("phases")
    position = json.loads(version)
    for name in ("counts", "selection"):
        values[name] = json.loads(values[name])
    values["live"] = json.loads(values["live"] or "{}")
    return RunRow(**values, at=position.get("at", 0), seconds=position.get("seconds", {}), version=version)

"""Runs: started once, resumed after a crash, published only when they are finished."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.errors import UsageError
from ranker.store import bulk, currents
from ranker.store.clock import now
from ranker.store.engine import Database
from ranker.store.judged import Judged
from ranker.store.selections import LeadInput

OPEN = ("queued", "running")


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run. ``done`` of ``total`` leads are judged; ``phases``: phase → when it began."""

    id: int
    kind: str
    state: str
    work_key: str
    variant_id: int | None
    selection: dict[str, Any]
    total: int
    done: int
    phase: str
    phases: dict[str, str]
    counts: dict[str, Any]
    who: str
    error: str
    queued_at: str
    started_at: str
    ended_at: str


_RUN = (
    "SELECT id, kind, state, work_key, variant_id, selection, total, done, phase, phases, counts, who, error, "
    "queued_at, started_at, ended_at FROM run"
)
_ASSESSMENT = (
    "run_id", "lead_id", "company_id", "status", "qualified", "score", "rank", "department_fit", "seniority_fit",
    "confidence", "reasoning", "flags", "needs_review", "basis", "lines", "variant", "title", "company_name",
    "size", "domain", "input_hash", "stage", "reason",
)  # fmt: skip


def create_run(
    database: Database, variant_id: int | None, selection: Mapping[str, Any], *, who: str = "", kind: str = "rank"
) -> tuple[int, bool]:
    """(The run's number, whether it is new). The same work that is queued or running is not started twice."""
    chosen = json.dumps(selection, sort_keys=True)
    with database.write() as session:
        values = {"kind": kind, "key": f"{variant_id}|{chosen}"}
        known = session.connection().execute(
            text("SELECT id FROM run WHERE kind=:kind AND work_key=:key AND state IN ('queued', 'running')"), values
        )
        found = known.scalar()
        if found is not None:
            return found, False
        made = session.connection().execute(
            text(
                "INSERT INTO run (kind, work_key, variant_id, selection, who, queued_at) "
                "VALUES (:kind, :key, :variant, :selection, :who, :at) RETURNING id"
            ),
            {**values, "variant": variant_id, "selection": chosen, "who": who, "at": now()},
        )
        return made.scalar_one(), True


def start_run(database: Database, run_id: int, total: int, phase: str) -> bool:
    """Mark a queued or interrupted run as running; False if it is over already (done, failed, cancelled)."""
    with database.write() as session:
        state = _load(session, run_id)
        if state.state not in OPEN:
            return False
        phases = {phase: now(), **state.phases}
        session.connection().execute(
            text(
                "UPDATE run SET state='running', total=:total, phase=:phase, phases=:phases, "
                "started_at=CASE WHEN started_at='' THEN :at ELSE started_at END WHERE id=:id"
            ),
            {"id": run_id, "total": total, "phase": phase, "phases": json.dumps(phases), "at": now()},
        )
        return True


def save_assessments(
    session: Session, run_id: int, judged: Sequence[tuple[LeadInput, Judged]], stage: str = "judged", reason: str = ""
) -> None:
    """Write the verdicts of one batch; a batch that is written twice is there once."""
    kept: dict[tuple[str, ...] | tuple[int, ...], str] = {}

    def shown(values: tuple[Any, ...]) -> str:
        if values not in kept:
            kept[values] = json.dumps(values, ensure_ascii=False)
        return kept[values]

    rows = [
        (
            run_id, lead.lead_id, lead.company_id, one.status, None if one.qualified is None else int(one.qualified),
            one.score, one.rank, one.department_fit, one.seniority_fit, one.confidence, one.reasoning,
            shown(one.flags), int(one.needs_review), shown(one.basis), shown(one.lines), one.variant, lead.title,
            lead.company, lead.size, lead.domain, lead.input_hash, stage, reason,
        )
        for lead, one in judged
    ]  # fmt: skip
    bulk.upsert(session, "assessment", _ASSESSMENT, ("run_id", "lead_id"), rows)


def finish_run(database: Database, run_id: int, counts: Mapping[str, Any]) -> bool:
    """Make a run's verdicts the current ones, in one transaction; False if it was over already."""
    with database.write() as session:
        if _load(session, run_id).state not in OPEN:
            return False
        currents.publish(session, run_id)
        _end(session, run_id, "done", "", counts)
        return True


def get_run(database: Database, run_id: int) -> RunRow:
    """One run. Raises ``UsageError`` if there is none with this number."""
    with database.session() as session:
        return _load(session, run_id)


def list_runs(database: Database, *, states: Sequence[str] = (), offset: int = 0, limit: int = 50) -> list[RunRow]:
    """Runs, the newest first; ``states``: only those in one of these."""
    names = [f"state{n}" for n in range(len(states))]
    condition = f" WHERE state IN ({', '.join(f':{name}' for name in names)})" if states else ""
    with database.session() as session:
        rows = session.connection().execute(
            text(f"{_RUN}{condition} ORDER BY id DESC LIMIT :limit OFFSET :offset"),
            {**dict(zip(names, states, strict=True)), "limit": limit, "offset": offset},
        )
        return [_run(row) for row in rows]


def _end(session: Session, run_id: int, state: str, error: str, counts: Mapping[str, Any]) -> None:
    session.connection().execute(
        text("UPDATE run SET state=:state, error=:error, counts=:counts, ended_at=:at WHERE id=:id"),
        {"id": run_id, "state": state, "error": error, "counts": json.dumps(counts), "at": now()},
    )


def _load(session: Session, run_id: int) -> RunRow:
    row = session.connection().execute(text(f"{_RUN} WHERE id=:id"), {"id": run_id}).first()
    if row is None:
        raise UsageError(f"There is no run {run_id}. Choose one from the list.")
    return _run(row)


def _run(row: Any) -> RunRow:
    return RunRow(*[*row[:5], json.loads(row[5]), *row[6:9], json.loads(row[9]), json.loads(row[10]), *row[11:]])

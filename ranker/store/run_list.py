"""The Runs page: what ran, with which persona and variant, by whom, and how it ended. Paged in SQL."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, text

from ranker.errors import UsageError
from ranker.store.engine import Database

STATES = ("queued", "running", "done", "failed", "cancelled")
ENDS = ("ranked", "held", "not_relevant", "not_judged", "rejected", "waiting")
"""Where a lead of a ranking can end; ``held`` by the do-not-contact list, ``waiting`` where the run ended before."""


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run. ``persona`` and ``version`` are blank and None where the variant names none; times as stored."""

    id: int
    kind: str
    state: str
    selection: dict[str, Any]
    selected: str
    """What it was about, in words: "all leads", "leads.csv" (the file of an import)."""
    total: int
    done: int
    phase: str
    spent: dict[str, float]
    """Phase → seconds of work."""
    counts: dict[str, Any]
    who: str
    error: str
    queued_at: str
    started_at: str
    ended_at: str
    engine: str
    variant: str
    persona: str
    version: int | None
    version_id: int | None

    @property
    def seconds(self) -> float:
        """Seconds of work so far; the time that a run waited, or was interrupted, does not count."""
        return sum(self.spent.values())

    @property
    def advice(self) -> str:
        """What a person can do about how it ended; blank where there is nothing to do."""
        kept = (
            "Nothing was written to the leads." if self.kind == "import" else "The ranks from before are still in use."
        )
        page = "Import" if self.kind == "import" else "Rank"
        if self.state == "failed":
            return f"{kept} Start it again on the page {page}."
        if self.state == "cancelled":
            return f"It was stopped before its end. {kept} Start it again on the page {page} to have it done."
        if self.state == "queued":
            return "It waits for its turn and starts by itself."
        return ""


_FROM = (
    "FROM run AS r LEFT JOIN variant AS v ON v.id=r.variant_id "
    "LEFT JOIN persona_version AS pv ON pv.id=v.persona_version_id LEFT JOIN persona AS p ON p.id=pv.persona_id"
)
_LINE = (
    "SELECT r.id, r.kind, r.state, r.selection, r.total, r.done, r.phase, r.phases, r.counts, r.who, r.error, "
    f"r.queued_at, r.started_at, r.ended_at, v.engine, v.hash, p.name, pv.version, pv.id {_FROM}"
)


def page_runs(
    database: Database, *, states: Sequence[str] = (), offset: int = 0, limit: int = 25
) -> tuple[list[RunLine], int]:
    """(One page of runs, the newest first; how many there are). ``states``: only those in one of these."""
    unknown = [state for state in states if state not in STATES]
    if unknown:
        raise UsageError(f"A run is never “{unknown[0]}”. Choose among: {', '.join(STATES)}.")
    condition = " WHERE r.state IN :states" if states else ""
    given = {"states": list(states)} if states else {}

    def bound(sql: str) -> Any:
        made = text(sql)
        return made.bindparams(bindparam("states", expanding=True)) if states else made

    with database.session() as session:
        connection = session.connection()
        count = connection.execute(bound(f"SELECT count(*) FROM run AS r{condition}"), given).scalar_one()
        rows = connection.execute(
            bound(f"{_LINE}{condition} ORDER BY r.id DESC LIMIT :limit OFFSET :offset"),
            {**given, "limit": limit, "offset": max(0, offset)},
        ).all()
        names = _file_names(connection, [json.loads(row[3]) for row in rows])
        return [_line(row, names) for row in rows], int(count)


def get_run_line(database: Database, run_id: int) -> RunLine:
    """One run. Raises ``UsageError`` if there is none with this number."""
    with database.session() as session:
        connection = session.connection()
        row = connection.execute(text(f"{_LINE} WHERE r.id=:id"), {"id": run_id}).first()
        if row is None:
            raise UsageError(f"There is no run {run_id}. Choose one from the list.")
        return _line(row, _file_names(connection, [json.loads(row[3])]))


def run_counts(database: Database, run_id: int) -> dict[str, int]:
    """Leads of a ranking by where they ended (all of ``ENDS``), counted from its rows, which are one a lead."""
    with database.session() as session:
        counts = dict.fromkeys(ENDS, 0)
        for stage, status, count in session.connection().execute(
            text("SELECT stage, status, count(*) FROM assessment WHERE run_id=:run GROUP BY stage, status"),
            {"run": run_id},
        ):
            counts[stage if stage in {"held", "waiting"} else status] += count
        return counts


def _file_names(connection: Any, selections: Sequence[dict[str, Any]]) -> dict[int, str]:
    batches = sorted({batch for one in selections if isinstance(batch := _batch(one), int)})
    if not batches:
        return {}
    rows = connection.execute(
        text("SELECT id, file_name FROM import_batch WHERE id IN :ids").bindparams(bindparam("ids", expanding=True)),
        {"ids": batches},
    )
    return {row[0]: row[1] for row in rows}


def _batch(selection: dict[str, Any]) -> Any:
    ids = selection.get("ids")
    return selection.get("batch", ids[0] if isinstance(ids, list) and ids else None)


def _selected(selection: dict[str, Any], names: dict[int, str]) -> str:
    kind = selection.get("kind", "import")  # an import names its file alone
    if kind == "import":
        return names.get(_batch(selection) or 0, "") or "an import"
    if kind in {"companies", "leads"}:
        chosen = selection.get(kind) or selection.get("ids") or []
        one = "company" if kind == "companies" else "lead"
        return f"1 {one}" if len(chosen) == 1 else f"{len(chosen):,} {kind}"
    return {"all": "all leads", "changed": "new and changed leads"}.get(kind, kind or "leads")


def _line(row: Any, names: dict[int, str]) -> RunLine:
    selection = json.loads(row[3])
    return RunLine(
        id=row[0], kind=row[1], state=row[2], selection=selection, selected=_selected(selection, names),
        total=row[4], done=row[5], phase=row[6], spent=json.loads(row[7]).get("seconds", {}),
        counts=json.loads(row[8]), who=row[9], error=row[10], queued_at=row[11], started_at=row[12],
        ended_at=row[13], engine=row[14] or "", variant=row[15] or "", persona=row[16] or "", version=row[17],
        version_id=row[18],
    )  # fmt: skip

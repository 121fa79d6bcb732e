"""The Runs page: what ran, with which persona and variant, by whom, and how it ended. Paged in SQL."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, text

from ranker.errors import UsageError
from ranker.store.decided import Decided
from ranker.store.engine import Database
from ranker.store.run_costs import RunCost, run_costs
from ranker.store.selection_words import Named, named_in, selected

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
    """What it was about, in words: "all leads", "leads.csv" (the file of an import); see ``selection_words``."""
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
    max_usd: float | None
    """Dollars that it may cost; None for no limit of its own."""
    decided: Decided
    """By what it judged."""
    cost: RunCost | None
    """What it cost by the ledger; None where nothing is asked that costs money."""

    @property
    def seconds(self) -> float:
        """Seconds of work so far; the time that a run waited, or was interrupted, does not count."""
        return sum(self.spent.values())

    @property
    def usd_a_lead(self) -> float | None:
        """Dollars for each lead that has a verdict, or each sequence that a model wrote; None where that is not known,
        or where others were taken over.
        """
        names = ("complete",) if self.kind == "outreach" else ("ranked", "held", "not_relevant")
        leads = sum(int(self.counts.get(name, 0)) for name in names)
        others = self.selection.get("kind") == "failed" or "left_of" in self.selection
        if self.cost is None or self.cost.usd is None or not leads or others:
            return None
        return self.cost.usd / leads

    @property
    def goes_on(self) -> bool:
        """Whether it ended too early and the page Rank can go on where it stopped (``Selection("failed")``)."""
        ended = self.kind == "rank" and self.state in {"failed", "cancelled"}
        return ended and self.decided.is_model and self.phase not in {"", "reading"}

    @property
    def advice(self) -> str:
        """What a person can do about how it ended; blank where there is nothing to do."""
        kept = _KEPT.get(self.kind, "The ranks from before are still in use.")
        page = _PAGES.get(self.kind, "Rank")
        if self.kind == "outreach" and self.state not in {"queued", "running"}:
            left = self.state != "done" or self.counts.get("failed")
            return f"{kept} Go on with the others on the page {page}." if left else ""
        if self.kind == "optimize" and self.state in {"failed", "cancelled"}:
            return f"{kept} Go on with it on the page {page}: what was tried so far is not tried again."
        if self.goes_on:
            began = "It was stopped before its end. " if self.state == "cancelled" else ""
            return f"{began}{kept} Go on with the rest on the page Rank: what was judged so far is not asked again."
        if self.state == "failed":
            return f"{kept} Start it again on the page {page}."
        if self.state == "cancelled":
            return f"It was stopped before its end. {kept} Start it again on the page {page} to have it done."
        if self.state == "queued":
            return "It waits for its turn and starts by itself."
        return ""


_PAGES = {"import": "Import", "evaluate": "Evaluate", "optimize": "Optimize", "outreach": "Outreach"}
_KEPT = {
    "outreach": "Messages that were written are kept.",
    "import": "Nothing was written to the leads.",
    "evaluate": "Nothing was written to the leads, and answers that a model gave are kept.",
    "optimize": "What it found so far is kept, and the version in use is the one from before.",
}
_FROM = (
    "FROM run AS r LEFT JOIN variant AS v ON v.id=r.variant_id "
    "LEFT JOIN persona_version AS pv ON pv.id=v.persona_version_id LEFT JOIN persona AS p ON p.id=pv.persona_id"
)
_LINE = (
    "SELECT r.id, r.kind, r.state, r.selection, r.total, r.done, r.phase, r.phases, r.counts, r.who, r.error, "
    "r.queued_at, r.started_at, r.ended_at, v.engine, v.hash, p.name, pv.version, pv.id, r.max_usd, "
    f"v.settings, p.id {_FROM}"
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
        return _lines(connection, rows), int(count)


def get_run_line(database: Database, run_id: int) -> RunLine:
    """One run. Raises ``UsageError`` if there is none with this number."""
    with database.session() as session:
        connection = session.connection()
        row = connection.execute(text(f"{_LINE} WHERE r.id=:id"), {"id": run_id}).first()
        if row is None:
            raise UsageError(f"There is no run {run_id}. Choose one from the list.")
        return _lines(connection, [row])[0]


def lines_of(connection: Connection, run_ids: Sequence[int]) -> dict[int, RunLine]:
    """These runs, by number; one that is not there is not in it."""
    wanted = text(f"{_LINE} WHERE r.id IN :ids").bindparams(bindparam("ids", expanding=True))
    rows = connection.execute(wanted, {"ids": list(run_ids)}).all() if run_ids else []
    return {one.id: one for one in _lines(connection, rows)}


def asked_again(database: Database, run_id: int) -> list[int]:
    """The runs that were about the leads which this one failed on or did not reach, the newest first."""
    wanted = json.dumps({"kind": "failed", "ids": [run_id]}, sort_keys=True)
    with database.session() as session:
        rows = session.connection().execute(
            text("SELECT id FROM run WHERE kind='rank' AND selection=:wanted ORDER BY id DESC"), {"wanted": wanted}
        )
        return [int(row[0]) for row in rows]


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


def same_leads(database: Database, run_id: int, limit: int = 20) -> list[RunLine]:
    """Other rankings that are done over the same leads (as many, from the same first to the same last), newest first.

    Raises ``UsageError`` if there is no run with this number.
    """
    first, last = (f"(SELECT {side}(a.lead_id) FROM assessment AS a WHERE a.run_id={{0}})" for side in ("min", "max"))
    alike = " AND ".join(f"{one.format('r.id')}={one.format(':id')}" for one in (first, last))
    sql = (
        f"{_LINE} WHERE r.kind='rank' AND r.state='done' AND r.id<>:id AND r.total=:total AND {alike} "
        "ORDER BY r.id DESC LIMIT :limit"
    )
    with database.session() as session:
        connection = session.connection()
        total = connection.execute(text("SELECT total FROM run WHERE id=:id"), {"id": run_id}).scalar()
        if total is None:
            raise UsageError(f"There is no run {run_id}. Choose one from the list.")
        rows = connection.execute(text(sql), {"id": run_id, "total": total, "limit": limit}).all()
        return _lines(connection, rows)


def _lines(connection: Connection, rows: Sequence[Any]) -> list[RunLine]:
    """The rows of ``_LINE`` with all that other tables say of them: the same few queries for any number of rows."""
    selections = [json.loads(row[3]) for row in rows]
    named = named_in(connection, selections)
    costs = run_costs(connection, [row[0] for row in rows if (row[14] or "").startswith("llm")])
    return [_line(row, selection, named, costs) for row, selection in zip(rows, selections, strict=True)]


def _line(row: Any, selection: dict[str, Any], named: Named, costs: dict[int, RunCost]) -> RunLine:
    decided = Decided.from_json(row[14] or "", row[20] or "", row[21])
    return RunLine(
        id=row[0], kind=row[1], state=row[2], selection=selection, selected=selected(selection, named),
        total=row[4], done=row[5], phase=row[6], spent=json.loads(row[7]).get("seconds", {}),
        counts=json.loads(row[8]), who=row[9], error=row[10], queued_at=row[11], started_at=row[12],
        ended_at=row[13], engine=row[14] or "", variant=row[15] or "", persona=row[16] or "", version=row[17],
        version_id=row[18], max_usd=row[19], decided=decided,
        cost=costs.get(row[0], RunCost()) if decided.is_model else None,
    )  # fmt: skip

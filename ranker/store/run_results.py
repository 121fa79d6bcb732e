"""What one run said, what two runs say differently, and what all runs said about one lead."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import text

from ranker.store.engine import Database


@dataclass(frozen=True, slots=True)
class Moved:
    """A lead on which two runs differ. ``kind``: ``in``, ``out`` or ``moved`` (rank or score)."""

    lead_id: int
    name: str
    company: str
    title: str
    kind: str
    old_status: str
    new_status: str
    old_rank: int | None
    new_rank: int | None
    old_score: float | None
    new_score: float | None
    old_reasoning: str
    new_reasoning: str


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """What one run said about a lead. ``basis`` are the persona's lines, ``lines`` their numbers."""

    run_id: int
    ended_at: str
    status: str
    qualified: bool | None
    score: float | None
    rank: int | None
    department_fit: float | None
    seniority_fit: float | None
    confidence: float | None
    reasoning: str
    flags: tuple[str, ...]
    needs_review: bool
    basis: tuple[str, ...]
    lines: tuple[int, ...]
    variant: str
    title: str
    company: str
    size: str


def funnel(database: Database, run_id: int) -> dict[tuple[str, str], int]:
    """Leads of a run by (stage it reached, status); they add up to the leads that entered."""
    with database.session() as session:
        rows = session.connection().execute(
            text("SELECT stage, status, count(*) FROM assessment WHERE run_id=:run GROUP BY stage, status"),
            {"run": run_id},
        )
        return {(stage, status): count for stage, status, count in rows}


_BOTH = (
    "FROM assessment AS a JOIN assessment AS b ON b.lead_id=a.lead_id AND b.run_id=:new "
    "JOIN lead AS l ON l.id=a.lead_id WHERE a.run_id=:old "
    "AND (a.status<>b.status OR coalesce(a.rank, 0)<>coalesce(b.rank, 0) "
    "OR coalesce(a.score, -1)<>coalesce(b.score, -1))"
)
_KIND = (
    "CASE WHEN a.status<>'ranked' AND b.status='ranked' THEN 'in' "
    "WHEN a.status='ranked' AND b.status<>'ranked' THEN 'out' ELSE 'moved' END"
)


def compare_runs(
    database: Database, old: int, new: int, *, kind: str = "", offset: int = 0, limit: int = 200
) -> tuple[list[Moved], dict[str, int]]:
    """Leads that both runs judged and differ on (of one kind): in, out, moved; and how many of each kind."""
    values = {"old": old, "new": new}
    with database.session() as session:
        connection = session.connection()
        counts = dict.fromkeys(("in", "out", "moved"), 0)
        for name, count in connection.execute(text(f"SELECT {_KIND}, count(*) {_BOTH} GROUP BY 1"), values):
            counts[name] = count
        only = f" AND {_KIND}=:kind" if kind else ""
        rows = connection.execute(
            text(
                f"SELECT a.lead_id, l.full_name, l.company_name, l.title, {_KIND} AS kind, a.status, b.status, a.rank, "
                f"b.rank, a.score, b.score, a.reasoning, b.reasoning {_BOTH}{only} "
                f"ORDER BY CASE {_KIND} WHEN 'in' THEN 0 WHEN 'out' THEN 1 ELSE 2 END, "
                "l.company_name, coalesce(b.rank, 1000000), a.lead_id "
                "LIMIT :limit OFFSET :offset"
            ),
            {**values, "limit": limit, "offset": offset} | ({"kind": kind} if kind else {}),
        )
        return [Moved(*row) for row in rows], counts


def lead_history(database: Database, lead_id: int) -> list[HistoryEntry]:
    """What the finished runs said about a lead, newest first."""
    with database.session() as session:
        rows = session.connection().execute(
            text(
                "SELECT a.run_id, r.ended_at, a.status, a.qualified, a.score, a.rank, a.department_fit, "
                "a.seniority_fit, a.confidence, a.reasoning, a.flags, a.needs_review, a.basis, a.lines, a.variant, "
                "a.title, a.company_name, a.size FROM assessment AS a JOIN run AS r ON r.id=a.run_id "
                "WHERE a.lead_id=:lead AND r.state='done' ORDER BY a.run_id DESC"
            ),
            {"lead": lead_id},
        )
        return [
            HistoryEntry(
                *[
                    *row[:3],
                    None if row[3] is None else bool(row[3]),
                    *row[4:10],
                    tuple(json.loads(row[10])),
                    bool(row[11]),
                    tuple(json.loads(row[12])),
                    tuple(json.loads(row[13])),
                    *row[14:],
                ]
            )
            for row in rows
        ]

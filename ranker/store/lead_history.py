"""What all finished runs said about one lead."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import text

from ranker.store.engine import Database


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """What one run said about a lead. ``basis`` are the persona's lines, ``lines`` their numbers.

    ``who`` asked for the run.
    """

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
    who: str


def lead_history(database: Database, lead_id: int) -> list[HistoryEntry]:
    """What the finished runs said about a lead, newest first."""
    with database.session() as session:
        rows = session.connection().execute(
            text(
                "SELECT a.run_id, r.ended_at, a.status, a.qualified, a.score, a.rank, a.department_fit, "
                "a.seniority_fit, a.confidence, a.reasoning, a.flags, a.needs_review, a.basis, a.lines, a.variant, "
                "a.title, a.company_name, a.size, r.who FROM assessment AS a JOIN run AS r ON r.id=a.run_id "
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

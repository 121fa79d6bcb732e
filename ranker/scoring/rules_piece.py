"""The next rows of a run that are judged by rules: the same for a ranking and for an evaluation."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.orm import Session

from ranker.scoring.assessment import Assessment, Inputs
from ranker.scoring.variants import engine_of_variant, judge
from ranker.store import run_queries
from ranker.store.engine import Database
from ranker.store.run_queries import RunRow

BATCH = 4_000
"""Leads a step."""

Read = Callable[[Session, int, int, int], Sequence[Any]]
"""(session, run, after, most) → rows behind an id, in order: id, title, company, size, domain, …"""
Write = Callable[[Session, int, Sequence[Any], Sequence[Assessment]], int]
"""(session, run, rows, verdicts): keep the verdicts on these rows; how many."""


def judge_by_rules(database: Database, run: RunRow, read: Read, write: Write, then: str) -> None:
    """Judge one batch and keep it in one transaction; phase ``then`` follows the last one.

    Raises ``UsageError`` if the persona is gone, or the program decides otherwise than the run's variant says.
    """
    began = time.perf_counter()
    with database.session() as session:
        engine = engine_of_variant(session, run.variant_id)
        rows = read(session, run.id, run.at, BATCH)
    verdicts = judge(engine, [Inputs(*row[1:5]) for row in rows])
    last = len(rows) < BATCH
    with database.write() as session:
        done = run.done + write(session, run.id, rows, verdicts)
        spent, at = time.perf_counter() - began, 0 if last else rows[-1][0]
        if not run_queries.move(session, run, then if last else "judging", at=at, done=done, spent=spent):
            session.rollback()

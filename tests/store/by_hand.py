"""A run whose verdicts are made by hand, kept as a real run keeps its own."""

from __future__ import annotations

import json
from collections.abc import Callable

from sqlalchemy import text

from ranker.scoring.assessment import Assessment
from ranker.store import bulk, currents, run_queries
from ranker.store.engine import Database

_LEAD = ("lead_id", "company_id", "title", "company_name", "size", "domain", "input_hash")
_VERDICT = (
    "status", "qualified", "score", "rank", "department_fit", "seniority_fit", "confidence", "reasoning", "flags",
    "needs_review", "basis", "lines", "variant",
)  # fmt: skip


def rank_by_hand(database: Database, verdict: Callable[[str], Assessment]) -> int:
    """One more finished run over all leads in the order of their number; ``verdict`` is given each title."""
    with database.write() as session:
        run_id = run_queries.ask(session, "rank", "by hand", {"kind": "all"})
        leads = session.connection().execute(text(f"SELECT id, {', '.join(_LEAD[1:])} FROM lead ORDER BY id")).all()
        rows = [(*lead, *_cells(verdict(lead.title))) for lead in leads]
        bulk.insert(session, "assessment", _LEAD + _VERDICT, rows, {"run_id": run_id, "stage": "judged"})
        currents.publish(session, run_id)
        run = run_queries.load_run(session, run_id)
        assert run_queries.move(session, run, "done", done=len(leads), total=len(leads))
    return run_id


def _cells(one: Assessment) -> tuple[object, ...]:
    flags, basis, lines = (json.dumps(list(values), ensure_ascii=False) for values in (one.flags, one.basis, one.lines))
    return (
        one.status, None if one.qualified is None else int(one.qualified), one.score, one.rank, one.department_fit,
        one.seniority_fit, one.confidence, one.reasoning, flags, int(one.needs_review), basis, lines, one.variant,
    )  # fmt: skip

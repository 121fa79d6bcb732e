"""How a run with a model stands, what it cost, and why leads were not judged: for pages, from the database."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import text

from ranker.llm.failures import POLICIES
from ranker.scoring.llm.assess import reason_of
from ranker.scoring.llm.gates import GateCounts
from ranker.scoring.selection import Selection, chosen, count
from ranker.store import ai_calls
from ranker.store.ai_calls import Spending
from ranker.store.engine import Database
from ranker.store.run_costs import scope_of
from ranker.store.run_queries import RunRow

_SAMPLED = "flags LIKE '%\"gate_sampled\"%'"


@dataclass(frozen=True, slots=True)
class Standing:
    """A run under way. ``share`` is 0 to 1; ``asked`` leads of ``total``; ``waiting`` for what, in words."""

    share: float
    asked: int
    total: int
    task: str
    spending: Spending
    held: float
    """Dollars of ``spending`` that are only kept back for calls under way."""
    cached: int
    retries: int
    a_second: float | None
    """Leads a second since it began to judge."""
    seconds_left: float | None
    waiting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """Leads that were not judged for one reason; ``reason`` is its code, ``words`` say it."""

    reason: str
    words: str
    leads: int


def standing(database: Database, run: RunRow) -> Standing:
    """How far a run is, the piece under way included."""
    live, share = run.live, run.share
    with database.session() as session:
        used, held = ai_calls.spending(session, scope_of(run.id)), ai_calls.held(session, scope_of(run.id))
    since = (datetime.now(UTC) - datetime.fromisoformat(run.started_at)).total_seconds() if run.started_at else 0.0
    speed = share * run.total / since if since >= 2 and share > 0 else None
    return Standing(
        share, round(share * run.total), run.total, live.get("task", ""), used, held,
        run.counts.get("calls_cached", 0) + live.get("cached", 0),
        run.counts.get("retries", 0) + live.get("retries", 0),
        speed, None if speed is None else (1 - share) * run.total / speed, tuple(live.get("waiting", ())),
    )  # fmt: skip


def cost_of(database: Database, run_id: int) -> Spending:
    """What a run has used, by the ledger."""
    with database.session() as session:
        return ai_calls.spending(session, scope_of(run_id))


def failures(database: Database, run_id: int) -> list[Failed]:
    """The leads of a run that were not judged because of a failure, by the reason; most first."""
    with database.session() as session:
        rows = (
            session.connection()
            .execute(
                text(
                    "SELECT flags, count(*) FROM assessment WHERE run_id=:run AND flags LIKE '%\"call_failed\"%' "
                    "GROUP BY flags"
                ),
                {"run": run_id},
            )
            .fetchall()
        )
    counts: dict[str, int] = {}
    for flags, leads in rows:
        reason = reason_of(json.loads(flags)) or ""
        counts[reason] = counts.get(reason, 0) + leads
    return sorted(
        (Failed(reason, words_of(reason), leads) for reason, leads in counts.items()),
        key=lambda one: (-one.leads, one.reason),
    )


def left_of(database: Database, run: RunRow) -> int:
    """How many leads a run has left: not judged because of a failure, or not reached.

    Of a run that is done only those that no later run has judged.
    """
    with database.session() as session:
        if run.state != "done":
            return count(session, *chosen(session, Selection("failed", (run.id,))))
        found = session.connection().execute(
            text("SELECT count(*) FROM current_assessment WHERE run_id=:run AND flags LIKE '% call_failed %'"),
            {"run": run.id},
        )
        return int(found.scalar_one())


def taken_up_by(database: Database, run_id: int) -> int | None:
    """The newest run that took up what this one had left."""
    said = json.dumps(Selection("failed", (run_id,)).as_json(), sort_keys=True)
    with database.session() as session:
        found = session.connection().execute(
            text("SELECT max(id) FROM run WHERE kind='rank' AND selection=:said"), {"said": said}
        )
        return found.scalar()


def gated_of(database: Database, run_id: int) -> GateCounts:
    """What the gates of a run did, and what the sample of those they rule out showed."""
    with database.session() as session:
        row = session.connection().execute(
            text(
                "SELECT coalesce(sum(CASE WHEN flags LIKE '%\"gated\"%' THEN 1 ELSE 0 END), 0), "
                f"coalesce(sum(CASE WHEN {_SAMPLED} THEN 1 ELSE 0 END), 0), "
                f"coalesce(sum(CASE WHEN {_SAMPLED} AND qualified IS NOT NULL THEN 1 ELSE 0 END), 0), "
                f"coalesce(sum(CASE WHEN {_SAMPLED} AND qualified=1 THEN 1 ELSE 0 END), 0) "
                "FROM assessment WHERE run_id=:run AND flags LIKE '%gate%'"
            ),
            {"run": run_id},
        )  # fmt: skip
        return GateCounts(*row.one())


def words_of(reason: str) -> str:
    """Why a lead was not judged, for a person: ``The model did not answer in time.``"""
    if reason == "left_out":
        return "The model left the lead out of its answers."
    policy = POLICIES.get(reason)
    return f"The model {policy.words}." if policy is not None else "Nothing further could be asked."

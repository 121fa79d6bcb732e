"""Ranking the leads in the database: a run that goes on by pieces, each kept in one transaction.

``plan`` → ``start`` → ``step`` until it says that nothing is left. The worker (``ranker.worker``) takes the steps
durably; ``ranker.jobs.job.drive`` takes them at once. Nobody's current verdict changes before the last step.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.errors import UsageError
from ranker.events import tell
from ranker.personas.catalog import get_version
from ranker.scoring.ranks import assign_ranks
from ranker.scoring.rules_piece import judge_by_rules
from ranker.scoring.run_rows import INPUTS, take_judged, write_verdicts
from ranker.scoring.selection import Selection, chosen, count, scope
from ranker.scoring.variants import engine_of, is_model, keep_rules
from ranker.store import bulk, currents, run_queries
from ranker.store.engine import Database
from ranker.store.run_queries import RunRow
from ranker.templates.shipped import seed_templates

if TYPE_CHECKING:
    from ranker.scoring.llm.variants import ModelChoice

KIND = "rank"
USUAL_SPEED = 8_000.0
"""Leads a second, until a run has been measured."""
HELD = "On the do-not-contact list."


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do."""

    leads: int
    """Leads that enter: those chosen, and the others of the companies that they touch."""
    chosen: int
    companies: int
    new: int
    """Leads among them without a verdict so far."""
    changed: int
    """Leads among them whose title, company, size or domain changed since their verdict."""
    held: int
    """Leads among them on the do-not-contact list: judged, but without a rank."""
    seconds: float
    """An estimate, by the speed of earlier runs."""


def plan(database: Database, selection: Selection, persona_version_id: int) -> Plan:
    """Say what ``start`` would do. Raises ``UsageError`` for a persona's version that is not there."""
    get_version(database, persona_version_id)
    speed = run_queries.measured_speed(database, KIND) or USUAL_SPEED
    with database.session() as session:
        condition, values = scope(session, selection)
        row = session.connection().execute(
            text(
                "SELECT count(*), count(DISTINCT l.company_id), "
                "coalesce(sum(CASE WHEN k.lead_id IS NULL THEN 1 ELSE 0 END), 0), "
                "coalesce(sum(CASE WHEN k.input_hash<>l.input_hash THEN 1 ELSE 0 END), 0), "
                "coalesce(sum(l.suppressed), 0) FROM lead AS l LEFT JOIN current_assessment AS k ON k.lead_id=l.id "
                f"WHERE l.id IN (SELECT id FROM lead WHERE {condition})"
            ),
            values,
        )
        leads, companies, new, changed, held = row.one()
        picked = count(session, *chosen(session, selection))
        return Plan(leads, picked, companies, new, changed, held, 0.5 + leads / speed)


def start(
    database: Database, selection: Selection, persona_version_id: int, who: str = "", model: ModelChoice | None = None
) -> int:  # fmt: skip
    """Queue a run and return its id; the same leads by the same variant, still active, give that run's id.

    ``model``: by which strategy and settings a language model is asked; None ranks by rules. Raises ``UsageError`` if
    nothing was chosen, ``PersonaError`` if the persona can't be used, ``NoKey``, ``SpendingOff`` or ``PriceUnknown``
    if the model can't be asked.
    """
    persona = get_version(database, persona_version_id)
    if model is not None:
        seed_templates(database)  # a variant names versions of prompts, so they have to be there
        model.try_account_again(database)
    with database.write() as session:
        if model is None:
            variant, digest = keep_rules(session, engine_of(persona), persona)
        else:
            variant, digest = model.keep(session, persona)
        condition, values = scope(session, selection)
        leads = count(session, condition, values)
        if not leads:
            raise UsageError("There is nobody to rank here. Import leads, or choose others.")
        work = json.dumps([selection.as_json(), digest], sort_keys=True)
        return run_queries.ask(
            session, KIND, hashlib.sha256(work.encode()).hexdigest()[:32], selection.as_json(), variant_id=variant,
            total=leads, who=who, max_usd=None if model is None else model.settings.max_usd,
        )  # fmt: skip


def cancel(database: Database, run_id: int) -> bool:
    """Stop a run between two pieces; current ranks stay as they are. False if it had ended already."""
    return run_queries.end(database, run_id, "cancelled")


def step(database: Database, run_id: int) -> bool:
    """Do the next piece of a run; False once there is nothing left to do, also because it was cancelled."""
    run = run_queries.get_run(database, run_id)
    if not run.active:
        return False
    {"": _read, "judging": _judge, "ranking": _rank, "publishing": _publish}[run.phase](database, run)
    return run.phase != "publishing"


def _read(database: Database, run: RunRow) -> None:
    """Give every lead that enters its row, so that whatever happens later, all are accounted for."""
    began = time.perf_counter()
    with database.write() as session:
        connection, key = session.connection(), {"run": run.id}
        connection.execute(text("DELETE FROM assessment WHERE run_id=:run"), key)
        chosen_by = Selection.from_json(run.selection)
        condition, values = scope(session, chosen_by)
        connection.execute(
            text(
                "INSERT INTO assessment (run_id, lead_id, company_id, status, stage, reason) "
                "SELECT CAST(:run AS integer), id, company_id, 'not_judged', 'waiting', 'Not reached.' "
                f"FROM lead WHERE {condition} ORDER BY id"
            ),
            {**values, **key},
        )
        total = connection.execute(text("SELECT count(*) FROM assessment WHERE run_id=:run"), key).scalar_one()
        done = take_judged(session, run.id, chosen_by) if chosen_by.kind == "failed" else 0
        if not run_queries.move(session, run, "judging", done=done, total=total, spent=time.perf_counter() - began):
            session.rollback()


def _judge(database: Database, run: RunRow) -> None:
    """Judge the next leads, and keep their verdicts."""
    with database.session() as session:
        with_model = is_model(session, run.variant_id)
    if with_model:
        from ranker.scoring.llm.durable import judge_piece  # its client takes a second to load

        judge_piece(database, run)
        return
    judge_by_rules(database, run, _to_judge, write_verdicts, "ranking")


def _to_judge(session: Session, run_id: int, after: int, most: int) -> Sequence[Any]:
    """The next rows (the lead's id and ``INPUTS``) behind an id."""
    return session.connection().execute(
        text(
            f"SELECT l.id, {', '.join(f'l.{name}' for name in INPUTS)} FROM assessment AS a "
            "JOIN lead AS l ON l.id=a.lead_id WHERE a.run_id=:run AND a.lead_id>:at ORDER BY a.lead_id LIMIT :most"
        ),
        {"run": run_id, "at": after, "most": most},
    ).fetchall()  # fmt: skip


def _rank(database: Database, run: RunRow) -> None:
    """Assign the ranks of every company; whoever is on the do-not-contact list keeps the score, without a rank."""
    began = time.perf_counter()
    with database.write() as session:
        connection, key = session.connection(), {"run": run.id}
        connection.execute(
            text(
                "UPDATE assessment SET stage='held', reason=:why WHERE run_id=:run AND stage='ranked' "
                "AND lead_id IN (SELECT id FROM lead WHERE suppressed=1)"
            ),
            {**key, "why": HELD},
        )
        leads = connection.execute(
            text("SELECT lead_id, company_id, score FROM assessment WHERE run_id=:run AND stage='ranked'"), key
        ).fetchall()
        ranks = assign_ranks([str(row[1]) for row in leads], [row[2] for row in leads])
        changes = [(rank, run.id, row[0]) for row, rank in zip(leads, ranks, strict=True)]
        bulk.many(session, "UPDATE assessment SET rank=? WHERE run_id=? AND lead_id=?", changes)
        spent = time.perf_counter() - began
        if not run_queries.move(
            session, run, "publishing", spent=spent, counts={**run.counts, **counts_of(session, run.id)}
        ):
            session.rollback()


def _publish(database: Database, run: RunRow) -> None:
    """Make the verdicts the current ones, all at once, and end the run."""
    began = time.perf_counter()
    with database.write() as session:
        currents.publish(session, run.id)
        if run_queries.move(session, run, "done", done=run.total, spent=time.perf_counter() - began):
            tell("rank.done", run=run.id, leads=run.total, seconds=round(run.worked, 3))
        else:
            session.rollback()


def counts_of(session: Session, run_id: int) -> dict[str, int]:
    """Leads by where they ended (ranked + held + not_relevant + not_judged = leads), and companies."""
    ended = {"ranked": 0, "held": 0, "not_relevant": 0, "not_judged": 0}
    connection, key, review = session.connection(), {"run": run_id}, 0
    grouped = "SELECT stage, status, count(*), sum(needs_review) FROM assessment WHERE run_id=:run GROUP BY 1, 2"
    for stage, status, leads, doubtful in connection.execute(text(grouped), key):
        name = stage if stage == "held" else status
        ended[name] = ended.get(name, 0) + leads
        review += doubtful
    whole = (
        "SELECT count(DISTINCT company_id), count(DISTINCT CASE WHEN stage='ranked' THEN company_id END) "
        "FROM assessment WHERE run_id=:run"
    )
    companies, having = connection.execute(text(whole), key).one()
    return {
        "leads": sum(ended.values()), **ended, "needs_review": review, "companies": companies,
        "companies_with": having, "companies_without": companies - having,
    }  # fmt: skip

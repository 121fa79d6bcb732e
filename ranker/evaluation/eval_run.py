"""Evaluating a variant on a labelled set: a run that goes on by pieces, each kept in one transaction.

``start`` → ``step`` until it says that nothing is left; the worker takes the steps durably, ``ranker.jobs.job.drive``
takes them at once. Nothing is ever published: no lead's current verdict changes.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.errors import UsageError
from ranker.evaluation.eval_rows import (
    FAILED,
    items_to_judge,
    judged_rows,
    keep_figures,
    load_set,
    make_rows,
    write_ranks,
    write_verdicts,
)
from ranker.events import tell
from ranker.personas.catalog import get_version
from ranker.scoring.assessment import Assessment
from ranker.scoring.ranks import assign_ranks
from ranker.scoring.rules_piece import judge_by_rules
from ranker.scoring.variants import engine_of, is_model, keep_rules
from ranker.store import run_queries
from ranker.store.engine import Database
from ranker.store.run_queries import RunRow
from ranker.templates.shipped import seed_templates

if TYPE_CHECKING:
    from ranker.scoring.llm.variants import ModelChoice

KIND = "evaluate"


def start(
    database: Database, set_id: int, persona_version_id: int, who: str = "", model: ModelChoice | None = None, *,
    again: bool = False,
) -> int:  # fmt: skip
    """Queue an evaluation and return its run's id; the same one that is under way gives that run's id.

    ``model``: by which strategy and settings a language model is asked, of which only the first provider counts: an
    evaluation never fails over. None judges by rules. A variant that was evaluated on these labels already gives that
    run's id, unless ``again``: that is its next repeat, for which a model is asked anew. Where the newest one failed or
    was cancelled, that repeat is gone on with: answers that it got are there.
    Raises ``UsageError`` for a set or a version that is not there, ``PersonaError`` if the persona can't be used,
    ``NoKey``, ``SpendingOff`` or ``PriceUnknown`` if the model can't be asked.
    """
    persona = get_version(database, persona_version_id)
    if model is not None:
        seed_templates(database)  # a variant names versions of prompts, so they have to be there
        model = alone(model)
        model.try_account_again(database)
    with database.write() as session:
        labelled = load_set(session, set_id)
        if not labelled.leads:
            raise UsageError("This set has no labelled leads. Choose another one.")
        if model is None:
            variant, digest = keep_rules(session, engine_of(persona), persona)
        else:
            variant, digest = model.keep(session, persona)
        repeat, known = _repeat(session, set_id, variant, labelled.leads, again=again)
        if known is not None:
            return known
        work = json.dumps([set_id, digest, repeat])
        run_id = run_queries.ask(
            session, KIND, hashlib.sha256(work.encode()).hexdigest()[:32], {"kind": "labelled", "ids": [set_id]},
            variant_id=variant, total=labelled.leads, who=who,
            max_usd=None if model is None else model.settings.max_usd,
        )  # fmt: skip
        session.connection().execute(
            text(
                "INSERT INTO eval_run (run_id, eval_set_id, variant_id, repeat) "
                "VALUES (:run, :set, :variant, :repeat) ON CONFLICT (run_id) DO NOTHING"
            ),
            {"run": run_id, "set": set_id, "variant": variant, "repeat": repeat},
        )
        return run_id


def variant_of(database: Database, persona_version_id: int, model: ModelChoice | None = None) -> str:
    """The hash of the variant that ``start`` would evaluate; nothing is written down. Raises what ``start`` does, but
    for what keeps a model from being asked.
    """
    persona = get_version(database, persona_version_id)
    if model is None:
        return engine_of(persona).variant
    with database.session() as session:
        return model.engine(session, persona).variant


def alone(model: ModelChoice) -> ModelChoice:
    """The same choice with its first provider alone: another one's answers would be those of another variant."""
    return replace(model, settings=replace(model.settings, providers=model.settings.providers[:1]))


def _repeat(session: Session, set_id: int, variant: int, leads: int, *, again: bool) -> tuple[int, int | None]:
    """(Which repeat to run, the run that has it already). Labels may have gone with a lead that was deleted since."""
    ended = session.connection().execute(
        text(
            "SELECT e.run_id, e.repeat, r.done, r.state FROM eval_run AS e JOIN run AS r ON r.id=e.run_id "
            "WHERE e.eval_set_id=:set AND e.variant_id=:variant AND r.state IN ('done', 'failed', 'cancelled') "
            "ORDER BY e.run_id DESC"
        ),
        {"set": set_id, "variant": variant},
    ).fetchall()  # fmt: skip
    done = [row for row in ended if row[3] == "done"]
    if not again and ended and ended[0][3] != "done":
        return ended[0][1], None
    if not done:
        return 1, None
    run_id, repeat, had, _ = max(done, key=lambda row: (row[1], row[0]))
    if again:
        return repeat + 1, None
    return repeat, run_id if had == leads else None


def cancel(database: Database, run_id: int) -> bool:
    """Stop an evaluation between two pieces. False if it had ended already."""
    return run_queries.end(database, run_id, "cancelled")


def step(database: Database, run_id: int) -> bool:
    """Do the next piece of a run; False once there is nothing left to do, also because it was cancelled."""
    run = run_queries.get_run(database, run_id)
    if not run.active:
        return False
    {"": _read, "judging": _judge, "measuring": _measure}[run.phase](database, run)
    return run.phase != "measuring"


def _read(database: Database, run: RunRow) -> None:
    """Give every labelled lead its row, so that whatever happens later, all are accounted for."""
    began = time.perf_counter()
    with database.write() as session:
        total = make_rows(session, run.id)
        if not run_queries.move(session, run, "judging", done=0, total=total, spent=time.perf_counter() - began):
            session.rollback()


def _judge(database: Database, run: RunRow) -> None:
    """Judge the next labelled leads, and keep what was said of them."""
    with database.session() as session:
        with_model = is_model(session, run.variant_id)
    if with_model:
        from ranker.evaluation.eval_model import judge_piece  # its client takes a second to load

        judge_piece(database, run)
        return
    judge_by_rules(database, run, items_to_judge, _write, "measuring")


def _write(session: Session, run_id: int, rows: Sequence[Any], verdicts: Sequence[Assessment]) -> int:
    return write_verdicts(session, run_id, [row[0] for row in rows], verdicts)


def _measure(database: Database, run: RunRow) -> None:
    """Assign the ranks of every company, compare with the labels, keep the figures, and end the run."""
    from ranker.evaluation.figures import measured  # numpy and scipy take a second to load

    began = time.perf_counter()
    with database.session() as session:
        judged = judged_rows(session, run.id)
    scores = [one.score if one.status == "ranked" else None for one in judged]
    ranks = assign_ranks([one.company for one in judged], scores)
    ranked = [replace(one, rank=rank) for one, rank in zip(judged, ranks, strict=True)]
    labels, answers = [one.lead for one in ranked], {one.source_id: one.prediction for one in ranked}
    failed = sum(FAILED in one.flags for one in ranked)
    figures, found = measured(labels, answers, failed=failed)
    counts = _counts([one.status for one in ranked], failed, len(found.companies))
    with database.write() as session:
        write_ranks(session, run.id, [(one.item_id, one.rank) for one in ranked if one.rank is not None])
        keep_figures(session, run.id, figures.as_json(), found.companies)
        spent = time.perf_counter() - began
        if run_queries.move(
            session, run, "done", done=len(ranked), total=len(ranked), spent=spent, counts={**run.counts, **counts}
        ):
            tell("evaluate.done", run=run.id, leads=len(ranked), seconds=round(run.worked + spent, 3))
        else:
            session.rollback()


def _counts(statuses: list[str], failed: int, companies: int) -> dict[str, int]:
    """ranked + not_relevant + not_judged + rejected = leads; ``failed`` are among those not judged."""
    ends: dict[str, Any] = {name: statuses.count(name) for name in ("ranked", "not_relevant", "not_judged", "rejected")}
    return {"leads": len(statuses), **ends, "failed": failed, "companies": companies}

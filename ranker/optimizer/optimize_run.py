"""Optimizing as a durable run: a search that goes on by checkpoints, each kept in one transaction.

``start`` → ``step`` until it says that nothing is left; the worker takes the steps durably, ``ranker.jobs.job.drive``
takes them at once. A step goes on from what is kept: one text proposed for, or one candidate evaluated, is the most
that is done again after a crash, and answers of a model that had come cost nothing again. Nobody's verdict changes, and
no version goes live but by ``ranker.optimizer.decision``.
"""

from __future__ import annotations

import hashlib
import json
import math
import time
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from ranker.errors import BudgetSpent, Cancelled, CapReached, UsageError
from ranker.evaluation.eval_rows import load_set
from ranker.events import tell
from ranker.optimizer import stored
from ranker.optimizer.budget import Budget
from ranker.optimizer.database_memory import DatabaseMemory, Pause, planned
from ranker.optimizer.holdout import conclude, open_hold_out
from ranker.optimizer.optimize import optimize
from ranker.optimizer.outcome_json import opening_json, outcome_json, split_json
from ranker.optimizer.settings import Settings
from ranker.optimizer.split import split
from ranker.optimizer.starting import ask_again, kept_variant, plan_of
from ranker.optimizer.stored import OptimizationRow
from ranker.optimizer.subjects import Work, work_of
from ranker.store import run_queries
from ranker.store.clock import now
from ranker.store.engine import Database
from ranker.store.run_again import queue_again
from ranker.store.run_costs import scope_of
from ranker.store.run_queries import RunRow

if TYPE_CHECKING:
    from ranker.scoring.llm.variants import ModelChoice
    from ranker.scoring.llm.watch import Live

PIECE_SECONDS = 3.0
"""A step ends after the first checkpoint beyond this: replaying what is kept takes time, too."""


def start(
    database: Database, set_id: int, persona_version_id: int, *, slot: str = "persona",
    template_version_id: int | None = None, settings: Settings | None = None, model: ModelChoice | None = None,
    max_usd: float | None = None, max_calls: int | None = None, open_at_end: bool = True, who: str = "",
) -> int:  # fmt: skip
    """Queue an optimization and return its run's id; the same one that is under way gives that run's id.

    ``slot``: ``persona``, or ``template:`` and a task, whose ``template_version_id`` is then the start. ``model``: by
    which strategy and settings a language model judges, criticises and edits, of which only the first provider counts;
    None: by rules, where only the persona can change. ``max_usd`` and ``max_calls`` hold for all calls together.
    Raises ``UsageError`` for a set, version or slot that is not there, ``PersonaError`` or ``TemplateError`` if the
    start can't be used, ``NoKey``, ``SpendingOff`` or ``PriceUnknown`` if the model can't be asked.
    """
    search = settings or Settings()
    if max_calls is not None and max_calls < 1:
        raise UsageError("The limit of calls has to be at least 1, or empty for none.")
    if model is not None:
        cap = model.settings.max_usd if max_usd is None else max_usd
        only = replace(model.settings, providers=model.settings.providers[:1], max_usd=cap, max_calls=max_calls)
        model = replace(model, settings=only)
    plan = plan_of(database, search, slot, model, open_at_end=open_at_end)
    with database.write() as session:
        if not load_set(session, set_id).leads:
            raise UsageError("This set has no labelled leads. Choose another one.")
        variant, digest = kept_variant(session, persona_version_id, template_version_id, slot, model, plan)
        most = None if model is None else model.settings.max_usd
        work = json.dumps([set_id, digest, slot, plan.as_json(), most], sort_keys=True)
        run_id = run_queries.ask(
            session, stored.KIND, hashlib.sha256(work.encode()).hexdigest()[:32], {"kind": "labelled", "ids": [set_id]},
            variant_id=variant, total=planned(search, held_out=True), who=who, max_usd=most,
        )  # fmt: skip
        stored.add_optimization(session, run_id, set_id, persona_version_id, template_version_id, slot, plan)
        return run_id


def cancel(database: Database, run_id: int) -> bool:
    """Stop an optimization; calls under way end, and what was found is kept. False if it had ended already."""
    return run_queries.end(database, run_id, "cancelled")


def go_on(database: Database, run_id: int, max_usd: float | None = None, max_calls: int | None = None) -> bool:
    """Let one that failed or was cancelled go on where it stopped, with other limits if any is given.

    One that is done goes on only if its budget ended it, and nobody has looked at the companies held out. False if it
    is neither, or was decided. A provider whose account was empty is asked again. Raises ``LlmSetup`` if it is not set
    up any more.
    """
    ask_again(database, run_id)
    with database.write() as session:
        row, phase = stored.load_optimization(session, run_id), run_queries.load_run(session, run_id).phase
        if row.decision:  # what was decided is about what is found now
            return False
        short = row.result.get("ended") == "budget" and not row.openings
        states = ["failed", "cancelled", *(["done"] if short else [])]
        if not queue_again(session, run_id, states, "searching" if short else None, max_usd):
            return False
        if max_calls is not None:
            plan = replace(row.plan, max_calls=max_calls)
            stored.set_columns(session, run_id, settings=plan.as_json())
        if short or phase != "opening":
            stored.set_columns(session, run_id, result={})
        return True


def ask_opening(database: Database, run_id: int, who: str = "") -> bool:
    """Look at the companies held out, once more if that was done: each look is recorded. False if it can't be now.

    Raises ``UsageError`` where nothing is held out, or nothing but the start is proposed.
    """
    with database.write() as session:
        row = stored.load_optimization(session, run_id)
        if not row.split.get("held_out") or not row.result.get("proposal"):
            raise UsageError("There is nothing to look at: no company is held out, or no other text is proposed.")
        if row.decision:
            raise UsageError("This was decided already, so the companies held out are not looked at again.")
        if not queue_again(session, run_id, ["done"], "opening"):
            return False
        stored.set_columns(session, run_id, openings=[*row.openings, {"who": who, "asked_at": now()}])
        return True


def step(database: Database, run_id: int) -> bool:
    """Do the next piece of an optimization; False once there is nothing left to do, also because it was cancelled."""
    run = run_queries.get_run(database, run_id)
    if not run.active:
        return False
    with database.session() as session:
        row = stored.load_optimization(session, run_id)
    {"": _search, "searching": _search, "opening": _open}[run.phase](database, run, row)
    return run_queries.get_run(database, run_id).active


def _search(database: Database, run: RunRow, row: OptimizationRow) -> None:
    """Search for a few seconds more; at the end of the search, keep what came of it."""
    began = time.perf_counter()
    memory = DatabaseMemory(database, run.id, row.plan.search, PIECE_SECONDS, live=dict(run.live))
    work = _work(database, run, row, memory)
    if not row.split:
        with database.write() as session:
            stored.set_columns(session, run.id, split=_parts(work, row))
    try:
        outcome = optimize(work.subject, memory, row.plan.search, work.guard)
    except Pause:
        _move(database, run, "searching", began, memory.done())
        return
    result = outcome_json(outcome)
    opens = row.plan.open_at_end and bool(outcome.split.held_out) and outcome.search.proposal != 0
    openings = [*row.openings, *([{"who": run.who, "asked_at": now()}] if opens else [])]
    with database.write() as session:
        stored.set_columns(session, run.id, result=result)  # also what a cancelled one has found
        total = planned(row.plan.search, bool(outcome.split.held_out))
        if _moved(session, run, "opening" if opens else "done", began, total - opens, total):
            stored.set_columns(session, run.id, openings=openings)
    if not opens:
        tell("optimize.done", run=run.id, ended=outcome.search.ended, tried=outcome.counts.evaluated)


def _open(database: Database, run: RunRow, row: OptimizationRow) -> None:
    """Look at the companies held out, and keep what they show of the proposal."""
    began = time.perf_counter()
    memory = DatabaseMemory(database, run.id, row.plan.search, math.inf, live=dict(run.live))
    work = _work(database, run, row, memory)
    if row.result.get("ended") == "budget":  # what is left is for this
        memory.spent = lambda: str(row.result["ended_words"])
    outcome = optimize(work.subject, memory, row.plan.search, work.guard)
    if outcome.search.ended == "budget":  # why it ended was said when it did
        outcome = replace(outcome, search=replace(outcome.search, ended_words=str(row.result["ended_words"])))
    memory.spent = lambda: ""
    memory.live |= {"state": "opening"}
    with database.session() as session:
        before = stored.looks_before(session, row)
    result = outcome_json(outcome)
    *others, asked = row.openings
    try:
        opening = open_hold_out(work.subject, memory, outcome, before)
        result = outcome_json(conclude(outcome, opening))
        openings = [*others, {**asked, **opening_json(opening), "at": now()}]
    except Cancelled:
        return
    except (BudgetSpent, CapReached) as error:
        openings = others
        result["claim"]["words"] += f" The companies held out could not be looked at: {error}"
    with database.write() as session:
        if _moved(session, run, "done", began, run.total, run.total):
            stored.set_columns(session, run.id, result=result, openings=openings)
    tell("optimize.done", run=run.id, looks=len(openings))


def _work(database: Database, run: RunRow, row: OptimizationRow, memory: DatabaseMemory) -> Work:
    """The subject; how calls under way stand is told to the run, and a cancelled run stops them."""

    def watch(now: Live) -> bool:
        said = {**asdict(replace(now, best=())), "share": now.done / now.total if now.total else 0.0, "piece": 1}
        return run_queries.tell_live(database, run.id, {**memory.live, **said})

    work = work_of(database, run, row, watch)
    if row.split and row.split != _parts(work, row):  # another part of the companies would be held out
        raise UsageError("Labelled leads of this set were removed since this optimization began. Start another one.")
    if work.settings is not None:
        parts = split(work.subject.companies, row.plan.search)
        budget = Budget(database, scope_of(run.id), work.settings, len(parts.training), len(parts.held_out))
        memory.spent = lambda: budget.spent(memory.judged)
    return work


def _parts(work: Work, row: OptimizationRow) -> dict[str, Any]:
    """The companies by what they are for, with the number of labelled leads that this holds for."""
    return split_json(split(work.subject.companies, row.plan.search)) | {"leads": work.leads}


def _move(database: Database, run: RunRow, phase: str, began: float, done: int) -> None:
    with database.write() as session:
        if not _moved(session, run, phase, began, done, run.total):
            session.rollback()


def _moved(session: Any, run: RunRow, phase: str, began: float, done: int, total: int) -> bool:
    spent = time.perf_counter() - began
    return run_queries.move(session, run, phase, at=run.at + 1, done=done, total=total, spent=spent)

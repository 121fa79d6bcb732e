"""Writing to prospects as a durable run: every prospect has its row from the start, each sequence is kept as it comes.

``start`` → ``step`` until it says that nothing is left; the worker takes the steps durably, ``ranker.jobs.job.drive``
takes them at once. ``go_on`` writes what a run that ended has left. What a model costs stands in the ledger under
``run_costs.scope_of``; the run's ``counts`` hold complete + fallback + template + failed + waiting = its total.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from ranker.errors import UsageError
from ranker.outreach import refusals, stored
from ranker.outreach.sequence import LONGEST_CONTEXT, MOST_MESSAGES, Request
from ranker.outreach.tone import Tone
from ranker.store import run_queries
from ranker.store.engine import Database
from ranker.store.suppressions import in_pieces
from ranker.templates.shipped import seed_templates

if TYPE_CHECKING:
    from ranker.outreach.outreach_model import OutreachModel

KIND = "outreach"
ENDS = ("complete", "fallback", "template", "failed", "waiting")
"""What can have become of a sequence; ``complete`` was written by a model."""
NOTHING_LEFT = "Nothing of this run is left to write. Start another one on the page Outreach."


def start(
    database: Database, prospect_ids: Sequence[int], request: Request, model: OutreachModel | None, *, who: str = "",
    max_usd: float | None = None, again: bool = False, made_by: str = "page",
) -> int:  # fmt: skip
    """Queue a run and return its id; the same request for the same prospects, still active, gives that run's id.

    ``model``: None writes from templates. ``max_usd``: the most that the run may cost, by default what the model's
    settings say. ``again``: other messages for whoever has some from the same request already. Every prospect has its
    sequence, ``waiting``, at once. Raises ``UsageError`` for a request that makes no sense or where nobody is there,
    ``NoKey``, ``SpendingOff``, ``PriceUnknown`` or ``LlmSetup`` if the model can't be asked; then nothing was begun.
    """
    check_request(request)
    model = _prepared(database, model, max_usd)
    with database.write() as session:
        there = _there(session, prospect_ids)
        if not there:
            raise UsageError("There is nobody to write to here. Choose leads that were ranked, or a profile.")
        return _queue(session, there, request, model, who=who, again=again, made_by=made_by)


def go_on(database: Database, run_id: int, *, who: str = "", max_usd: float | None = None) -> int:
    """Write what a run that failed, was cancelled or is done has left, by the same prompts with today's keys.

    The new run takes over the sequences that wait, and asks again for those that failed, as new sequences: one that is
    finished never changes. Answers that were got cost nothing again. ``max_usd``: by default as much as the run had.
    Raises ``UsageError`` if nothing is left, or it is still under way, and what ``start`` does.
    """
    from ranker.llm.settings import load_settings
    from ranker.outreach.outreach_model import model_of_variant

    run = run_queries.get_run(database, run_id)
    if run.kind != KIND:
        raise UsageError(f"Run {run_id} writes nothing to anybody. Choose another one from the list of runs.")
    if run.active:
        return run_id
    request, again = request_of(run.selection), bool(run.selection.get("again"))
    with database.session() as session:
        model = model_of_variant(session, run.variant_id, load_settings())
    model = _prepared(database, model, run.max_usd if max_usd is None else max_usd)
    with database.write() as session:
        left = left_of(session, run_id)
        taken = _after(session, run_id, active=True)
        if taken is not None:
            return taken
        if not left:
            raise UsageError(NOTHING_LEFT)
        return _queue(session, left, request, model, who=who, again=again, made_by="page", takes=run_id)


def left_of(session: Session, run_id: int) -> list[int]:
    """Prospects for whom a run has nothing: their sequence waits, or failed and no newer one came to an end. Whoever
    must not be contacted, and has got that for an answer, is none of them.
    """
    rows = session.connection().execute(
        text(
            "SELECT s.prospect_id, s.state FROM sequence AS s WHERE s.run_id=:run AND (s.state='waiting' OR "
            "(s.state='failed' AND NOT EXISTS (SELECT 1 FROM sequence AS n WHERE n.prospect_id=s.prospect_id "
            "AND n.number>s.number AND n.state<>'failed'))) ORDER BY s.id"
        ),
        {"run": run_id},
    ).fetchall()  # fmt: skip
    held = refusals.of_prospects(session, [row[0] for row in rows if row[1] == "failed"])
    return [int(row[0]) for row in rows if row[1] == "waiting" or row[0] not in held]


def cancel(database: Database, run_id: int) -> bool:
    """Stop a run between two calls; sequences that are there stay. False if it had ended already."""
    ended = run_queries.end(database, run_id, "cancelled")
    if ended:
        recount(database, run_id)
    return ended


def step(database: Database, run_id: int) -> bool:
    """Do the next piece of a run; False once there is nothing left to do, also because it was cancelled."""
    from ranker.outreach.outreach_piece import write_piece  # the client takes a second to load

    run = run_queries.get_run(database, run_id)
    if not run.active:
        return False
    if not run.phase:
        with database.write() as session:
            return run_queries.move(session, run, "writing", counts=counts_of(session, run_id))
    return write_piece(database, run)


def counts_of(session: Session, run_id: int) -> dict[str, int]:
    """Sequences of a run by what became of them (all of ``ENDS``), counted from their rows."""
    counts = dict.fromkeys(ENDS, 0)
    grouped = "SELECT state, origin, count(*) FROM sequence WHERE run_id=:run AND parent_id IS NULL GROUP BY 1, 2"
    for state, origin, count in session.connection().execute(text(grouped), {"run": run_id}):
        counts[origin if state == "complete" and origin in counts else state] += count
    return counts


def recount(database: Database, run_id: int) -> None:
    """Write down how many sequences a run has that was cancelled in the middle of a piece."""
    with database.write() as session:
        _recount(session, run_id)


def _recount(session: Session, run_id: int) -> None:
    """Nothing where the run is under way, or where another one took over what it left: then its counts stay."""
    run = run_queries.load_run(session, run_id)
    if run.active or _after(session, run_id):
        return
    counts = counts_of(session, run_id)
    total = sum(counts.values())
    session.connection().execute(
        text("UPDATE run SET counts=:counts, done=:done, total=:total, live='{}' WHERE id=:id"),
        {"counts": json.dumps(run.counts | counts), "done": total - counts["waiting"], "total": total, "id": run_id},
    )


def check_request(request: Request) -> None:
    """Raise ``UsageError``, saying what to mend, for a request that nobody can fulfil."""
    if not 1 <= request.messages <= MOST_MESSAGES:
        raise UsageError(f"Choose a number of messages from 1 to {MOST_MESSAGES}.")
    if not request.context.strip():
        raise UsageError("Say something about us first: what your company offers, and to whom.")
    if len(request.context) > LONGEST_CONTEXT:
        raise UsageError(
            f"The text about us has {len(request.context):,} characters; {LONGEST_CONTEXT:,} are possible."
        )


def request_json(request: Request) -> dict[str, Any]:
    """A request as the run's selection keeps it."""
    return {
        "tone": request.tone.as_json(), "context": request.context, "messages": request.messages,
        "fallback": request.fallback, "preset": request.preset,
    }  # fmt: skip


def request_of(selection: dict[str, Any]) -> Request:
    """The request of a run, from its selection."""
    said = selection["request"]
    tone, _ = Tone.of(said["tone"])
    return Request(tone, said["context"], said["messages"], said["fallback"], said["preset"])


def _prepared(database: Database, model: OutreachModel | None, max_usd: float | None) -> OutreachModel | None:
    if model is None:
        return None
    seed_templates(database)  # a variant names versions of prompts, so they have to be there
    model.try_account_again(database)
    return replace(model, settings=model.settings.with_cap(max_usd))


def _queue(
    session: Session, prospects: Sequence[int], request: Request, model: OutreachModel | None, *, who: str,
    again: bool, made_by: str, takes: int | None = None,
) -> int:  # fmt: skip
    """The run's id; ``takes``: the run whose waiting sequences become its own."""
    from ranker.outreach.outreach_model import keep

    variant, digest = keep(session, model)
    if takes is not None:
        _recount(session, takes)
    said = request_json(request)
    selection = {"kind": KIND, "prospects": len(prospects), "request": said, "again": again}
    if takes is not None:
        selection["left_of"] = takes
    work = json.dumps([sorted(prospects), said, digest, again], sort_keys=True)
    run_id = run_queries.ask(
        session, KIND, hashlib.sha256(work.encode()).hexdigest()[:32], selection, variant_id=variant,
        total=len(prospects), who=who, max_usd=None if model is None else model.settings.max_usd,
    )  # fmt: skip
    if takes is not None:
        session.connection().execute(  # where somebody asked for the same meanwhile, that run has them already
            text(
                "UPDATE sequence SET run_id=:new, variant_id=:variant WHERE run_id=:old AND state='waiting' "
                "AND prospect_id NOT IN (SELECT prospect_id FROM sequence WHERE run_id=:new)"
            ),
            {"new": run_id, "old": takes, "variant": variant},
        )
    stored.begin(session, prospects, request, run_id=run_id, variant_id=variant, who=who, made_by=made_by)
    return run_id


def _after(session: Session, run_id: int, *, active: bool = False) -> int | None:
    """A run that took over what another one left; with ``active`` one that is under way."""
    state = " AND state IN ('queued', 'running')" if active else ""
    rows = session.connection().execute(
        text(f"SELECT id, selection FROM run WHERE kind=:kind AND id>:run{state} ORDER BY id"),
        {"kind": KIND, "run": run_id},
    )
    return next((int(row[0]) for row in rows if json.loads(row[1]).get("left_of") == run_id), None)


def _there(session: Session, prospect_ids: Sequence[int]) -> list[int]:
    """Those of the prospects that are there, each once, in their order."""
    found: set[int] = set()
    wanted = text("SELECT id FROM prospect WHERE id IN :ids").bindparams(bindparam("ids", expanding=True))
    unique = list(dict.fromkeys(prospect_ids))
    in_pieces(unique, lambda ids: found.update(row[0] for row in session.connection().execute(wanted, {"ids": ids})))
    return [one for one in unique if one in found]

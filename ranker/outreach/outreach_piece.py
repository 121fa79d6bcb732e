"""One piece of an outreach run: whole sequences, each kept in a transaction of its own as soon as it is there.

A process that dies repeats at most the calls that were under way: answers are kept as they come (``llm.ledger``), and a
sequence that is not finished asks the same questions again. How the piece stands is written to the run every second;
that is also how a cancelled run is noticed.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.errors import CallFailed, Cancelled, LlmError
from ranker.events import tell
from ranker.llm.apart import run_to_end
from ranker.llm.breaker import Breaker
from ranker.llm.client import LlmClient
from ranker.llm.settings import load_settings
from ranker.outreach import refusals, stored
from ranker.outreach.analysing import hash_of
from ranker.outreach.known import known_of
from ranker.outreach.outreach_model import OutreachModel, model_of_variant
from ranker.outreach.outreach_run import counts_of, recount, request_of
from ranker.outreach.sequence import Analysis, Known, Request, Written
from ranker.outreach.turns import USED_UP
from ranker.outreach.writing import TASKS, Asked, attempt, by_template, failed
from ranker.scoring.llm.asking import each
from ranker.scoring.llm.templates import Prompt
from ranker.scoring.llm.watch import Live, Progress, watched
from ranker.store import run_queries
from ranker.store.engine import Database
from ranker.store.run_costs import scope_of
from ranker.store.run_queries import RunRow

PIECE = 400
"""Prospects that are looked at together: whether they may still be written to is asked when a piece begins. At its end
places stay empty until the last sequence is there, so that small pieces would be slow.
"""
AT_ONCE = 20
"""Sequences from templates that are kept in one transaction."""
PAUSE, COOL = 0.5, 15.0
"""Seconds before a call is tried again, and that a failing provider is left alone."""


@dataclass(frozen=True, slots=True)
class Item:
    """One sequence to write. ``held``: why it must not be; ``turn``: as in ``write_one``."""

    sequence_id: int
    known: Known
    kept: Analysis | None
    held: str
    turn: int


@dataclass(frozen=True, slots=True)
class Ended:
    """How a piece ended. ``stopped``: why nothing further was asked, None if all was."""

    stopped: LlmError | None = None
    cached: int = 0
    retries: int = 0


def write_piece(database: Database, run: RunRow) -> bool:
    """Write the next sequences; False once the run is at its end.

    Where nothing further can be asked (the limit of money, no provider left), what is there is kept, the rest waits,
    and the run fails with the reason. Raises ``NoKey``, ``SpendingOff``, ``PriceUnknown``, ``LlmSetup`` or
    ``UsageError`` before anything is asked.
    """
    began = time.perf_counter()
    request = request_of(run.selection)
    with database.session() as session:
        model = model_of_variant(session, run.variant_id, load_settings().with_cap(run.max_usd))
        prompts = {} if model is None else model.prompts(session)
        items = _items(session, run, model, prompts)
    if model is None:
        ended = _from_templates(database, run, items, request)
    else:
        ended = run_to_end(_write(database, run, model, prompts, items, request))
    if isinstance(ended.stopped, Cancelled):
        recount(database, run.id)
        return False
    with database.write() as session:
        counts = counts_of(session, run.id)
        total = sum(counts.values())
        last = not counts["waiting"]
        more = {"calls_cached": ended.cached, "retries": ended.retries}
        counts |= {name: run.counts.get(name, 0) + value for name, value in more.items()}
        moved = run_queries.move(
            session, run, "done" if last else "writing", at=run.at + 1,
            done=total - counts["waiting"], total=total, spent=time.perf_counter() - began, counts=counts,
        )  # fmt: skip
        if moved:
            session.connection().execute(text("UPDATE run SET live='{}' WHERE id=:run"), {"run": run.id})
        else:
            session.rollback()
    if not moved:  # it was cancelled after the last look
        recount(database, run.id)
        return False
    if ended.stopped is not None and not last:
        run_queries.end(database, run.id, "failed", ended.stopped.message)
        return False
    if last:
        tell("outreach.done", run=run.id, sequences=total)
    return not last


def _items(session: Session, run: RunRow, model: OutreachModel | None, prompts: Mapping[str, Prompt]) -> list[Item]:
    """The next sequences that wait, with all that is known and allowed now."""
    waiting = stored.waiting_of(session, run.id, most=PIECE)
    known = known_of(session, list(waiting))
    held = refusals.of_prospects(session, list(waiting))
    turns = _turns(session, run, again=bool(run.selection.get("again")))
    items = []
    for prospect_id, sequence_id in waiting.items():
        one, kept = known.get(prospect_id), None
        if one is None:  # the lead was deleted a moment ago
            continue
        if model is not None:
            first = model.settings.providers[0]
            digest = hash_of(one, prompts["analyse"], first.name, first.model_for("analyse"))
            kept = stored.analysis_of(session, prospect_id, digest)
        reason = held.get(prospect_id)
        words = "" if reason is None else refusals.WORDS[reason]
        items.append(Item(sequence_id, one, kept, words, turns.get(sequence_id, 0)))
    return items


def _turns(session: Session, run: RunRow, *, again: bool) -> dict[int, int]:
    """Sequence → earlier ones by the same variant: with ``again`` all, else those of which no asking made anything.

    Their answers are kept, and would come to the same.
    """
    which = "" if again else f"AND {USED_UP}"
    rows = session.connection().execute(
        text(
            "SELECT s.id, count(*) FROM sequence AS s JOIN sequence AS e ON e.prospect_id=s.prospect_id "
            f"AND e.number<s.number AND e.variant_id=s.variant_id AND e.parent_id IS NULL {which} "
            "WHERE s.run_id=:run AND s.state='waiting' GROUP BY s.id"
        ),
        {"run": run.id},
    )
    return {int(row[0]): int(row[1]) for row in rows}


def _waits(database: Database, sequence_id: int) -> bool:
    with database.session() as session:
        state = session.connection().execute(text("SELECT state FROM sequence WHERE id=:id"), {"id": sequence_id})
        return state.scalar() == "waiting"


def _held(one: Item, model: OutreachModel | None) -> Written:
    """What becomes of somebody to whom nobody may write any more: no call, and no template either."""
    return Written("failed", "template" if model is None else "model", reason=one.held)


def _from_templates(database: Database, run: RunRow, items: list[Item], request: Request) -> Ended:
    """Made beside the database and kept a few at a time: while something is written, nobody else can write."""
    for at in range(0, len(items), AT_ONCE):
        made = [
            (one, _held(one, None) if one.held else by_template(one.known, request, "template"))
            for one in items[at : at + AT_ONCE]
        ]
        with database.write() as session:
            for one, written in made:
                stored.keep(session, one.sequence_id, written, one.known)
        done = at + len(made)
        said = {"task": "write", "done": done, "total": len(items), "share": done / len(items), "piece": len(items)}
        if not run_queries.tell_live(database, run.id, said):
            return Ended(Cancelled("The run was cancelled."))
    return Ended()


async def _write(
    database: Database, run: RunRow, model: OutreachModel, prompts: Mapping[str, Prompt], items: list[Item],
    request: Request,
) -> Ended:  # fmt: skip
    client = LlmClient(
        model.settings, database, scope_of(run.id), TASKS, pause=PAUSE, breaker=lambda: Breaker(cool=COOL)
    )
    seen = Progress()

    async def one_of(item: Item) -> None:
        if not await client.ledger.run(lambda: _waits(database, item.sequence_id)):
            return  # the person was deleted since the piece began: nothing is sent about them
        if item.held:
            written = _held(item, model)
        else:
            asked = Asked(client)
            try:
                written = await attempt(asked, prompts, item.known, request, item.kept, item.turn)
            except LlmError as error:
                if client.stopped is not None and not isinstance(error, CallFailed):
                    return  # nothing further can be asked: it waits
                written = failed(item.known, request, error.message, await asked.usage(), asked.analysis)
        await client.ledger.keep(lambda session: stored.keep(session, item.sequence_id, written, item.known))
        seen.done += 1

    async def everything() -> None:
        seen.begin("write", len(items))
        async for _ in each(items, one_of, model.settings.concurrency):
            pass

    def watch(now: Live) -> bool:
        share = now.done / now.total if now.total else 0.0
        said = {**asdict(replace(now, best=())), "share": share, "piece": len(items)}
        return run_queries.tell_live(database, run.id, said)

    async with client:
        await watched(everything(), client, seen, watch)
        return Ended(client.stopped, client.cache_hits, client.retries)

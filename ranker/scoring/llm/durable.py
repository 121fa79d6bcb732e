"""A run that asks a model, piece by piece: whole companies at a time, each piece kept in one transaction.

Within a piece every answer is kept as it comes (``llm.ledger``), so that a process that dies repeats at most the calls
that were under way. How a piece stands is written to the run every second; that is also how a cancelled run is noticed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from ranker.errors import Cancelled
from ranker.llm.settings import load_settings
from ranker.scoring.assessment import Assessment, Inputs
from ranker.scoring.llm.engine import ModelEngine
from ranker.scoring.llm.leads import Lead, pieces
from ranker.scoring.llm.strategies import PIECE, STAGES
from ranker.scoring.llm.variants import model_of_variant
from ranker.scoring.llm.watch import BEST, Live
from ranker.scoring.run_rows import INPUTS, write_verdicts
from ranker.scoring.variants import alone
from ranker.store import run_queries
from ranker.store.engine import Database
from ranker.store.run_costs import scope_of
from ranker.store.run_queries import RunRow

_WAITING = (
    "SELECT c.key FROM assessment AS a JOIN lead AS l ON l.id=a.lead_id JOIN company AS c ON c.id=l.company_id "
    "WHERE a.run_id=:run AND a.stage='waiting'"
)
_LEADS = text(
    f"SELECT l.id, {', '.join(f'l.{name}' for name in INPUTS)}, l.industry, c.key FROM assessment AS a "
    "JOIN lead AS l ON l.id=a.lead_id JOIN company AS c ON c.id=l.company_id "
    "WHERE a.run_id=:run AND a.stage='waiting' AND c.key IN :keys ORDER BY l.id"
).bindparams(bindparam("keys", expanding=True))


_UNFINISHED = frozenset({"call_failed", "rescore_failed"})
"""Flags of leads that wait for the rest of their answers where nothing further could be asked."""


def judge_piece(database: Database, run: RunRow) -> None:
    """Judge the leads of the next companies, and keep their verdicts.

    Where nothing further can be asked (the limit of money, no provider left), what was judged is kept, and the run
    fails with the reason: its verdicts do not become the current ones, and it can be gone on with. Raises ``NoKey``,
    ``SpendingOff``, ``PriceUnknown``, ``LlmSetup`` or ``UsageError`` before anything is asked.
    """
    with database.session() as session:
        settings = load_settings()
        engine = model_of_variant(session, run.variant_id, settings.with_cap(run.max_usd))
        waiting = [row[0] for row in session.connection().execute(text(_WAITING), {"run": run.id})]
        parts = pieces(waiting, PIECE[engine.strategy])
        rows = session.connection().execute(_LEADS, {"run": run.id, "keys": parts[0]}).fetchall() if parts else []
    ask_piece(
        database, run, engine, rows, last=len(parts) <= 1, then="ranking",
        write=lambda session, some, verdicts: write_verdicts(session, run.id, [row[:6] for row in some], verdicts),
    )  # fmt: skip


Write = Callable[[Session, Sequence[Sequence[Any]], Sequence[Assessment]], int]
"""Keeps the verdicts on some rows; how many."""


def ask_piece(
    database: Database, run: RunRow, engine: ModelEngine, rows: Sequence[Sequence[Any]], *, last: bool, then: str,
    write: Write,
) -> None:  # fmt: skip
    """Ask about the leads of whole companies, keep what came of it, and move the run on; ``then`` follows the ``last``.

    ``rows``: an id, title, company, size and domain, the hash of these, industry and the company's key. Where nothing
    further can be asked, what was judged is kept, and the run fails with the reason.
    """
    began = time.perf_counter()
    with alone():
        leads = engine.leads([Inputs(*row[1:5]) for row in rows], [row[6] for row in rows], [row[7] for row in rows])

    ids = {lead: row[0] for row, lead in zip(rows, leads, strict=True) if isinstance(lead, Lead)}
    best: list[tuple[int, float]] = [(lead, score) for lead, score in run.live.get("best", ())]

    def watch(now: Live) -> bool:
        nonlocal best
        over = engine.rules.persona.threshold
        scores = dict(best) | {ids[lead]: score for lead, score in now.best if score >= over}
        best = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:BEST]
        said = {**asdict(replace(now, best=())), "best": best, "share": _share(engine, now), "piece": len(rows)}
        return run_queries.tell_live(database, run.id, said)

    unique = list({lead for lead in leads if isinstance(lead, Lead)})
    piece = engine.judge_piece(database, scope_of(run.id), unique, watch)
    if isinstance(piece.stopped, Cancelled):
        return
    verdicts = [piece.verdicts[lead] if isinstance(lead, Lead) else lead for lead in leads]
    kept = [at for at, found in enumerate(verdicts) if piece.stopped is None or not _UNFINISHED & set(found.flags)]
    last = last and piece.stopped is None
    counts = dict(run.counts)
    for name, more in (("calls_cached", piece.calls_cached), ("retries", piece.retries)):
        counts[name] = counts.get(name, 0) + more
    with database.write() as session:
        written = write(session, [rows[at] for at in kept], [verdicts[at] for at in kept])
        moved = run_queries.move(
            session, run, then if last else "judging", at=run.at + 1, done=run.done + written,
            spent=time.perf_counter() - began, counts=counts,
        )  # fmt: skip
        if not moved:
            session.rollback()
    run_queries.tell_live(database, run.id, {} if last or not best else {"best": best})
    if moved and piece.stopped is not None:
        run_queries.end(database, run.id, "failed", piece.stopped.message)


def _share(engine: ModelEngine, now: Live) -> float:
    """How much of a piece is done, 0 to 1, by its stages."""
    stages = STAGES[engine.strategy]
    before = stages.index(now.task) if now.task in stages else 0
    return (before + (now.done / now.total if now.total else 0.0)) / len(stages)

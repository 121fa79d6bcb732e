"""The piece of an evaluation that asks a model: whole companies, one provider, and never another in its place."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.evaluation.eval_rows import companies_waiting, items_of_companies, write_verdicts
from ranker.llm.settings import load_settings
from ranker.scoring.llm.durable import ask_piece
from ranker.scoring.llm.engine import ModelEngine
from ranker.scoring.llm.leads import pieces
from ranker.scoring.llm.strategies import PIECE
from ranker.scoring.llm.variants import choice_of_variant
from ranker.scoring.variants import same_variant
from ranker.store.engine import Database
from ranker.store.run_queries import RunRow


def judge_piece(database: Database, run: RunRow) -> None:
    """Judge the labelled leads of the next companies, and keep what was said of them.

    Where nothing further can be asked (the limit of money, the provider out of order), what was judged is kept, and the
    run fails with the reason. Raises ``NoKey``, ``SpendingOff``, ``PriceUnknown``, ``LlmSetup`` or ``UsageError``
    before anything is asked.
    """
    with database.session() as session:
        engine = _engine(session, run)
        parts = pieces(companies_waiting(session, run.id), PIECE[engine.strategy])
        rows = items_of_companies(session, run.id, parts[0]) if parts else []
    ask_piece(
        database, run, engine, rows, last=len(parts) <= 1, then="measuring",
        write=lambda session, some, verdicts: write_verdicts(session, run.id, [row[0] for row in some], verdicts),
    )  # fmt: skip


def _engine(session: Session, run: RunRow) -> ModelEngine:
    """The variant's engine with its own provider alone, asked for this repeat."""
    choice, persona, digest = choice_of_variant(session, run.variant_id, load_settings().with_cap(run.max_usd))
    found = session.connection().execute(text("SELECT repeat FROM eval_run WHERE run_id=:run"), {"run": run.id})
    alone = replace(choice.settings, providers=choice.settings.providers[:1], repeat=int(found.scalar_one()))
    engine = replace(choice, settings=alone).engine(session, persona)
    same_variant(engine.variant, digest)
    return engine

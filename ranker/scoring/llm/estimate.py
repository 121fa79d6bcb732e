"""What ranking leads of the database with a model would take, from the prompts that would really be sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.personas.catalog import get_version
from ranker.scoring.assessment import Assessment, Inputs
from ranker.scoring.llm.engine import ModelEngine
from ranker.scoring.llm.leads import Lead
from ranker.scoring.llm.plan import Plan, plan
from ranker.scoring.llm.variants import ModelChoice
from ranker.scoring.run_rows import judged_before
from ranker.scoring.selection import Selection, scope
from ranker.scoring.variants import alone
from ranker.store import ai_calls
from ranker.store.counter import leads_version
from ranker.store.engine import Database


@dataclass(frozen=True, slots=True)
class Estimate:
    """Leads = ``free`` (nobody can judge them) + ``gated`` (ruled out by the rules) + ``alike`` (like another one) +
    ``asked``. Of leads that failed before, those that have their verdict from then do not count.
    """

    leads: int
    free: int
    gated: int
    alike: int
    asked: int
    plan: Plan
    measured: bool
    """Whether the time rests on how long this model's answers took before."""


def estimate(database: Database, selection: Selection, persona_version_id: int, choice: ModelChoice) -> Estimate:
    """Count what a run would ask; nothing is sent. Answers that are kept from before are counted too.

    Raises ``UsageError`` for a persona's version that is not there, ``PersonaError`` if it can't be used.
    """
    persona = get_version(database, persona_version_id)
    with database.session() as session:
        engine = choice.engine(session, persona)
        condition, values = scope(session, selection)
        if selection.kind == "failed":
            there, more = judged_before(session, selection, engine.variant)
            condition, values = f"({condition}) AND NOT ({there})", {**values, **more}
        rows = (
            session.connection()
            .execute(
                text(
                    "SELECT l.title, l.company_name, l.size, l.domain, l.industry, c.key FROM lead AS l "
                    f"JOIN company AS c ON c.id=l.company_id WHERE l.id IN (SELECT id FROM lead WHERE {condition})"
                ),
                values,
            )
            .fetchall()
        )
        took = took_before(session, engine)
    return estimate_of(engine, rows, choice, took)


def estimate_of(
    engine: ModelEngine, rows: Sequence[Sequence[Any]], choice: ModelChoice, took: float | None
) -> Estimate:
    """The same for rows of title, company, size, domain, industry and the company's key.

    ``took``: the seconds that an answer takes, where that is known.
    """
    with alone():
        found = engine.leads([Inputs(*row[:4]) for row in rows], [row[4] for row in rows], [row[5] for row in rows])
    leads = [one for one in found if isinstance(one, Lead)]
    gated = sum(isinstance(one, Assessment) and "gated" in one.flags for one in found)
    unique = list(dict.fromkeys(leads))
    made = plan(engine.tasks, choice.strategy, unique, choice.settings, took)
    return Estimate(
        len(rows), len(rows) - len(leads) - gated, gated, len(leads) - len(unique), len(unique), made,
        took is not None,
    )  # fmt: skip


def decided_by(database: Database, persona_version_id: int, choice: ModelChoice) -> str:
    """A hash of everything that an estimate depends on but for the selection, so that one can be kept.

    Raises what ``estimate`` does.
    """
    persona = get_version(database, persona_version_id)
    settings, first = choice.settings, choice.settings.providers[0]
    with database.session() as session:
        engine = choice.engine(session, persona)
        took, leads = took_before(session, engine), leads_version(session)
        ended = session.connection().execute(text("SELECT max(ended_at) FROM run")).scalar()
    prices = {model: repr(first.price(model)) for model in engine.decides["models"].values()}
    said = [
        engine.variant, prices, settings.rpm, settings.tpm, settings.concurrency, leads, ended,
        None if took is None else round(took, 1),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def took_before(session: Session, engine: ModelEngine) -> float | None:
    """Seconds that an answer of these models took before."""
    return ai_calls.usual_seconds(
        session, engine.settings.providers[0].name, list(engine.decides["models"].values())
    )  # fmt: skip

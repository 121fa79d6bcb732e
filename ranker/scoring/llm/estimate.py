"""What ranking leads of the database with a model would take, from the prompts that would really be sent."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from ranker.personas.catalog import get_version
from ranker.scoring.assessment import Inputs
from ranker.scoring.llm.leads import Lead
from ranker.scoring.llm.plan import Plan, plan
from ranker.scoring.llm.variants import ModelChoice
from ranker.scoring.selection import Selection, scope
from ranker.scoring.variants import alone
from ranker.store import ai_calls
from ranker.store.engine import Database


@dataclass(frozen=True, slots=True)
class Estimate:
    """Leads = ``free`` (nobody needs to be asked about them) + ``alike`` (like another one) + ``asked``."""

    leads: int
    free: int
    alike: int
    asked: int
    plan: Plan
    measured: bool
    """Whether the time rests on how long this model's answers took before."""


def estimate(database: Database, selection: Selection, persona_version_id: int, choice: ModelChoice) -> Estimate:
    """Count what a run would ask; nothing is sent. A choice of failed leads counts those alone.

    Raises ``UsageError`` for a persona's version that is not there, ``PersonaError`` if it can't be used.
    """
    persona = get_version(database, persona_version_id)
    first = choice.settings.providers[0]
    with database.session() as session:
        condition, values = scope(session, selection)
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
        engine = choice.engine(session, persona)
        took = ai_calls.usual_seconds(session, first.name, list(engine.decides["models"].values()))
    with alone():
        found = engine.leads([Inputs(*row[:4]) for row in rows], [row[4] for row in rows], [row[5] for row in rows])
    leads = [one for one in found if isinstance(one, Lead)]
    unique = set(leads)
    made = plan(engine.tasks, choice.strategy, sorted(unique), choice.settings, took)
    return Estimate(
        len(rows), len(rows) - len(leads), len(leads) - len(unique), len(unique), made, took is not None
    )  # fmt: skip

"""What evaluating a model on a labelled set would take, from the prompts that would really be sent."""

from __future__ import annotations

import hashlib
import json

from ranker.evaluation.set_items import load_items
from ranker.personas.catalog import get_version
from ranker.scoring.llm.estimate import Estimate, decided_by, estimate_of, took_before
from ranker.scoring.llm.variants import ModelChoice
from ranker.store.engine import Database


def estimate_set(database: Database, set_id: int, persona_version_id: int, choice: ModelChoice) -> Estimate:
    """Count what an evaluation would ask; nothing is sent. Answers that are kept from before are counted too.

    Raises ``UsageError`` for a persona's version that is not there, ``PersonaError`` if it can't be used.
    """
    persona = get_version(database, persona_version_id)
    with database.session() as session:
        engine, items = choice.engine(session, persona), load_items(session, set_id)
        took = took_before(session, engine)
    rows = [(one.title, one.company, one.size, one.domain, one.industry, one.company_key) for one in items]
    return estimate_of(engine, rows, choice, took)


def set_decided_by(database: Database, set_id: int, persona_version_id: int, choice: ModelChoice) -> str:
    """A hash of everything that ``estimate_set`` depends on, so that one can be kept. Raises what that does."""
    said = [set_id, decided_by(database, persona_version_id, choice)]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()

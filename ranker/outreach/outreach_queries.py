"""What the page Outreach asks beside the sequences themselves: what was said of the sender, why sequences failed."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from sqlalchemy import text

from ranker.outreach.outreach_run import KIND, request_of
from ranker.store.counter import leads_version
from ranker.store.engine import Database
from ranker.store.run_queries import list_runs

if TYPE_CHECKING:
    from ranker.outreach.outreach_model import OutreachModel

_REASONS = text(
    "SELECT reason, count(*) FROM sequence WHERE run_id=:run AND state='failed' GROUP BY reason "
    "ORDER BY count(*) DESC, reason"
)


def last_context(database: Database) -> str:
    """What was said of the sender when somebody last wrote to people from the page; "" before the first time. What
    programs say of theirs, and an edit of something older, change nothing here.
    """
    newest = list_runs(database, KIND, limit=1)
    return request_of(newest[0].selection).context if newest else ""


def reasons_of(database: Database, run_id: int) -> list[tuple[str, int]]:
    """Why sequences of a run failed, and how many for each reason; most first."""
    with database.session() as session:
        return [(row[0], int(row[1])) for row in session.connection().execute(_REASONS, {"run": run_id})]


def decided_by(database: Database, model: OutreachModel) -> str:
    """A hash of all that an estimate depends on but for the people and the request, so that one can be kept."""
    settings, first = model.settings, model.settings.providers[0]
    with database.session() as session:
        leads, digest = leads_version(session), model.digest(session)
        newest = "SELECT max(ended_at), (SELECT max(id) FROM prospect_analysis) FROM run"
        ended, analyses = session.connection().execute(text(newest)).one()
    prices = {task: repr(first.price(first.model_for(task))) for task in ("analyse", "write")}
    said = [digest, prices, settings.rpm, settings.tpm, settings.concurrency, leads, ended, analyses]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

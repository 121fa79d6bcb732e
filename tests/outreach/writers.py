"""Prospects for tests of writing: leads that rank, a request, and a model at a fake server."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import text

from ranker.jobs.job import drive
from ranker.outreach import outreach_run
from ranker.outreach.outreach_model import OutreachModel
from ranker.outreach.prospects import prospects_of_leads
from ranker.outreach.sequence import Known, Request, Source
from ranker.outreach.sequence_row import SequenceRow
from ranker.outreach.stored import load_sequence
from ranker.outreach.tone import Tone
from ranker.personas.catalog import list_personas
from ranker.scoring import rank_run
from ranker.scoring.selection import Selection
from ranker.store import run_queries
from tests.llm.model_runs import bring, choice

CONTEXT = "We sell a calendar for sales teams."
ASKED = Request(Tone(), CONTEXT)


def person(number: int = 1, **facts: str) -> Known:
    """What is known of somebody who was never ranked."""
    said = {
        "first_name": "Ada", "last_name": "Example", "full_name": "Ada Example", "title": "VP of Sales",
        "company": "Company 1", "size": "51-200", **facts,
    }  # fmt: skip
    sources = tuple(Source("lead", name, value) for name, value in said.items())
    return Known(number, "", number, sources, "## Titles to contact\n- VP of Sales: 5/5")


def people(database, many: int = 12) -> list[int]:
    """So many prospects with leads that rank, each with its own name and title."""
    rows = [
        f"Lead {at:04},Company {at % 7},company{at % 7}.example,51-200,VP of Sales | area {at},Retail"
        for at in range(many)
    ]
    bring(database, *rows)
    sales = next(one for one in list_personas(database) if "Ladderline" in one.name)
    drive(database, rank_run.start(database, Selection("all"), sales.live_version_id), rank_run.step)
    with database.write() as session:
        leads = [row[0] for row in session.connection().execute(text("SELECT id FROM lead ORDER BY id"))]
        return list(prospects_of_leads(session, leads).values())


def model_at(monkeypatch, server, **more) -> OutreachModel:
    """A fake server as it is asked for messages; ``more`` are variables such as ``RANKER_MAX_USD``."""
    return OutreachModel(choice(monkeypatch, server, **more).settings)


def started(database, prospects, model, request=ASKED, **more) -> int:
    """A run that is queued; its number."""
    return outreach_run.start(database, prospects, request, model, **more)


def asked_for(**changes) -> Request:
    """The usual request with something else in it."""
    return replace(ASKED, **changes)


def rows(database, run_id: int, columns: str = "prospect_id, state, origin, reason") -> list[tuple[Any, ...]]:
    """The sequences of a run, in the order of their numbers."""
    with database.session() as session:
        found = session.connection().execute(
            text(f"SELECT {columns} FROM sequence WHERE run_id=:run ORDER BY id"), {"run": run_id}
        )
        return [tuple(row) for row in found]


def whole(database, run_id: int) -> list[SequenceRow]:
    """The same, each read whole."""
    return [load_sequence(database, row[0]) for row in rows(database, run_id, "id")]


def written(database, prospects, model, request=ASKED, **more) -> run_queries.RunRow:
    """A run to its end."""
    run_id = started(database, prospects, model, request, **more)
    drive(database, run_id, outreach_run.step)
    return run_queries.get_run(database, run_id)


def execute(database, sql: str, **values) -> None:
    """Change something in the database."""
    with database.write() as session:
        session.connection().execute(text(sql), values)

"""Prospects and sequences that are kept without anybody having written them: for tests of lists and counts."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import text

from ranker.outreach.tone import Tone
from ranker.store.engine import Database


def add_prospect(database: Database, lead_id: int | None = None, profile_url: str = "") -> int:
    """One prospect: of a lead, or of an address alone; its number."""
    key = f"url:{profile_url}" if profile_url else f"lead:{lead_id}"
    return _insert(
        database, "prospect",
        {"key": key, "profile_url": profile_url, "lead_id": lead_id, "created_at": "2026-11-20T08:00:00+00:00"},
    )  # fmt: skip


def add_sequence(database: Database, prospect_id: int, number: int = 1, *, messages: int = 3, **cells: Any) -> int:
    """One sequence, complete and by a template unless told otherwise; its number."""
    values: dict[str, Any] = {
        "prospect_id": prospect_id, "number": number, "state": "complete", "origin": "template", "wanted": messages,
        "tone": json.dumps({**Tone().as_json(), "preset": ""}), "context": "Example GmbH sells ladders.",
        "created_at": f"2026-11-20T09:{number:02}:00+00:00", "cost_usd": 0.0,
    }  # fmt: skip
    sequence_id = _insert(database, "sequence", values | cells)
    with database.write() as session:
        for step in range(1, messages + 1):
            session.connection().execute(
                text("INSERT INTO sequence_message (sequence_id, step, content) VALUES (:id, :step, :content)"),
                {"id": sequence_id, "step": step, "content": f"Hello, this is message {step}."},
            )
    return sequence_id


def add_analysis(database: Database, prospect_id: int, summary: str = "Leads sales.") -> int:
    """One analysis that is kept, with one signal that rests on the title and one inferred; its number."""
    signals = [{"text": "Owns sales", "rests": "title"}, {"text": "May be hiring", "rests": "inferred"}]
    content = json.dumps({"summary": summary, "role": "Decides", "signals": signals})
    return _insert(
        database, "prospect_analysis",
        {"prospect_id": prospect_id, "hash": summary, "content": content, "model": "model-1",
         "created_at": "2026-11-20T09:00:00+00:00"},
    )  # fmt: skip


def _insert(database: Database, table: str, values: dict[str, Any]) -> int:
    names = ", ".join(values)
    places = ", ".join(f":{name}" for name in values)
    with database.write() as session:
        made = session.connection().execute(
            text(f"INSERT INTO {table} ({names}) VALUES ({places}) RETURNING id"), values
        )
        return int(made.scalar_one())

"""What of a prospect is told to a model: these columns and nothing else, as rows; and what those rows decide."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from ranker.outreach.sequence import Known, Source

SENT = ("first_name", "last_name", "full_name", "title", "company", "domain", "size", "industry", "location")
"""Columns of a lead that a model is told: never an email address, a phone number or the profile's address."""
PERSONA = "persona"
"""What a signal rests on that follows from the persona."""
INFERRED = "inferred"
_VERSION = "analysis-1"


def facts_of(known: Known) -> tuple[Source, ...]:
    """What of the lead and of its verdict a model may be told, and may be quoted; blanks are left out."""
    return tuple(
        one
        for one in known.sources
        if one.value.strip() and (one.kind == "verdict" or (one.kind == "lead" and one.name in SENT))
    )


def rows_of(known: Known, *, verdict: bool = True) -> list[dict[str, Any]]:
    """The same as rows of a prompt; without ``verdict`` only what the person could know that we know."""
    facts = (one for one in facts_of(known) if verdict or one.kind == "lead")
    return [{"name": one.name, "kind": one.kind, "value": one.value} for one in facts]


def sayable(known: Known, context: str = "") -> tuple[Source, ...]:
    """Everything that a text about the prospect can rest on: the facts, the persona (first its lines that decided), and
    what the sender says of itself.
    """
    found = [*facts_of(known), *(one for one in known.sources if one.kind == "persona" and one.value.strip())]
    if known.persona.strip():
        found.append(Source("persona", PERSONA, known.persona))
    if context.strip():
        found.append(Source("context", "about", context))
    return tuple(found)


def analysis_hash(known: Known, prompt: str, provider: str, model: str) -> str:
    """Of all that decides an analysis: the facts, the persona's part, the prompt's version, who is asked."""
    said = [_VERSION, rows_of(known), known.persona, prompt, provider, model]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]


def bounded(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of an object that has exactly these fields."""
    return {"type": "object", "properties": dict(fields), "required": list(fields), "additionalProperties": False}

"""Sequences made by hand."""

from __future__ import annotations

from dataclasses import replace

from ranker.outreach.known import known_of
from ranker.outreach.prospects import prospects_of_leads
from ranker.outreach.sequence import (
    Analysis,
    Basis,
    Mark,
    Message,
    Request,
    Signal,
    Source,
    Usage,
    Written,
)
from ranker.outreach.stored import begin, keep
from ranker.outreach.tone import Tone
from ranker.store.engine import Database

REQUEST = Request(Tone(0.2, 0.6, 0.9), "We sell maps to sales teams.", 2, preset="Brisk")
MESSAGES = (
    Message(1, "Hello, may I show you our maps?", "Short.", 0.8, basis=(Basis(0, 31, "context"),)),
    Message(2, "One more thing about Acme.", "Follows up.", 0.5, True, (Mark("employer", "Acme", 21, 25),)),
)
WRITTEN = Written(
    "complete", "model", MESSAGES, "I kept it short.",
    Analysis("Leads sales.", "Buyer", (Signal("Runs a team", "title"), Signal("May grow", "inferred")), "h1", "m-1"),
    model="m-1", provider="fake", usage=Usage(2, 900, 120, 0.0031), asked_again=1,
)  # fmt: skip
TEMPLATE = Written("complete", "template", (replace(MESSAGES[0], confidence=None),), "I filled a template.")
URL = "linkedin.com/in/ada-example"


def prospect_of(database: Database, lead_id: int) -> int:
    """The lead's prospect."""
    with database.write() as session:
        return prospects_of_leads(session, [lead_id])[lead_id]


def write(database: Database, prospect_id: int, written: Written = WRITTEN, request: Request = REQUEST) -> int:
    """One more sequence of a prospect, kept; its number in the database."""
    with database.write() as session:
        number = begin(session, [prospect_id], request, who="me")[prospect_id]
        assert keep(session, number, written, known_of(session, [prospect_id])[prospect_id])
    return number


def of_basis(*sources: Source) -> Basis:
    """A sentence that rests on these."""
    return Basis(0, 5, "lead", sources)

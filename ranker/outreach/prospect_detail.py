"""One prospect: who it is, every sequence over time, and the analyses that are kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.errors import UsageError
from ranker.outreach.as_json import read_analysis, tone_of
from ranker.outreach.known import input_hash, known_of
from ranker.outreach.prospect_list import ProspectRow, rows_of
from ranker.outreach.prospects import profile_or_blank
from ranker.outreach.sequence import Analysis, Known
from ranker.outreach.tone import Tone
from ranker.store.engine import Database


@dataclass(frozen=True, slots=True)
class SequenceLine:
    """One sequence in a list. ``parent``: the number of the one that was edited; ``usd`` is None where it is not known.

    ``messages`` are those that are there, of ``wanted``; ``run_id`` is None for one of the API or of an edit.
    ``outdated``: what is known of the prospect, or the verdict, is another by now.
    """

    id: int
    number: int
    run_id: int | None
    parent: int | None
    state: str
    origin: str
    edited: bool
    reason: str
    tone: Tone
    preset: str
    context: str
    wanted: int
    messages: int
    analysis_id: int | None
    model: str
    calls: int
    usd: float | None
    made_by: str
    who: str
    approved_by: str
    approved_at: str
    created_at: str
    outdated: bool = False


@dataclass(frozen=True, slots=True)
class KeptAnalysis:
    """An analysis that is kept: when it was made, and the numbers of the sequences that rest on it."""

    analysis: Analysis
    created_at: str
    sequences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ProspectDetail:
    """One prospect; ``sequences`` and ``analyses`` are the newest first. ``known``: all that is held of them now."""

    row: ProspectRow
    created_at: str
    known: Known
    sequences: tuple[SequenceLine, ...]
    analyses: tuple[KeptAnalysis, ...]


_SEQUENCES = text(
    "SELECT s.id, s.number, s.run_id, o.number, s.state, s.origin, s.edited, s.reason, s.tone, s.context, s.wanted, "
    "(SELECT count(*) FROM sequence_message AS m WHERE m.sequence_id=s.id), s.analysis_id, s.model, s.calls, "
    "s.cost_usd, s.made_by, s.who, s.approved_by, s.approved_at, s.created_at, s.input_hash FROM sequence AS s "
    "LEFT JOIN sequence AS o ON o.id=s.parent_id WHERE s.prospect_id=:id ORDER BY s.number DESC"
)
_ANALYSES = text(
    "SELECT id, hash, content, model, created_at FROM prospect_analysis WHERE prospect_id=:id ORDER BY id DESC"
)


def prospect_detail(database: Database, prospect_id: int) -> ProspectDetail:
    """One prospect. Raises ``UsageError`` if there is none with this number."""
    with database.session() as session:
        connection = session.connection()
        rows = rows_of(session, [prospect_id])
        if not rows:
            raise UsageError(f"There is no prospect {prospect_id} any more. Go back to the list.")
        created = connection.execute(text("SELECT created_at FROM prospect WHERE id=:id"), {"id": prospect_id}).scalar()
        known = known_of(session, [prospect_id])[prospect_id]
        sequences = sequences_of(session, prospect_id, known)
        analyses = [
            KeptAnalysis(
                read_analysis(row[2], row[1], row[3], row[0]),
                row[4],
                tuple(one.number for one in sequences if one.analysis_id == row[0]),
            )
            for row in connection.execute(_ANALYSES, {"id": prospect_id}).all()
        ]
    return ProspectDetail(rows[0], str(created or ""), known, tuple(sequences), tuple(analyses))


def sequences_of(session: Session, prospect_id: int, known: Known) -> list[SequenceLine]:
    """Every sequence of one prospect, the newest first; ``known``: all that is held of them now."""
    now = input_hash(known)
    return [_line(row, now) for row in session.connection().execute(_SEQUENCES, {"id": prospect_id}).all()]


def sequences_of_lead(database: Database, lead_id: int) -> tuple[int | None, list[SequenceLine]]:
    """(The prospect of a lead, None where there is none; its sequences, the newest first).

    Two leads with one profile are one prospect, and have the same sequences.
    """
    with database.session() as session:
        connection = session.connection()
        url = connection.execute(text("SELECT linkedin_url FROM lead WHERE id=:lead"), {"lead": lead_id}).scalar()
        found = connection.execute(
            text("SELECT id FROM prospect WHERE lead_id=:lead OR key=:key ORDER BY id LIMIT 1"),
            {"lead": lead_id, "key": f"url:{profile_or_blank(url or '') or '-'}"},
        ).scalar()
        if found is None:
            return None, []
        number = int(found)
        return number, sequences_of(session, number, known_of(session, [number])[number])


def _line(row: Any, now: str) -> SequenceLine:
    *values, then = row
    values[6], values[8:9] = bool(values[6]), tone_of(values[8])
    return replace(SequenceLine(*values), outdated=bool(then) and then != now)

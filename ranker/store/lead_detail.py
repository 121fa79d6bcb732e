"""Everything that is known about one lead, for its page."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import text

from ranker.errors import UsageError
from ranker.store.engine import Database
from ranker.store.lead_history import HistoryEntry, lead_history
from ranker.store.original import load_original
from ranker.store.results import ResultRow, details
from ranker.store.reviews import ReviewEntry, reviews_of


@dataclass(frozen=True, slots=True)
class Sent:
    """One export that held the lead, the rank it went out with, and who made it."""

    file_name: str
    created_at: str
    rank: int | None
    who: str


@dataclass(frozen=True, slots=True)
class LeadDetail:
    """One lead. ``row`` is None for one that was never ranked.

    ``fields``: as they stand now; ``corrected``: fields that a person put right → as the file had them;
    ``original``: the newest file's columns, then those of earlier files. ``suppressed``: on the do-not-contact
    list. ``persona``: name and version behind the current verdict, "" if unknown.
    """

    lead_id: int
    company_id: int
    fields: dict[str, str]
    corrected: dict[str, str]
    original: dict[str, str]
    file_name: str
    row_number: int | None
    suppressed: bool
    problem: str
    company: str
    company_size: str
    row: ResultRow | None
    history: tuple[HistoryEntry, ...]
    reviews: tuple[ReviewEntry, ...]
    exports: tuple[Sent, ...]
    persona: str

    @property
    def judged(self) -> HistoryEntry | None:
        """What the newest run itself said, before any overrule."""
        return self.history[0] if self.history else None


def lead_detail(database: Database, lead_id: int) -> LeadDetail:
    """One lead with its history. Raises ``UsageError`` if there is none with this number."""
    with database.session() as session:
        connection = session.connection()
        found = connection.execute(
            text(
                "SELECT l.company_id, l.edits, l.extra, l.suppressed, l.problem, l.row_number, "
                "coalesce(b.file_name, ''), c.name, c.size FROM lead AS l JOIN company AS c ON c.id=l.company_id "
                "LEFT JOIN import_batch AS b ON b.id=l.batch_id WHERE l.id=:id"
            ),
            {"id": lead_id},
        ).first()
        if found is None:
            raise UsageError(f"There is no lead {lead_id} any more. Go back to the list.")
        company_id, edits, extra, suppressed, problem, number, file_name, company, size = found
        cells, fields = load_original(session, [lead_id])[0]
        rows = details(session, [lead_id])
        persona = connection.execute(
            text(
                "SELECT p.name, v.version FROM current_assessment AS k JOIN run AS r ON r.id=k.run_id "
                "JOIN variant AS x ON x.id=r.variant_id JOIN persona_version AS v ON v.id=x.persona_version_id "
                "JOIN persona AS p ON p.id=v.persona_id WHERE k.lead_id=:id"
            ),
            {"id": lead_id},
        ).first()
        sent = connection.execute(
            text(
                "SELECT e.file_name, e.created_at, i.rank, e.who FROM export_item AS i "
                "JOIN export AS e ON e.id=i.export_id WHERE i.lead_id=:id ORDER BY e.id DESC"
            ),
            {"id": lead_id},
        ).fetchall()
    return LeadDetail(
        lead_id=lead_id,
        company_id=company_id,
        fields={name: str(value) for name, value in fields.items()},
        corrected=json.loads(edits),
        original={**cells, **_earlier(json.loads(extra), cells)},
        file_name=file_name,
        row_number=number,
        suppressed=bool(suppressed),
        problem=problem,
        company=company,
        company_size=size,
        row=rows[0] if rows else None,
        history=tuple(lead_history(database, lead_id)),
        reviews=tuple(reviews_of(database, lead_id)),
        exports=tuple(Sent(*row) for row in sent),
        persona=f"{persona[0]}, version {persona[1]}" if persona else "",
    )


def _earlier(extra: dict[str, str], cells: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in extra.items() if not cells.get(name)}

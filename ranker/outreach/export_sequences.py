"""Sequences as a file for a sending tool: a row for each lead with a column for each step, or a row for each message.

What nobody approved stays out unless it is asked for. Who must not be contacted at this moment stays out in any case. A
template says in its row that it is one. The export is kept like one of leads, so that a lead's history shows it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.errors import UsageError
from ranker.events import tell
from ranker.export.made_file import FORMATS, Cell, check_format, make_file
from ranker.ingest.mentions import INSTEAD
from ranker.outreach import as_json, refusals
from ranker.outreach.prospects import profile_or_blank
from ranker.store.engine import Database
from ranker.store.exports import record_export
from ranker.store.fold import like_as_it_is
from ranker.store.suppressions import rows_in

Layout = Literal["lead", "message"]
LAYOUTS = ("lead", "message")
PERSON = (
    "name", "first_name", "last_name", "title", "company", "email", "profile_url",
)  # fmt: skip
MADE = ("written_by", "note", "edited", "approved_by", "approved_at", "tone", "sequence", "version")
"""Columns about the sequence: ``written_by`` is model, template or fallback; ``note`` says what that means."""
NOTES = {
    "model": "",
    "template": "A template: no model wrote this.",
    "fallback": "A template in place of the model's answer, which failed.",
}
WHY = {
    "not_approved": "not approved",
    "nothing": "without a complete sequence",
    "mended": "with a hole where somebody who was deleted was named",
    "held": "on the do-not-contact list",
    "deleted": "deleted",
    "not_relevant": "not relevant",
    "not_judged": "not judged",
}
"""Why a prospect is not in the file → in words."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of whom: of a run, of these prospects, or (both None) of all. One sequence a prospect: the approved one; with
    ``approved_only`` off the newest complete one of those who have none.
    """

    run_id: int | None = None
    prospect_ids: tuple[int, ...] | None = None
    approved_only: bool = True


@dataclass(frozen=True, slots=True)
class Chosen:
    """``sequences``: prospect → sequence, by company and rank; ``left_out``: reason (of ``WHY``) → prospects.
    ``newer``: how many have a newer one, an edit perhaps, that nobody approved.
    """

    sequences: Mapping[int, int]
    left_out: Mapping[str, int]
    newer: int = 0

    @property
    def words(self) -> str:
        """“2 people; left out: 1 not approved, 1 on the do-not-contact list”."""
        count = len(self.sequences)
        said = ", ".join(f"{self.left_out[one]:,} {WHY[one]}" for one in WHY if self.left_out.get(one))
        return f"{count:,} {'person' if count == 1 else 'people'}{f'; left out: {said}' if said else ''}"


@dataclass(frozen=True, slots=True)
class SequenceFile:
    """A finished file; ``rows`` in it, of ``people``."""

    export_id: int
    name: str
    media_type: str
    data: bytes
    rows: int
    people: int
    left_out: Mapping[str, int]


def choose_sequences(database: Database, wanted: Wanted) -> Chosen:
    """What an export would hold at this moment, and who is left out, with the reason."""
    with database.session() as session:
        return _choose(session, wanted)


def export_sequences(
    database: Database,
    wanted: Wanted,
    *,
    layout: Layout = "lead",
    format: str = "csv",  # noqa: A002 - the word on the page
    who: str = "",
    today: datetime | None = None,
) -> SequenceFile:
    """Make the file, and mark its leads as exported.

    CSV is UTF-8 with BOM and CRLF, formulas neutralised; XLSX holds text as text. Raises ``UsageError`` where nobody is
    left, or for another format or layout; then nothing is marked.
    """
    check_format(format)
    if layout not in LAYOUTS:
        raise UsageError(f"“{layout}” is no form of the file. Choose one of: {', '.join(LAYOUTS)}.")
    with database.session() as session:
        chosen = _choose(session, wanted)
        if not chosen.sequences:
            raise UsageError(f"There is nothing to export: {chosen.words}.")
        people = list(_people(session, list(chosen.sequences.values())))
    steps = max(len(one.messages) for one in people)
    headers, rows = _by_lead(people, steps) if layout == "lead" else _by_message(people)
    name = file_name(wanted, format, today)
    data, count = make_file(name, format, headers, rows, sheet="Sequences")
    told: dict[str, Any] = {"sequences": layout, "approved_only": wanted.approved_only}
    told |= {} if wanted.run_id is None else {"run": wanted.run_id}
    told |= {} if wanted.prospect_ids is None else {"picked": len(wanted.prospect_ids)}
    leads = list(dict.fromkeys(one.lead_id for one in people if one.lead_id is not None))
    export_id = record_export(
        database, leads, file_name=name, format=format, columns=headers, selection=told, who=who, people=len(people)
    )
    tell("outreach.exported", export=export_id, format=format, layout=layout, rows=count, people=len(people))
    return SequenceFile(export_id, name, FORMATS[format], data, count, len(people), chosen.left_out)


def file_name(wanted: Wanted, form: str, today: datetime | None = None) -> str:
    """What the file is called: ``sequences-run-3-approved-2026-11-21.csv``."""
    what = "picked" if wanted.prospect_ids is not None else "all" if wanted.run_id is None else f"run-{wanted.run_id}"
    scope = f"{what}-approved" if wanted.approved_only else what
    return f"sequences-{scope}-{today or datetime.now(UTC):%Y-%m-%d}.{form}"


_CANDIDATES = (
    "SELECT p.id, max(CASE WHEN s.approved_at<>'' THEN s.id END), max(CASE WHEN s.state='complete' THEN s.id END) "
    "FROM prospect AS p JOIN sequence AS s ON s.prospect_id=p.id LEFT JOIN current_assessment AS k "
    "ON k.lead_id=p.lead_id WHERE {0} GROUP BY p.id, k.company_sort, k.company_id, k.rank, k.name_sort "
    "ORDER BY k.company_sort NULLS LAST, k.company_id, k.rank NULLS LAST, k.name_sort, p.id"
)


def _choose(session: Session, wanted: Wanted) -> Chosen:
    parts, values = ["1=1"], dict[str, Any]()
    if wanted.run_id is not None:
        parts.append("p.id IN (SELECT prospect_id FROM sequence WHERE run_id=:run)")
        values["run"] = wanted.run_id
    rows = session.connection().execute(text(_CANDIDATES.format(" AND ".join(parts))), values).all()
    if wanted.prospect_ids is not None:
        picked = set(wanted.prospect_ids)
        rows = [row for row in rows if row[0] in picked]
    refused = refusals.of_prospects(session, [row[0] for row in rows])
    holes = _mended(session)
    found, newer = dict[int, int](), 0
    left_out = Counter[str]()
    for prospect_id, approved, newest in rows:
        sequence_id = approved if wanted.approved_only else approved or newest
        if sequence_id is None:
            left_out["not_approved" if newest is not None else "nothing"] += 1
        elif sequence_id in holes:
            left_out["mended"] += 1
        elif prospect_id in refused:
            left_out[refused[prospect_id]] += 1
        else:
            found[prospect_id] = sequence_id
            newer += newest != sequence_id
    return Chosen(found, dict(left_out), newer)


def _mended(session: Session) -> set[int]:
    """Sequences out of which somebody who was deleted was taken: they say ``[deleted]``."""
    like = {"like": like_as_it_is(INSTEAD)}
    rows = session.connection().execute(
        text("SELECT sequence_id FROM sequence_message WHERE content LIKE :like ESCAPE '!'"), like
    )
    return {row[0] for row in rows}


@dataclass(frozen=True, slots=True)
class _Person:
    lead_id: int | None
    cells: tuple[Cell, ...]
    made: tuple[Cell, ...]
    messages: tuple[tuple[int, str], ...]


_PEOPLE = (
    "SELECT s.id, p.lead_id, coalesce(l.full_name, ''), coalesce(l.first_name, ''), coalesce(l.last_name, ''), "
    "coalesce(l.title, ''), coalesce(nullif(l.company_name, ''), c.name, ''), coalesce(l.email, ''), p.profile_url, "
    "coalesce(l.linkedin_url, ''), s.origin, s.edited, s.approved_by, s.approved_at, s.tone, s.number "
    "FROM sequence AS s JOIN prospect AS p ON p.id=s.prospect_id LEFT JOIN lead AS l ON l.id=p.lead_id "
    "LEFT JOIN company AS c ON c.id=l.company_id WHERE s.id IN :ids"
)
_MESSAGES = (
    "SELECT sequence_id, step, content FROM sequence_message WHERE sequence_id IN :ids ORDER BY sequence_id, step"
)


def _people(session: Session, sequence_ids: Sequence[int]) -> Iterator[_Person]:
    """In the order of the sequences."""
    messages: dict[int, list[tuple[int, str]]] = {}
    for sequence_id, step, content in rows_in(session, _MESSAGES, sequence_ids):
        messages.setdefault(sequence_id, []).append((step, content))
    rows = {row[0]: row for row in rows_in(session, _PEOPLE, sequence_ids)}
    for sequence_id in sequence_ids:
        _, lead_id, *person, url, today, origin, edited, by, at, tone, number = rows[sequence_id]
        found = profile_or_blank(today) or url  # it may have been put right since the prospect was made
        profile = f"https://www.{found}" if found else ""
        made = (origin, NOTES.get(origin, ""), "yes" if edited else "", by, at, _tone(tone), sequence_id, number)
        yield _Person(lead_id, (*person, profile), made, tuple(messages.get(sequence_id, ())))


def _tone(kept: str) -> str:
    """The preset's name, else the three values."""
    tone, preset = as_json.tone_of(kept)
    return preset or ", ".join(f"{name} {value:g}" for name, value in tone.as_json().items())


def _by_lead(people: Sequence[_Person], steps: int) -> tuple[tuple[str, ...], Iterator[list[Cell]]]:
    headers = (*PERSON, *(f"step_{step}" for step in range(1, steps + 1)), *MADE)

    def rows() -> Iterator[list[Cell]]:
        for one in people:
            said = dict(one.messages)
            yield [*one.cells, *(said.get(step, "") for step in range(1, steps + 1)), *one.made]

    return headers, rows()


def _by_message(people: Sequence[_Person]) -> tuple[tuple[str, ...], Iterator[list[Cell]]]:
    headers = (*PERSON, "step", "message", "characters", *MADE)
    rows = ([*one.cells, step, content, len(content), *one.made] for one in people for step, content in one.messages)
    return headers, iter(rows)

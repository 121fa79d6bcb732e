"""The sequences of a run as they are listed and read one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from ranker.errors import UsageError
from ranker.outreach import refusals
from ranker.outreach.known import input_hash, known_of
from ranker.outreach.sequence_row import MESSAGES, SELECT, SequenceRow, message_of, sequence_of
from ranker.store.engine import Database

SHOWN = ("to_approve", "approved", "marked", "template", "fallback", "failed", "waiting")
"""What a list can be narrowed to. ``approved``: this one, or a later one of the prospect; ``to_approve``: complete, and
not that: an earlier one that is approved says nothing of these messages; ``marked``: a message names something that is in
no source.
"""


@dataclass(frozen=True, slots=True)
class RunLine:
    """One sequence of a run. ``messages`` that are there of ``wanted``; ``marked`` and ``cut`` of them. ``usd`` is None
    where it is not known.

    ``newest_id``: the prospect's newest complete sequence, an edit perhaps; ``approved_id``: the approved one, if that is
    this one or a later one.
    """

    id: int
    prospect_id: int
    number: int
    name: str
    title: str
    company: str
    profile_url: str
    state: str
    origin: str
    reason: str
    wanted: int
    messages: int
    marked: int
    cut: int
    usd: float | None
    newest_id: int | None
    approved_id: int | None


@dataclass(frozen=True, slots=True)
class RunPage:
    """``matching`` of ``total`` sequences of a run; ``counts``: each of ``SHOWN`` → how many of all."""

    rows: tuple[RunLine, ...]
    matching: int
    total: int
    counts: dict[str, int]


_APPROVED = (
    "(SELECT max(o.id) FROM sequence AS o WHERE o.prospect_id=s.prospect_id AND o.number>=s.number "
    "AND o.approved_at<>'')"
)
_NEWEST = "(SELECT max(o.id) FROM sequence AS o WHERE o.prospect_id=s.prospect_id AND o.state='complete')"
_MARKED = "EXISTS (SELECT 1 FROM sequence_message AS m WHERE m.sequence_id=s.id AND m.marks<>'[]')"
_SHOWN = {
    "to_approve": f"s.state='complete' AND {_APPROVED} IS NULL",
    "approved": f"{_APPROVED} IS NOT NULL",
    "marked": _MARKED,
    "template": "s.state='complete' AND s.origin='template'",
    "fallback": "s.state='complete' AND s.origin='fallback'",
    "failed": "s.state='failed'",
    "waiting": "s.state='waiting'",
}
_COUNTS = text(
    "SELECT count(*), "
    + ", ".join(f"coalesce(sum(CASE WHEN {_SHOWN[name]} THEN 1 ELSE 0 END), 0)" for name in SHOWN)
    + " FROM sequence AS s WHERE s.run_id=:run"
)
_LINES = (
    "SELECT s.id, s.prospect_id, s.number, coalesce(l.full_name, ''), coalesce(l.title, ''), "
    "coalesce(nullif(l.company_name, ''), c.name, ''), p.profile_url, s.state, s.origin, s.reason, s.wanted, "
    "(SELECT count(*) FROM sequence_message AS m WHERE m.sequence_id=s.id), "
    "(SELECT count(*) FROM sequence_message AS m WHERE m.sequence_id=s.id AND m.marks<>'[]'), "
    "(SELECT count(*) FROM sequence_message AS m WHERE m.sequence_id=s.id AND m.cut=1), "
    f"s.cost_usd, {_NEWEST}, {_APPROVED} FROM sequence AS s JOIN prospect AS p ON p.id=s.prospect_id "
    "LEFT JOIN lead AS l ON l.id=p.lead_id LEFT JOIN company AS c ON c.id=l.company_id "
    "WHERE s.run_id=:run{0} ORDER BY s.id LIMIT :limit OFFSET :offset"
)


def run_page(database: Database, run_id: int, *, show: str = "", offset: int = 0, limit: int = 50) -> RunPage:
    """A page of a run's sequences, in the order in which they were asked for: by company and rank.

    ``show``: "" or one of ``SHOWN``. Raises ``UsageError`` for another word.
    """
    if show and show not in _SHOWN:
        raise UsageError(f"Sequences can't be narrowed to “{show}”. Choose one of: {', '.join(SHOWN)}.")
    with database.session() as session:
        connection = session.connection()
        total, *found = (int(value) for value in connection.execute(_COUNTS, {"run": run_id}).one())
        counts = dict(zip(SHOWN, found, strict=True))
        rows = connection.execute(
            text(_LINES.format(f" AND {_SHOWN[show]}" if show else "")),
            {"run": run_id, "limit": limit, "offset": max(0, offset)},
        )
        return RunPage(tuple(RunLine(*row) for row in rows), counts[show] if show else total, total, counts)


def sequences_of_prospect(database: Database, prospect_id: int) -> list[SequenceRow]:
    """Every sequence of a prospect, whole, the newest first; none for one that is not there."""
    with database.session() as session:
        connection = session.connection()
        rows = connection.execute(
            text(f"{SELECT} WHERE s.prospect_id=:id ORDER BY s.number DESC"), {"id": prospect_id}
        ).mappings()
        every = rows.all()
        known = known_of(session, [prospect_id]).get(prospect_id)
        today = "" if known is None else input_hash(known)
        refused = refusals.of_prospects(session, [prospect_id]).get(prospect_id, "")
        return [
            sequence_of(
                row, tuple(message_of(one) for one in connection.execute(MESSAGES, {"id": row["id"]})), today, refused
            )
            for row in every
        ]


def next_to_approve(database: Database, sequence_id: int) -> int | None:
    """The sequence to read after this one: of the same run, the next one whose prospect has nothing approved, from its
    start again after its end; as the prospect's newest version. None if there is none, or it is of no run.
    """
    with database.session() as session:
        connection = session.connection()
        run_id, at = _run_of(connection, sequence_id)
        if run_id is None:
            return None
        found = connection.execute(
            text(
                f"SELECT {_NEWEST} FROM sequence AS s WHERE s.run_id=:run AND {_SHOWN['to_approve']} AND s.id<>:at "
                "ORDER BY CASE WHEN s.id>:at THEN 0 ELSE 1 END, s.id LIMIT 1"
            ),
            {"run": run_id, "at": at},
        ).scalar()
        return None if found is None else int(found)


def _run_of(connection: Any, sequence_id: int) -> tuple[int | None, int]:
    """(The run of a sequence or of the one that it is an edit of, the run's own sequence.)"""
    number = sequence_id
    while True:
        row = connection.execute(text("SELECT run_id, parent_id FROM sequence WHERE id=:id"), {"id": number}).first()
        if row is None or (row[0] is None and row[1] is None):
            return None, number
        if row[0] is not None:
            return int(row[0]), number
        number = int(row[1])

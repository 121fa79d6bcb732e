"""The sequences of a run as they are listed and read one after the other."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from ranker.errors import UsageError
from ranker.store.engine import Database
from ranker.store.must_not import must_not

SHOWN = ("to_approve", "approved", "marked", "template", "fallback", "failed", "waiting")
"""What a list can be narrowed to. ``approved``: this one, or a later one of the prospect; ``to_approve``: complete, and
not that (an earlier one that is approved says nothing of these messages), for somebody who may be contacted;
``marked``: a message names something that is in no source.
"""


@dataclass(frozen=True, slots=True)
class RunLine:
    """One sequence of a run. ``messages`` that are there of ``wanted``; ``marked`` and ``cut`` of them. ``usd`` is None
    where it is not known.

    ``newest_id``: the prospect's newest complete sequence, an edit perhaps; ``approved_id``: the approved one, if that
    is this one or a later one.
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
    "to_approve": f"s.state='complete' AND {_APPROVED} IS NULL AND NOT {must_not('s.prospect_id')}",
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

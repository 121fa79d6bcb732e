"""Everybody to whom something was written, as the page Prospects lists them: filtered, sorted and paged in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from ranker.errors import UsageError
from ranker.store.engine import Database
from ranker.store.fold import like
from ranker.store.must_not import must_not

STANDINGS = ("to_approve", "approved", "failed", "waiting", "refused", "nothing")
"""How a prospect stands: ``approved`` where a sequence is, whichever; else as the newest one: ``to_approve`` where that
is complete, ``refused`` where it is and the person must not be contacted any more, ``failed``, or ``waiting`` where it
is not written (yet); ``nothing`` where no sequence is left.
"""
ORIGINS = ("model", "template", "fallback")
SORTS = {
    "name": "name", "title": "title", "company": "company", "sequences": "sequences", "standing": "standing",
    "origin": "origin", "approved": "approved_at", "written": "written",
}  # fmt: skip
"""What a page can sort by → the column."""


@dataclass(frozen=True, slots=True)
class ProspectFilters:
    """Blank asks for nothing. ``search``: in name, title, company and the profile's address; ``standing``: one of
    ``STANDINGS``; ``origin``: of the newest sequence, one of ``ORIGINS``.
    """

    search: str = ""
    standing: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class ProspectRow:
    """One prospect. ``lead_id`` is None, and name, title and company are blank, where only an address is known.

    ``state``, ``origin``, ``edited``, ``sequence_id`` and ``written`` are of the newest sequence; ``approved`` is the
    number of the newest approved one (None: none), ``approved_at`` when. ``suppressed``: on the do-not-contact list.
    """

    id: int
    profile_url: str
    lead_id: int | None
    name: str
    title: str
    company: str
    suppressed: bool
    rank: int | None
    sequences: int
    standing: str
    sequence_id: int | None
    state: str
    origin: str
    edited: bool
    approved: int | None
    approved_at: str
    written: str


@dataclass(frozen=True, slots=True)
class ProspectPage:
    """``matching`` of ``total`` prospects fit; ``standings``: how many of those that fit all else stand how."""

    rows: tuple[ProspectRow, ...]
    matching: int
    total: int
    standings: dict[str, int]


# What is said of a prospect's sequences comes from one narrow index, not from rows that hold what was written;
# "+0" keeps SQLite from another index, with which it would read those rows.
_NEWEST = (
    "LEFT JOIN sequence AS s ON s.prospect_id=p.id "
    "AND s.number+0=(SELECT max(q.number) FROM sequence AS q WHERE q.prospect_id=p.id)"
)
_LEAD = "LEFT JOIN lead AS l ON l.id=p.lead_id LEFT JOIN current_assessment AS k ON k.lead_id=p.lead_id"
_APPROVED_AT = (
    "coalesce((SELECT max(q.approved_at) FROM sequence AS q WHERE q.prospect_id=p.id AND q.approved_at<>''), '')"
)
_APPROVED = "(SELECT max(q.number) FROM sequence AS q WHERE q.prospect_id=p.id AND q.approved_at<>'')"
_SEQUENCES = "(SELECT count(*) FROM sequence AS q WHERE q.prospect_id=p.id)"
_STANDING = (
    f"CASE WHEN s.prospect_id IS NULL THEN 'nothing' WHEN {_APPROVED} IS NOT NULL THEN 'approved' "
    f"WHEN s.state IN ('waiting', 'failed') THEN s.state WHEN {must_not('p.id')} THEN 'refused' ELSE 'to_approve' END"
)
# What a person sorts and searches by is folded where a verdict is there; else it is as near as a database comes.
_OF_LEAD = {
    "name": "coalesce(k.name_sort, lower(l.full_name), '')", "title": "coalesce(k.title_sort, lower(l.title), '')",
    "company": "coalesce(k.company_sort, lower(l.company_name), '')",
}  # fmt: skip
_OF_SEQUENCES = {
    "sequences": _SEQUENCES, "standing": _STANDING, "origin": "coalesce(s.origin, '')", "approved_at": _APPROVED_AT,
    "written": "coalesce(s.created_at, '')",
}  # fmt: skip
_DETAILS = text(
    "SELECT p.id, p.profile_url, p.lead_id, coalesce(l.full_name, '') AS name, coalesce(l.title, '') AS title, "
    "coalesce(c.name, '') AS company, coalesce(l.suppressed, 0) AS suppressed, k.rank, "
    f"{_SEQUENCES} AS sequences, {_STANDING} AS standing, s.id AS sequence_id, coalesce(s.state, '') AS state, "
    f"coalesce(s.origin, '') AS origin, coalesce(s.edited, 0) AS edited, {_APPROVED} AS approved, "
    f"{_APPROVED_AT} AS approved_at, coalesce(s.created_at, '') AS written FROM prospect AS p {_NEWEST} {_LEAD} "
    "LEFT JOIN company AS c ON c.id=l.company_id WHERE p.id IN :ids"
).bindparams(bindparam("ids", expanding=True))


def page_prospects(
    database: Database,
    filters: ProspectFilters | None = None,
    *,
    sort: str = "written",
    descending: bool = True,
    offset: int = 0,
    limit: int = 50,
) -> ProspectPage:
    """One page of prospects. What is blank comes last in either direction; ties by number, the newest first.

    Raises ``UsageError`` for what is not in ``SORTS``, ``STANDINGS`` or ``ORIGINS``.
    """
    wanted = filters or ProspectFilters()
    if sort not in SORTS:
        raise UsageError(f"Prospects can't be sorted by “{sort}”. Choose one of: {', '.join(SORTS)}.")
    _known(wanted.standing, STANDINGS)
    _known(wanted.origin, ORIGINS)
    condition, values = _where(wanted)
    column, way = SORTS[sort], "DESC" if descending else "ASC"
    blank = "" if sort == "sequences" else f"a.{column}='', "
    counted = f"SELECT a.standing, count(*) FROM ({_inner(wanted)}) AS a{condition} GROUP BY a.standing"
    found = (
        f"SELECT a.id FROM ({_inner(wanted, column)}) AS a{condition}{_also(condition, wanted.standing)} "
        f"ORDER BY {blank}a.{column} {way}, a.id DESC LIMIT :limit OFFSET :offset"
    )
    with database.session() as session:
        connection = session.connection()
        total = int(connection.execute(text("SELECT count(*) FROM prospect")).scalar_one())
        standings = dict.fromkeys(STANDINGS, 0)
        standings |= {row[0]: int(row[1]) for row in connection.execute(text(counted), values)}
        given = {**values, "limit": limit, "offset": max(0, offset)}
        if wanted.standing:
            given["standing"] = wanted.standing
        ids = [int(row[0]) for row in connection.execute(text(found), given)]
        rows = tuple(rows_of(session, ids))
    matching = standings[wanted.standing] if wanted.standing else sum(standings.values())
    return ProspectPage(rows, matching, total, standings)


def rows_of(session: Session, prospect_ids: Sequence[int]) -> list[ProspectRow]:
    """These prospects, in their order; one that is not there is left out."""
    found: dict[int, ProspectRow] = {}
    for row in session.connection().execute(_DETAILS, {"ids": list(prospect_ids)}).mappings() if prospect_ids else ():
        values: dict[str, Any] = dict(row)
        values |= {name: bool(values[name]) for name in ("suppressed", "edited")}
        found[values["id"]] = ProspectRow(**values)
    return [found[one] for one in prospect_ids if one in found]


def _inner(filters: ProspectFilters, column: str = "standing") -> str:
    """Every prospect with what is asked for and no more: each column costs a look at another table."""
    wanted = {"standing": _STANDING, column: ({**_OF_LEAD, **_OF_SEQUENCES})[column]}
    if filters.search.strip():
        wanted |= {**_OF_LEAD, "address": "lower(p.profile_url)"}
    if filters.origin:
        wanted["origin"] = _OF_SEQUENCES["origin"]
    listed = ", ".join(f"{said} AS {name}" for name, said in wanted.items())
    joined = f"{_NEWEST} {_LEAD}" if wanted.keys() & _OF_LEAD.keys() else _NEWEST
    return f"SELECT p.id, {listed} FROM prospect AS p {joined}"


def _known(value: str, names: Sequence[str]) -> None:
    if value and value not in names:
        raise UsageError(f"There are no prospects of the kind “{value}”. Choose one of: {', '.join(names)}.")


def _where(filters: ProspectFilters) -> tuple[str, dict[str, Any]]:
    """The clause but for the standing, and its values; a user's text is only ever a value."""
    parts: list[str] = []
    values: dict[str, Any] = {}
    for n, word in enumerate(filters.search.split()):
        columns = ("name", "title", "company", "address")
        parts.append("(" + " OR ".join(f"{column} LIKE :search{n} ESCAPE '!'" for column in columns) + ")")
        values[f"search{n}"] = like(word)
    if filters.origin:
        parts.append("origin=:origin")
        values["origin"] = filters.origin
    return (f" WHERE {' AND '.join(parts)}" if parts else ""), values


def _also(condition: str, standing: str) -> str:
    if not standing:
        return ""
    return " AND standing=:standing" if condition else " WHERE standing=:standing"

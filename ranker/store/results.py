"""What the Results page reads: filtered, sorted and paged in SQL over one narrow row a lead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from ranker.errors import UsageError
from ranker.store.engine import Database
from ranker.store.filters import Filters, where

SORTS = {
    "rank": "rank",
    "name": "name_sort",
    "title": "title_sort",
    "company": "company_sort",
    "size": "size_low",
    "score": "score",
    "status": "status",
    "department_fit": "department_fit",
    "seniority_fit": "seniority_fit",
    "confidence": "confidence",
    "exported": "exported_at",
}
"""What a page can sort by → the column."""

GROUP_SORTS = {
    "company": "company_sort",
    "to_contact": "to_contact",
    "best": "best",
    "leads": "leads",
    "size": "size_low",
}


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One lead with its current verdict; ``stale`` if title, company, size or domain changed since."""

    lead_id: int
    company_id: int
    company: str
    domain: str
    size: str
    name: str
    title: str
    email: str
    linkedin_url: str
    status: str
    qualified: bool | None
    score: float | None
    rank: int | None
    department_fit: float | None
    seniority_fit: float | None
    confidence: float | None
    reasoning: str
    flags: tuple[str, ...]
    needs_review: bool
    review: str
    suppressed: bool
    exported_at: str
    stale: bool


@dataclass(frozen=True, slots=True)
class Page:
    """``matching`` of ``total`` leads fit the filters; ``rows`` are those of this page."""

    rows: tuple[ResultRow, ...]
    matching: int
    total: int


@dataclass(frozen=True, slots=True)
class CompanyRow:
    """One company; ``to_contact`` is 0 for one with nobody, and then ``best`` is the best score of those left out."""

    company_id: int
    company: str
    domain: str
    size: str
    leads: int
    to_contact: int
    best: float | None


@dataclass(frozen=True, slots=True)
class CompanyPage:
    """``matching`` companies have leads that fit the filters; ``without`` of them have nobody to contact."""

    rows: tuple[CompanyRow, ...]
    matching: int
    without: int


_DETAILS = text(
    "SELECT k.lead_id, k.company_id, c.name, c.domain, c.size, l.full_name, l.title, l.email, l.linkedin_url, "
    "k.status, k.qualified, k.score, k.rank, k.department_fit, k.seniority_fit, k.confidence, a.reasoning, k.flags, "
    "k.needs_review, k.review, k.suppressed, k.exported_at, k.input_hash<>l.input_hash AS stale "
    "FROM current_assessment AS k JOIN lead AS l ON l.id=k.lead_id JOIN company AS c ON c.id=k.company_id "
    "JOIN assessment AS a ON a.run_id=k.run_id AND a.lead_id=k.lead_id WHERE k.lead_id IN :ids"
).bindparams(bindparam("ids", expanding=True))


def page(
    database: Database,
    filters: Filters | None = None,
    *,
    sort: str = "company",
    descending: bool = False,
    offset: int = 0,
    limit: int = 50,
) -> Page:
    """One page of leads. Unknown values come last in either direction; ties are in the order of the lead's number.

    ``sort``: one of ``SORTS``; by company, its leads are in the order of their rank. Raises ``UsageError``.
    """
    clause, values = where(filters or Filters())
    with database.session() as session:
        connection = session.connection()
        total = connection.execute(text("SELECT count(*) FROM current_assessment")).scalar_one()
        matching = total
        if clause:
            matching = connection.execute(
                text(f"SELECT count(*) FROM current_assessment WHERE {clause}"), values
            ).scalar_one()
        ids = ordered_ids(session, clause, values, sort, descending, offset, limit)
        return Page(tuple(details(session, ids)), matching, total)


def ordered_ids(
    session: Session,
    clause: str,
    values: dict[str, Any],
    sort: str,
    descending: bool,
    offset: int = 0,
    limit: int | None = None,
) -> list[int]:
    """The leads that fit, in the order of a page."""
    order = _order(sort, descending)
    condition = f"WHERE {clause} " if clause else ""
    paging = "" if limit is None else " LIMIT :limit OFFSET :offset"
    sql = f"SELECT lead_id FROM current_assessment {condition}ORDER BY {order}{paging}"
    if limit is not None:
        values = {**values, "limit": limit, "offset": max(0, offset)}
    return [row[0] for row in session.connection().execute(text(sql), values)]


def details(session: Session, lead_ids: Sequence[int]) -> list[ResultRow]:
    """The rows of these leads, in their order; leads without a verdict are left out."""
    found: dict[int, ResultRow] = {}
    for row in session.connection().execute(_DETAILS, {"ids": list(lead_ids)}).mappings() if lead_ids else ():
        values: dict[str, Any] = dict(row)
        values["company"] = values.pop("name")
        values["name"] = values.pop("full_name")
        values["flags"] = tuple(values["flags"].split())
        values["qualified"] = None if values["qualified"] is None else bool(values["qualified"])
        for name in ("needs_review", "suppressed", "stale"):
            values[name] = bool(values[name])
        found[values["lead_id"]] = ResultRow(**values)
    return [found[lead_id] for lead_id in lead_ids if lead_id in found]


def companies(
    database: Database,
    filters: Filters | None = None,
    *,
    sort: str = "company",
    descending: bool = False,
    offset: int = 0,
    limit: int = 50,
) -> CompanyPage:
    """One page of companies that have leads fitting the filters, those with nobody to contact included.

    Leads, people to contact and the best score count the leads that fit. Raises ``UsageError`` for a sort
    outside ``GROUP_SORTS``.
    """
    if sort not in GROUP_SORTS:
        raise UsageError(f"Companies can't be sorted by “{sort}”. Choose one of: {', '.join(GROUP_SORTS)}.")
    clause, values = where(filters or Filters())
    condition = f"WHERE {clause}" if clause else ""
    column, way = GROUP_SORTS[sort], "DESC" if descending else "ASC"
    grouped = (
        "SELECT company_id, count(*) AS leads, count(rank) AS to_contact, "
        "coalesce(max(CASE WHEN rank IS NOT NULL THEN score END), max(score)) AS best, "
        f"min(company_sort) AS company_sort, min(size_low) AS size_low FROM current_assessment {condition} "
        "GROUP BY company_id"
    )
    sql = (
        f"SELECT g.*, count(*) OVER () AS matching, sum(CASE WHEN to_contact=0 THEN 1 ELSE 0 END) OVER () AS without "
        f"FROM ({grouped}) AS g ORDER BY {column} IS NULL, {column} {way}, company_id LIMIT :limit OFFSET :offset"
    )
    with database.session() as session:
        connection = session.connection()
        found = connection.execute(text(sql), {**values, "limit": limit, "offset": max(0, offset)}).mappings().all()
        if not found:
            counted = connection.execute(
                text(
                    f"SELECT count(*), coalesce(sum(CASE WHEN to_contact=0 THEN 1 ELSE 0 END), 0) FROM ({grouped}) AS g"
                ),
                values,
            ).one()
            return CompanyPage((), counted[0], counted[1])
        names = {
            row[0]: row[1:]
            for row in connection.execute(
                text("SELECT id, name, domain, size FROM company WHERE id IN :ids").bindparams(
                    bindparam("ids", expanding=True)
                ),
                {"ids": [row["company_id"] for row in found]},
            )
        }
    rows = tuple(
        CompanyRow(*[row["company_id"], *names[row["company_id"]], row["leads"], row["to_contact"], row["best"]])
        for row in found
    )
    return CompanyPage(rows, found[0]["matching"], int(found[0]["without"]))


def _order(sort: str, descending: bool) -> str:
    if sort not in SORTS:
        raise UsageError(f"Leads can't be sorted by “{sort}”. Choose one of: {', '.join(SORTS)}.")
    column, way = SORTS[sort], "DESC" if descending else "ASC"
    first = f"{column} {way} NULLS LAST"
    return f"{first}, rank ASC NULLS LAST, lead_id" if sort == "company" else f"{first}, lead_id"

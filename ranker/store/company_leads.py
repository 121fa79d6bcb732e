"""One company's leads as a model would be told of them: for a look at what is sent."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import text

from ranker.store.engine import Database


class ToldLead(NamedTuple):
    """What can be told of a lead: no name, no address."""

    title: str
    company: str
    size: str
    domain: str
    industry: str


def usual_company(database: Database) -> int | None:
    """The company with the most of the leads that came last; None where there are no leads."""
    with database.session() as session:
        found = session.connection().execute(
            text(
                "SELECT company_id FROM (SELECT company_id FROM lead ORDER BY id DESC LIMIT 1000) AS newest "
                "GROUP BY company_id ORDER BY count(*) DESC, company_id LIMIT 1"
            )
        )
        number = found.scalar()
        return None if number is None else int(number)


def company_leads(database: Database, company_id: int, limit: int = 1_000) -> list[ToldLead]:
    """The leads of a company, at most ``limit``, in the order of their number."""
    with database.session() as session:
        rows = session.connection().execute(
            text(
                "SELECT title, company_name, size, domain, industry FROM lead WHERE company_id=:id "
                "ORDER BY id LIMIT :limit"
            ),
            {"id": company_id, "limit": limit},
        )
        return [ToldLead(*row) for row in rows]

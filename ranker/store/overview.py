"""The figures on Home."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from ranker.store.engine import Database


@dataclass(frozen=True, slots=True)
class Overview:
    """What there is, and what needs a person. ``unranked``: leads that are new or changed since their verdict."""

    leads: int
    companies: int
    unranked: int
    to_contact: int
    companies_with: int
    companies_judged: int
    needs_review: int
    title_problems: int
    failed_runs: int
    last_run: int | None


def overview(database: Database) -> Overview:
    """Count. A failed run counts until a later one is done."""
    one = (
        "SELECT (SELECT count(*) FROM lead), (SELECT count(*) FROM company), "
        "(SELECT count(*) FROM lead AS l LEFT JOIN current_assessment AS k ON k.lead_id=l.id "
        "WHERE k.lead_id IS NULL OR k.input_hash<>l.input_hash), "
        "(SELECT count(*) FROM current_assessment WHERE rank IS NOT NULL), "
        "(SELECT count(DISTINCT company_id) FROM current_assessment WHERE rank IS NOT NULL), "
        "(SELECT count(DISTINCT company_id) FROM current_assessment), "
        "(SELECT count(*) FROM current_assessment WHERE needs_review=1 AND review=''), "
        "(SELECT count(*) FROM lead WHERE problem IN ('email', 'url', 'number')), "
        "(SELECT count(*) FROM run WHERE state='failed' "
        "AND id>coalesce((SELECT max(id) FROM run WHERE state='done'), 0)), "
        "(SELECT max(id) FROM run WHERE state='done')"
    )
    with database.session() as session:
        return Overview(*session.connection().execute(text(one)).one())

"""Rankings in Results whose persona has another version in use by now."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from ranker.store.engine import Database


@dataclass(frozen=True, slots=True)
class Outdated:
    """``leads`` whose current verdict is by version ``old``, of a persona of which version ``live`` is in use now.

    ``old_id`` and ``live_id`` are the versions' numbers in the database; ``with_model``: a language model was asked.
    ``all_leads``: how many leads have a verdict at all.
    """

    persona_id: int
    persona: str
    old_id: int
    old: int
    live_id: int
    live: int
    with_model: bool
    leads: int
    all_leads: int


_FOUND = text(
    "SELECT p.id, p.name, o.id, o.version, n.id, n.version, CASE WHEN t.engine LIKE 'llm%' THEN 1 ELSE 0 END, "
    "sum(k.leads), (SELECT count(*) FROM current_assessment) "
    "FROM (SELECT run_id, count(*) AS leads FROM current_assessment GROUP BY run_id) AS k "
    "JOIN run AS r ON r.id=k.run_id JOIN variant AS t ON t.id=r.variant_id "
    "JOIN persona_version AS o ON o.id=t.persona_version_id AND o.live=0 JOIN persona AS p ON p.id=o.persona_id "
    "JOIN persona_version AS n ON n.persona_id=p.id AND n.live=1 "
    "GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 8 DESC, 3 DESC"
)
_COMPANIES = text(
    "SELECT DISTINCT k.company_id FROM current_assessment AS k JOIN run AS r ON r.id=k.run_id "
    "JOIN variant AS t ON t.id=r.variant_id WHERE t.persona_version_id=:version AND t.engine NOT LIKE 'llm%' ORDER BY 1"
)


def outdated(database: Database) -> Outdated | None:
    """The ranking by a version that is not in use any more, of the most leads; None where there is none."""
    with database.session() as session:
        row = session.connection().execute(_FOUND).first()
    if row is None:
        return None
    return Outdated(row[0], row[1], row[2], row[3], row[4], row[5], bool(row[6]), int(row[7]), int(row[8]))


def companies_judged_by(database: Database, version_id: int) -> frozenset[int]:
    """The companies with a current verdict by a version of a persona and rules; what a model would say is not known."""
    with database.session() as session:
        return frozenset(row[0] for row in session.connection().execute(_COMPANIES, {"version": version_id}))

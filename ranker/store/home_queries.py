"""What Home shows beyond the counts of ``overview``, and what Rank offers to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, text

from ranker.store.engine import Database
from ranker.store.fold import fold, like


@dataclass(frozen=True, slots=True)
class RecentRun:
    """A ranking in a short list. ``to_contact`` is None until it is done; ``at`` is when it ended, else began."""

    id: int
    state: str
    persona: str
    leads: int
    to_contact: int | None
    at: str


@dataclass(frozen=True, slots=True)
class OpenImport:
    """A file that was handed over and is not imported yet."""

    id: int
    file_name: str
    rows: int


@dataclass(frozen=True, slots=True)
class FirstResult:
    """A lead that a run under way wants to contact; its rank comes at the end."""

    name: str
    title: str
    company: str
    score: float | None


def recent_runs(database: Database, limit: int = 5) -> list[RecentRun]:
    """The newest rankings."""
    with database.session() as session:
        rows = session.connection().execute(
            text(
                "SELECT r.id, r.state, coalesce(p.name, ''), r.total, "
                "CASE WHEN r.state='done' THEN (SELECT count(*) FROM assessment AS a "
                "WHERE a.run_id=r.id AND a.rank IS NOT NULL) END, "
                "CASE WHEN r.ended_at<>'' THEN r.ended_at ELSE r.queued_at END FROM run AS r "
                "LEFT JOIN variant AS t ON t.id=r.variant_id "
                "LEFT JOIN persona_version AS v ON v.id=t.persona_version_id "
                "LEFT JOIN persona AS p ON p.id=v.persona_id "
                "WHERE r.kind='rank' ORDER BY r.id DESC LIMIT :limit"
            ),
            {"limit": limit},
        )
        return [RecentRun(*row) for row in rows]


def open_imports(database: Database, limit: int = 3) -> list[OpenImport]:
    """Files that wait to be checked or imported, the newest first."""
    with database.session() as session:
        rows = session.connection().execute(
            text(
                "SELECT id, file_name, row_count FROM import_batch WHERE state IN ('staged', 'checked') "
                "ORDER BY id DESC LIMIT :limit"
            ),
            {"limit": limit},
        )
        return [OpenImport(*row) for row in rows]


def last_persona(database: Database, else_hash: str = "") -> int | None:
    """The persona of the newest ranking; before the first one, that which has a version with this hash."""
    with database.session() as session:
        connection = session.connection()
        found = connection.execute(
            text(
                "SELECT v.persona_id FROM run AS r JOIN variant AS t ON t.id=r.variant_id "
                "JOIN persona_version AS v ON v.id=t.persona_version_id WHERE r.kind='rank' ORDER BY r.id DESC LIMIT 1"
            )
        ).scalar()
        if found is None:
            found = connection.execute(
                text("SELECT persona_id FROM persona_version WHERE hash=:hash LIMIT 1"), {"hash": else_hash}
            ).scalar()
        return None if found is None else int(found)


def find_companies(database: Database, search: str, limit: int = 50) -> dict[int, str]:
    """Companies whose name or domain contains the text, whatever its case: id → name, by name."""
    with database.session() as session:
        rows = session.connection().execute(
            text(
                "SELECT id, name FROM company WHERE lower(name) LIKE :wanted ESCAPE '!' "
                "OR name_key LIKE :wanted ESCAPE '!' OR domain LIKE :wanted ESCAPE '!' ORDER BY name, id LIMIT :limit"
            ),
            {"wanted": like(search), "limit": limit},
        )
        return dict(sorted(((row[0], row[1]) for row in rows), key=lambda pair: fold(pair[1])))


def company_names(database: Database, ids: Sequence[int]) -> dict[int, str]:
    """Id → name of the companies with these ids."""
    statement = text("SELECT id, name FROM company WHERE id IN :ids").bindparams(bindparam("ids", expanding=True))
    with database.session() as session:
        return {row[0]: row[1] for row in session.connection().execute(statement, {"ids": list(ids)})}


def first_results(database: Database, run_id: int, upto: int, limit: int = 5) -> list[FirstResult]:
    """Leads to contact among those that a run judged last; ``upto``: the last lead that it has judged."""
    with database.session() as session:
        rows = session.connection().execute(
            text(
                "SELECT l.full_name, a.title, a.company_name, a.score FROM assessment AS a "
                "JOIN lead AS l ON l.id=a.lead_id WHERE a.run_id=:run AND a.lead_id<=:upto AND a.stage='ranked' "
                "ORDER BY a.lead_id DESC LIMIT :limit"
            ),
            {"run": run_id, "upto": upto, "limit": limit},
        )
        return [FirstResult(*row) for row in rows]


def best_so_far(database: Database, best: Sequence[Sequence[float]]) -> list[FirstResult]:
    """The leads that a run with a model tells of while it works: pairs of a lead's id and its score, in their order."""
    statement = text(
        "SELECT l.id, l.full_name, l.title, l.company_name FROM lead AS l WHERE l.id IN :ids"
    ).bindparams(bindparam("ids", expanding=True))  # fmt: skip
    with database.session() as session:
        rows = session.connection().execute(statement, {"ids": [int(pair[0]) for pair in best]})
        leads = {row[0]: row for row in rows}
    told = [(leads[int(lead)], score) for lead, score in best if int(lead) in leads]
    return [FirstResult(row[1], row[2], row[3], score) for row, score in told]

"""Where each version of a persona is used: the runs made with it and the verdicts that rest on it now."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from ranker.store.engine import Database


@dataclass(frozen=True, slots=True)
class Usage:
    """``runs`` that are done, the newest of them (None: none), when it ended, and leads whose verdict counts now."""

    runs: int = 0
    last_run: int | None = None
    last_at: str = ""
    leads: int = 0


def persona_usage(database: Database) -> dict[int, Usage]:
    """Version number → where it is used; versions that were never used are absent."""
    with database.session() as session:
        rows = session.connection().execute(
            text(
                "SELECT v.persona_version_id, count(*), max(r.id), max(r.ended_at), sum(coalesce(k.leads, 0)) "
                "FROM run AS r JOIN variant AS v ON v.id=r.variant_id "
                "LEFT JOIN (SELECT run_id, count(*) AS leads FROM current_assessment GROUP BY run_id) AS k "
                "ON k.run_id=r.id WHERE r.state='done' AND v.persona_version_id IS NOT NULL "
                "GROUP BY v.persona_version_id"
            )
        )
        return {row[0]: Usage(row[1], row[2], row[3], int(row[4])) for row in rows}

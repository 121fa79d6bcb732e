"""The figures on Home."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from ranker.store.engine import Database
from ranker.store.must_not import must_not

_UNJUDGED = "status='not_judged' AND review=''"
_UNANSWERED = "flags LIKE '% call_failed %'"
_WORK = "kind IN ('import', 'rank')"  # an evaluation tells on its own page how it ended
# Of each prospect the newest, unless one is approved: read from one narrow index.
_NEWEST = (
    "FROM sequence AS s WHERE NOT EXISTS (SELECT 1 FROM sequence AS o WHERE o.prospect_id=s.prospect_id "
    "AND (o.number>s.number OR o.approved_at<>''))"
)
_FAILED = f"{_WORK} AND state='failed' AND id>coalesce((SELECT max(id) FROM run WHERE {_WORK} AND state='done'), 0)"


@dataclass(frozen=True, slots=True)
class Overview:
    """What there is, and what needs a person.

    ``unranked``: leads that are new or changed since their verdict. ``outdated``: leads whose verdict is of a version
    of their persona that is no longer in use. ``exported``: how many of those to contact were.
    ``exports_since``: files that left since the newest ranking. ``unjudged``: leads without a usable title,
    ``unanswered``: leads about whom a language model gave no answer; nobody has said anything about either yet.
    ``unanswered_run``, ``failed_run``: the newest ranking that left leads without an answer, and that failed.
    ``to_approve``: prospects whose newest messages nobody has approved, nor any before, and who may still be contacted;
    ``unwritten``: those for whom
    the newest try failed, and who have nothing approved; ``left``: those to whom a run that has ended did not come.
    """

    leads: int
    companies: int
    unranked: int
    outdated: int
    to_contact: int
    companies_with: int
    companies_judged: int
    exported: int
    exports_since: int
    needs_review: int
    unjudged: int
    unanswered: int
    unanswered_run: int | None
    failed_runs: int
    failed_run: int | None
    to_approve: int
    unwritten: int
    left: int


def overview(database: Database) -> Overview:
    """Count. A failed run counts until a later one is done."""
    one = (
        "SELECT (SELECT count(*) FROM lead), (SELECT count(*) FROM company), "
        "(SELECT count(*) FROM lead AS l LEFT JOIN current_assessment AS k ON k.lead_id=l.id "
        "WHERE k.lead_id IS NULL OR k.input_hash<>l.input_hash), "
        "(SELECT count(*) FROM current_assessment WHERE run_id IN (SELECT r.id FROM run AS r "
        "JOIN variant AS t ON t.id=r.variant_id JOIN persona_version AS v ON v.id=t.persona_version_id "
        "WHERE v.live=0)), "
        "(SELECT count(*) FROM current_assessment WHERE rank IS NOT NULL), "
        "(SELECT count(DISTINCT company_id) FROM current_assessment WHERE rank IS NOT NULL), "
        "(SELECT count(DISTINCT company_id) FROM current_assessment), "
        "(SELECT count(*) FROM current_assessment WHERE rank IS NOT NULL AND exported_at<>''), "
        "(SELECT count(*) FROM export "
        "WHERE created_at>=(SELECT max(ended_at) FROM run WHERE kind='rank' AND state='done')), "
        "(SELECT count(*) FROM current_assessment WHERE needs_review=1 AND review=''), "
        f"(SELECT count(*) FROM current_assessment WHERE {_UNJUDGED} AND NOT {_UNANSWERED}), "
        f"(SELECT count(*) FROM current_assessment WHERE {_UNJUDGED} AND {_UNANSWERED}), "
        f"(SELECT max(run_id) FROM current_assessment WHERE {_UNJUDGED} AND {_UNANSWERED}), "
        f"(SELECT count(*) FROM run WHERE {_FAILED}), "
        f"(SELECT max(id) FROM run WHERE kind='rank' AND {_FAILED}), "
        f"(SELECT count(*) {_NEWEST} AND s.state='complete' AND NOT {must_not('s.prospect_id')}), "
        f"(SELECT count(*) {_NEWEST} AND s.state='failed'), "
        f"(SELECT count(*) {_NEWEST} AND s.state='waiting' AND s.run_id IN "
        "(SELECT id FROM run WHERE kind='outreach' AND state NOT IN ('queued', 'running')))"
    )
    with database.session() as session:
        return Overview(*session.connection().execute(text(one)).one())


def unranked_of(database: Database, batch_id: int) -> int:
    """How many leads in the rows of an import are new, or changed since their verdict."""
    one = (
        "SELECT count(*) FROM lead AS l LEFT JOIN current_assessment AS k ON k.lead_id=l.id "
        "WHERE (k.lead_id IS NULL OR k.input_hash<>l.input_hash) "
        "AND l.id IN (SELECT lead_id FROM import_row WHERE batch_id=:batch AND lead_id IS NOT NULL)"
    )
    with database.session() as session:
        return int(session.connection().execute(text(one), {"batch": batch_id}).scalar_one())

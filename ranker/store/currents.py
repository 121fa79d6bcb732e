"""The one verdict per lead that counts now: published by a finished run, overruled by a person, ranked whole."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from ranker.store import bulk
from ranker.store.fold import fold
from ranker.store.suppressions import in_pieces

_COLUMNS = (
    "lead_id", "company_id", "run_id", "company_sort", "name_sort", "title_sort", "size_low", "size_high",
    "status", "qualified", "score", "rank", "department_fit", "seniority_fit", "confidence", "needs_review",
    "flags", "review", "suppressed", "exported_at", "input_hash",
)  # fmt: skip

_NEWEST_REVIEW = "(SELECT verdict FROM review AS r WHERE r.lead_id=l.id ORDER BY r.id DESC LIMIT 1)"
_LAST_EXPORT = (
    "(SELECT max(e.created_at) FROM export_item AS i JOIN export AS e ON e.id=i.export_id WHERE i.lead_id=l.id)"
)

_JUDGED = f"""
    SELECT l.id, l.company_id, a.run_id, c.name, l.full_name, l.title, c.size_low, c.size_high,
           a.status, a.qualified, a.score, a.rank, a.department_fit, a.seniority_fit, a.confidence,
           a.needs_review, a.flags, coalesce({_NEWEST_REVIEW}, ''), l.suppressed,
           coalesce({_LAST_EXPORT}, ''), a.input_hash
    FROM assessment AS a JOIN lead AS l ON l.id=a.lead_id JOIN company AS c ON c.id=l.company_id
"""

_RANK = """
    UPDATE current_assessment SET rank=t.place
    FROM (SELECT lead_id, CASE WHEN status='ranked' AND suppressed=0 THEN
                 rank() OVER (PARTITION BY company_id, CASE WHEN status='ranked' AND suppressed=0 THEN 1 ELSE 0 END
                              ORDER BY coalesce(score, -1) DESC) END AS place
          FROM current_assessment WHERE company_id IN {companies}) AS t
    WHERE current_assessment.lead_id=t.lead_id
      AND coalesce(current_assessment.rank, -1)<>coalesce(t.place, -1)
"""
_RANK_SOME = text(_RANK.format(companies=":companies")).bindparams(bindparam("companies", expanding=True))
_RANK_RUN = text(
    _RANK.format(
        companies="(SELECT l.company_id FROM assessment AS a JOIN lead AS l ON l.id=a.lead_id WHERE a.run_id=:run)"
    )
)

_MANY = 5_000
"""Leads; fewer are written into the indexes as they come."""
_FOLDED: tuple[int, ...] = (3, 4, 5)
_STATUS, _QUALIFIED, _REVIEW, _FLAGS = (_COLUMNS.index(name) for name in ("status", "qualified", "review", "flags"))


def publish(session: Session, run_id: int) -> int:
    """Make a run's verdicts the current ones, and rank every company it touched whole; the number of leads.

    A person's newest review overrules: ``in`` is ranked by its score (last if it has none), ``out`` is not
    relevant. A lead on the do-not-contact list keeps its score and has no rank.
    """
    counted = text(
        "SELECT (SELECT count(*) FROM assessment WHERE run_id=:run), (SELECT count(*) FROM current_assessment)"
    )
    theirs, there = session.connection().execute(counted, {"run": run_id}).one()
    most = theirs >= _MANY and theirs * 3 >= there
    with bulk.indexes_afterwards(session, "current_assessment") if most else nullcontext():
        rows = session.connection().execute(text(f"{_JUDGED} WHERE a.run_id=:run ORDER BY l.id"), {"run": run_id})
        while piece := rows.fetchmany(20_000):
            bulk.upsert(session, "current_assessment", _COLUMNS, ("lead_id",), [_shaped(row) for row in piece])
        session.connection().execute(_RANK_RUN, {"run": run_id})
    return int(theirs)


def refresh(session: Session, lead_ids: Sequence[int]) -> None:
    """Bring the current rows of these leads in step with lead, company and review; rank their companies again.

    Leads that were never judged have no such row, and get none.
    """
    if not lead_ids:
        return
    companies: set[int] = set()
    fresh: list[tuple[Any, ...]] = []
    wanted = text(
        f"{_JUDGED} JOIN current_assessment AS k ON k.lead_id=a.lead_id AND k.run_id=a.run_id WHERE a.lead_id IN :ids"
    ).bindparams(bindparam("ids", expanding=True))
    before = text("SELECT company_id FROM current_assessment WHERE lead_id IN :ids").bindparams(
        bindparam("ids", expanding=True)
    )

    def look(piece: Sequence[int]) -> None:
        connection = session.connection()
        companies.update(row[0] for row in connection.execute(before, {"ids": piece}))
        fresh.extend(_shaped(row) for row in connection.execute(wanted, {"ids": piece}))

    in_pieces(lead_ids, look)
    bulk.upsert(session, "current_assessment", _COLUMNS, ("lead_id",), fresh)
    companies.update(row[1] for row in fresh)
    rank_companies(session, sorted(companies))


def rank_companies(session: Session, company_ids: Sequence[int]) -> None:
    """Assign the ranks of these companies: 1, 1, 3 by score, among those to contact who are not held."""
    in_pieces(company_ids, lambda piece: session.connection().execute(_RANK_SOME, {"companies": piece}))


def _shaped(row: Sequence[Any]) -> tuple[Any, ...]:
    values = list(row)
    for at in _FOLDED:
        values[at] = fold(values[at])
    flags = json.loads(values[_FLAGS])
    values[_FLAGS] = f" {' '.join(flags)} " if flags else ""  # so that one flag is found with its spaces around it
    if values[_REVIEW] == "in":
        values[_STATUS], values[_QUALIFIED] = "ranked", 1
    elif values[_REVIEW] == "out":
        values[_STATUS], values[_QUALIFIED] = "not_relevant", 0
    elif values[_REVIEW] == "none":
        values[_REVIEW] = ""
    return tuple(values)

"""Whom to write to: of the leads that somebody looks at, those with a rank now; and why the others are not among them.

The numbers add up: every lead that was looked at is chosen, or is counted under one reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from ranker.outreach.prospects import Prospect, prospect_of_url, prospects_of_leads
from ranker.store.engine import Database
from ranker.store.filters import Filters, where
from ranker.store.suppressions import in_pieces

Skip = Literal["", "any", "approved"]
"""Leave out who has a sequence that is complete or under way (``any``), or an approved one."""
REASONS = ("not_relevant", "not_judged", "held", "below", "has_sequence", "gone")


@dataclass(frozen=True, slots=True)
class Choice:
    """The leads that fit the filters and, if given, are in ``lead_ids``; ``top``: up to this rank, ties included."""

    filters: Filters = field(default_factory=Filters)
    top: int | None = None
    lead_ids: tuple[int, ...] | None = None
    skip: Skip = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """``lead_ids`` by company and rank, at ``companies`` of them. ``left_out``: reason (of ``REASONS``) → leads, not 0.

    ``not_judged``: no ranking said anything of them; ``held``: on the do-not-contact list; ``below``: a lower rank than
    asked for; ``has_sequence``: skipped for what was written already; ``gone``: picked, and not there any more.
    """

    lead_ids: tuple[int, ...]
    left_out: Mapping[str, int]
    companies: int

    @property
    def looked_at(self) -> int:
        """Leads that were looked at: the chosen and the left out."""
        return len(self.lead_ids) + sum(self.left_out.values())


WORDS = {
    "not_relevant": "not relevant",
    "not_judged": "not judged",
    "held": "on the do-not-contact list",
    "below": "with a lower rank",
    "has_sequence": "written to already",
    "gone": "not there any more",
}
"""Reason → as it stands behind a number of leads."""
_WRITTEN = (
    "EXISTS (SELECT 1 FROM prospect AS p JOIN sequence AS s ON s.prospect_id=p.id "
    "WHERE p.lead_id=current_assessment.lead_id AND {0})"
)
_UNDER_WAY = "s.state='waiting' AND s.run_id IN (SELECT id FROM run WHERE state IN ('queued', 'running'))"
_SKIPPED = {"any": f"(s.state='complete' OR {_UNDER_WAY})", "approved": "s.approved_at<>''"}
_CAN_BE = "status='ranked'"
_SORTED = "company_sort, company_id, rank, score, name_sort"
_ORDER = "company_sort, company_id, rank, score DESC NULLS LAST, name_sort, lead_id"


def choose(database: Database, choice: Choice) -> Chosen:
    """Whom a choice means, of this moment; nothing is written."""
    with database.session() as session:
        return chosen(session, choice)


def chosen(session: Session, choice: Choice, *, at_once: int = 20_000) -> Chosen:
    """``choose`` within a transaction; ``at_once``: picked leads in one statement."""
    clause, values = where(choice.filters)
    reason, more = _reason(choice)
    conditions = [clause] if clause else []
    if choice.lead_ids is None:
        rows, left_out = _look(session, reason, conditions, values | more)
        return _chosen(rows, left_out)
    picked = tuple(dict.fromkeys(choice.lead_ids))
    rows, counts = [], Counter[str]()

    def look(ids: Sequence[int]) -> None:
        some, out = _look(session, reason, [*conditions, "lead_id IN :ids"], values | more | {"ids": list(ids)})
        rows.extend(some)
        counts.update(out)

    in_pieces(picked, look, at_once)
    rows.sort(key=lambda row: (*row[1:4], row[4] is None, -(row[4] or 0.0), *row[5:], row[0]))
    counts.update(_without_verdict(session, picked))
    return _chosen(rows, {name: count for name, count in counts.items() if count})


def _chosen(rows: Sequence[Any], left_out: Mapping[str, int]) -> Chosen:
    return Chosen(tuple(row[0] for row in rows), left_out, len({row[2] for row in rows}))


def make(session: Session, lead_ids: Sequence[int]) -> tuple[int, ...]:
    """The prospects of chosen leads, made where they are missing, in their order; two leads of one profile are one."""
    found = prospects_of_leads(session, lead_ids)
    return tuple(dict.fromkeys(found[lead_id] for lead_id in lead_ids if lead_id in found))


def by_url(database: Database, url: str) -> Prospect:
    """The prospect of a profile's address. Raises ``ProfileRefused`` and ``ProspectRefused`` as it does."""
    with database.write() as session:
        return prospect_of_url(session, url)


def _reason(choice: Choice) -> tuple[str, dict[str, Any]]:
    """SQL that gives the reason of a row, null for one that is chosen, and its values."""
    cases = [
        "WHEN status='not_relevant' THEN 'not_relevant'",
        "WHEN status<>'ranked' THEN 'not_judged'",
        "WHEN suppressed=1 THEN 'held'",
        "WHEN rank IS NULL THEN 'not_judged'",
    ]
    values: dict[str, Any] = {}
    if choice.top is not None:
        cases.append("WHEN rank>:top THEN 'below'")
        values["top"] = choice.top
    if choice.skip:
        cases.append(f"WHEN {_WRITTEN.format(_SKIPPED[choice.skip])} THEN 'has_sequence'")
    return f"CASE {' '.join(cases)} END", values


def _look(
    session: Session, reason: str, conditions: Sequence[str], values: Mapping[str, Any]
) -> tuple[list[Any], dict[str, int]]:
    """(A row for each chosen lead, in order: its number and what it is sorted by; reason → leads that are left out.)"""
    connection = session.connection()
    every = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    mine = f" WHERE {' AND '.join([*conditions, _CAN_BE, f'{reason} IS NULL'])}"
    counted = text(f"SELECT {reason} AS reason, count(*) FROM current_assessment{every} GROUP BY 1")
    named = text(f"SELECT lead_id, {_SORTED} FROM current_assessment{mine} ORDER BY {_ORDER}")
    if "ids" in values:
        counted, named = (one.bindparams(bindparam("ids", expanding=True)) for one in (counted, named))
    left_out = {row[0]: int(row[1]) for row in connection.execute(counted, values) if row[0] is not None}
    return list(connection.execute(named, values)), left_out


def _without_verdict(session: Session, picked: Sequence[int]) -> dict[str, int]:
    """Of picked leads: how many no ranking has judged, and how many are not there."""
    there = unjudged = 0
    wanted = text(
        "SELECT count(*), count(*)-count(k.lead_id) FROM lead AS l LEFT JOIN current_assessment AS k ON k.lead_id=l.id "
        "WHERE l.id IN :ids"
    ).bindparams(bindparam("ids", expanding=True))

    def look(ids: Sequence[int]) -> None:
        nonlocal there, unjudged
        some, without = session.connection().execute(wanted, {"ids": list(ids)}).one()
        there, unjudged = there + some, unjudged + without

    in_pieces(picked, look)
    return {"not_judged": unjudged, "gone": len(picked) - there}

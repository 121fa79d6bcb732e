"""What a persona's new text would change on today's leads: who comes in, who goes out, who moves, and why.

Today's leads are judged with both texts, here and now; nothing is kept. A person's own verdict on a lead overrules
both, and people on the do-not-contact list are left out, as in Results.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.scoring.assessment import Assessment, Inputs
from ranker.scoring.rank_run import KIND as RANK
from ranker.scoring.rank_run import USUAL_SPEED
from ranker.scoring.ranks import assign_ranks
from ranker.scoring.rules import RulesEngine
from ranker.scoring.selection import Selection, scope
from ranker.scoring.variants import judge
from ranker.store import run_queries
from ranker.store.counter import leads_version
from ranker.store.engine import Database

Kind = Literal["in", "out", "moved"]

MOST_LEADS = 100_000
"""Leads that are judged at most; of more, whole companies are chosen, the same ones every time."""
_PIECE = 4_000
_REVIEW = "(SELECT verdict FROM review AS r WHERE r.lead_id=l.id ORDER BY r.id DESC LIMIT 1)"


@dataclass(frozen=True, slots=True)
class Side:
    """What one text says of a lead; ``contact`` with a person's overrule, ``rank`` among those to contact."""

    contact: bool
    score: float | None
    rank: int | None
    reasoning: str


@dataclass(frozen=True, slots=True)
class Shift:
    """A lead that comes ``in``, goes ``out``, or stays and is ``moved``: another rank or score."""

    lead_id: int
    name: str
    company: str
    title: str
    size: str
    kind: Kind
    old: Side
    new: Side


@dataclass(frozen=True, slots=True)
class Preview:
    """``judged`` leads at ``companies``; ``leads`` and ``all_companies`` are what there is, ``held`` left out.

    ``shifts`` are by company, name and id; ``same`` is how many stay as they are: ``judged`` is their sum.
    """

    judged: int
    companies: int
    leads: int
    all_companies: int
    held: int
    shifts: tuple[Shift, ...]

    def of(self, kind: Kind) -> tuple[Shift, ...]:
        """The shifts of one kind."""
        return tuple(one for one in self.shifts if one.kind == kind)

    @property
    def same(self) -> int:
        """Leads for which nothing changes."""
        return self.judged - len(self.shifts)

    @property
    def whole(self) -> bool:
        """Whether every company was judged."""
        return self.companies == self.all_companies


def preview(
    database: Database, old: RulesEngine, new: RulesEngine, most: int = MOST_LEADS, only: Collection[int] | None = None
) -> Preview:
    """Judge today's leads with both engines. About ``most`` leads: of more, companies in the order of a hash of their
    key are taken whole while they fit, at least one. ``only``: none but these companies.
    """
    with database.session() as session:
        counted = session.connection().execute(
            text(
                "SELECT l.company_id, c.key, count(*), sum(l.suppressed) FROM lead AS l "
                "JOIN company AS c ON c.id=l.company_id GROUP BY l.company_id, c.key"
            )
        )
        companies = [tuple(row) for row in counted]
        every = len(companies)
        companies = [row for row in companies if only is None or row[0] in only]
        chosen = _choose(companies, most)
        selection = Selection("all") if len(chosen) == every else Selection("companies", tuple(chosen))
        rows = _leads(session, selection) if chosen else []
    kept = set(chosen)
    leads = [row for row in rows if not row.suppressed]
    before, after = (list(_sides(engine, leads)) for engine in (old, new))
    shifts = [
        Shift(row.id, row.full_name, row.company, row.title, row.size, kind, one, other)
        for row, one, other in zip(leads, before, after, strict=True)
        if (kind := _kind(one, other)) is not None
    ]
    shifts.sort(key=lambda one: (one.company.casefold(), one.new.rank or 0, one.name.casefold(), one.lead_id))
    return Preview(
        judged=len(leads),
        companies=len(kept),
        leads=sum(row[2] for row in companies),
        all_companies=len(companies),
        held=sum(int(row[3]) for row in companies if row[0] in kept),
        shifts=tuple(shifts),
    )


def seconds(database: Database, leads: int) -> float:
    """How long a preview of so many leads may take, by the speed of earlier runs; titles are read only once."""
    speed = run_queries.measured_speed(database, RANK) or USUAL_SPEED
    return 0.5 + 1.5 * min(leads, MOST_LEADS) / speed


def leads_state(database: Database) -> str:
    """Something that is another whenever the same preview could come out differently: leads, reviews, held people."""
    with database.session() as session:
        found = session.connection().execute(
            text("SELECT count(*), coalesce(sum(suppressed), 0), coalesce((SELECT max(id) FROM review), 0) FROM lead")
        )
        return "-".join(str(value) for value in (leads_version(session), *found.one()))


def _choose(companies: Sequence[tuple[Any, ...]], most: int) -> list[int]:
    if sum(row[2] for row in companies) <= most:
        return [row[0] for row in companies]
    ordered = sorted(companies, key=lambda row: hashlib.sha256(row[1].encode("utf-8", "surrogatepass")).digest())
    chosen: list[int] = []
    left = most
    for company_id, _, leads, _ in ordered:
        if chosen and leads > left:
            break
        chosen.append(company_id)
        left -= leads
    return chosen


def _leads(session: Session, selection: Selection) -> list[Any]:
    condition, values = scope(session, selection)
    found = session.connection().execute(
        text(
            "SELECT l.id, l.company_id, c.name AS company, l.full_name, l.title, l.company_name, l.size, l.domain, "
            f"l.suppressed, coalesce({_REVIEW}, '') AS review FROM lead AS l JOIN company AS c ON c.id=l.company_id "
            f"WHERE l.id IN (SELECT id FROM lead WHERE {condition})"
        ),
        values,
    )
    return list(found)


def _sides(engine: RulesEngine, leads: Sequence[Any]) -> Iterator[Side]:
    verdicts: list[Assessment] = []
    for at in range(0, len(leads), _PIECE):  # by pieces, so that others who judge meanwhile get their turn
        piece = leads[at : at + _PIECE]
        verdicts += judge(engine, [Inputs(row.title, row.company_name, row.size, row.domain) for row in piece])
    contact = [
        row.review == "in" or (row.review != "out" and found.status == "ranked")
        for row, found in zip(leads, verdicts, strict=True)
    ]
    scores = [(found.score or 0.0) if yes else None for found, yes in zip(verdicts, contact, strict=True)]
    ranks = assign_ranks([str(row.company_id) for row in leads], scores)
    for row, found, yes, rank in zip(leads, verdicts, contact, ranks, strict=True):
        own = "A person said so. " if row.review in {"in", "out"} else ""
        yield Side(yes, found.score, rank, own + found.reasoning)


def _kind(old: Side, new: Side) -> Kind | None:
    if old.contact != new.contact:
        return "in" if new.contact else "out"
    if new.contact and (old.rank, old.score) != (new.rank, new.score):
        return "moved"
    return None

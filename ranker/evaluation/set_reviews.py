"""A labelled set grown from what people said of leads: in or out.

"out" is a lead that must not be contacted. "in" is one that is to be contacted, without a word on who comes first: all
"in" of a company share rank 1. Such a set measures who is contacted (f1, precision, recall, pairs of an "in" and an
"out" of one company) and nothing about the order among those in. Nobody's verdict but a person's counts, and leads
that nobody spoke about are not in it. People speak up where an answer looks wrong: the set holds the hard cases, so
its figures are lower than those of a set in which everybody of a company is labelled, and not to be compared with them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.errors import LabelError
from ranker.evaluation.set_counts import SetItem, counts_of, hash_of, keys_text, same_set
from ranker.evaluation.set_write import Saved, write_set
from ranker.store.engine import Database

_SAID = text(
    "SELECT l.id, c.key, l.company_name, l.title, l.size, l.domain, l.industry, r.verdict, "
    "l.linkedin_url, l.email, l.full_name, l.dedup_key FROM review AS r "
    "JOIN (SELECT max(id) AS id FROM review GROUP BY lead_id) AS newest ON newest.id=r.id "
    "JOIN lead AS l ON l.id=r.lead_id JOIN company AS c ON c.id=l.company_id "
    "WHERE r.verdict IN ('in', 'out') ORDER BY l.id"
)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What people said so far. ``relevant`` and ``not_relevant`` leads; ``both``: companies that have one of each.

    ``pairs``: of an "in" and an "out" at one company. ``same``: the set that holds just these labels already.
    """

    leads: int
    companies: int
    relevant: int
    not_relevant: int
    both: int
    pairs: int
    same: int | None


def reviewed(database: Database) -> Reviewed:
    """What a set would be grown from now."""
    with database.session() as session:
        items = _items(session)
        counts = counts_of(items)
        sides = {(item.company_key, item.label) for item in items}
        both = len(sides) - counts["companies"]
        return Reviewed(
            counts["leads"], counts["companies"], counts["ranked"], counts["not_relevant"], both, counts["pairs"],
            same_set(session, hash_of(items)) if items else None,
        )  # fmt: skip


def grow(database: Database, name: str, who: str = "") -> Saved:
    """Save what people said as a labelled set; the same labels again are the set that is there.

    Raises ``LabelError`` if nobody said anything yet, ``UsageError`` for a blank name.
    """
    with database.write() as session:
        items = _items(session)
        if not items:
            raise LabelError("Nobody said in or out of a lead yet. Do so in Results, under “Not right?”.")
        return write_set(session, name, "reviews", items, who)


def _items(session: Session) -> list[SetItem]:
    return [_item(*row) for row in session.connection().execute(_SAID)]


def _item(lead_id: int, key: str, *said: Any) -> SetItem:
    company, title, size, domain, industry, verdict, url, email, name, dedup = said
    return SetItem(
        lead_id, str(lead_id), key, company, title, size, domain, industry,
        1.0 if verdict == "in" else math.inf, keys_text(url, email, name, key, dedup), lead_id,
    )  # fmt: skip

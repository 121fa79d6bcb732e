"""The leads of a labelled set as values: what an evaluation, a search and a look at the set read."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.evaluation.labelled import LabelledLead
from ranker.scoring.assessment import Inputs


@dataclass(frozen=True, slots=True)
class Item:
    """One labelled lead of a saved set.

    ``id``: its row in ``eval_item``; ``source_id``: the person's own number for it, else the row of the file.
    ``company_key`` groups leads, ``company`` is judged, as written. ``label``: a rank from 1, or ``math.inf`` for a
    lead that was judged and is not relevant.
    """

    id: int
    source_id: str
    company_key: str
    company: str
    title: str
    size: str
    domain: str
    industry: str
    label: float

    @property
    def key(self) -> str:
        """By which ``labelled`` and ``inputs`` name it: its id as text, because a file's own numbers can repeat."""
        return str(self.id)


_ITEMS = text(
    "SELECT id, source_id, company_key, company, title, size, domain, industry, coalesce(label, :none) FROM eval_item "
    "WHERE eval_set_id=:id ORDER BY id"
)


def load_items(session: Session, set_id: int) -> tuple[Item, ...]:
    """The leads of a set in the order of its file; empty if there is no such set, or nothing in it."""
    rows = session.connection().execute(_ITEMS, {"id": set_id, "none": math.inf})
    return tuple(Item(*row) for row in rows)


def count_items(session: Session, set_id: int) -> int:
    """How many leads a set has; 0 if there is no such set."""
    found = session.connection().execute(text("SELECT count(*) FROM eval_item WHERE eval_set_id=:id"), {"id": set_id})
    return int(found.scalar_one())


def labelled(items: Sequence[Item]) -> list[LabelledLead]:
    """The labels, with ``Item.key`` as ``source_id`` and ``company_names`` as companies.

    Give it all items of a set, and choose companies from the answer, so that a company has one name throughout.
    """
    names = company_names(items)
    return [LabelledLead(item.key, names[item.company_key], item.label) for item in items]


def inputs(items: Iterable[Item]) -> dict[str, Inputs]:
    """What is judged of each lead, by ``Item.key``."""
    return {item.key: Inputs(item.title, item.company, item.size, item.domain) for item in items}


def company_names(items: Iterable[Item]) -> dict[str, str]:
    """Company key → the name to show: as it is first written, with the key where two companies are called alike."""
    first: dict[str, str] = {}
    for item in items:
        first.setdefault(item.company_key, " ".join(item.company.split()))
    keys: dict[str, int] = {}
    for name in first.values():
        keys[name] = keys.get(name, 0) + 1
    return {key: name if keys[name] == 1 else f"{name} ({key})" for key, name in first.items()}

"""What a labelled set is written from, what is counted in it, and what makes two sets the same."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.ingest.keys import keys_by_kind
from ranker.store import bulk
from ranker.store.fold import fold


@dataclass(frozen=True, slots=True)
class SetItem:
    """A labelled lead that is not written yet; as ``Item``, with ``number``, its row, and whose it is.

    ``person_keys``: what a deletion finds the person by, as ``keys_text`` gives it. ``lead_id``: whose review it was.
    """

    number: int
    source_id: str
    company_key: str
    company: str
    title: str
    size: str
    domain: str
    industry: str
    label: float
    person_keys: str = ""
    lead_id: int | None = None


def keys_text(linkedin_url: str, email: str, full_name: str, company: str, lead: str = "") -> str:
    """``SetItem.person_keys``: every key as ``keys_by_kind`` gives them, and ``called:`` the name as it is written."""
    keys = keys_by_kind(linkedin_url, email, full_name, company, lead)
    name = " ".join(full_name.split())
    called = [f"called:{name}"] if keys["name"] and name != fold(name) else []
    return "\n".join([*(key for some in keys.values() for key in some), *called])


_COLUMNS = (
    "number", "source_id", "company_key", "company", "title", "size", "domain", "industry", "label", "person_keys",
    "lead_id",
)  # fmt: skip
_COUNTED = ("company_key", "company", "title", "size", "domain", "industry", "label")


def write_items(session: Session, set_id: int, items: Sequence[SetItem]) -> None:
    """Write the leads of a set."""
    rows = (
        tuple(None if value == math.inf else value for value in (getattr(item, name) for name in _COLUMNS))
        for item in items
    )
    bulk.insert(session, "eval_item", _COLUMNS, rows, {"eval_set_id": set_id})


def counts_of(items: Sequence[SetItem]) -> dict[str, int]:
    """leads, companies, ranked, not_relevant; ``pairs``: of leads at one company whose labels differ.

    ``ordered`` is 1 where two relevant leads of a company have different ranks. Otherwise the set tells who is to be
    contacted, and nothing about who comes first.
    """
    return _counts([(item.company_key, item.label) for item in items])


def hash_of(items: Sequence[SetItem]) -> str:
    """SHA-256, hex, 32 characters, of what is judged and its label, in any order of rows; numbers have no say."""
    return _hash([tuple(getattr(item, name) for name in _COUNTED) for item in items])


def count_again(session: Session, set_id: int, deleted: int) -> None:
    """Make a set's counts and hash true again after ``deleted`` of its leads went; its rows still add up."""
    found = session.connection().execute(
        text(f"SELECT {', '.join(_COUNTED)} FROM eval_item WHERE eval_set_id=:id"), {"id": set_id}
    )
    rows = [(*row[:-1], math.inf if row[-1] is None else row[-1]) for row in found]
    old = session.connection().execute(text("SELECT counts FROM eval_set WHERE id=:id"), {"id": set_id})
    counts: dict[str, Any] = json.loads(old.scalar_one())
    left: dict[str, int] = counts.get("left_out", {})
    counts |= _counts([(row[0], row[-1]) for row in rows])
    counts["left_out"] = {**left, "deleted": left.get("deleted", 0) + deleted}
    session.connection().execute(
        text("UPDATE eval_set SET counts=:counts, hash=:hash WHERE id=:id"),
        {"counts": json.dumps(counts), "hash": _hash(rows), "id": set_id},
    )


def same_set(session: Session, digest: str) -> int | None:
    """The saved set with this hash, if there is one."""
    found = session.connection().execute(
        text("SELECT min(id) FROM eval_set WHERE state='saved' AND hash=:hash"), {"hash": digest}
    )
    known: int | None = found.scalar_one()
    return known


def _counts(labels: Sequence[tuple[str, float]]) -> dict[str, int]:
    companies: dict[str, dict[float, int]] = {}
    for key, label in labels:
        given = companies.setdefault(key, {})
        given[label] = given.get(label, 0) + 1
    relevant = sum(label < math.inf for _, label in labels)
    return {
        "leads": len(labels),
        "companies": len(companies),
        "ranked": relevant,
        "not_relevant": len(labels) - relevant,
        "pairs": sum(map(_pairs, companies.values())),
        "ordered": int(any(len(given.keys() - {math.inf}) > 1 for given in companies.values())),
    }


def _pairs(given: Mapping[float, int]) -> int:
    leads = sum(given.values())
    return (leads * leads - sum(count * count for count in given.values())) // 2


def _hash(rows: Sequence[tuple[Any, ...]]) -> str:
    lines = sorted(json.dumps([*row[:-1], "none" if row[-1] == math.inf else float(row[-1])]) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]

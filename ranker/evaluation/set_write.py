"""A labelled set is written once, whatever it comes from; the same leads with the same labels are one set."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.errors import UsageError
from ranker.evaluation.set_counts import SetItem, counts_of, hash_of, same_set, write_items
from ranker.store.clock import now

LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Saved:
    """A set that is saved; ``known``: it was there already, with the same leads and labels, and nothing was added."""

    id: int
    known: bool


def write_set(
    session: Session,
    name: str,
    source: str,
    items: Sequence[SetItem],
    who: str,
    *,
    file_name: str = "",
    rows: int | None = None,
    left_out: Mapping[str, int] | None = None,
    settings: Mapping[str, Any] | None = None,
) -> Saved:
    """Write a set, unless one with the same leads and labels is there. ``rows``: of the file, else one a lead."""
    digest = hash_of(items)
    known = same_set(session, digest)
    if known is not None:
        return Saved(known, known=True)
    counts = {"rows": len(items) if rows is None else rows, **counts_of(items), "left_out": dict(left_out or {})}
    at = now()
    made: int = (
        session.connection()
        .execute(
            text(
                "INSERT INTO eval_set (name, state, source, file_name, settings, counts, hash, who, created_at, "
                "saved_at) VALUES (:name, 'saved', :source, :file, :settings, :counts, :hash, :who, :at, :at) "
                "RETURNING id"
            ),
            {
                "name": tidy_name(name),
                "source": source,
                "file": file_name,
                "settings": json.dumps(settings or {}, ensure_ascii=False),
                "counts": json.dumps(counts),
                "hash": digest,
                "who": who,
                "at": at,
            },
        )
        .scalar_one()
    )
    write_items(session, made, items)
    return Saved(made, known=False)


def tidy_name(name: str) -> str:
    """A name on one line. Raises ``UsageError`` for a blank one or one that is too long."""
    line = " ".join(name.split())
    if not line:
        raise UsageError("Give the labelled set a name.")
    if len(line) > LONGEST_NAME:
        raise UsageError(f"A name has up to {LONGEST_NAME} characters; this one has {len(line)}.")
    return line

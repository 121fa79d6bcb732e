"""Prospects of deleted people: out of the database with everything that was written to them, also by address alone.

A lead takes its prospect along. Who was never a lead is known by a profile's address: found, buried and deleted by it.
What was written to others and named somebody who is gone is approved no longer: it has a hole now.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from ranker.ingest.keys import keys_by_kind
from ranker.ingest.mentions import INSTEAD, Mentions, Person
from ranker.outreach.outreach_run import counts_of
from ranker.store.fold import like_as_it_is
from ranker.store.suppressions import rows_in
from ranker.store.tombstones import Graveyard


def has_prospects(session: Session) -> bool:
    """Whether this database has prospects; a backup may be older than they are."""
    return inspect(session.connection()).has_table("prospect")


def known_by_address(session: Session, prospect_ids: Sequence[int]) -> list[Person]:
    """Who these prospects are, of those who are no lead: nothing but an address is known of them."""
    sql = "SELECT profile_url FROM prospect WHERE id IN :ids AND lead_id IS NULL ORDER BY id"
    return [Person(0, "", 0, "", "", row[0], "") for row in rows_in(session, sql, prospect_ids)]


def prospects_of(session: Session, people: Iterable[Person]) -> list[int]:
    """The prospects of these people: by their lead, and by any spelling of their profile's address."""
    every = list(people)
    keys = [key for one in every for key in keys_by_kind(one.url, "", "", "")["url"]]
    found = rows_in(session, "SELECT id FROM prospect WHERE key IN :ids", keys)
    found += rows_in(session, "SELECT id FROM prospect WHERE lead_id IN :ids", [one.id for one in every if one.id])
    return sorted({int(row[0]) for row in found})


def buried_prospects(session: Session, graves: Graveyard) -> list[int]:
    """Prospects with a tombstone who are no lead."""
    rows = session.connection().execute(text("SELECT id, key FROM prospect WHERE lead_id IS NULL ORDER BY id"))
    return [number for number, key in rows if graves.find({"url": [key]}) is not None]


def count_sequences(session: Session, prospect_ids: Sequence[int]) -> int:
    """Sequences of these prospects."""
    found = rows_in(session, "SELECT count(*) FROM sequence WHERE prospect_id IN :ids", prospect_ids)
    return sum(int(row[0]) for row in found)


def erase_prospects(session: Session, prospect_ids: Sequence[int]) -> None:
    """Delete prospects with sequences, messages and analyses; runs count again what is left of them."""
    runs = rows_in(session, "SELECT DISTINCT run_id FROM sequence WHERE prospect_id IN :ids", prospect_ids)
    rows_in(session, "DELETE FROM prospect WHERE id IN :ids RETURNING id", prospect_ids)
    for run_id in sorted({row[0] for row in runs if row[0] is not None}):
        _count_again(session, run_id)


def _count_again(session: Session, run_id: int) -> None:
    connection = session.connection()
    state, kept = connection.execute(text("SELECT state, counts FROM run WHERE id=:id"), {"id": run_id}).one()
    if state in {"queued", "running"}:
        return  # it counts by itself at its end
    counts = counts_of(session, run_id)
    total = sum(counts.values())
    values = {"id": run_id, "counts": json.dumps(json.loads(kept) | counts), "total": total}
    connection.execute(
        text("UPDATE run SET counts=:counts, total=:total, done=:done WHERE id=:id"),
        values | {"done": total - counts["waiting"]},
    )


def take_back_mended(session: Session) -> int:
    """Take the approval of sequences away in which somebody who is gone was named; what was said of the places of words
    in such a message is not true any more. How many messages there are.
    """
    connection, values = session.connection(), {"like": like_as_it_is(INSTEAD)}
    said = "content LIKE :like ESCAPE '!'"
    connection.execute(
        text(
            "UPDATE sequence SET approved_by='', approved_at='' WHERE approved_at<>'' "
            f"AND id IN (SELECT sequence_id FROM sequence_message WHERE {said})"
        ),
        values,
    )
    found = connection.execute(text(f"UPDATE sequence_message SET marks='[]', basis='[]' WHERE {said}"), values)
    return int(found.rowcount)


_OF_LEAD = "JOIN prospect AS p ON p.id={0} JOIN lead AS l ON l.id=p.lead_id"
_WRITTEN: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("sequence", _OF_LEAD.format("t.prospect_id"), ("id",), ("sources", "summary", "reason")),
    ("prospect_analysis", _OF_LEAD.format("t.prospect_id"), ("id",), ("content",)),
    (
        "sequence_message",
        f"JOIN sequence AS s ON s.id=t.sequence_id {_OF_LEAD.format('s.prospect_id')}",
        ("sequence_id", "step"),
        ("content", "reasoning", "marks", "basis"),
    ),
)
"""Table, how it comes to its lead, its key, and its texts."""


def mend_written(session: Session, words_at: Callable[[int], Mentions | None]) -> int:
    """Take words out of everything that was written to leads; ``words_at``: company → which. How many rows changed."""
    connection = session.connection()
    mended = 0
    for table, join, key, texts in _WRITTEN:
        named = ", ".join(f"t.{name}" for name in (*key, *texts))
        changes = []
        for company_id, *row in connection.execute(text(f"SELECT l.company_id, {named} FROM {table} AS t {join}")):
            words = words_at(company_id)
            if words is None:
                continue
            said = row[len(key) :]
            after = [words.mend(one) for one in said]
            if after != said:
                changes.append(dict(zip((*key, *texts), (*row[: len(key)], *after), strict=True)))
        if changes:
            sets, same = (
                joint.join(f"{name}=:{name}" for name in names) for joint, names in ((", ", texts), (" AND ", key))
            )
            connection.execute(text(f"UPDATE {table} SET {sets} WHERE {same}"), changes)
        mended += len(changes)
    return mended

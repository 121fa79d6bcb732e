"""Where somebody is mentioned: their email, profile and name, found in any text and taken out of it.

Needed because people stand in more places than their own row: a note on a colleague, a saved search, a reason.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, inspect, text
from sqlalchemy.orm import Session

from ranker.ingest.keys import email_key, profile_key
from ranker.store.fold import fold

INSTEAD = "[deleted]"
"""What stands where somebody was mentioned; it needs no quoting in CSV or JSON."""
FEW = 12
"""Up to here the database looks for the words itself; beyond, every text is read."""
_OURS = frozenset("alembic_version tombstone persona persona_version template template_version variant".split())
"""Tables without lead text: versions never change, hashes say nothing."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who is to be found. ``company``: the company's key, ``lead``: the lead's own."""

    id: int
    lead: str
    company_id: int
    company: str
    email: str
    url: str
    name: str


@dataclass(frozen=True, slots=True)
class Mentions:
    """A pattern over all of their words, and pieces of those words in ASCII for a search by the database."""

    pattern: re.Pattern[str]
    pieces: tuple[str, ...] | None
    """None: there are too many, or one has none; then every text is read."""

    def mend(self, said: str) -> str:
        """The text without them."""
        return self.pattern.sub(INSTEAD, said)


def mentions_of(session: Session, people: Iterable[Person]) -> Mentions | None:
    """What to look for; None if there is nothing. Words that somebody who stays has as well are left alone.

    Call it once the people are gone from ``lead``.
    """
    stay = _Staying(session)
    parts: dict[str, str] = {}
    for person in people:
        address, profile = email_key(person.email), profile_key(person.url)
        if address and not stay.has("email", address):
            parts[rf"(?<![\w.+-]){re.escape(address)}(?![\w-])(?!\.\w)"] = address
        if profile and not stay.has("linkedin_url", profile):
            for one in {profile, _bare(person.url)} - {""}:
                parts[rf"(?:https?:(?:\\?/){{2}})?(?:[\w-]+\.)*{re.escape(one)}(?![\w%-])/?"] = one
        words = person.name.split()
        if len(words) > 1 and not stay.has("full_name", person.name):
            parts[_name(words)] = person.name
            escaped = json.dumps(person.name)[1:-1].split()
            if escaped != words:
                parts[_name(escaped)] = " ".join(escaped)
    if not parts:
        return None
    pieces = [_piece(word) for word in parts.values()]
    few = tuple(sorted(set(pieces))) if len(pieces) <= FEW and all(pieces) else None
    return Mentions(re.compile("|".join(parts), re.IGNORECASE), few)


def _name(words: list[str]) -> str:
    spaced = r"\s+".join(map(re.escape, words))
    return rf"(?<!\w){spaced}(?!\w)"


def _bare(url: str) -> str:
    """The address as it was written, without scheme, "www." and what follows the path."""
    plain = url.strip().split("?")[0].split("#")[0].rstrip("/")
    return (plain.partition("://")[2] or plain).lower().removeprefix("www.")


def _piece(word: str) -> str:
    """The longest stretch of plain letters, digits, dots and dashes: alike in every spelling and escape."""
    found = sorted(re.findall(r"[A-Za-z0-9.@-]{3,}", word), key=len)
    return found[-1].lower() if found else ""


class _Staying:
    """Whether a lead that stays has a value."""

    def __init__(self, session: Session) -> None:
        self._connection = session.connection()

    def has(self, column: str, value: str) -> bool:
        rows = self._connection.execute(
            text(f"SELECT {column} FROM lead WHERE lower({column}) LIKE :like ESCAPE '!'"),
            {"like": f"%{_like(_piece(value))}%"},
        )
        return any(_same(column, value, row[0]) for row in rows)


def _same(column: str, value: str, other: str) -> bool:
    if column == "email":
        return email_key(other) == value
    return profile_key(other) == value if column == "linkedin_url" else fold(other) == fold(value)


def _like(piece: str) -> str:
    return piece.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def sweep(session: Session, mentions: Mentions, skip: frozenset[str] = _OURS) -> int:
    """Take every mention out of every text of every table, whatever tables there are; the number of rows mended.

    Keys are left as they are. A table that a later version adds is swept as well.
    """
    connection = session.connection()
    looked = inspect(connection)
    mended = 0
    for table in looked.get_table_names():
        if table in skip:
            continue
        key = list(looked.get_pk_constraint(table)["constrained_columns"])
        fixed = {name for one in looked.get_unique_constraints(table) for name in one["column_names"]} | set(key)
        texts = [
            str(column["name"])
            for column in looked.get_columns(table)
            if str(column["type"]).upper().startswith(("TEXT", "VARCHAR")) and column["name"] not in fixed
        ]
        if texts and key:
            mended += _sweep_table(connection, table, key, texts, mentions)
    return mended


def _sweep_table(connection: Connection, table: str, key: list[str], texts: list[str], mentions: Mentions) -> int:
    values: dict[str, Any] = {}
    where = ""
    if mentions.pieces is not None:
        values = {f"like{at}": f"%{_like(piece)}%" for at, piece in enumerate(mentions.pieces)}
        where = " WHERE " + " OR ".join(
            f"lower({column}) LIKE :{name} ESCAPE '!'" for column in texts for name in values
        )
    rows = connection.execute(text(f"SELECT {', '.join((*key, *texts))} FROM {table}{where}"), values)
    changes = []
    for row in rows:
        after = [mentions.mend(said) if said else said for said in row[len(key) :]]
        if after != list(row[len(key) :]):
            changes.append(dict(zip((*key, *texts), (*row[: len(key)], *after), strict=True)))
    if changes:
        sets = ", ".join(f"{name}=:{name}" for name in texts)
        same = " AND ".join(f"{name}=:{name}" for name in key)
        connection.execute(text(f"UPDATE {table} SET {sets} WHERE {same}"), changes)
    return len(changes)

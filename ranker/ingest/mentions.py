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
    """A pattern over all of their words, and a word in lower case of each part, without which no part fits."""

    pattern: re.Pattern[str]
    words: tuple[str, ...]

    def mend(self, said: str) -> str:
        """The text without them. Most texts hold none of the words, which is found out quickly."""
        low = said.lower()
        return self.pattern.sub(INSTEAD, said) if any(word in low for word in self.words) else said

    def within(self, said: str) -> bool:
        """Whether somebody is mentioned."""
        low = said.lower()
        return any(word in low for word in self.words) and self.pattern.search(said) is not None


def mentions_of(session: Session, people: Iterable[Person]) -> Mentions | None:
    """What to look for; None if there is nothing. Words that somebody who stays has as well are left alone.

    Call it once the people are gone from ``lead``.
    """
    gone = list(people)
    stay = _staying(session, gone)
    parts: dict[str, str] = {}
    for person in gone:
        address, profile = email_key(person.email), profile_key(person.url)
        if address and ("email", address) not in stay:
            parts[rf"(?<![\w.+-]){re.escape(address)}(?![\w-])(?!\.\w)"] = address
        if profile and ("url", profile) not in stay:
            for one in {profile, _bare(person.url)} - {""}:
                parts[rf"(?:https?:(?:\\?/){{2}})?(?:[\w-]+\.)*{re.escape(one)}(?![\w%-])/?"] = one
        words = person.name.split()
        if len(words) > 1 and ("name", fold(person.name)) not in stay:
            parts[_name(words)] = max(words, key=len)
            escaped = json.dumps(person.name)[1:-1].split()
            if escaped != words:
                parts[_name(escaped)] = max(escaped, key=len)
    if not parts:
        return None
    return Mentions(re.compile("|".join(parts), re.IGNORECASE), tuple(sorted({one.lower() for one in parts.values()})))


def _name(words: list[str]) -> str:
    spaced = r"\s+".join(map(re.escape, words))
    return rf"(?<!\w){spaced}(?!\w)"


def _bare(url: str) -> str:
    """The address as it was written, without scheme, "www." and what follows the path."""
    plain = url.strip().split("?")[0].split("#")[0].rstrip("/")
    return (plain.partition("://")[2] or plain).lower().removeprefix("www.")


def _staying(session: Session, gone: Iterable[Person]) -> set[tuple[str, str]]:
    """The emails, profiles and names of those who are to go that somebody who stays has too."""
    wanted = {(kind, value) for one in gone for kind, value in _values(one.email, one.url, one.name)}
    rows = session.connection().execute(text("SELECT email, linkedin_url, full_name FROM lead"))
    return {pair for row in rows for pair in _values(*row) if pair in wanted}


def _values(email: str, url: str, name: str) -> tuple[tuple[str, str], ...]:
    return ("email", email_key(email)), ("url", profile_key(url)), ("name", fold(name))


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
    plain = [word for word in mentions.words if word.isascii()]
    if len(plain) == len(mentions.words) <= FEW:  # the database lowers plain letters only
        find = "instr({0}, {1})" if connection.dialect.name == "sqlite" else "strpos({0}, {1})"
        whole = "lower(" + " || ' ' || ".join(f"coalesce({column}, '')" for column in texts) + ")"
        values = {f"word{at}": word for at, word in enumerate(plain)}
        where = " WHERE " + " OR ".join(f"{find.format(whole, f':{name}')}>0" for name in values)
    rows = connection.execute(text(f"SELECT {', '.join((*key, *texts))} FROM {table}{where}"), values)
    changes = []
    for row in rows:
        said = row[len(key) :]
        if not mentions.within("\x1f".join(one for one in said if one)):
            continue
        after = [mentions.mend(one) if one else one for one in said]
        changes.append(dict(zip((*key, *texts), (*row[: len(key)], *after), strict=True)))
    if changes:
        sets = ", ".join(f"{name}=:{name}" for name in texts)
        same = " AND ".join(f"{name}=:{name}" for name in key)
        connection.execute(text(f"UPDATE {table} SET {sets} WHERE {same}"), changes)
    return len(changes)

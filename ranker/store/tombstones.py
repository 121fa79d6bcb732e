"""Who was deleted, as keyed hashes: a later import and a restore know them again, a reader of the table does not.

The salt stands in the rows themselves, so that a backup or another computer can use them; it keeps a list of
hashes made elsewhere from fitting, not somebody who holds the database from trying a guess.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.store import bulk
from ranker.store.clock import now

WHY = {"request": " at the person's request", "company": " with their company", "import": " with their import"}
"""Why somebody was deleted → how the sentence goes on."""
LOOKUP = "look"
"""Kind of a hash that only finds a deleted person by name alone; no import is compared with it."""
_SAID = re.compile(rf"Deleted on \d{{4}}-\d\d-\d\d(?:{'|'.join(WHY.values())})\.")
_COLUMNS = ("hash", "salt", "person", "kind", "why", "since", "who")


@dataclass(frozen=True, slots=True)
class Tombstone:
    """One hash of a deleted person; ``since`` is the moment of the deletion."""

    hash: str
    salt: str
    person: str
    kind: str
    why: str
    since: str
    who: str = ""

    @property
    def sentence(self) -> str:
        """Such as “Deleted on 2026-11-21 at the person's request.”"""
        return f"Deleted on {self.since[:10]}{WHY.get(self.why, '')}."


@dataclass(frozen=True, slots=True)
class Graveyard:
    """All tombstones, ready to be asked. ``kinds``: person → the kinds of key under which they are buried."""

    salts: tuple[str, ...] = ()
    stones: Mapping[str, Tombstone] = field(default_factory=dict)
    kinds: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def find(self, keys: Mapping[str, Sequence[str]], *, lookup: bool = False) -> Tombstone | None:
        """The tombstone of somebody with these keys (by kind, the surest first), or None.

        A name at a company counts unless both have a profile, or both have an email: then they are two people of
        one name. ``lookup``: keys that only a search may find count as well.
        """
        for kind, several in keys.items():
            for stone in self._stones(several):
                others = {other for other in ("url", "email") if keys.get(other)}
                if kind == "name" and others & self.kinds[stone.person]:
                    continue
                if lookup or stone.kind != LOOKUP:
                    return stone
        return None

    def _stones(self, keys: Sequence[str]) -> Iterator[Tombstone]:
        for key in keys:
            for salt in self.salts:
                found = self.stones.get(digest(salt, key))
                if found is not None:
                    yield found

    def __bool__(self) -> bool:
        return bool(self.stones)


def is_said(cell: str) -> bool:
    """Whether a cell is the sentence that stands in place of a deleted row."""
    return cell.startswith("Deleted on ") and _SAID.fullmatch(cell) is not None


def digest(salt: str, key: str) -> str:
    """The keyed hash of a key such as ``email:…``, in hexadecimal."""
    return hmac.digest(bytes.fromhex(salt), key.encode("utf-8", "surrogatepass"), "sha256").hex()


def new_salt() -> str:
    """For the first tombstone of a database."""
    return secrets.token_hex(hashlib.sha256().digest_size)


def load(session: Session) -> Graveyard:
    """All tombstones of this database."""
    rows = session.connection().execute(text(f"SELECT {', '.join(_COLUMNS)} FROM tombstone"))
    return graveyard([Tombstone(*row) for row in rows])


def graveyard(stones: Iterable[Tombstone]) -> Graveyard:
    """These tombstones, ready to be asked."""
    every = list(stones)
    kinds: dict[str, set[str]] = {}
    for stone in every:
        kinds.setdefault(stone.person, set()).add(stone.kind)
    return Graveyard(
        tuple(sorted({stone.salt for stone in every})),
        {stone.hash: stone for stone in every},
        {person: frozenset(found) for person, found in kinds.items()},
    )


def bury(
    session: Session, people: Iterable[Mapping[str, Sequence[str]]], why: str, who: str = "", since: str = ""
) -> list[Tombstone]:
    """Write the tombstones of people, each given as kind → keys; those that are there stay as they are."""
    known = load(session)
    salt, at = (known.salts[0] if known.salts else new_salt()), since or now()
    stones = []
    for keys in people:
        person = secrets.token_hex(8)
        stones += [
            Tombstone(digest(salt, key), salt, person, kind, why, at, who)
            for kind, several in keys.items()
            for key in several
        ]
    add(session, stones)
    return stones


def add(session: Session, stones: Iterable[Tombstone]) -> None:
    """Write tombstones as they are, such as those of the database that a restore replaces."""
    rows = {one.hash: (one.hash, one.salt, one.person, one.kind, one.why, one.since, one.who) for one in stones}
    bulk.upsert(session, "tombstone", _COLUMNS, ("hash",), list(rows.values()), update="person=excluded.person")


def remove(session: Session, person: str) -> int:
    """Let somebody in again; the number of hashes that went."""
    gone = session.connection().execute(text("DELETE FROM tombstone WHERE person=:person"), {"person": person})
    return int(gone.rowcount)

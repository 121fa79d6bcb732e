"""The do-not-contact list as the Settings page shows it: searched, paged, with the leads that each entry holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, text

from ranker.errors import UsageError
from ranker.store import bulk, currents, suppressions
from ranker.store.clock import now
from ranker.store.engine import Database
from ranker.store.fold import like_as_it_is
from ranker.store.suppressions import KINDS, Entry, normalise


@dataclass(frozen=True, slots=True)
class ListPage:
    """``matching`` of ``total`` entries fit the search; ``entries`` are those of this page, ``held`` leads for each."""

    entries: tuple[Entry, ...]
    held: tuple[int, ...]
    matching: int
    total: int


@dataclass(frozen=True, slots=True)
class ListChange:
    """What became of entries that were added or removed. ``leads``: whose state changed, held or free again."""

    entries: int
    known: int
    leads: int


def page_entries(database: Database, *, search: str = "", kind: str = "", offset: int = 0, limit: int = 50) -> ListPage:
    """One page of the list, the newest first. ``search`` is looked for in the entry and its note."""
    parts, values = [], {}
    if kind:
        parts.append("kind=:kind")
        values["kind"] = kind
    if search.strip():
        parts.append(
            "(value LIKE :search ESCAPE '!' OR lower(shown) LIKE :search ESCAPE '!' "
            "OR lower(note) LIKE :search ESCAPE '!')"
        )
        values["search"] = like_as_it_is(search.strip().lower())
    where = f" WHERE {' AND '.join(parts)}" if parts else ""
    with database.session() as session:
        connection = session.connection()
        total = connection.execute(text("SELECT count(*) FROM suppression")).scalar_one()
        matching = connection.execute(text(f"SELECT count(*) FROM suppression{where}"), values).scalar_one()
        rows = connection.execute(
            text(
                f"SELECT kind, value, shown, note, since FROM suppression{where} "
                "ORDER BY since DESC, kind, value LIMIT :limit OFFSET :offset"
            ),
            {**values, "limit": limit, "offset": max(0, offset)},
        )
        entries = tuple(Entry(*row) for row in rows)
    held = held_by(database, entries)
    return ListPage(entries, tuple(held[entry.kind, entry.value] for entry in entries), matching, total)


def held_by(database: Database, entries: Sequence[Entry]) -> Counter[tuple[str, str]]:
    """How many leads each entry holds, by (kind, value). A lead that two entries hold counts for both."""
    wanted = {(entry.kind, entry.value) for entry in entries}
    counts: Counter[tuple[str, str]] = Counter()
    if not wanted:
        return counts
    with database.session() as session:
        rows = session.connection().execute(
            text(
                "SELECT l.email, l.linkedin_url, l.full_name, l.company_name, l.domain, c.name, c.domain "
                "FROM lead AS l JOIN company AS c ON c.id=l.company_id WHERE l.suppressed=1"
            )
        )
        for email, url, name, company, domain, other, host in rows:
            keys = {("person", normalise("person", value)) for value in (email, url, name) if value}
            keys.add(("email", normalise("email", email)))
            keys |= {("company", normalise("company", value)) for value in (company, other)}
            for value in (email, domain, host):
                keys |= {("domain", above) for above in _above(normalise("domain", value))}
            counts.update(keys & wanted)
    return counts


def held_leads(database: Database) -> int:
    """How many leads the whole list holds now."""
    with database.session() as session:
        found = session.connection().execute(text("SELECT count(*) FROM lead WHERE suppressed=1"))
        return int(found.scalar_one())


def add_many(database: Database, entries: Iterable[tuple[str, str]], note: str = "") -> ListChange:
    """Add (kind, value) pairs; one that is on the list stays as it is, with its date and note.

    Raises ``UsageError`` for another kind, or a value that names nobody; then nothing is added.
    """
    rows: dict[tuple[str, str], tuple[str, str, str, str, str]] = {}
    at = now()
    for kind, value in entries:
        if kind not in KINDS:
            raise UsageError(f"“{kind}” is no kind of entry. Choose one of: {', '.join(KINDS)}.")
        problem = problem_of(kind, value)
        if problem:
            raise UsageError(problem)
        key = normalise(kind, value)
        rows.setdefault((kind, key), (kind, key, " ".join(value.split()), note.strip(), at))
    with database.write() as session:
        connection = session.connection()
        before = connection.execute(text("SELECT count(*) FROM suppression")).scalar_one()
        bulk.upsert(
            session, "suppression", ("kind", "value", "shown", "note", "since"), ("kind", "value"), list(rows.values()),
            update="kind=excluded.kind",
        )  # fmt: skip
        added = connection.execute(text("SELECT count(*) FROM suppression")).scalar_one() - before
        changed = suppressions.refresh(session) if added else []
        currents.refresh(session, changed)
    return ListChange(added, len(rows) - added, len(changed))


def remove_many(database: Database, entries: Iterable[tuple[str, str]]) -> ListChange:
    """Take (kind, value) pairs off the list, values as they are listed; ``known`` counts those that were not on it."""
    wanted = sorted(set(entries))
    removed = 0
    with database.write() as session:
        connection = session.connection()
        for kind in KINDS:
            values = [value for one, value in wanted if one == kind]
            if values:
                gone = connection.execute(
                    text("DELETE FROM suppression WHERE kind=:kind AND value IN :values").bindparams(
                        bindparam("values", expanding=True)
                    ),
                    {"kind": kind, "values": values},
                )
                removed += gone.rowcount
        changed = suppressions.refresh(session) if removed else []
        currents.refresh(session, changed)
    return ListChange(removed, len(wanted) - removed, len(changed))


def guess_kind(value: str) -> str:
    """What a line of an uploaded list is: an email, a profile (person), a domain, else a company's name."""
    plain = value.strip()
    if "@" in plain and " " not in plain:
        return "domain" if plain.startswith("@") else "email"
    if "linkedin.com/" in plain.lower():
        return "person"
    return "domain" if "." in plain and " " not in plain else "company"


def problem_of(kind: str, value: str) -> str:
    """Why a value can't be an entry of this kind, in words for the person who typed it; blank if it can."""
    plain, key = value.strip(), normalise(kind, value)
    if not plain or not any(sign.isalnum() for sign in key):
        return "Write whom not to contact: a name, an address, a domain or a company."
    if kind == "email" and ("@" not in key.strip("@") or " " in key):
        return f"“{plain}” is no email address. Choose another kind, or correct it."
    if kind == "domain" and ("." not in key.strip(".") or " " in key):
        return f"“{plain}” is no domain, such as example.com. Choose another kind, or correct it."
    return ""


def _above(host: str) -> Iterable[str]:
    """The host and the domains above it that have a dot: mail.acme.com, acme.com."""
    parts = host.split(".")
    return (".".join(parts[at:]) for at in range(len(parts) - 1))

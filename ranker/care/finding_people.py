"""Whom a deletion is about: leads, companies, and people of whom there are only labels, or only a profile's address."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from ranker.care.labels import Same, keys_in, person_of
from ranker.ingest.keys import email_key, host_of, keys_by_kind, profile_key
from ranker.store.engine import Database
from ranker.store.fold import fold, like_as_it_is


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whom a search found."""

    lead_id: int
    name: str
    title: str
    email: str
    url: str
    company_id: int
    company: str


_FOUND = (
    "SELECT l.id, l.full_name, l.title, l.email, l.linkedin_url, l.company_id, l.company_name FROM lead AS l "
    "JOIN company AS c ON c.id=l.company_id"
)


def find_people(database: Database, who: str, limit: int = 50) -> list[Candidate]:
    """Leads by email, profile, name or company. An email or a profile finds exactly; a name also by its parts."""
    address, profile = email_key(who), profile_key(who) if "/" in who else ""
    if not who.strip():
        return []
    with database.session() as session:
        rows = session.connection().execute(
            text(
                f"{_FOUND} WHERE lower(l.email) LIKE :like ESCAPE '!' "
                "OR (:url<>'' AND lower(l.linkedin_url) LIKE :url ESCAPE '!') "
                "OR lower(l.full_name) LIKE :like ESCAPE '!' OR lower(l.company_name) LIKE :like ESCAPE '!' "
                "OR c.domain=:host OR l.full_name=:who ORDER BY l.full_name, l.id"
            ),
            {
                "like": like_as_it_is((address or who).strip().lower()),
                "url": like_as_it_is(profile.rpartition("/")[2].strip().lower())
                if profile
                else "",  # an empty pattern fits blanks only
                "host": host_of(who) or "-",
                "who": who.strip(),
            },
        )
        found = [Candidate(*row) for row in rows]
    if address:
        found = [one for one in found if email_key(one.email) == address]
    elif profile:
        found = [one for one in found if profile_key(one.url) == profile]
    return found[:limit]


def find_companies(database: Database, who: str, limit: int = 20) -> list[tuple[int, str, int]]:
    """(Number, name, leads) of companies by name or domain; a whole name before its parts."""
    if not who.strip():
        return []
    with database.session() as session:
        rows = session.connection().execute(
            text(
                "SELECT c.id, c.name, count(l.id) FROM company AS c JOIN lead AS l ON l.company_id=c.id "
                "WHERE lower(c.name) LIKE :like ESCAPE '!' OR c.name=:who OR c.domain=:host OR c.key=:host "
                "GROUP BY c.id, c.name ORDER BY c.name, c.id"
            ),
            {"like": like_as_it_is(who.strip().lower()), "who": who.strip(), "host": host_of(who) or "-"},
        )
        found = [(row[0], row[1], row[2]) for row in rows]
    exact = [one for one in found if fold(one[1]) == fold(who)]
    return [*exact, *(one for one in found if one not in exact)][:limit]


_LABELLED = text("SELECT id, person_keys FROM eval_item WHERE person_keys<>'' AND lead_id IS NULL ORDER BY id")
_LEADS = text(
    "SELECT l.linkedin_url, l.email, l.full_name, c.key, l.dedup_key FROM lead AS l JOIN company AS c "
    "ON c.id=l.company_id"
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """Somebody who is no lead and has labels in labelled sets: one of these, and how many there are."""

    label: int
    labels: int
    name: str
    email: str
    url: str
    company: str


def find_labelled(database: Database, who: str, limit: int = 50) -> list[Labelled]:
    """People in labelled sets who are no leads, by email, profile, a part of the name, or the company.

    Whoever shares a key with a lead is left out: deleting the lead takes the labels along.
    """
    address, profile, name = email_key(who), profile_key(who) if "/" in who else "", fold(who)
    if not name:
        return []
    found: dict[str, list[int]] = {}
    with database.session() as session:
        for number, written in session.connection().execute(_LABELLED):
            if _fits(written, address, profile, name):
                found.setdefault(written, []).append(number)
        leads = Same(keys_by_kind(*row) for row in session.connection().execute(_LEADS)) if found else Same(())
    people = []
    for written, labels in found.items():
        if keys_in(written) not in leads:
            one = person_of(written)
            people.append(Labelled(labels[0], len(labels), one.name, one.email, one.url, one.company))
    return sorted(people, key=lambda one: (one.name, one.label))[:limit]


def _fits(written: str, address: str, profile: str, name: str) -> bool:
    keys = keys_in(written)
    if address:
        return f"email:{address}" in keys["email"]
    if profile:
        return f"url:{profile}" in keys["url"]
    return any(name in key.removeprefix("name:") for key in keys["name"])


@dataclass(frozen=True, slots=True)
class ByAddress:
    """Somebody who is no lead and was written to by their profile's address; ``sequences``: how many there are."""

    prospect_id: int
    url: str
    sequences: int


_BY_ADDRESS = text(
    "SELECT p.id, p.profile_url, (SELECT count(*) FROM sequence AS s WHERE s.prospect_id=p.id) FROM prospect AS p "
    "WHERE p.lead_id IS NULL AND (p.profile_url=:profile OR :profile='' AND p.profile_url LIKE :like ESCAPE '!') "
    "ORDER BY p.profile_url LIMIT :limit"
)


def find_by_address(database: Database, who: str, limit: int = 50) -> list[ByAddress]:
    """People who are no lead, by their profile, or by words of its last part: "Ada Example" finds ada-example."""
    profile = profile_key(who) if "/" in who else ""
    words = "-".join(who.lower().split())
    if not words or "@" in words:
        return []
    with database.session() as session:
        rows = session.connection().execute(
            _BY_ADDRESS, {"profile": profile, "like": f"%/in/{like_as_it_is(words)}", "limit": limit}
        )
        return [ByAddress(*row) for row in rows]

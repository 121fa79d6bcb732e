"""Do not contact: persons, email addresses, domains and companies, held in ranking, results and exports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from unicodedata import normalize
from urllib.parse import unquote

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from ranker.store import bulk
from ranker.store.fold import fold

Id = TypeVar("Id", int, str)

KINDS = ("person", "email", "domain", "company")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the list; ``value`` is normalised, ``shown`` as it was typed."""

    kind: str
    value: str
    shown: str
    note: str
    since: str


@dataclass(slots=True)
class Holder:
    """Whether a lead is held by the list."""

    values: dict[str, set[str]] = field(default_factory=lambda: {kind: set() for kind in KINDS})

    def holds(self, email: str, url: str, name: str, company: str, domain: str) -> bool:
        """True if the person, the address, its domain, the company or its domain is on the list."""
        people, emails, domains, companies = (self.values[kind] for kind in KINDS)
        address = email.strip().lower()
        if address and (address in emails or _within(address.rpartition("@")[2], domains)):
            return True
        if domains and domain and _within(domain.lower().removeprefix("www."), domains):
            return True
        if people and (fold(name) in people or _profile(url) in people or address in people):
            return True
        return fold(company) in companies


def _within(host: str, domains: set[str]) -> bool:
    """Whether the host is on the list, or below one that is: mail.acme.com is acme.com's."""
    parts = host.split(".")
    return any(".".join(parts[at:]) in domains for at in range(len(parts) - 1))


def _profile(url: str) -> str:
    text_ = url.strip().split("?")[0].split("#")[0].rstrip("/")
    text_ = (text_.partition("://")[2] or text_).lower()
    host, _, path = text_.partition("/")
    if not path or not host.partition(":")[0].endswith("linkedin.com"):
        return f"{host.removeprefix('www.')}/{path}"
    if path.startswith("in/"):  # in one spelling, and without what follows the name, such as /de
        plain = unquote(path.split("/")[1])
        path = "in/" + normalize("NFC", normalize("NFC", plain).lower())
    return f"linkedin.com/{path}"


def normalise(kind: str, value: str) -> str:
    """The value as it is compared: a profile URL or a folded name, an address, a host, a folded company name."""
    if kind == "person":
        return _profile(value) if "/" in value else (value.strip().lower() if "@" in value else fold(value))
    if kind == "email":
        return value.strip().lower().removeprefix("mailto:")
    if kind == "domain":
        host = value.strip().lower().rpartition("@")[2]
        return (host.partition("://")[2] or host).removeprefix("www.").split("/")[0].rstrip(".")
    return fold(value)


def holder(session: Session) -> Holder:
    """The whole list, ready to be asked."""
    made = Holder()
    for kind, value in session.connection().execute(text("SELECT kind, value FROM suppression")):
        made.values[kind].add(_profile(value) if kind == "person" and "/" in value else value)  # older ones as newer
    return made


def refresh(session: Session, lead_ids: Sequence[int] | None = None, above: int | None = None) -> list[int]:
    """Set ``suppressed`` on these leads (None: on all) as the list says; return the leads where it changed.

    ``above``: on all leads with a higher number, too.
    """
    made = holder(session)
    connection = session.connection()
    if not any(made.values.values()):
        held = connection.execute(text("SELECT 1 FROM lead WHERE suppressed=1 LIMIT 1")).first()
        if held is None:
            return []
    sql = (
        "SELECT l.id, l.suppressed, l.email, l.linkedin_url, l.full_name, l.company_name, l.domain, c.name, c.domain "
        "FROM lead AS l JOIN company AS c ON c.id=l.company_id"
    )
    changed = []

    def look(rows: Iterable[Sequence[Any]]) -> None:
        for lead_id, now, email, url, name, company, domain, other, host in rows:
            held = made.holds(email, url, name, company, domain) or made.holds("", "", "", other, host)
            if held != bool(now):
                changed.append((int(held), lead_id))

    if lead_ids is None:
        look(connection.execute(text(sql)))
    else:
        wanted = text(f"{sql} WHERE l.id IN :ids").bindparams(bindparam("ids", expanding=True))
        in_pieces(lead_ids, lambda piece: look(connection.execute(wanted, {"ids": piece})))
        if above is not None:
            look(connection.execute(text(f"{sql} WHERE l.id>:above"), {"above": above}))
    bulk.many(session, "UPDATE lead SET suppressed=? WHERE id=?", changed)
    bulk.many(session, "UPDATE current_assessment SET suppressed=? WHERE lead_id=?", changed)
    return [lead_id for _, lead_id in changed]


def in_pieces(ids: Sequence[Id], do: Callable[[Sequence[Id]], object], size: int = 20_000) -> None:
    """Call ``do`` with pieces of ``ids`` that fit into one statement."""
    for start in range(0, len(ids), size):
        do(ids[start : start + size])


def rows_in(session: Session, sql: str, ids: Sequence[Id]) -> list[Any]:
    """The rows of a statement with ``:ids``, in pieces."""
    found: list[Any] = []
    wanted = text(sql).bindparams(bindparam("ids", expanding=True))
    in_pieces(ids, lambda some: found.extend(session.connection().execute(wanted, {"ids": list(some)}).all()))
    return found

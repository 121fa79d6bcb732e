"""Whom a deletion is about, and what would go with them: told before anything is deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from ranker.care.erase import own_leads
from ranker.errors import UsageError
from ranker.ingest.keys import email_key, host_of, profile_key
from ranker.store import backups
from ranker.store.engine import Database
from ranker.store.fold import fold, like_as_it_is
from ranker.store.suppressions import in_pieces


@dataclass(frozen=True, slots=True)
class Preview:
    """What to delete: leads, or a company, or an import with or without the leads that only it brought."""

    leads: tuple[int, ...] = ()
    company_id: int | None = None
    batch_id: int | None = None
    with_leads: bool = True

    @classmethod
    def people(cls, lead_ids: Sequence[int]) -> Preview:
        """These leads."""
        return cls(leads=tuple(sorted(set(lead_ids))))

    @classmethod
    def company(cls, company_id: int) -> Preview:
        """A company and everybody there."""
        return cls(company_id=company_id)

    @classmethod
    def of_import(cls, batch_id: int, with_leads: bool) -> Preview:
        """An import."""
        return cls(batch_id=batch_id, with_leads=with_leads)


@dataclass(frozen=True, slots=True)
class Told:
    """What would go. ``files``: kept files that lose rows (or go, with an import); ``companies``: touched."""

    lead_ids: tuple[int, ...]
    companies: int
    assessments: int
    reviews: int
    exports: int
    rows: int
    files: int
    imports: int = 0

    @property
    def words(self) -> str:
        """“1 lead at 1 company, 3 verdicts, 1 export mark, 2 rows of 1 file”; parts that are 0 are left out."""
        parts = [
            _count(self.imports, "import"),
            f"{_count(len(self.lead_ids), 'lead')} at {_count(self.companies, 'company', 'companies')}"
            if self.lead_ids
            else "",
            _count(self.assessments, "verdict"),
            _count(self.reviews, "review"),
            _count(self.exports, "export mark"),
            f"{_count(self.rows, 'row')} of {_count(self.files, 'file')}" if self.rows else "",
        ]
        return ", ".join(part for part in parts if part) or "nothing"

    @property
    def phrase(self) -> str:
        """What a person types to confirm: “delete 1 lead”."""
        what = _count(self.imports, "import") if self.imports else ""
        leads = _count(len(self.lead_ids), "lead")
        return f"delete {f'{what} and {leads}' if what and leads else what or leads}"


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


def tell_before(database: Database, wanted: Preview) -> Told:
    """``preview`` for a page."""
    with database.session() as session:
        return preview(session, wanted)


def preview(session: Session, wanted: Preview) -> Told:
    """What a deletion would take along. Raises ``UsageError`` if there is no such company or import."""
    connection = session.connection()
    ids: Sequence[int] = wanted.leads
    if wanted.company_id is not None:
        found = connection.execute(
            text("SELECT id FROM lead WHERE company_id=:id ORDER BY id"), {"id": wanted.company_id}
        )
        ids = [row[0] for row in found]
        if not ids:
            raise UsageError("This company is not here any more. Search again.")
    if wanted.batch_id is not None:
        key = {"id": wanted.batch_id}
        if connection.execute(text("SELECT 1 FROM import_batch WHERE id=:id"), key).first() is None:
            raise UsageError(f"There is no import {wanted.batch_id}. Choose one from the list.")
        ids = own_leads(session, wanted.batch_id) if wanted.with_leads else ()
    sums = [0] * 6
    for at, sql in enumerate(_SUMS):
        sums[at] = _sum(session, sql, ids)
    there = _there(session, ids)
    if wanted.batch_id is None:
        return Told(tuple(there), sums[0], sums[1], sums[2], sums[3], sums[4], sums[5])
    rows = connection.execute(text("SELECT row_count FROM import_batch WHERE id=:id"), {"id": wanted.batch_id})
    return Told(tuple(there), sums[0], sums[1], sums[2], sums[3], int(rows.scalar_one()), 1, imports=1)


_SUMS = (
    "SELECT count(DISTINCT company_id) FROM lead WHERE id IN :ids",
    "SELECT count(*) FROM assessment WHERE lead_id IN :ids",
    "SELECT count(*) FROM review WHERE lead_id IN :ids",
    "SELECT count(*) FROM export_item WHERE lead_id IN :ids",
    "SELECT count(*) FROM import_row WHERE lead_id IN :ids",
    "SELECT count(DISTINCT batch_id) FROM import_row WHERE lead_id IN :ids",
)


def _sum(session: Session, sql: str, ids: Sequence[int]) -> int:
    counts: list[int] = []
    wanted = text(sql).bindparams(bindparam("ids", expanding=True))
    in_pieces(ids, lambda some: counts.append(session.connection().execute(wanted, {"ids": list(some)}).scalar_one()))
    return sum(counts)


def _there(session: Session, ids: Sequence[int]) -> list[int]:
    found: list[int] = []
    wanted = text("SELECT id FROM lead WHERE id IN :ids ORDER BY id").bindparams(bindparam("ids", expanding=True))
    in_pieces(ids, lambda some: found.extend(session.connection().execute(wanted, {"ids": list(some)}).scalars()))
    return found


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


def count_backups(database: Database) -> int:
    """How many backups a deletion rewrites."""
    return len(backups.list_backups(database))


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}" if number else ""

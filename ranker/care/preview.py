"""Whom a deletion is about, and what would go with them: told before anything is deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from ranker.care.erase import own_leads, people
from ranker.care.labels import labelled_people, labels_of
from ranker.care.prospects import count_sequences, known_by_address, prospects_of
from ranker.errors import UsageError
from ranker.store import backups
from ranker.store.engine import Database
from ranker.store.suppressions import in_pieces


@dataclass(frozen=True, slots=True)
class Preview:
    """What to delete: people, or a company, or an import with or without the leads that only it brought.

    ``labels``: labels (``eval_item.id``) of people who are no lead; the whole person goes, with every label of theirs.
    ``prospects``: people who are no lead, and were written to by their profile's address.
    """

    leads: tuple[int, ...] = ()
    labels: tuple[int, ...] = ()
    prospects: tuple[int, ...] = ()
    company_id: int | None = None
    batch_id: int | None = None
    with_leads: bool = True

    @classmethod
    def people(cls, lead_ids: Sequence[int], labels: Sequence[int] = (), prospects: Sequence[int] = ()) -> Preview:
        """These leads, the people whose labels these are, and prospects who are no lead."""
        leads, marked, alone = (tuple(sorted(set(some))) for some in (lead_ids, labels, prospects))
        return cls(leads=leads, labels=marked, prospects=alone)

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
    """What would go. ``files``: kept files that lose rows (or go, with an import); ``companies``: touched.

    ``labels``: in labelled sets; ``others``: people who are no lead and of whom there are labels; ``addresses``: people
    of whom only a profile's address is known; ``sequences``: written to any of them.
    """

    lead_ids: tuple[int, ...]
    companies: int
    assessments: int
    reviews: int
    exports: int
    rows: int
    files: int
    imports: int = 0
    labels: int = 0
    others: int = 0
    addresses: int = 0
    sequences: int = 0

    @property
    def words(self) -> str:
        """“1 lead at 1 company, 3 verdicts, 1 export mark, 2 rows of 1 file”; parts that are 0 are left out."""
        parts = [
            _count(self.imports, "import"),
            f"{_count(len(self.lead_ids), 'lead')} at {_count(self.companies, 'company', 'companies')}"
            if self.lead_ids
            else "",
            _count(self.others, "labelled person who is no lead", "labelled people who are no leads"),
            _count(self.addresses, "person known by profile only", "people known by profile only"),
            _count(self.assessments, "verdict"),
            _count(self.reviews, "review"),
            _count(self.exports, "export mark"),
            _count(self.labels, "label"),
            _count(self.sequences, "sequence of messages", "sequences of messages"),
            f"{_count(self.rows, 'row')} of {_count(self.files, 'file')}" if self.rows else "",
        ]
        return ", ".join(part for part in parts if part) or "nothing"

    @property
    def phrase(self) -> str:
        """What a person types to confirm: “delete 1 lead”."""
        what = _count(self.imports, "import") if self.imports else ""
        others = _count(self.others + self.addresses, "person", "people")
        parts = [what, _count(len(self.lead_ids), "lead"), others]
        return f"delete {' and '.join(part for part in parts if part)}"


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
        others = labelled_people(session, wanted.labels)
        alone = known_by_address(session, wanted.prospects)
        every = [*people(session, there), *others, *alone]
        labels = len(labels_of(session, there, every))
        sequences = count_sequences(session, prospects_of(session, every))
        return Told(
            tuple(there), sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], labels=labels, others=len(others),
            addresses=len(alone), sequences=sequences,
        )  # fmt: skip
    labels = len(labels_of(session, there))
    own = [replace(one, url="") for one in people(session, there)]
    sequences = count_sequences(session, prospects_of(session, own))
    rows = connection.execute(text("SELECT row_count FROM import_batch WHERE id=:id"), {"id": wanted.batch_id})
    return Told(
        tuple(there), sums[0], sums[1], sums[2], sums[3], int(rows.scalar_one()), 1, 1, labels, sequences=sequences
    )


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


def count_backups(database: Database) -> int:
    """How many backups a deletion rewrites."""
    return len(backups.list_backups(database))


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}" if number else ""

"""Deleting people, a company or an import: found, shown in advance, done, and let in again.

A person is gone from every table, kept file and backup; a tombstone (keyed hashes, no text) keeps a later import
and a restore from bringing them back unnoticed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.care.alone import alone
from ranker.care.apply import ALONE, WITH_LEADS, import_key
from ranker.care.erase import erase_import, erase_people, keys_of, people
from ranker.care.labels import labelled_people
from ranker.care.preview import Preview, preview
from ranker.care.prospects import known_by_address
from ranker.care.wipe import wipe
from ranker.errors import UsageError
from ranker.events import tell
from ranker.ingest.keys import email_key, profile_key
from ranker.ingest.mentions import Person
from ranker.store import run_queries
from ranker.store.engine import Database
from ranker.store.fold import fold
from ranker.store.tombstones import Tombstone, bury, load, remove
from ranker.store.traces import is_pending, mark


@dataclass(frozen=True, slots=True)
class Deleted:
    """What went. ``clean``: False while another window keeps traces in the file; ``finish`` removes them.

    ``others``: people who were no lead; ``labels``: in labelled sets; ``sequences``: of messages to them.
    """

    leads: int
    companies: int
    clean: bool
    others: int = 0
    labels: int = 0
    sequences: int = 0

    @property
    def words(self) -> str:
        """“1 lead”, “1 lead, 2 labels”, “1 person who was no lead, 1 label”."""
        parts = [(self.leads, "lead", "leads"), (self.others, "person who was no lead", "people who were no leads")]
        parts.append((self.labels, "label", "labels"))
        parts.append((self.sequences, "sequence of messages", "sequences of messages"))
        said = [f"{number:,} {one if number == 1 else many}" for number, one, many in parts if number]
        return ", ".join(said) or "0 leads"


def delete(database: Database, wanted: Preview, who: str = "") -> Deleted:
    """Delete what a preview was told of. Raises ``UsageError`` as the others do."""
    if wanted.batch_id is not None:
        return delete_import(database, wanted.batch_id, leads=wanted.with_leads, who=who)
    if wanted.company_id is not None:
        return delete_company(database, wanted.company_id, who)
    return delete_people(database, wanted.leads, who, labels=wanted.labels, prospects=wanted.prospects)


def delete_people(
    database: Database,
    lead_ids: Sequence[int],
    who: str = "",
    *,
    labels: Sequence[int] = (),
    prospects: Sequence[int] = (),
) -> Deleted:
    """Delete people at their own request; those who are no lead by a label of theirs, or by their prospect.

    Raises ``UsageError`` if nobody is left to delete, or an import runs.
    """
    return _delete(database, Preview.people(lead_ids, labels, prospects), "request", who)


def delete_company(database: Database, company_id: int, who: str = "") -> Deleted:
    """Delete a company with everybody there. Raises ``UsageError`` as ``delete_people`` does."""
    return _delete(database, Preview.company(company_id), "company", who)


def delete_import(database: Database, batch_id: int, *, leads: bool = True, who: str = "") -> Deleted:
    """Delete an import: its original file and rows and, with ``leads``, everybody whom only it brought.

    A restore does not bring it back. The same file may be uploaded again: who that brings is nobody who asked to
    be deleted. Raises ``UsageError`` if there is no such import, or one is under way.
    """
    return _delete(database, Preview.of_import(batch_id, leads), "import", who)


def _delete(database: Database, wanted: Preview, why: str, who: str) -> Deleted:
    with alone(database):
        if run_queries.active_runs(database, "import"):
            raise UsageError("An import is under way. Wait until it is done, or cancel it, then delete.")
        with database.write() as session:
            told = preview(session, wanted)
            gone = people(session, told.lead_ids)
            others = [*labelled_people(session, wanted.labels), *known_by_address(session, wanted.prospects)]
            if not gone and not others and wanted.batch_id is None:
                raise UsageError("There is nobody to delete here any more. Search again.")
            also = _erase(session, wanted, gone, others, why, who)
            mark(session, pending=True)
        clean = wipe(database, also)
    tell("deletion.done", leads=len(gone), others=len(others), companies=told.companies, why=why, clean=clean)
    return Deleted(len(gone), told.companies, clean, len(others), told.labels, told.sequences)


def _erase(
    session: Session, wanted: Preview, gone: Sequence[Person], others: Sequence[Person], why: str, who: str
) -> dict[Person, str]:
    """Bury and erase; who was deleted and the sentence that stands in for their rows."""
    if wanted.batch_id is not None:
        row = session.connection().execute(
            text("SELECT id, staged_at, file_name FROM import_batch WHERE id=:id"), {"id": wanted.batch_id}
        )
        kind = WITH_LEADS if wanted.with_leads else ALONE
        stones = bury(session, [{kind: [import_key(*row.one())]}], why, who)
        said = dict.fromkeys((person.id for person in gone), stones[0].sentence)
        erase_people(session, said, everywhere=False)
        erase_import(session, wanted.batch_id)
        return {}
    stones = bury(session, [keys_of(person) for person in (*gone, *others)], why, who)
    every = dict.fromkeys((*gone, *others), stones[0].sentence)
    erase_people(session, {one.id: every[one] for one in gone}, also={one: every[one] for one in others})
    return every


def finish(database: Database) -> bool:
    """Remove the traces of an earlier deletion that could not go at once; False if they still can't."""
    with alone(database):
        return wipe(database)


def finish_if_pending(database: Database) -> None:
    """At the start of the app: remove traces that a crash, a busy window or a repeated file left behind."""
    if is_pending(database):
        finish(database)


def find_deleted(database: Database, who: str) -> Tombstone | None:
    """The tombstone of somebody by email, profile or name; None if nobody like that was deleted."""
    keys = {
        "url": [f"url:{profile}"] if (profile := profile_key(who)) else [],
        "email": [f"email:{address}"] if (address := email_key(who)) else [],
        "look": [f"look:{fold(who)}"],
    }
    with database.session() as session:
        return load(session).find(keys, lookup=True)


def let_in(database: Database, who: str) -> Tombstone:
    """Let a deleted person in again: from now on an import may bring them. Raises ``UsageError`` if there is none."""
    found = find_deleted(database, who)
    if found is None:
        raise UsageError(
            f"Nobody called “{who.strip()}” was deleted here. Write the email, the profile or the whole name."
        )
    with database.write() as session:
        remove(session, found.person)
    tell("deletion.let_in", why=found.why)
    return found


def count_deleted(database: Database) -> int:
    """How many people are kept from coming back."""
    with database.session() as session:
        found = session.connection().execute(
            text("SELECT count(DISTINCT person) FROM tombstone WHERE kind NOT IN (:alone, :leads)"),
            {"alone": ALONE, "leads": WITH_LEADS},
        )
        return int(found.scalar_one())

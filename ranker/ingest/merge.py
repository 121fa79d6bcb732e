"""A checked import becomes leads and companies: in one transaction, all of it or nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pydantic_core import from_json
from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.errors import UsageError
from ranker.ingest import undo_log
from ranker.ingest.check import check, fixes_of, is_current
from ranker.ingest.fields import FieldReader
from ranker.ingest.keys import host_of, name_key
from ranker.ingest.pause import no_cycles
from ranker.ingest.prospect_links import link_prospects
from ranker.ingest.staged import StagedImport, clear, load_import
from ranker.ingest.write_leads import LeadWriter
from ranker.personas.sizes import SizeRange, read_size
from ranker.store import bulk, currents, suppressions
from ranker.store.clock import now
from ranker.store.counter import leads_changed
from ranker.store.engine import Database

_ATTEMPTS = 5
_COMPANY = (
    "key", "name", "name_key", "domain", "size", "size_low", "size_high", "industry", "created_at", "updated_at",
)  # fmt: skip
_LINK = text(
    "UPDATE import_row SET lead_id=l.id FROM lead AS l WHERE l.id>:before "
    "AND import_row.batch_id=:id AND import_row.number=l.row_number"
)
_LINK_REPEATED = text(
    "UPDATE import_row SET lead_id=(SELECT f.lead_id FROM import_row AS f WHERE f.batch_id=:id "
    "AND f.number=import_row.first_number) WHERE batch_id=:id AND outcome='repeated'"
)
_DROP_EMPTY = "DELETE FROM company WHERE id=? AND NOT EXISTS (SELECT 1 FROM lead WHERE lead.company_id=company.id)"
"""A company whose last lead moved to another one would be counted as one with nobody to contact."""


def commit(database: Database, batch_id: int) -> StagedImport:
    """Write the import to the leads, and keep every row with what became of it.

    If leads have changed since the check, it is checked again first. An import that is done is given back as
    it is, so a commit can be repeated. Raises ``UsageError`` for one that was cancelled.
    """
    for _ in range(_ATTEMPTS):
        staged = check(database, batch_id)
        if staged.state == "done":
            return staged
        if staged.state != "checked":
            raise UsageError(f"The import of “{staged.file_name}” is {staged.state}. Upload the file again.")
        with database.write() as session:
            state = load_import(session, batch_id).state
            if state == "done":
                return load_import(session, batch_id)
            if state == "checked" and is_current(session, batch_id):
                with no_cycles():
                    _merge(session, batch_id)
                return load_import(session, batch_id)
    raise UsageError("The leads kept changing while this import was written. Try again in a moment.")


def _merge(session: Session, batch_id: int) -> None:
    connection, at = session.connection(), now()
    key = {"id": batch_id, "at": at}
    undo_log.begin(session, batch_id)
    companies = _write_companies(session, batch_id, at)
    before = connection.execute(text("SELECT coalesce(max(id), 0) FROM lead")).scalar_one()
    headers = connection.execute(text("SELECT headers FROM import_batch WHERE id=:id"), key).scalar_one()
    reader = FieldReader(len(json.loads(headers)), load_import(session, batch_id).mapping, fixes_of(session, batch_id))
    writer = LeadWriter(session, batch_id, reader, companies, at)
    writer.write_all()
    clear(session, batch_id, ("import_stage",))
    if writer.added:
        connection.execute(_LINK, {**key, "before": before})
        connection.execute(_LINK_REPEATED, key)
    if writer.added or writer.changed:
        suppressions.refresh(session, writer.changed, before)
        currents.refresh(session, writer.changed)
        link_prospects(session)
        undo_log.companies_left(session, batch_id, sorted(writer.left))
        bulk.many(session, _DROP_EMPTY, [(company,) for company in sorted(writer.left)])
        leads_changed(session)
    connection.execute(
        text(
            "INSERT INTO header_mapping (fingerprint, mapping, used_at) "
            "SELECT fingerprint, mapping, :at FROM import_batch WHERE id=:id "
            "ON CONFLICT (fingerprint) DO UPDATE SET mapping=excluded.mapping, used_at=excluded.used_at"
        ),
        key,
    )
    connection.execute(text("UPDATE import_batch SET state='done', token='', done_at=:at WHERE id=:id"), key)


def _write_companies(session: Session, batch_id: int, at: str) -> dict[str, int]:
    """Add and update the companies of new and changed rows; key → number.

    The first row that says something about a company speaks for it.
    """
    said: dict[str, Sequence[str]] = {}
    told = text("SELECT companies FROM import_stage WHERE batch_id=:id ORDER BY first_number")
    for (companies,) in session.connection().execute(told, {"id": batch_id}):
        said.update(from_json(companies))  # a later word on a company holds what was said before
    undo_log.companies(session, batch_id, list(said))
    sizes: dict[str, SizeRange | None] = {}
    rows = []
    for key, (name, _, size, industry) in said.items():
        if size not in sizes:
            sizes[size] = read_size(size)
        parsed = sizes[size]
        low, high = (parsed.low, parsed.high) if parsed else (None, None)
        own = key if host_of(key) == key else ""  # a row may name a shared host, such as a mail provider's
        rows.append((key, name, name_key(name), own, size, low, high, industry, at, at))
    differs = " OR ".join(
        f"(excluded.{name}<>'' AND excluded.{name}<>company.{name})" for name in ("name", "domain", "size", "industry")
    )
    said_else_kept = "{0}=CASE WHEN excluded.{1}<>'' THEN excluded.{0} ELSE company.{0} END"
    sets = [said_else_kept.format(name, name) for name in ("domain", "size", "industry")]
    sets += [said_else_kept.format(name, "size") for name in ("size_low", "size_high")]
    update = f"name=excluded.name, name_key=excluded.name_key, {', '.join(sets)}, updated_at=excluded.updated_at"
    bulk.upsert(session, "company", _COMPANY, ("key",), rows, f"{update} WHERE {differs}")
    return {key: row[1] for key, row in bulk.by_key(session, "company", ("key", "id"), list(said)).items()}

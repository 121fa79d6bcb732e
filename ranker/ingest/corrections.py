"""A title or a size put right in place: in a staged file before its commit, in a lead after it."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from ranker.errors import UsageError
from ranker.ingest.check import check, fixes_of
from ranker.ingest.fields import FIELDS
from ranker.ingest.keys import input_hash
from ranker.ingest.prospect_links import link_prospects
from ranker.ingest.staged import StagedImport, load_import
from ranker.ingest.staged_row import json_text
from ranker.personas.sizes import read_size
from ranker.store import bulk, currents, suppressions
from ranker.store.clock import now
from ranker.store.counter import leads_changed
from ranker.store.engine import Database
from ranker.store.suppressions import in_pieces
from ranker.titles.shifted import problem_of

FIXABLE = ("title", "size", "company_name", "domain")
"""What can be put right in a staged row."""
EDITABLE = tuple(name for name in FIELDS if name not in {"company_name", "domain", "source_id"})
"""What can be put right in a lead."""


@dataclass(frozen=True, slots=True)
class Fix:
    """One cell of a staged row put right: the row's number, a field of ``FIXABLE``, what belongs there."""

    number: int
    field: str
    value: str


def fix_cells(database: Database, batch_id: int, fixes: Sequence[Fix]) -> StagedImport:
    """Put cells of staged rows right, all of them or none, and check the file again: once, however many they are.

    The file's own cells are kept: a later file that still says the same does not undo a correction. Of two for
    one cell the later counts. Raises ``UsageError`` for another field, a blank company, a size that is none, a
    row that is not there, or an import that is done.
    """
    for fix in fixes:
        if fix.field not in FIXABLE:
            raise UsageError(f"“{fix.field}” can't be changed here. Choose one of: {', '.join(FIXABLE)}.")
        try:
            _check_value(fix.field, fix.value)
        except UsageError as error:
            raise UsageError(f"Row {fix.number}: {error}") from None
    with database.write() as session:
        staged = load_import(session, batch_id)
        if staged.state not in {"staged", "checked"}:
            raise UsageError(f"This import is {staged.state}. Change the lead instead.")
        unknown = _unknown_rows(session, batch_id, {fix.number for fix in fixes})
        if unknown:
            raise UsageError(f"The file has no row {unknown[0]}, or was not checked yet.")
        known = fixes_of(session, batch_id)
        for fix in fixes:
            known.setdefault(fix.number, {})[fix.field] = fix.value.strip()
        if fixes:
            session.connection().execute(
                text("UPDATE import_batch SET fixes=:fixes, state='staged', token='' WHERE id=:id"),
                {"id": batch_id, "fixes": json_text({str(row): known[row] for row in sorted(known)})},
            )
    return check(database, batch_id)


def _unknown_rows(session: Session, batch_id: int, numbers: Collection[int]) -> list[int]:
    wanted = text("SELECT number FROM import_row WHERE batch_id=:id AND number IN :numbers").bindparams(
        bindparam("numbers", expanding=True)
    )
    missing = set(numbers)

    def look(piece: Sequence[int]) -> None:
        found = session.connection().execute(wanted, {"id": batch_id, "numbers": list(piece)})
        missing.difference_update(row[0] for row in found)

    in_pieces(sorted(numbers), look)
    return sorted(missing)


def update_lead(database: Database, lead_id: int, field: str, value: str) -> int:
    """Put one field of a lead right (``field`` is one of ``EDITABLE``); the number of leads that changed.

    A size is the company's: it changes for every lead of the company. Raises ``UsageError``.
    """
    if field not in EDITABLE:
        raise UsageError(f"“{field}” can't be changed here. Choose one of: {', '.join(EDITABLE)}.")
    value = value.strip()
    _check_value(field, value)
    with database.write() as session:
        connection = session.connection()
        company = connection.execute(text("SELECT company_id FROM lead WHERE id=:id"), {"id": lead_id}).scalar()
        if company is None:
            raise UsageError(f"There is no lead {lead_id} any more. Go back to the list.")
        condition = "company_id=:company" if field == "size" else "id=:lead"
        names = ("id", "edits", "title", "company_name", "size", "domain", field)
        rows = connection.execute(
            text(f"SELECT {', '.join(names)} FROM lead WHERE {condition} ORDER BY id"),
            {"company": company, "lead": lead_id},
        ).fetchall()
        if field == "size":
            _set_company_size(session, company, value)
        changed = []
        for lead, edits, title, name, size, domain, old in rows:
            if old == value:
                continue
            kept = {field: old, **json.loads(edits)}
            new_title, new_size = (value if field == "title" else title), (value if field == "size" else size)
            digest = input_hash(new_title, name, new_size, domain)
            problem = problem_of(new_title) or ("size" if new_size and read_size(new_size) is None else "")
            changed.append((value, json_text(kept), digest, problem, now(), lead))
        bulk.many(
            session, f"UPDATE lead SET {field}=?, edits=?, input_hash=?, problem=?, updated_at=? WHERE id=?", changed
        )
        # a person said so, also where it said so already: an undo of an import must not take it away
        bulk.many(session, "UPDATE lead SET edited=edited+1 WHERE id=?", [(row[0],) for row in rows])
        if changed or field == "size":
            touched = [row[0] for row in rows]
            suppressions.refresh(session, touched)
            currents.refresh(session, touched)
            leads_changed(session)
        if changed and field == "linkedin_url":
            link_prospects(session)
        return len(changed)


def _check_value(field: str, value: str) -> None:
    text_ = value.strip()
    if field == "company_name" and not text_:
        raise UsageError("A lead needs a company.")
    if field == "size" and text_ and read_size(text_) is None:
        raise UsageError(f"“{text_}” is no number of people. Write it as 51-200, 1,001+ or 35.")


def _set_company_size(session: Session, company_id: int, value: str) -> None:
    size = read_size(value)
    session.connection().execute(
        text("UPDATE company SET size=:size, size_low=:low, size_high=:high, updated_at=:at WHERE id=:id"),
        {
            "size": value,
            "low": size.low if size else None,
            "high": size.high if size else None,
            "at": now(),
            "id": company_id,
        },
    )

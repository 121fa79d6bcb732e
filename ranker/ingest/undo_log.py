"""What a commit writes down so that it can be undone: leads and companies as they were, and how far things were."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from ranker.ingest.fields import FIELDS
from ranker.store import bulk
from ranker.store.suppressions import in_pieces

KEPT = (*FIELDS, "extra", "edits", "edited", "input_hash", "problem", "row_number", "updated_at")
"""Columns of a lead that an undo puts back, beside company and batch."""
COMPANY = (
    "key", "name", "name_key", "domain", "size", "size_low", "size_high", "industry", "created_at", "updated_at",
)  # fmt: skip

_LEADS = text(
    f"INSERT INTO import_lead_before (batch_id, lead_id, company_key, prior_batch, {', '.join(KEPT)}) "
    f"SELECT :batch, l.id, c.key, l.batch_id, {', '.join(f'l.{name}' for name in KEPT)} "
    "FROM lead AS l JOIN company AS c ON c.id=l.company_id WHERE l.id IN :ids"
).bindparams(bindparam("ids", expanding=True))
_COMPANIES = (
    f"INSERT INTO import_company_before (batch_id, {', '.join(COMPANY)}) "
    f"SELECT :batch, {', '.join(COMPANY)} FROM company WHERE {{column}} IN :values "
    "ON CONFLICT (batch_id, key) DO NOTHING"
)
_BY_KEY = text(_COMPANIES.format(column="key")).bindparams(bindparam("values", expanding=True))
_BY_ID = text(_COMPANIES.format(column="id")).bindparams(bindparam("values", expanding=True))


def begin(session: Session, batch_id: int) -> None:
    """Write down how far reviews, exports, runs, companies and sequences are, and these headers' mapping."""
    connection = session.connection()
    marks = {
        name: connection.execute(text(f"SELECT coalesce(max(id), 0) FROM {name}")).scalar_one()
        for name in ("review", "export", "run", "company", "sequence")
    }
    mapping = connection.execute(
        text(
            "SELECT h.mapping FROM header_mapping AS h JOIN import_batch AS b ON b.fingerprint=h.fingerprint "
            "WHERE b.id=:id"
        ),
        {"id": batch_id},
    ).scalar()
    connection.execute(
        text("UPDATE import_batch SET undo=:undo WHERE id=:id"),
        {"id": batch_id, "undo": json.dumps({**marks, "mapping": mapping})},
    )


def leads(session: Session, batch_id: int, lead_ids: Sequence[int]) -> None:
    """Keep these leads as they are now."""
    in_pieces(lead_ids, lambda ids: session.connection().execute(_LEADS, {"batch": batch_id, "ids": list(ids)}))


def companies(session: Session, batch_id: int, keys: Sequence[str]) -> None:
    """Keep those of these companies that are there, as they are now."""
    in_pieces(keys, lambda some: session.connection().execute(_BY_KEY, {"batch": batch_id, "values": list(some)}))


def companies_left(session: Session, batch_id: int, ids: Sequence[int]) -> None:
    """Keep companies that may lose their last lead, as they are now."""
    in_pieces(ids, lambda some: session.connection().execute(_BY_ID, {"batch": batch_id, "values": list(some)}))


def restore_companies(session: Session, batch_id: int, keys: Sequence[str]) -> None:
    """Put these companies back as they were: values if they are there, else the company with a number of its own."""
    names = [name for name in COMPANY if name != "key"]
    rows = session.connection().execute(
        text(f"SELECT {', '.join(COMPANY)} FROM import_company_before WHERE batch_id=:batch"), {"batch": batch_id}
    )
    wanted = set(keys)
    before = [tuple(row) for row in rows if row[0] in wanted]
    bulk.upsert(session, "company", ("key", *names), ("key",), before)


def forget(session: Session, batch_id: int) -> None:
    """Remove what was written down; it is of no use any more."""
    for table in ("import_lead_before", "import_company_before"):
        session.connection().execute(text(f"DELETE FROM {table} WHERE batch_id=:id"), {"id": batch_id})

"""An import is taken back: who was new goes, who was changed is as before, and what was touched since stays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from ranker.errors import UsageError
from ranker.ingest import undo_log
from ranker.ingest.prospect_links import unlink_prospects
from ranker.ingest.undo_plan import UndoPlan, load_plan
from ranker.store import bulk, currents, suppressions
from ranker.store.clock import now
from ranker.store.counter import leads_changed
from ranker.store.engine import Database
from ranker.store.imports import forget_gone_leads
from ranker.store.suppressions import in_pieces


def undo(database: Database, batch_id: int) -> UndoPlan:
    """Take an import back but for what was edited, overruled, exported, written to or imported again since.

    Gives what was done. The file and its rows stay in the list, so that it can be processed again. Raises
    ``UsageError`` as ``plan_undo`` does, and while a run is at work.
    """
    with database.write() as session:
        plan = load_plan(session, batch_id)
        busy = session.connection().execute(text("SELECT 1 FROM run WHERE state IN ('queued', 'running')"))
        if busy.first() is not None:
            raise UsageError("A run is at work on the leads. Wait until it is done, or cancel it, then undo.")
        _undo(session, plan)
    return plan


def _undo(session: Session, plan: UndoPlan) -> None:
    connection, batch = session.connection(), {"id": plan.batch_id}
    touched = _companies_of(session, (*plan.remove, *plan.restore))
    undo_log.restore_companies(session, plan.batch_id, plan.company_keys)
    touched |= _column(session, "SELECT id FROM company WHERE key IN :some", plan.company_keys)
    if plan.restore:
        _restore_leads(session, plan)
        touched |= _companies_of(session, plan.restore)
    _remove_leads(session, plan.remove)
    bulk.many(
        session,
        "DELETE FROM company WHERE id=? AND NOT EXISTS (SELECT 1 FROM lead WHERE lead.company_id=company.id)",
        [(company,) for company in sorted(touched)],
    )
    other = "SELECT l.id FROM lead AS l JOIN company AS c ON c.id=l.company_id WHERE c.key IN :some"
    moved = sorted(_column(session, other, plan.company_keys) | set(plan.restore))
    suppressions.refresh(session, moved)
    currents.refresh(session, moved)
    currents.rank_companies(session, sorted(touched))
    _restore_mapping(session, plan)
    undo_log.forget(session, plan.batch_id)
    connection.execute(
        text("UPDATE import_batch SET state='undone', undo='{}', undone_at=:at WHERE id=:id"), {**batch, "at": now()}
    )
    leads_changed(session)


def _restore_leads(session: Session, plan: UndoPlan) -> None:
    """Put fields, company and origin back; a verdict that was given since on other inputs is not theirs any more."""
    sets = ", ".join(f"{name}=p.{name}" for name in undo_log.KEPT)
    put_back = text(
        f"UPDATE lead SET {sets}, company_id=c.id, batch_id=p.prior_batch "
        "FROM import_lead_before AS p JOIN company AS c ON c.key=p.company_key "
        "WHERE p.batch_id=:batch AND p.lead_id=lead.id AND lead.id IN :ids"
    ).bindparams(bindparam("ids", expanding=True))
    stale = text(
        "SELECT k.lead_id, (SELECT max(a.run_id) FROM assessment AS a JOIN run AS r ON r.id=a.run_id "
        "AND r.state='done' WHERE a.lead_id=k.lead_id AND a.input_hash=l.input_hash) "
        "FROM current_assessment AS k JOIN lead AS l ON l.id=k.lead_id "
        "WHERE k.run_id>:run AND k.input_hash<>l.input_hash AND k.lead_id IN :ids"
    ).bindparams(bindparam("ids", expanding=True))

    def restore(ids: Sequence[int]) -> None:
        connection = session.connection()
        connection.execute(put_back, {"batch": plan.batch_id, "ids": list(ids)})
        found = connection.execute(stale, {"run": plan.marks["run"], "ids": list(ids)}).fetchall()
        judged = [(run, lead) for lead, run in found if run is not None]
        bulk.many(session, "UPDATE current_assessment SET run_id=? WHERE lead_id=?", judged)
        never = [(lead,) for lead, run in found if run is None]
        bulk.many(session, "DELETE FROM current_assessment WHERE lead_id=?", never)

    in_pieces(plan.restore, restore)


def _remove_leads(session: Session, lead_ids: Sequence[int]) -> None:
    """Remove leads with everything that was said of them; the rows of files only forget whom they were about."""
    if not lead_ids:
        return
    unlink_prospects(session, lead_ids)
    delete = text("DELETE FROM lead WHERE id IN :ids").bindparams(bindparam("ids", expanding=True))
    in_pieces(lead_ids, lambda ids: session.connection().execute(delete, {"ids": list(ids)}))
    forget_gone_leads(session)


def _companies_of(session: Session, lead_ids: Sequence[int]) -> set[int]:
    return _column(session, "SELECT DISTINCT company_id FROM lead WHERE id IN :some", lead_ids)


def _column(session: Session, sql: str, some: Sequence[Any]) -> set[Any]:
    found: set[Any] = set()
    wanted = text(sql).bindparams(bindparam("some", expanding=True))
    in_pieces(
        some,
        lambda ids: found.update(row[0] for row in session.connection().execute(wanted, {"some": list(ids)})),
    )
    return found


def _restore_mapping(session: Session, plan: UndoPlan) -> None:
    """What was remembered for these headers, unless a later file with them was imported."""
    connection = session.connection()
    row = connection.execute(
        text("SELECT fingerprint, leads_version FROM import_batch WHERE id=:id"), {"id": plan.batch_id}
    )
    fingerprint, version = row.one()
    later = connection.execute(
        text(
            "SELECT 1 FROM import_batch WHERE fingerprint=:print AND state='done' AND id<>:id "
            "AND (leads_version>:version OR leads_version=:version AND done_at>=(SELECT done_at FROM import_batch "
            "WHERE id=:id) AND id>:id)"
        ),
        {"print": fingerprint, "id": plan.batch_id, "version": version},
    )
    if later.first() is not None:
        return
    if plan.marks["mapping"] is None:
        connection.execute(text("DELETE FROM header_mapping WHERE fingerprint=:print"), {"print": fingerprint})
        return
    connection.execute(
        text("UPDATE header_mapping SET mapping=:mapping WHERE fingerprint=:print"),
        {"mapping": plan.marks["mapping"], "print": fingerprint},
    )

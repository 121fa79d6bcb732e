"""What undoing an import would do: whom it removes, whom it puts back, and whom it leaves alone, with the reason."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.errors import UsageError
from ranker.ingest.keys import name_key
from ranker.ingest.staged import load_import
from ranker.store.engine import Database

EDITED = "A field was put right since."
OVERRULED = "Somebody said in or out since."
EXPORTED = "Exported since."
WRITTEN = "Messages were written to them since."


@dataclass(frozen=True, slots=True)
class KeptLead:
    """A lead that stays as it is."""

    lead_id: int
    row: int
    name: str
    title: str
    company: str
    reason: str


@dataclass(frozen=True, slots=True)
class KeptCompany:
    """A company that keeps what the import said about it."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class UndoPlan:
    """Lead numbers to remove (they were new) and to restore (they were changed); what stays, and why."""

    batch_id: int
    file_name: str
    remove: tuple[int, ...]
    restore: tuple[int, ...]
    kept: tuple[KeptLead, ...]
    kept_companies: tuple[KeptCompany, ...]
    marks: dict[str, Any]
    company_keys: tuple[str, ...]
    """Companies whose former values come back."""

    @property
    def whole(self) -> bool:
        """Whether nothing of the import stays."""
        return not self.kept and not self.kept_companies


_TOUCHED = text(
    "SELECT r.lead_id, r.outcome, r.number, l.full_name, l.title, l.company_name, l.company_id, l.batch_id, l.edited, "
    "coalesce(p.edited, 0), "
    "CASE WHEN EXISTS (SELECT 1 FROM review AS v WHERE v.lead_id=l.id AND v.id>:review) THEN 1 ELSE 0 END, "
    "CASE WHEN EXISTS (SELECT 1 FROM export_item AS e WHERE e.lead_id=l.id AND e.export_id>:export) THEN 1 ELSE 0 END, "
    "CASE WHEN EXISTS (SELECT 1 FROM prospect AS q JOIN sequence AS s ON s.prospect_id=q.id "
    "WHERE q.lead_id=l.id AND s.id>:sequence) THEN 1 ELSE 0 END "
    "FROM import_row AS r JOIN lead AS l ON l.id=r.lead_id "
    "LEFT JOIN import_lead_before AS p ON p.batch_id=r.batch_id AND p.lead_id=r.lead_id "
    "WHERE r.batch_id=:id AND r.outcome IN ('new', 'changed') ORDER BY r.number"
)
_LATER_FILES = (
    "FROM import_row AS r JOIN import_batch AS b ON b.id=r.batch_id "
    "WHERE b.state='done' AND b.id<>:id AND b.leads_version>(SELECT leads_version FROM import_batch WHERE id=:id)"
)
_LATER_LEADS = _LATER_FILES.replace("WHERE", "JOIN lead AS l ON l.id=r.lead_id WHERE", 1)
"""Versions of the leads grow with each change, so a later check of an import saw a higher one."""


def plan_undo(database: Database, batch_id: int) -> UndoPlan:
    """What an undo would do now. Raises ``UsageError`` for an import that is not done, or was done before undo was."""
    with database.session() as session:
        return load_plan(session, batch_id)


def load_plan(session: Session, batch_id: int) -> UndoPlan:
    """``plan_undo`` within a transaction."""
    staged = load_import(session, batch_id)
    if staged.state != "done":
        raise UsageError(f"The import of “{staged.file_name}” is {staged.state}; only one that is done can be undone.")
    connection = session.connection()
    marks = json.loads(
        connection.execute(text("SELECT undo FROM import_batch WHERE id=:id"), {"id": batch_id}).scalar_one()
    )
    if not marks:
        raise UsageError("This file was imported before imports could be undone; nothing was kept to go back to.")
    found = connection.execute(
        text(f"SELECT r.lead_id, b.file_name {_LATER_FILES} AND r.lead_id IS NOT NULL ORDER BY b.id"), {"id": batch_id}
    )
    later: dict[int, str] = {row[0]: row[1] for row in found}
    remove, restore, kept = list[int](), list[int](), list[KeptLead]()
    kept_at, free_at, names = set[int](), set[int](), set[str]()
    since = {"review": marks["review"], "export": marks["export"], "sequence": marks.get("sequence", 0)}
    rows = connection.execute(_TOUCHED, {"id": batch_id, **since})
    for lead_id, outcome, number, name, title, company, company_id, owner, edited, before, *touched in rows:
        overruled, exported, written = touched
        reasons = [
            *([EDITED] if edited != before else []),
            *([OVERRULED] if overruled else []),
            *([EXPORTED] if exported else []),
            *([WRITTEN] if written else []),
            *([f"Also in a later file, “{later[lead_id]}”: undo that first."] if lead_id in later else []),
        ]
        if not reasons and owner != batch_id:
            reasons = ["Changed by another file since."]
        if reasons:
            kept.append(KeptLead(lead_id, number, name, title, company, " ".join(reasons)))
            kept_at.add(company_id)
        else:
            (remove if outcome == "new" else restore).append(lead_id)
            free_at.add(company_id)
            names.add(name_key(company))
    companies = _Companies(session, batch_id, kept_at)
    return UndoPlan(
        batch_id,
        staged.file_name,
        tuple(remove),
        tuple(restore),
        tuple(kept),
        (*companies.kept(free_at, marks["company"]), *companies.named(names)),
        marks,
        tuple(companies.back),
    )


class _Companies:
    """What an undo does to companies."""

    def __init__(self, session: Session, batch_id: int, kept_at: set[int]) -> None:
        self._session, self._batch_id, self._kept_at = session, batch_id, kept_at
        self.back: list[str] = []

    def kept(self, free_at: set[int], newest: int) -> list[KeptCompany]:
        """Companies that a later file speaks about; those whose values come back are put into ``back``.

        ``free_at``: where the leads are that go or come back; ``newest``: the last company before the import.
        """
        connection = self._session.connection()
        later = {
            row[0]: row[1]
            for row in connection.execute(
                text(
                    f"SELECT l.company_id, min(b.file_name) {_LATER_LEADS} AND r.outcome IN ('new', 'changed') "
                    "GROUP BY l.company_id"
                ),
                {"id": self._batch_id},
            )
        }
        found: list[KeptCompany] = []
        rows = connection.execute(
            text(
                "SELECT p.key, c.id, c.name, CASE WHEN p.name<>c.name OR p.domain<>c.domain OR p.size<>c.size "
                "OR p.industry<>c.industry THEN 1 ELSE 0 END FROM import_company_before AS p "
                "LEFT JOIN company AS c ON c.key=p.key WHERE p.batch_id=:id ORDER BY p.key"
            ),
            {"id": self._batch_id},
        )
        for key, number, name, differs in rows:
            if number is None:
                self.back.append(key)
            elif differs and number in later:
                found.append(KeptCompany(name, f"“{later[number]}”, a later file, speaks about it."))
            elif differs and number not in self._kept_at:
                self.back.append(key)
        names = text("SELECT id, name FROM company WHERE id>:newest ORDER BY id")
        found += [
            KeptCompany(name, f"“{later[number]}”, a later file, has people there.")
            for number, name in connection.execute(names, {"newest": newest})
            if number in later and number in free_at - self._kept_at
        ]
        return found

    def named(self, names: set[str]) -> list[KeptCompany]:
        """Companies that later files name without web address: this import had a say in which company was meant."""
        rows = self._session.connection().execute(
            text(f"SELECT DISTINCT l.company_name {_LATER_LEADS} AND r.outcome IN ('new', 'changed') AND l.domain=''"),
            {"id": self._batch_id},
        )
        return [
            KeptCompany(name, "A later file names it without web address; its people stay where they are.")
            for (name,) in rows
            if name_key(name) in names
        ]

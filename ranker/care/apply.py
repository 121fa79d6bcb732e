"""Tombstones applied to a database that still has the people: a backup, a restored file, the present one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.care.erase import erase_import, erase_people, everybody, keys_of, own_leads
from ranker.care.labels import buried_labels, drop_drafts, erase_labels, has_labels
from ranker.care.prospects import buried_prospects, erase_prospects, has_prospects
from ranker.care.quotes import forget_label_titles, label_titles
from ranker.ingest.deleted import clean_file
from ranker.ingest.mentions import Person
from ranker.store.tombstones import Graveyard

WITH_LEADS, ALONE = "import+leads", "import"
"""Kinds of tombstone of an import: with the leads that only it brought, or without."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What was taken out: leads, imports, and what no lead had come of: rows of kept files, labels, prospects."""

    leads: int
    imports: int
    rows: int


def apply(
    session: Session, graves: Graveyard, also: Mapping[Person, str] | None = None, *, files: bool = False
) -> Applied:
    """Take out everybody and every import that was deleted, in the caller's transaction.

    ``also``: who was deleted just now, in plain text, so that mentions are found too. ``files``: read every kept
    file for their rows; needed where ``also`` is not known.
    """
    said = {
        person.id: stone.sentence
        for person in everybody(session)
        if (stone := graves.find(keys_of(person))) is not None
    }
    leads = erase_people(session, said, also=also)
    alone = _clean_prospects(session, graves)
    imports = 0
    batches = session.connection().execute(text("SELECT id, staged_at, file_name FROM import_batch ORDER BY id"))
    for batch_id, staged_at, name in batches.fetchall():
        stone = graves.find({ALONE: [import_key(batch_id, staged_at, name)]})
        if stone is None:
            continue
        if stone.kind == WITH_LEADS:
            mine = own_leads(session, batch_id)
            leads += erase_people(session, dict.fromkeys(mine, stone.sentence), everywhere=False)
        erase_import(session, batch_id)
        imports += 1
    rows = _clean_files(session, graves) + _clean_labels(session, graves) if files else 0
    return Applied(leads, imports, rows + alone)


def import_key(batch_id: int, staged_at: str, name: str) -> str:
    """The key under which an import is buried; its hash would change with every row that is taken out."""
    return f"import:{batch_id}:{staged_at}:{name}"


def _clean_files(session: Session, graves: Graveyard) -> int:
    """Empty rows of deleted people in every kept file, found by their keys alone; how many there were."""
    batches = session.connection().execute(text("SELECT id FROM import_batch ORDER BY id")).scalars().all()
    return sum(len(clean_file(session, batch_id, graves)) for batch_id in batches)


def _clean_prospects(session: Session, graves: Graveyard) -> int:
    """Delete deleted people who are known by their address alone, with what was written to them; how many."""
    if not graves or not has_prospects(session):
        return 0
    buried = buried_prospects(session, graves)
    erase_prospects(session, buried)
    return len(buried)


def _clean_labels(session: Session, graves: Graveyard) -> int:
    """Delete labels of deleted people, and every upload that is not saved: whom it mentions can't be told by hash."""
    if not graves or not has_labels(session):
        return 0
    labels = buried_labels(session, graves)
    titles = label_titles(session, [one.id for one in labels])
    erase_labels(session, labels)
    forget_label_titles(session, titles)
    drop_drafts(session, None, None)
    return len(labels)

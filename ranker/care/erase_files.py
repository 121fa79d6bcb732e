"""Deleted people taken out of the files that imports keep: the bytes, the cells, the staged rows, the samples."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.ingest.emptied import empty_raw, rewrite_file
from ranker.ingest.keys import email_key, profile_key
from ranker.ingest.mentions import Mentions
from ranker.ingest.staged import clear, open_table

_OPEN = {"staged", "checked"}
_MAPPING = (
    "SELECT b.mapping FROM import_batch AS b JOIN import_file AS f ON f.sha256=b.sha256 AND f.part=0 WHERE b.id=:id"
)
_CHECK_ANEW = (
    "UPDATE import_batch SET state='staged', token='', counts='{}', problems='[]', leads_version=NULL, checked_at='' "
    "WHERE id=:id"
)


def clean_imports(
    session: Session,
    rows: Mapping[int, Mapping[int, str]],
    by_key: Mapping[str, str],
    mentions: Mentions | None,
    gone_companies: frozenset[str] = frozenset(),
) -> None:
    """Empty their rows in every import: ``rows`` (import → number → sentence) and those that ``by_key`` names.

    ``by_key``: ``email:…`` or ``url:…`` → sentence, for rows of which no lead came. ``gone_companies``: keys that
    are forgotten. An import that is not done yet is checked anew.
    """
    found = session.connection().execute(text("SELECT id, state FROM import_batch ORDER BY id")).fetchall()
    for batch_id, state in found:
        theirs = {**rows.get(batch_id, {}), **_unlinked(session, batch_id, by_key, mentions)}
        changed = rewrite_file(session, batch_id, theirs, mentions.mend if mentions else None)
        if theirs:
            empty_raw(session, batch_id, theirs)
        if gone_companies:
            _forget_companies(session, batch_id, gone_companies)
        if state in _OPEN and (theirs or changed):
            clear(session, batch_id)
            session.connection().execute(text(_CHECK_ANEW), {"id": batch_id})


def _unlinked(session: Session, batch_id: int, by_key: Mapping[str, str], mentions: Mentions | None) -> dict[int, str]:
    """Rows of the kept file that name one of these people by profile or email."""
    mapping = session.connection().execute(text(_MAPPING), {"id": batch_id}).scalar()
    if mapping is None or mentions is None:
        return {}
    columns: dict[str, int] = json.loads(mapping)
    table = open_table(session, batch_id)
    if not mentions.within(table.data[table.text_start :].decode(table.codec)):
        return {}
    email, url = columns.get("email"), columns.get("linkedin_url")
    found: dict[int, str] = {}
    for row in table.rows():
        keys = [f"email:{email_key(row.cells[email])}"] if email is not None else []
        keys += [f"url:{profile_key(row.cells[url])}"] if url is not None else []
        said = next((by_key[key] for key in keys if key in by_key), None)
        if said is not None:
            found[row.number] = said
    return found


def _forget_companies(session: Session, batch_id: int, gone: frozenset[str]) -> None:
    """Drop what an import remembers of the spelling of companies that are gone."""
    stored = session.connection().execute(text("SELECT employers FROM import_batch WHERE id=:id"), {"id": batch_id})
    employers: dict[str, list[str]] = json.loads(stored.scalar_one())
    left = {name: keys for name, keys in employers.items() if name not in gone and not gone & set(keys)}
    if left != employers:
        session.connection().execute(
            text("UPDATE import_batch SET employers=:left WHERE id=:id"),
            {"left": json.dumps(left, ensure_ascii=False), "id": batch_id},
        )

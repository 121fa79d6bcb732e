"""People known by their profile's address alone, to whom something was written, meet the lead that an import brings.

From then on the ranking and the do-not-contact list speak for them, and a deletion of the lead takes them along.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from ranker.ingest.keys import profile_key
from ranker.store import bulk
from ranker.store.suppressions import in_pieces

_ALONE = "SELECT id, key FROM prospect WHERE lead_id IS NULL ORDER BY id"
# Most leads of an address are named by it; the others are those that got theirs later, from a file or a person.
_LATER = (
    "SELECT id, linkedin_url FROM lead WHERE linkedin_url<>'' AND (dedup_key NOT LIKE 'url:%' OR edited>0) ORDER BY id"
)
_NAMED = text("SELECT id, linkedin_url FROM lead WHERE dedup_key IN :keys ORDER BY id").bindparams(
    bindparam("keys", expanding=True)
)


def link_prospects(session: Session) -> int:
    """Give every prospect without lead the one that has its address now; how many got one. Quick without any."""
    connection = session.connection()
    alone = {row[1]: row[0] for row in connection.execute(text(_ALONE))}
    if not alone:
        return 0
    found: dict[str, int] = {}

    def look(rows: Iterable[Sequence[Any]]) -> None:
        for lead_id, url in rows:
            key = f"url:{profile_key(url)}"
            if key in alone:
                found.setdefault(key, lead_id)

    in_pieces(list(alone), lambda keys: look(connection.execute(_NAMED, {"keys": list(keys)})))
    look(connection.execute(text(_LATER)))
    bulk.many(session, "UPDATE prospect SET lead_id=? WHERE id=?", [(lead, alone[key]) for key, lead in found.items()])
    return len(found)


def unlink_prospects(session: Session, lead_ids: Sequence[int]) -> None:
    """Leads are about to go with their import: who was written to by their address before stays, by the address."""
    part = text(
        "UPDATE prospect SET lead_id=NULL WHERE lead_id IN :ids AND key LIKE 'url:%' "
        "AND EXISTS (SELECT 1 FROM sequence WHERE sequence.prospect_id=prospect.id)"
    ).bindparams(bindparam("ids", expanding=True))
    in_pieces(lead_ids, lambda ids: session.connection().execute(part, {"ids": list(ids)}))

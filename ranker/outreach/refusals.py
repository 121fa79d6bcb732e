"""Whom nobody may write to, and why: asked when a prospect is made, before a call is paid, and at an export."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import normalize

from sqlalchemy.orm import Session

from ranker.store.suppressions import Holder, holder, rows_in
from ranker.store.tombstones import Graveyard, load

WORDS = {
    "held": "This person is on the do-not-contact list, so nothing is written to them.",
    "deleted": "This person was deleted here. Let them in again under Settings before anything is written to them.",
    "not_relevant": (
        "The ranking says that this person is not to be contacted. If you know better, say so under Results first."
    ),
    "not_judged": "This lead was not judged yet. Rank it first, or say under Results that it is to be contacted.",
}
"""Reason → what a person is told."""

_LEADS = (
    "SELECT l.id, l.suppressed, coalesce(k.status, '') FROM lead AS l "
    "LEFT JOIN current_assessment AS k ON k.lead_id=l.id WHERE l.id IN :ids"
)
_PROSPECTS = (
    "SELECT p.id, p.lead_id, p.profile_url, coalesce(l.suppressed, 0), coalesce(k.status, '') FROM prospect AS p "
    "LEFT JOIN lead AS l ON l.id=p.lead_id LEFT JOIN current_assessment AS k ON k.lead_id=l.id WHERE p.id IN :ids"
)


def of_leads(session: Session, lead_ids: Sequence[int]) -> dict[int, str]:
    """Lead → why it must not be contacted (a key of ``WORDS``); only those that must not. A person's word counts."""
    found = {row[0]: of_status(bool(row[1]), row[2]) for row in rows_in(session, _LEADS, lead_ids)}
    return {lead_id: reason for lead_id, reason in found.items() if reason is not None}


def of_prospects(session: Session, prospect_ids: Sequence[int]) -> dict[int, str]:
    """Prospect → why they must not be contacted; only those that must not. The state of this moment."""
    found: dict[int, str] = {}
    rows = rows_in(session, _PROSPECTS, prospect_ids)
    if any(row[1] is None for row in rows):
        listed, graves = holder(session), load(session)
    for number, lead_id, profile, held, status in rows:
        reason = _of_address(profile, listed, graves) if lead_id is None else of_status(bool(held), status)
        if reason is not None:
            found[number] = reason
    return found


def of_profile(session: Session, profile: str) -> str | None:
    """Why somebody of whom only the address is known must not be contacted; None if nothing speaks against it."""
    return _of_address(profile, holder(session), load(session))


def of_status(held: bool, status: str) -> str | None:
    """The reason that a lead's mark and its current verdict (with a person's overrule) give; None if it may."""
    if held:
        return "held"
    if status == "ranked":
        return None
    return "not_relevant" if status == "not_relevant" else "not_judged"


def _of_address(profile: str, listed: Holder, graves: Graveyard) -> str | None:
    if listed.holds("", profile, "", "", ""):
        return "held"
    spellings = dict.fromkeys(
        (profile, normalize("NFD", profile))
    )  # older tombstones are of an address as it was written
    return "deleted" if graves.find({"url": [f"url:{one}" for one in spellings]}) is not None else None

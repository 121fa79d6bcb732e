"""Prospects are made: one for a profile's address, else one for a lead that has none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from ranker.errors import ProfileRefused, ProspectRefused
from ranker.outreach import refusals
from ranker.outreach.merging import merge
from ranker.outreach.profile_url import profile_of
from ranker.store import bulk
from ranker.store.clock import now
from ranker.store.fold import like_as_it_is
from ranker.store.suppressions import in_pieces


@dataclass(frozen=True, slots=True)
class Prospect:
    """Somebody to write to. ``profile_url``: in one spelling, "" where there is none; ``lead_id``: None where only an
    address is known. ``judged``: a ranking, or a person, said that they are to be contacted.
    """

    id: int
    profile_url: str
    lead_id: int | None
    judged: bool


def prospects_of_leads(session: Session, lead_ids: Sequence[int]) -> dict[int, int]:
    """Lead → its prospect, in their order, made where there is none; leads that are not there are left out.

    Two leads of one address are one prospect. One that was known by its lead alone is named after the address once the
    lead has got one, and becomes one with the address's own prospect if there is one. Whether they may be contacted is
    not asked here: see ``choice`` and ``refusals``.
    """
    leads: dict[int, str] = {}
    wanted = text("SELECT id, dedup_key, linkedin_url FROM lead WHERE id IN :ids").bindparams(
        bindparam("ids", expanding=True)
    )
    profiles: dict[str, str] = {}

    def look(ids: Sequence[int]) -> None:
        for lead_id, own_key, url in session.connection().execute(wanted, {"ids": list(ids)}):
            profile = profile_or_blank(url)
            leads[lead_id] = f"url:{profile}" if profile else f"lead:{own_key}"
            profiles[leads[lead_id]] = profile

    in_pieces(list(dict.fromkeys(lead_ids)), look)
    found = _Made(session, leads)
    missing: dict[str, int] = {}
    for lead_id in lead_ids:
        key = leads.get(lead_id)
        if key is not None and found.place(lead_id, key) is None:
            missing.setdefault(key, lead_id)
    at = now()
    rows = [(key, profiles[key], lead_id, at) for key, lead_id in missing.items()]
    bulk.insert(session, "prospect", ("key", "profile_url", "lead_id", "created_at"), rows)
    made = bulk.by_key(session, "prospect", ("key", "id"), list(missing)) if missing else {}
    asked = [lead_id for lead_id in dict.fromkeys(lead_ids) if lead_id in leads]
    return {lead_id: found.placed.get(lead_id) or made[leads[lead_id]][1] for lead_id in asked}


class _Made:
    """The prospects that there are for some leads, by key and by lead."""

    def __init__(self, session: Session, leads: dict[int, str]) -> None:
        self._session = session
        self.placed: dict[int, int] = {}
        self._keys = {
            key: (row[1], row[2])
            for key, row in bulk.by_key(session, "prospect", ("key", "id", "lead_id"), list(leads.values())).items()
        }
        self._own: dict[int, list[int]] = {}
        wanted = text("SELECT lead_id, id FROM prospect WHERE lead_id IN :ids ORDER BY id").bindparams(
            bindparam("ids", expanding=True)
        )

        def look(ids: Sequence[int]) -> None:
            for lead_id, number in session.connection().execute(wanted, {"ids": list(ids)}):
                self._own.setdefault(lead_id, []).append(number)

        in_pieces(list(leads), look)

    def place(self, lead_id: int, key: str) -> int | None:
        """The lead's prospect, brought in step with its key; None if there is none yet."""
        there, own = self._keys.get(key), self._own.get(lead_id, [])
        if key.startswith("lead:") and own:  # it lost its address, and stays whom it was
            there = (own[0], lead_id)
        elif there is None and own:
            self._run(
                "UPDATE prospect SET key=:key, profile_url=:url WHERE id=:id", own[0], key=key, url=key[len("url:") :]
            )
            there = (own[0], lead_id)
        if there is None:
            return None
        number, owner = int(there[0]), there[1]
        if owner is None:
            self._run("UPDATE prospect SET lead_id=:lead WHERE id=:id", number, lead=lead_id)
        for other in own:
            if other != number:
                merge(self._session, other, number)
        self._own[lead_id] = [number]
        self._keys[key] = (number, owner or lead_id)
        self.placed[lead_id] = number
        return number

    def _run(self, sql: str, number: int, **values: object) -> None:
        self._session.connection().execute(text(sql), {"id": number, **values})


def prospect_of_url(session: Session, url: str) -> Prospect:
    """The prospect of a profile's address, made where there is none; it is the lead's that has the address.

    Raises ``ProfileRefused`` for what is no profile, and ``ProspectRefused`` for somebody on the do-not-contact list,
    somebody who was deleted, and a lead that is not to be contacted or was not judged yet. Somebody whom no lead has is
    taken, and is not ``judged``.
    """
    profile = profile_of(url)
    lead_id = lead_of_profile(session, profile)
    reason = (
        refusals.of_profile(session, profile) if lead_id is None else refusals.of_leads(session, [lead_id]).get(lead_id)
    )
    if reason is not None:
        raise ProspectRefused(refusals.WORDS[reason], reason)
    if lead_id is not None:
        number = prospects_of_leads(session, [lead_id])[lead_id]
        return Prospect(number, profile, lead_id, True)
    key = f"url:{profile}"
    row = ("key", "profile_url", "created_at")
    bulk.upsert(session, "prospect", row, ("key",), [(key, profile, now())], "key=excluded.key")
    number = bulk.by_key(session, "prospect", ("key", "id"), [key])[key][1]
    return Prospect(number, profile, None, False)


_WITH_KEY = text("SELECT id, linkedin_url FROM lead WHERE dedup_key=:key")
# Most leads of an address are named by it; the others are those that got theirs later, from a file or a person.
_LATER = text(
    "SELECT id, linkedin_url FROM lead WHERE linkedin_url<>'' AND (dedup_key NOT LIKE 'url:%' OR edited>0) "
    "AND lower(linkedin_url) LIKE :like ESCAPE '!' ORDER BY id"
)


def lead_of_profile(session: Session, profile: str) -> int | None:
    """The lead whose address, in one spelling, is this one; None if none has it. Of several, the first."""
    connection = session.connection()
    parts = re.findall(r"[a-z0-9]+", profile.rpartition("/")[2], re.ASCII)
    like = like_as_it_is(max(parts, key=len, default="linkedin"))  # without accents: they may be written in three ways
    for sql, values in ((_WITH_KEY, {"key": f"url:{profile}"}), (_LATER, {"like": like})):
        for lead_id, url in connection.execute(sql, values):
            if profile_or_blank(url) == profile:
                return int(lead_id)
    return None


def profile_or_blank(url: str) -> str:
    """``profile_of``; "" for what it refuses."""
    try:
        return profile_of(url) if url else ""
    except ProfileRefused:
        return ""

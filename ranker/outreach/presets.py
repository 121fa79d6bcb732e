"""Tones of voice under a name: those that come along, which stay as they are, and those that people save.

A sequence holds a copy of its tone, so that changing, renaming or deleting a preset changes no sequence.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.errors import UsageError
from ranker.outreach.tone import Tone
from ranker.store import bulk
from ranker.store.clock import now
from ranker.store.engine import Database
from ranker.store.fold import fold

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Preset:
    """A tone under a name; names differ in more than case, accents and spaces. ``builtin``: it came along.

    ``who`` saved it last and ``updated_at`` when; both "" of one that came along.
    """

    name: str
    tone: Tone
    builtin: bool = False
    who: str = ""
    updated_at: str = ""


BUILT_IN = (
    Preset("Balanced", Tone(), True),
    Preset("Like a colleague", Tone(0.15, 0.6, 0.6), True),
    Preset("Warm and patient", Tone(0.4, 0.85, 0.15), True),
    Preset("Straight to the point", Tone(0.35, 0.2, 0.9), True),
    Preset("Consultant", Tone(0.65, 0.4, 0.6), True),
    Preset("Formal and reserved", Tone(0.9, 0.3, 0.3), True),
)
"""What comes along: no two of them have the same bands."""


def list_presets(database: Database) -> list[Preset]:
    """Those that came along, then the saved ones by name."""
    with database.session() as session:
        return [*BUILT_IN, *sorted(_saved(session).values(), key=lambda one: (fold(one.name), one.name))]


def save_preset(database: Database, name: str, tone: Tone, who: str = "", *, new: bool = False) -> Preset:
    """Keep a tone under a name; one that was saved under that name (in whatever case) is changed.

    Raises ``UsageError`` for a blank or too long name, for the name of one that came along, and, with ``new``, for any
    that is taken: it may be a colleague's.
    """
    wanted = _checked(name)
    with database.write() as session:
        there = _find(session, wanted)
        if there is not None and there.builtin:
            raise UsageError(_STAYS.format(name=there.name))
        if there is not None and new:
            raise UsageError(_TAKEN.format(name=there.name))
        if there is not None:
            wanted = there.name
        at = now()
        columns = ("name", *tone.as_json(), "who", "created_at", "updated_at")
        change = ", ".join(f"{column}=excluded.{column}" for column in columns if column not in {"name", "created_at"})
        row = (wanted, *tone.as_json().values(), who, at, at)
        bulk.upsert(session, "tone_preset", columns, ("name",), [row], change)
    return Preset(wanted, tone, who=who, updated_at=at)


def rename_preset(database: Database, name: str, new: str) -> Preset:
    """Give a saved preset another name. Raises ``UsageError`` if it is not there, came along, or the name is taken."""
    wanted = _checked(new)
    with database.write() as session:
        found, taken = _own(session, name), _find(session, wanted)
        if taken is not None and taken.name != found.name:
            raise UsageError(_TAKEN.format(name=taken.name))
        session.connection().execute(
            text("UPDATE tone_preset SET name=:new, updated_at=:at WHERE name=:name"),
            {"name": found.name, "new": wanted, "at": now()},
        )
    return Preset(wanted, found.tone, who=found.who, updated_at=found.updated_at)


def delete_preset(database: Database, name: str) -> None:
    """Remove a saved preset; one that is not there is no error. Raises ``UsageError`` for one that came along."""
    with database.write() as session:
        found = _find(session, name)
        if found is not None and found.builtin:
            raise UsageError(_STAYS.format(name=found.name))
        if found is not None:
            session.connection().execute(text("DELETE FROM tone_preset WHERE name=:name"), {"name": found.name})


_TAKEN = "There is a preset “{name}” already. Choose another name."
_STAYS = "“{name}” came along and stays as it is. Keep your tone under another name."


def _checked(name: str) -> str:
    plain = _plain(name)
    if not fold(plain):
        raise UsageError("A preset needs a name.")
    if len(plain) > LONGEST_NAME:
        raise UsageError(f"The name has {len(plain)} characters; {LONGEST_NAME} at most.")
    return plain


def _plain(name: str) -> str:
    """One line without signs that nobody sees."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())


def _own(session: Session, name: str) -> Preset:
    found = _find(session, name)
    if found is None:
        raise UsageError(f"There is no preset “{_plain(name)}” any more. Choose one from the list.")
    if found.builtin:
        raise UsageError(_STAYS.format(name=found.name))
    return found


def _find(session: Session, name: str) -> Preset | None:
    folded = fold(_plain(name))
    came_along = next((one for one in BUILT_IN if fold(one.name) == folded), None)
    return came_along or _saved(session).get(folded)


def _saved(session: Session) -> dict[str, Preset]:
    """Name in one spelling → preset."""
    rows = session.connection().execute(
        text("SELECT name, formality, warmth, directness, who, updated_at FROM tone_preset ORDER BY id")
    )
    return {fold(row[0]): Preset(row[0], Tone(*row[1:4]), who=row[4], updated_at=row[5]) for row in rows}

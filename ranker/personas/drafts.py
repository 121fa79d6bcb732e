"""Work on a persona that is not saved yet: in the database, so that a refresh or a closed laptop loses nothing.

Every change names the revision that it was made on. Where another window was quicker, nothing is overwritten and
``PersonaMoved`` says so.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.errors import PersonaMoved, UsageError
from ranker.personas.catalog import PersonaText, load_version
from ranker.personas.line_diff import Change, change_between
from ranker.personas.reader import read_persona
from ranker.personas.versions import MOST_CHARACTERS, newest_version, persona_of, put
from ranker.store.clock import now
from ranker.store.engine import Database

MOST_STEPS = 200
"""How many changes can be taken back."""
_FIELDS = "id, persona_id, base_id, seen, name, content, revision, steps, who, created_at, updated_at"


@dataclass(frozen=True, slots=True)
class Draft:
    """A text being worked on. ``persona_id`` and ``base_id`` (the version it began from) are None for a new persona.

    ``seen``: the newest version of the persona when the work began; ``steps``: the changes so far, oldest first.
    """

    id: int
    persona_id: int | None
    base_id: int | None
    seen: int
    name: str
    content: str
    revision: int
    steps: tuple[Change, ...]
    who: str
    created_at: str
    updated_at: str


def start_draft(database: Database, version_id: int, who: str = "") -> Draft:
    """Begin to work on a version. Raises ``UsageError`` if there is none with this number."""
    with database.write() as session:
        base = load_version(session, version_id)
        seen = newest_version(session, base.persona_id)
        return _insert(session, base.persona_id, base.id, seen, base.name, base.content, who)


def start_new(database: Database, name: str, content: str, who: str = "") -> Draft:
    """Begin a persona that is not there yet. Raises ``UsageError`` for a blank or overlong text."""
    _check(content)
    with database.write() as session:
        return _insert(session, None, None, 0, " ".join(name.split()), content, who)


def get_draft(database: Database, draft_id: int) -> Draft:
    """One draft. Raises ``UsageError`` where it was saved or thrown away."""
    with database.session() as session:
        return _load(session, draft_id)


def list_drafts(database: Database, persona_id: int | None) -> list[Draft]:
    """The drafts of a persona, those worked on last first; None: of personas that are not saved yet."""
    condition = "persona_id IS NULL" if persona_id is None else "persona_id=:id"
    with database.session() as session:
        rows = session.connection().execute(
            text(f"SELECT {_FIELDS} FROM persona_draft WHERE {condition} ORDER BY updated_at DESC, id DESC"),
            {} if persona_id is None else {"id": persona_id},
        )
        return [_draft(row) for row in rows]


def keep(database: Database, draft_id: int, revision: int, content: str) -> Draft:
    """Keep a changed text. Raises ``PersonaMoved`` if ``revision`` is no longer that of the draft."""
    _check(content)
    with database.write() as session:
        draft = _at(session, draft_id, revision)
        if content == draft.content:
            return draft
        steps = (*draft.steps, change_between(draft.content, content))[-MOST_STEPS:]
        return _update(session, draft, content, steps)


def undo(database: Database, draft_id: int, revision: int) -> Draft:
    """Take the last change back, to the byte. Raises ``PersonaMoved`` as ``keep`` does."""
    with database.write() as session:
        draft = _at(session, draft_id, revision)
        if not draft.steps:
            return draft
        return _update(session, draft, draft.steps[-1].undo(draft.content), draft.steps[:-1])


def fork(database: Database, draft_id: int, content: str) -> Draft:
    """A draft of its own for a text that was typed while another window changed this draft: both are kept."""
    _check(content)
    with database.write() as session:
        one = _load(session, draft_id)
        return _insert(session, one.persona_id, one.base_id, one.seen, one.name, content, one.who)


def set_name(database: Database, draft_id: int, name: str) -> None:
    """The name under which a new persona will be saved."""
    with database.write() as session:
        session.connection().execute(
            text("UPDATE persona_draft SET name=:name WHERE id=:id AND persona_id IS NULL"),
            {"name": " ".join(name.split())[:200], "id": draft_id},
        )


def discard(database: Database, draft_id: int) -> None:
    """Throw a draft away."""
    with database.write() as session:
        session.connection().execute(text("DELETE FROM persona_draft WHERE id=:id"), {"id": draft_id})


def moved_on(database: Database, draft: Draft) -> PersonaText | None:
    """The version that was saved since the work on a draft began; None while there is none."""
    if draft.persona_id is None:
        return None
    with database.session() as session:
        return _newer(session, draft)


def save(
    database: Database, draft_id: int, revision: int, *, note: str = "", who: str = "", beside: bool = False
) -> PersonaText:
    """Make a draft the next version of its persona, and end it; the version in use stays in use.

    A new persona begins with it as version 1, in use. ``beside``: save it though a newer version came in the
    meantime; without it that raises ``PersonaMoved``. Raises ``PersonaError`` for a text that can't be used and
    ``UsageError`` for one that is a version already, or a name that is taken. Then the draft stays.
    """
    with database.write() as session:
        draft = _at(session, draft_id, revision)
        read_persona(draft.content)
        if draft.persona_id is None:
            persona_id = persona_of(session, draft.name, new=True)
        else:
            persona_id = draft.persona_id
            newer = _newer(session, draft)
            if newer is not None and not beside:
                raise PersonaMoved(
                    f"Version {newer.version} was saved in the meantime. Save yours beside it, or go on from that one."
                )
        before = newest_version(session, persona_id)
        saved = put(session, persona_id, draft.content, parent_id=draft.base_id, note=note, who=who)
        if saved.version <= before:
            raise UsageError(f"This is the text of version {saved.version}, to the letter. There is nothing to save.")
        session.connection().execute(text("DELETE FROM persona_draft WHERE id=:id"), {"id": draft_id})
        return saved


def _newer(session: Session, draft: Draft) -> PersonaText | None:
    found = session.connection().execute(
        text("SELECT id FROM persona_version WHERE persona_id=:id AND version>:seen ORDER BY version DESC LIMIT 1"),
        {"id": draft.persona_id, "seen": draft.seen},
    )
    number = found.scalar()
    return None if number is None else load_version(session, int(number))


def _check(content: str) -> None:
    if not content.strip() or len(content) > MOST_CHARACTERS or "\x00" in content:
        raise UsageError(f"A persona needs a plain text of at most {MOST_CHARACTERS:,} characters.")


def _at(session: Session, draft_id: int, revision: int) -> Draft:
    draft = _load(session, draft_id)
    if draft.revision != revision:
        raise PersonaMoved("This draft was changed in another window. Nothing was overwritten: look at it again.")
    return draft


def _load(session: Session, draft_id: int) -> Draft:
    row = session.connection().execute(text(f"SELECT {_FIELDS} FROM persona_draft WHERE id=:id"), {"id": draft_id})
    found = row.first()
    if found is None:
        raise UsageError("This draft was saved or thrown away. Choose the persona from the list.")
    return _draft(found)


def _insert(
    session: Session, persona_id: int | None, base_id: int | None, seen: int, name: str, content: str, who: str
) -> Draft:
    made = session.connection().execute(
        text(
            "INSERT INTO persona_draft (persona_id, base_id, seen, name, content, who, created_at, updated_at) "
            "VALUES (:persona, :base, :seen, :name, :content, :who, :at, :at) RETURNING id"
        ),
        {
            "persona": persona_id, "base": base_id, "seen": seen, "name": name, "content": content, "who": who,
            "at": now(),
        },
    )  # fmt: skip
    return _load(session, int(made.scalar_one()))


def _update(session: Session, draft: Draft, content: str, steps: tuple[Change, ...]) -> Draft:
    session.connection().execute(
        text(
            "UPDATE persona_draft SET content=:content, steps=:steps, revision=revision+1, updated_at=:at WHERE id=:id"
        ),
        {
            "content": content, "steps": json.dumps([asdict(one) for one in steps], ensure_ascii=False),
            "at": now(), "id": draft.id,
        },
    )  # fmt: skip
    return _load(session, draft.id)


def _draft(row: Any) -> Draft:
    values = list(row)
    values[7] = tuple(Change(**one) for one in json.loads(values[7]))
    return Draft(*values)

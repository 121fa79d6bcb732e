"""What decides: the persona's versions and the variants built on them. Only which version is live ever changes."""

from sqlalchemy import UniqueConstraint
from sqlmodel import SQLModel

from ranker.store.tables.columns import key_text, link, number, optional_link, row_id, text


class Persona(SQLModel, table=True):
    """A name under which versions of a persona's text are kept; ``archived_at`` is blank while it is offered."""

    __tablename__ = "persona"

    id: int | None = row_id()
    name: str = key_text(unique=True)
    created_at: str = text()
    archived_at: str = text()


class PersonaVersion(SQLModel, table=True):
    """One text of a persona, never changed; ``live`` marks the one in use, ``hash`` is ``persona_hash``."""

    __tablename__ = "persona_version"
    __table_args__ = (
        UniqueConstraint("persona_id", "hash", name="uq_persona_version_hash"),
        UniqueConstraint("persona_id", "version", name="uq_persona_version_version"),
    )

    id: int | None = row_id()
    persona_id: int = link("persona.id")
    version: int = number(1)
    hash: str = key_text()
    content: str = key_text()
    parent_id: int | None = optional_link("persona_version.id")
    live: int = number()
    note: str = text()
    who: str = text()
    created_at: str = text()


class PersonaDraft(SQLModel, table=True):
    """A text that somebody is working on; it goes when it is saved as a version, or thrown away.

    ``base_id`` is the version it began from and ``seen`` the newest one then (0 for a new persona). ``revision``
    goes up with every change, so that two windows notice each other; ``steps`` are the changes, to take them back.
    A number is never given twice: a window that still shows a draft that is gone must not write into another one.
    """

    __tablename__ = "persona_draft"
    __table_args__ = {"sqlite_autoincrement": True}

    id: int | None = row_id()
    persona_id: int | None = optional_link("persona.id", index=True, on_delete="CASCADE")
    base_id: int | None = optional_link("persona_version.id")
    seen: int = number()
    name: str = text()
    content: str = key_text()
    revision: int = number()
    steps: str = text("[]")
    who: str = text()
    created_at: str = text()
    updated_at: str = text()


class Variant(SQLModel, table=True):
    """Everything that decides a verdict, as canonical JSON under its hash."""

    __tablename__ = "variant"

    id: int | None = row_id()
    hash: str = key_text(unique=True)
    engine: str = text()
    persona_version_id: int | None = optional_link("persona_version.id", index=True)
    settings: str = text("{}")
    created_at: str = text()

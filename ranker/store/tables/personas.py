"""What decides: the persona's versions and the variants built on them. Only which version is live ever changes."""

from sqlalchemy import UniqueConstraint
from sqlmodel import SQLModel

from ranker.store.tables.columns import key_text, link, number, optional_link, row_id, text


class Persona(SQLModel, table=True):
    """A name under which versions of a persona's text are kept."""

    __tablename__ = "persona"

    id: int | None = row_id()
    name: str = key_text(unique=True)
    created_at: str = text()


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


class Variant(SQLModel, table=True):
    """Everything that decides a verdict, as canonical JSON under its hash."""

    __tablename__ = "variant"

    id: int | None = row_id()
    hash: str = key_text(unique=True)
    engine: str = text()
    persona_version_id: int | None = optional_link("persona_version.id", index=True)
    settings: str = text("{}")
    created_at: str = text()

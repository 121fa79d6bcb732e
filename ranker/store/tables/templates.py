"""Prompt templates: one a task, its versions, and work on one that is not saved yet."""

from sqlalchemy import UniqueConstraint
from sqlmodel import SQLModel

from ranker.store.tables.columns import key_text, link, number, optional_link, row_id, text


class Template(SQLModel, table=True):
    """A task under whose name versions of a prompt are kept; ``chosen_at`` is blank while nobody chose one."""

    __tablename__ = "template"

    id: int | None = row_id()
    task: str = key_text(unique=True)
    chosen_at: str = text()
    chosen_by: str = text()
    created_at: str = text()


class TemplateVersion(SQLModel, table=True):
    """One text of a prompt, never changed; ``live`` marks the one in use, ``hash`` is ``template_hash``."""

    __tablename__ = "template_version"
    __table_args__ = (
        UniqueConstraint("template_id", "hash", name="uq_template_version_hash"),
        UniqueConstraint("template_id", "version", name="uq_template_version_version"),
    )

    id: int | None = row_id()
    template_id: int = link("template.id")
    version: int = number(1)
    hash: str = key_text()
    content: str = key_text()
    parent_id: int | None = optional_link("template_version.id")
    live: int = number()
    note: str = text()
    who: str = text()
    created_at: str = text()


class TemplateDraft(SQLModel, table=True):
    """A text that somebody is working on; it goes when it is saved as a version, or thrown away.

    ``revision`` goes up with every change, so that two windows notice each other. A number is never given twice.
    """

    __tablename__ = "template_draft"
    __table_args__ = {"sqlite_autoincrement": True}

    id: int | None = row_id()
    template_id: int = link("template.id", index=True)
    base_id: int | None = optional_link("template_version.id")
    content: str = key_text()
    revision: int = number()
    who: str = text()
    created_at: str = text()
    updated_at: str = text()

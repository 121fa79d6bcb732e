"""Prompt templates in the database: which there are, their versions, and which one of each is in use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.errors import UsageError
from ranker.store.engine import Database


@dataclass(frozen=True, slots=True)
class TemplateSummary:
    """A template in a list. ``chosen_at`` and ``chosen_by``: when a person put the live version to use, and who;
    blank while it is the text that comes with the ranker. ``live_at``: when the live version was added.
    """

    id: int
    task: str
    chosen_at: str
    chosen_by: str
    live_version_id: int
    live_version: int
    live_hash: str
    live_at: str
    versions: int


@dataclass(frozen=True, slots=True)
class TemplateText:
    """One version of a template; it never changes, but for which version is live."""

    id: int
    template_id: int
    task: str
    version: int
    hash: str
    content: str
    live: bool
    note: str
    who: str
    created_at: str
    parent_id: int | None = None


_SELECT = (
    "SELECT v.id, v.template_id, t.task, v.version, v.hash, v.content, v.live, v.note, v.who, v.created_at, "
    "v.parent_id FROM template_version AS v JOIN template AS t ON t.id=v.template_id"
)
_LISTED = (
    "SELECT t.id, t.task, t.chosen_at, t.chosen_by, v.id, v.version, v.hash, v.created_at, "
    "(SELECT count(*) FROM template_version AS n WHERE n.template_id=t.id) FROM template AS t "
    "JOIN template_version AS v ON v.template_id=t.id AND v.live=1"
)


def list_templates(database: Database) -> list[TemplateSummary]:
    """Every template, by task."""
    with database.session() as session:
        rows = session.connection().execute(text(f"{_LISTED} ORDER BY t.task"))
        return [TemplateSummary(*row) for row in rows]


def get_template(database: Database, template_id: int) -> TemplateSummary:
    """One template. Raises ``UsageError`` if there is none with this number."""
    with database.session() as session:
        row = session.connection().execute(text(f"{_LISTED} WHERE t.id=:id"), {"id": template_id}).first()
        if row is None:
            raise UsageError(f"There is no prompt template {template_id}. Choose one from the list of prompts.")
        return TemplateSummary(*row)


def get_version(database: Database, version_id: int) -> TemplateText:
    """One version by its id. Raises ``UsageError`` if there is none."""
    with database.session() as session:
        return load_version(session, version_id)


def load_version(session: Session, version_id: int) -> TemplateText:
    """``get_version`` within a transaction."""
    row = session.connection().execute(text(f"{_SELECT} WHERE v.id=:id"), {"id": version_id}).first()
    if row is None:
        raise UsageError(f"There is no version {version_id} of a prompt. Choose one from the list of prompts.")
    return _text(row)


def versions(database: Database, template_id: int) -> list[TemplateText]:
    """Every version of a template, the newest first."""
    with database.session() as session:
        rows = session.connection().execute(
            text(f"{_SELECT} WHERE v.template_id=:id ORDER BY v.version DESC"), {"id": template_id}
        )
        return [_text(row) for row in rows]


def live_texts(session: Session) -> Mapping[str, TemplateText]:
    """Task → the version in use."""
    rows = session.connection().execute(text(f"{_SELECT} WHERE v.live=1 ORDER BY t.task"))
    return {one.task: one for one in map(_text, rows)}


def text_by_hash(session: Session, task: str, digest: str) -> TemplateText:
    """The version that a variant names. Raises ``UsageError`` if there is none."""
    row = session.connection().execute(
        text(f"{_SELECT} WHERE t.task=:task AND v.hash=:hash"), {"task": task, "hash": digest}
    )
    found = row.first()
    if found is None:
        raise UsageError(f"The version {digest} of the prompt “{task}” is not in this database. Start a new run.")
    return _text(found)


def _text(row: Any) -> TemplateText:
    values = list(row)
    values[6] = bool(values[6])
    return TemplateText(*values)

"""Keeping versions of prompt templates: none is ever changed; which one is live is a person's choice."""

from __future__ import annotations

import re

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.errors import UsageError
from ranker.store.clock import now
from ranker.store.engine import Database
from ranker.templates.catalog import TemplateText, load_version
from ranker.templates.checks import refuse
from ranker.templates.version import plain_text, template_hash

_TASK = re.compile(r"[a-z][a-z0-9-]{0,39}")


def add_version(
    database: Database,
    task: str,
    content: str,
    *,
    parent_id: int | None = None,
    note: str = "",
    who: str = "",
) -> TemplateText:
    """Keep a text as a version of a task's template; the same text again is the version there is, as it was.

    It is not put to use: that is a click of its own, ``make_live``. Raises ``TemplateRefused`` for a text that fails
    a check, ``UsageError`` for a task that there is none of.
    """
    refuse(task, content)
    with database.write() as session:
        found = session.connection().execute(text("SELECT id FROM template WHERE task=:task"), {"task": task}).scalar()
        if found is None:
            raise UsageError(f"There is no prompt “{task}”. See: python -m ranker templates list")
        return put(session, int(found), content, parent_id=parent_id, note=note, who=who)


def put(
    session: Session, template_id: int, content: str, *, parent_id: int | None = None, note: str = "", who: str = ""
) -> TemplateText:
    """``add_version`` within a transaction, for a template that is there and a text that was checked."""
    kept = plain_text(content)
    connection, digest = session.connection(), template_hash(kept)
    connection.execute(
        text(
            "INSERT INTO template_version (template_id, version, hash, content, parent_id, note, who, created_at) "
            "VALUES (:template, :version, :hash, :content, :parent, :note, :who, :at) "
            "ON CONFLICT (template_id, hash) DO NOTHING"
        ),
        {
            "template": template_id, "version": newest_version(session, template_id) + 1, "hash": digest,
            "content": kept, "parent": parent_id, "note": note.strip(), "who": who.strip(), "at": now(),
        },
    )  # fmt: skip
    found = connection.execute(
        text("SELECT id FROM template_version WHERE template_id=:template AND hash=:hash"),
        {"template": template_id, "hash": digest},
    ).scalar_one()
    return load_version(session, int(found))


def template_of(session: Session, task: str) -> int:
    """The id of a task's template, made if it is not there. Raises ``UsageError`` for what can't be a task's name."""
    if not _TASK.fullmatch(task):
        raise UsageError(f"“{task}” can't be the name of a task: small letters, digits and hyphens.")
    connection = session.connection()
    found = connection.execute(text("SELECT id FROM template WHERE task=:task"), {"task": task}).scalar()
    if found is None:
        made = text("INSERT INTO template (task, created_at) VALUES (:task, :at) RETURNING id")
        found = connection.execute(made, {"task": task, "at": now()}).scalar_one()
    return int(found)


def newest_version(session: Session, template_id: int) -> int:
    """The number of a template's newest version; 0 where it has none."""
    found = text("SELECT coalesce(max(version), 0) FROM template_version WHERE template_id=:id")
    return int(session.connection().execute(found, {"id": template_id}).scalar_one())


def put_to_use(session: Session, template_id: int, version_id: int) -> None:
    """Make a version the one that is live, and no other; whose choice that was is not touched."""
    session.connection().execute(
        text("UPDATE template_version SET live=CASE WHEN id=:id THEN 1 ELSE 0 END WHERE template_id=:template"),
        {"template": template_id, "id": version_id},
    )


def make_live(database: Database, version_id: int, who: str = "") -> TemplateText:
    """Put a version to use, or go back to one: a person's choice, which a newer ranker does not overrule.

    Verdicts that were given stay until leads are ranked again. Raises ``UsageError`` if there is no such version.
    """
    with database.write() as session:
        template_id = load_version(session, version_id).template_id
        put_to_use(session, template_id, version_id)
        choose(session, template_id, now(), who.strip())
        return load_version(session, version_id)


def choose(session: Session, template_id: int, at: str, who: str) -> None:
    """Write down when a person chose the live version of a template, and who; blank: nobody did."""
    session.connection().execute(
        text("UPDATE template SET chosen_at=:at, chosen_by=:who WHERE id=:id"),
        {"at": at, "who": who, "id": template_id},
    )

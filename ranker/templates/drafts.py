"""Work on a prompt that is not saved yet: in the database, so that a refresh or a closed laptop loses nothing.

Every change names the revision that it was made on. Where another window was quicker, nothing is overwritten and
``TemplateMoved`` says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.errors import TemplateMoved, UsageError
from ranker.store.clock import now
from ranker.store.engine import Database
from ranker.templates.catalog import TemplateText, load_version
from ranker.templates.checks import MOST_CHARACTERS, refuse
from ranker.templates.version import plain_text
from ranker.templates.versions import newest_version, put

_FIELDS = (
    "SELECT d.id, d.template_id, t.task, d.base_id, d.content, d.revision, d.who, d.created_at, d.updated_at "
    "FROM template_draft AS d JOIN template AS t ON t.id=d.template_id"
)


@dataclass(frozen=True, slots=True)
class TemplateDraft:
    """A text being worked on; ``base_id``: the version that it began from."""

    id: int
    template_id: int
    task: str
    base_id: int | None
    content: str
    revision: int
    who: str
    created_at: str
    updated_at: str


def start_draft(database: Database, version_id: int, who: str = "") -> TemplateDraft:
    """Begin to work on a version. Raises ``UsageError`` if there is none with this number."""
    with database.write() as session:
        base = load_version(session, version_id)
        return _insert(session, base.template_id, base.id, base.content, who)


def get_draft(database: Database, draft_id: int) -> TemplateDraft:
    """One draft. Raises ``UsageError`` where it was saved or thrown away."""
    with database.session() as session:
        return _load(session, draft_id)


def list_drafts(database: Database, template_id: int) -> list[TemplateDraft]:
    """The drafts of a template, those worked on last first."""
    with database.session() as session:
        rows = session.connection().execute(
            text(f"{_FIELDS} WHERE d.template_id=:id ORDER BY d.updated_at DESC, d.id DESC"), {"id": template_id}
        )
        return [TemplateDraft(*row) for row in rows]


def keep(database: Database, draft_id: int, revision: int, content: str) -> TemplateDraft:
    """Keep a changed text, right or wrong. Raises ``TemplateMoved`` if ``revision`` is no longer that of the draft."""
    typed = _typed(content)
    with database.write() as session:
        draft = _at(session, draft_id, revision)
        if typed == draft.content:
            return draft
        session.connection().execute(
            text("UPDATE template_draft SET content=:content, revision=revision+1, updated_at=:at WHERE id=:id"),
            {"content": typed, "at": now(), "id": draft_id},
        )
        return _load(session, draft_id)


def fork(database: Database, draft_id: int, content: str) -> TemplateDraft:
    """A draft of its own for a text that was typed while another window changed this draft: both are kept."""
    typed = _typed(content)
    with database.write() as session:
        one = _load(session, draft_id)
        return _insert(session, one.template_id, one.base_id, typed, one.who)


def discard(database: Database, draft_id: int) -> None:
    """Throw a draft away."""
    with database.write() as session:
        session.connection().execute(text("DELETE FROM template_draft WHERE id=:id"), {"id": draft_id})


def save(database: Database, draft_id: int, revision: int, *, note: str = "", who: str = "") -> TemplateText:
    """Make a draft the next version of its prompt, and end it; the version in use stays in use.

    Raises ``TemplateRefused`` for a text that fails a check, ``UsageError`` for one that is a version already, and
    ``TemplateMoved`` as ``keep`` does. Then the draft stays.
    """
    with database.write() as session:
        draft = _at(session, draft_id, revision)
        refuse(draft.task, draft.content)
        before = newest_version(session, draft.template_id)
        saved = put(session, draft.template_id, draft.content, parent_id=draft.base_id, note=note, who=who)
        if saved.version <= before:
            raise UsageError(f"This is the text of version {saved.version}, to the letter. There is nothing to save.")
        session.connection().execute(text("DELETE FROM template_draft WHERE id=:id"), {"id": draft_id})
        return saved


def _typed(content: str) -> str:
    typed = plain_text(content)
    if len(typed) > MOST_CHARACTERS or "\x00" in typed:
        raise UsageError(f"A prompt needs a plain text of at most {MOST_CHARACTERS:,} characters.")
    return typed


def _insert(session: Session, template_id: int, base_id: int | None, content: str, who: str) -> TemplateDraft:
    made = session.connection().execute(
        text(
            "INSERT INTO template_draft (template_id, base_id, content, who, created_at, updated_at) "
            "VALUES (:template, :base, :content, :who, :at, :at) RETURNING id"
        ),
        {"template": template_id, "base": base_id, "content": content, "who": who, "at": now()},
    )
    return _load(session, int(made.scalar_one()))


def _at(session: Session, draft_id: int, revision: int) -> TemplateDraft:
    draft = _load(session, draft_id)
    if draft.revision != revision:
        raise TemplateMoved("This draft was changed in another window. Nothing was overwritten: look at it again.")
    return draft


def _load(session: Session, draft_id: int) -> TemplateDraft:
    found = session.connection().execute(text(f"{_FIELDS} WHERE d.id=:id"), {"id": draft_id}).first()
    if found is None:
        raise UsageError("This draft was saved or thrown away. Choose the prompt from the list.")
    return TemplateDraft(*found)

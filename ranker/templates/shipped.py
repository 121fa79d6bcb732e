"""The texts that come with the ranker: the files of ``prompts/templates/`` are the first version of each prompt.

As long as nobody has chosen a version of a prompt, the text that comes with the ranker is in use: when a newer ranker
brings another text, that becomes a version and is in use. Once a person has put a version to use, it stays in use; a
newer text that comes with the ranker is added as a version and waits.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.store.engine import Database
from ranker.templates.version import plain_text, template_hash
from ranker.templates.versions import choose, put, put_to_use, template_of

FOLDER = Path(__file__).parents[2] / "prompts" / "templates"
"""Where they are, one file a task."""
_FIRST = "As it came with the ranker."
_NEWER = "Came with another version of the ranker."


def shipped_text(task: str, folder: Path = FOLDER) -> str:
    """The text of a task that comes with this ranker. Raises ``FileNotFoundError`` for a task that it has none of."""
    return plain_text((folder / f"{task}.jinja").read_text("utf-8-sig"))


def shipped_tasks(folder: Path = FOLDER) -> list[str]:
    """The tasks that this ranker has a text of."""
    return sorted(path.stem for path in folder.glob("*.jinja"))


def shipped_hash(task: str, folder: Path = FOLDER) -> str:
    """The hash of that text; blank for a task that this ranker has none of."""
    return template_hash(shipped_text(task, folder)) if task in shipped_tasks(folder) else ""


def seed_templates(database: Database, folder: Path = FOLDER) -> int:
    """Bring the texts of a folder into the database, as the module says; how many versions were added.

    Safe from several processes at once; it writes only where something is to be done.
    """
    texts = {task: shipped_text(task, folder) for task in shipped_tasks(folder)}
    with database.session() as session:
        if all(_settled(session, task, content) for task, content in texts.items()):
            return 0
    with database.write() as session:
        return sum(_seed(session, task, content) for task, content in texts.items())


def follow_ranker(database: Database, task: str, folder: Path = FOLDER) -> None:
    """Take a person's choice back: the text that comes with the ranker is in use, and so will a newer one be."""
    content = shipped_text(task, folder)
    with database.write() as session:
        choose(session, template_of(session, task), "", "")
        _seed(session, task, content)


def _settled(session: Session, task: str, content: str) -> bool:
    """Whether nothing is to be done for a text."""
    row = _state(session, task, content)
    return row is not None and row.id is not None and (row.live == 1 or row.chosen_at != "")


def _state(session: Session, task: str, content: str) -> Any:
    """The template of a task and its version with this text, where they are there."""
    return session.connection().execute(
        text(
            "SELECT t.id AS template_id, t.chosen_at, v.id, v.live FROM template AS t "
            "LEFT JOIN template_version AS v ON v.template_id=t.id AND v.hash=:hash WHERE t.task=:task"
        ),
        {"task": task, "hash": template_hash(content)},
    ).first()  # fmt: skip


def _seed(session: Session, task: str, content: str) -> int:
    row = _state(session, task, content)
    template_id = template_of(session, task)
    version_id, added = (row.id if row is not None else None), 0
    if version_id is None:
        version_id = put(session, template_id, content, note=_FIRST if row is None else _NEWER).id
        added = 1
    if row is None or row.chosen_at == "":
        put_to_use(session, template_id, version_id)
    return added

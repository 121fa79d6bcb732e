"""A mapping under a name: which header fills which field, for files whose headers differ from those before."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import text

from ranker.errors import UsageError
from ranker.ingest.header_names import FIELDS, plain, squeeze
from ranker.ingest.stage import restage
from ranker.ingest.staged import StagedImport, get_import
from ranker.store import bulk
from ranker.store.clock import now
from ranker.store.engine import Database


@dataclass(frozen=True, slots=True)
class Template:
    """``columns``: field → header."""

    name: str
    columns: dict[str, str]


def list_templates(database: Database) -> list[Template]:
    """Templates by name."""
    with database.session() as session:
        rows = session.connection().execute(text("SELECT name, columns FROM mapping_template ORDER BY name"))
        return [Template(name, json.loads(columns)) for name, columns in rows]


def save_template(database: Database, batch_id: int, name: str) -> Template:
    """Keep the mapping of an import under a name; an older one of that name is replaced.

    Raises ``UsageError`` for a blank name, or while no column is chosen.
    """
    staged = get_import(database, batch_id)
    columns = {column.field: column.header for column in staged.columns if column.field}
    name = " ".join(name.split())
    if not name:
        raise UsageError("Give the template a name first, such as the tool that the file comes from.")
    if not columns:
        raise UsageError("No column is chosen yet, so there is nothing to keep.")
    with database.write() as session:
        row = (name, json.dumps(columns, ensure_ascii=False), now())
        bulk.upsert(session, "mapping_template", ("name", "columns", "updated_at"), ("name",), [row])
    return Template(name, columns)


def delete_template(database: Database, name: str) -> None:
    """Remove a template; one that is not there is no error."""
    with database.write() as session:
        session.connection().execute(text("DELETE FROM mapping_template WHERE name=:name"), {"name": name})


def apply_template(database: Database, batch_id: int, name: str) -> tuple[StagedImport, tuple[str, ...]]:
    """Choose the columns of a staged file as a template says; also the headers that the file does not have.

    Headers are compared without case, accents and punctuation. Fields that the template leaves out have no column
    then. Raises ``UsageError`` if there is no such template, or none of its headers is in the file.
    """
    template = next((one for one in list_templates(database) if one.name == name), None)
    if template is None:
        raise UsageError(f"There is no template “{name}” any more.")
    staged = get_import(database, batch_id)
    headers = {squeeze(plain(column.header)) or column.header: column.header for column in reversed(staged.columns)}
    exact = {column.header for column in staged.columns}
    found = {
        field: header if header in exact else headers.get(squeeze(plain(header)) or header, "")
        for field, header in template.columns.items()
    }
    missing = tuple(template.columns[field] for field, header in found.items() if not header)
    if len(missing) == len(found):
        raise UsageError(f"None of the columns of “{name}” is in this file: {', '.join(missing[:8])}.")
    taken: set[str] = set()
    choices = []
    for field in FIELDS:
        header = found.get(field, "")
        choices.append(f"{field}={'' if header in taken else header}")
        taken |= {header} - {""}
    return restage(database, batch_id, overrides=choices), missing

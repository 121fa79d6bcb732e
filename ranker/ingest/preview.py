"""The rows of a checked import as a page shows them: by our fields, with what a person has put right."""

from __future__ import annotations

from dataclasses import dataclass

from ranker.ingest.check import fixes_of
from ranker.ingest.fields import FIELD_OF
from ranker.ingest.staged import StagedImport
from ranker.store.engine import Database
from ranker.store.imports import ImportedRow, import_rows

FIX_FIELD = {"blank": "title", "email": "title", "url": "title", "number": "title", "size": "size"}
"""Problem → the field in which it is put right. Those that are missing here are put right in the file."""


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row of the file; ``fields`` by the names of ``fields.FIELDS``. ``changes``: (name, before, after)."""

    number: int
    outcome: str
    reason: str
    problem: str
    fields: dict[str, str]
    changes: tuple[tuple[str, str, str], ...]

    @property
    def person(self) -> str:
        """The name, however the file gives it."""
        whole = self.fields.get("full_name", "")
        return whole or f"{self.fields.get('first_name', '')} {self.fields.get('last_name', '')}".strip()


def preview_rows(
    database: Database, staged: StagedImport, *, outcome: str = "", problem: str = "", offset: int = 0, limit: int = 25
) -> tuple[list[PreviewRow], int]:
    """Rows of an outcome (or with a problem) in file order, and how many there are in all."""
    rows, total = import_rows(database, staged.id, outcome=outcome, problem=problem, offset=offset, limit=limit)
    with database.session() as session:
        fixes = fixes_of(session, staged.id)
    places = {FIELD_OF.get(name, name): at for name, at in staged.mapping.items()}
    return [_preview(row, places, fixes.get(row.number, {})) for row in rows], total


def _preview(row: ImportedRow, places: dict[str, int], fixes: dict[str, str]) -> PreviewRow:
    fields = {name: row.cells[at].strip() if at < len(row.cells) else "" for name, at in places.items()}
    return PreviewRow(row.number, row.outcome, row.reason, row.problem, fields | fixes, _changes(row))


def _changes(row: ImportedRow) -> tuple[tuple[str, str, str], ...]:
    found: list[tuple[str, str, str]] = []
    for name, (before, after) in row.changes.items():
        if name == "extra":  # the columns that are none of our fields
            found += [
                (column, str(before.get(column, "")), str(after.get(column, "")))
                for column in {**before, **after}
                if before.get(column, "") != after.get(column, "")
            ]
        else:
            found.append((name, before, after))
    return tuple(found)

"""Other ways to the same path: cells pasted from a spreadsheet, and a file that was imported before."""

from __future__ import annotations

from ranker.errors import InputError, UsageError
from ranker.ingest import files
from ranker.ingest.stage import stage_file
from ranker.ingest.staged import StagedImport, load_import
from ranker.store.clock import now
from ranker.store.engine import Database


def stage_pasted(database: Database, pasted: str, who: str = "") -> StagedImport:
    """Cells as a spreadsheet copies them (tabs between, a row a line, headers first), or any CSV text, as a file.

    Raises ``InputError`` as a file does, and where nothing was pasted.
    """
    if not pasted.strip():
        raise InputError("Nothing was pasted yet. Copy the cells with their header row, and paste them here.")
    name = f"Pasted {now()[:16].replace('T', ' ')}.tsv"
    return stage_file(database, name, pasted.encode("utf-8", "replace"), who=who)


def original(database: Database, batch_id: int) -> tuple[str, bytes]:
    """The name of an imported file and its bytes as they came. Raises ``UsageError``, ``InputError`` if it is gone."""
    with database.session() as session:
        staged = load_import(session, batch_id)
        return staged.file_name, files.load(session, staged.sha256)


def stage_again(database: Database, batch_id: int, who: str = "") -> StagedImport:
    """The same file as a new import, read as it was the last time; then columns can be chosen anew, and checked.

    Raises ``UsageError`` for one that is still to be imported.
    """
    with database.session() as session:
        staged = load_import(session, batch_id)
        data = files.load(session, staged.sha256)
    if staged.state in {"staged", "checked"}:
        raise UsageError(f"“{staged.file_name}” is not imported yet: choose its columns there.")
    return stage_file(
        database,
        staged.file_name,
        data,
        encoding=None if staged.sheet else staged.encoding,
        delimiter=None if staged.sheet else staged.delimiter,
        sheet=staged.sheet or None,
        header_row=staged.header_row or None,
        who=who,
    )

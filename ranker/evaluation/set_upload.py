"""Labelled leads handed over as a file: kept at once as a draft, corrected, and saved as a set that never changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import PurePath
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.errors import InputError, LabelError, UsageError
from ranker.evaluation.label_column import with_label
from ranker.evaluation.labelled import Meaning
from ranker.evaluation.set_counts import same_set
from ranker.evaluation.set_draft import NEEDED, Draft, counts_text, load_draft, load_table
from ranker.evaluation.set_rows import read_rows
from ranker.evaluation.set_write import LONGEST_NAME, Saved, write_set
from ranker.ingest.column_match import BY_HAND
from ranker.ingest.emptied import without_rows
from ranker.ingest.mapping import SAMPLE_ROWS, apply_overrides, guess_mapping
from ranker.ingest.overrides import cleared, still_there
from ranker.ingest.pause import no_cycles
from ranker.ingest.reader import Table, read_table, reading_of
from ranker.ingest.stage import SAMPLES, pass_over
from ranker.store import tombstones
from ranker.store.clock import now
from ranker.store.engine import Database
from ranker.store.tombstones import Graveyard
from ranker.store.traces import mark

MAX_BYTES = 50 * 1024 * 1024
"""The largest labelled file; a page compares before it reads."""


def stage_set(database: Database, name: str, data: bytes, *, who: str = "", overrides: Sequence[str] = ()) -> Draft:
    """Keep a labelled file as a draft, understood as far as it goes. The same bytes again continue their draft.

    ``overrides``: ``field=Header`` as a person chose. Raises ``InputError`` (too large, unreadable, no rows) and
    ``UsageError`` (a choice that makes no sense); then nothing is kept.
    """
    check_size(len(data))
    with no_cycles():
        table = read_table(data)
        values = _understood(database, table, data, list(overrides), {})
    with database.write() as session:
        connection = session.connection()
        found = connection.execute(
            text("SELECT min(id) FROM eval_set WHERE state='draft' AND hash=:hash AND file_name=:name"),
            {"hash": values["hash"], "name": name},
        )
        known: int | None = found.scalar_one()
        if known is None:
            values |= {"name": _name_of(name), "file_name": name, "who": who, "at": now()}
            known = connection.execute(
                text(
                    "INSERT INTO eval_set (name, state, source, file_name, content, settings, counts, hash, who, "
                    "created_at) VALUES (:name, 'draft', 'upload', :file_name, :content, :settings, :counts, :hash, "
                    ":who, :at) RETURNING id"
                ),
                values,
            ).scalar_one()
        return load_draft(session, known)


def change_draft(
    database: Database,
    draft_id: int,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    overrides: Iterable[str] | None = None,
    meanings: Mapping[str, Meaning] | None = None,
) -> Draft:
    """Read a draft again with a person's corrections; what is not given stays, as far as it still fits.

    ``overrides`` and ``meanings`` (label as ``labelled.spelled`` gives it → meaning) replace all that were made before.
    Raises as ``stage_set`` does, and ``UsageError`` if the draft is gone, or another window changed it while it was
    read; then it stays as it was.
    """
    with database.session() as session:
        draft = load_draft(session, draft_id)
        kept = session.connection().execute(
            text("SELECT content, settings FROM eval_set WHERE id=:id"), {"id": draft_id}
        ).one()  # fmt: skip
        data, was = bytes(kept[0]), kept[1]
    same = sheet in {None, draft.sheet} and encoding in {None, draft.encoding} and delimiter in {None, draft.delimiter}
    with no_cycles():
        table = read_table(
            data,
            encoding=encoding or draft.encoding,
            delimiter=delimiter or draft.delimiter,
            sheet=sheet or draft.sheet or None,
            header_row=header_row or (draft.header_row if same else 0) or None,
        )
        choices = still_there(draft.choices, table.headers) if overrides is None else list(overrides)
        said = draft.meanings if meanings is None else dict(meanings)
        other = _label_column(choices) != _label_column(draft.choices) or sheet not in {None, draft.sheet}
        if meanings is None and other:
            said = {}  # they were said of another column
        values = _understood(database, table, data, choices, said)
    with database.write() as session:
        changed = session.connection().execute(
            text(
                "UPDATE eval_set SET content=:content, settings=:settings, counts=:counts, hash=:hash WHERE id=:id "
                "AND state='draft' AND hash=:old AND settings=:was"
            ),
            {**values, "id": draft_id, "old": draft.sha256, "was": was},
        )
        if not changed.rowcount:
            load_draft(session, draft_id)  # says so if it is gone
            raise UsageError("This upload was changed elsewhere in the meantime. Reload the page.")
        if values["hash"] != draft.sha256:
            mark(session, pending=True)  # what was taken out of the file is in free pages now
        return load_draft(session, draft_id)


def save_draft(database: Database, draft_id: int, name: str = "", who: str = "") -> Saved:
    """Write the leads of a draft as a set that never changes, and forget the file; ``name``: else the file's.

    A set with the same leads and labels is recognised: then the draft goes and that set is the answer. Raises
    ``LabelError`` where a person has to say what a label means, or no row is left, and ``UsageError`` where a column
    lacks or the draft is gone.
    """
    with database.session() as session:
        draft = load_draft(session, draft_id)
        if draft.missing or draft.read is None:
            raise UsageError("A column that is needed is not chosen yet: company, job title and label.")
        if draft.read.open:
            kind = draft.read.open[0]
            raise LabelError(f"Say what the label “{kind.written}” means first: row {kind.first} has it.")
        table, columns = load_table(session, draft_id)
        graves = tombstones.load(session)
    with no_cycles():
        rows = read_rows(table, columns, draft.meanings, graves)
    if not rows.items:
        raise LabelError("No row of this file can be used. See below what is wrong in each, and upload it again.")
    with database.write() as session:
        if load_draft(session, draft_id) != draft:
            raise UsageError("This upload was changed elsewhere in the meantime. Reload the page.")
        remove_draft(session, draft_id)
        return write_set(
            session, name or _name_of(draft.file_name), "upload", rows.items, who,
            file_name=draft.file_name, rows=rows.rows, left_out=rows.reasons,
            settings={"columns": {field: table.headers[at] for field, at in columns.items()}, "labels": draft.meanings},
        )  # fmt: skip


def same_as(database: Database, draft: Draft) -> int | None:
    """The saved set with the leads and labels that a draft has now, if there is one."""
    with database.session() as session:
        return same_set(session, draft.read.hash) if draft.read is not None else None


def throw_away(database: Database, draft_id: int) -> None:
    """Forget a draft with its file. Raises ``UsageError`` if it is gone already."""
    with database.write() as session:
        draft = load_draft(session, draft_id)
        remove_draft(session, draft_id)
        if draft.read is None and tombstones.load(session):
            mark(session, pending=True)  # nobody looked whom it names; its bytes are in free pages now


def remove_draft(session: Session, draft_id: int) -> None:
    """``throw_away`` within a transaction; nothing happens if it is gone."""
    session.connection().execute(text("DELETE FROM eval_set WHERE id=:id AND state='draft'"), {"id": draft_id})


def check_size(size_bytes: int) -> None:
    """Raise ``InputError`` for a file that is too large; call it before reading the file."""
    if size_bytes > MAX_BYTES:
        raise InputError(
            f"The file has {size_bytes / 1024 / 1024:,.0f} MB; a labelled file has up to {MAX_BYTES // 1024 // 1024}. "
            "Leave out columns that say nothing about the leads, or rows that nobody has judged."
        )


def _label_column(choices: Iterable[str]) -> str:
    return next((choice for choice in choices if choice.startswith("expected_rank=")), "")


def _name_of(file_name: str) -> str:
    return " ".join(PurePath(file_name).stem.split())[:LONGEST_NAME] or "Labelled leads"


def _understood(
    database: Database, table: Table, data: bytes, overrides: Sequence[str], meanings: Mapping[str, Meaning]
) -> dict[str, Any]:
    """What is kept of a draft: its content without who was deleted, its settings, what its rows give."""
    first = [row.cells for row in islice(table.rows(), SAMPLE_ROWS)]
    guessed = with_label(guess_mapping(table.headers, first), table.headers)
    mapping = apply_overrides(guessed, table.headers, overrides)
    columns = mapping.columns
    with database.session() as session:
        graves: Graveyard = tombstones.load(session)
    counts, content, reading, encoding, delimiter = "{}", data, reading_of(table), table.encoding, table.delimiter
    if all(field in columns for field in NEEDED):
        rows = read_rows(table, columns, meanings, graves)
        counts, row_count = counts_text(rows, meanings), rows.rows
        if rows.standing:
            content = without_rows(table, rows.standing)
            again = read_table(content, encoding=table.codec, delimiter=delimiter, header_row=table.header_row or None)
            reading, encoding = reading_of(again), again.encoding
            first = [row.cells for row in islice(again.rows(), SAMPLE_ROWS)]
    else:
        row_count = pass_over(table, None, None)[0]
    samples = [
        list(islice(dict.fromkeys(cells[at].strip()[:80] for cells in first if cells[at].strip()), SAMPLES))
        for at in range(len(table.headers))
    ]
    settings = {
        "encoding": encoding,
        "delimiter": delimiter,
        "headers": list(table.headers),
        "reading": reading,
        "mapping": columns,
        "why": mapping.why | dict.fromkeys(cleared(overrides), BY_HAND),
        "samples": samples,
        "meanings": dict(meanings),
        "row_count": row_count,
    }
    return {
        "content": content,
        "settings": json.dumps(settings, ensure_ascii=False),
        "counts": counts,
        "hash": hashlib.sha256(content).hexdigest(),
    }

"""A file is handed over: what was understood of it, shown before anything is written to the leads.

``stage_file`` → look, correct with ``restage`` → :func:`ranker.ingest.check.check` → look, correct with
``fix_cells`` → :func:`ranker.ingest.merge.commit`. Each step can be repeated, also after a crash in its middle.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import islice
from operator import itemgetter
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.ingest import files
from ranker.ingest.column_match import BY_HAND
from ranker.ingest.keys import header_fingerprint
from ranker.ingest.mapping import SAMPLE_ROWS, Mapping, Match, apply_overrides, column_names, guess_mapping
from ranker.ingest.overrides import cleared, still_there
from ranker.ingest.pause import no_cycles
from ranker.ingest.pieces import pieces
from ranker.ingest.reader import Table, read_table, reading_of
from ranker.ingest.staged import StagedImport, clear, get_import, load_import, require_open
from ranker.ingest.staged_row import bare_employers
from ranker.store.clock import now
from ranker.store.engine import Database

__all__ = ["StagedImport", "cancel", "get_import", "load_import", "restage", "stage_file"]

_PIECE = 10_000
SAMPLES = 3
"""Sample values that are shown for each column, each once."""


def stage_file(
    database: Database,
    name: str,
    data: bytes,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    overrides: Iterable[str] = (),
    who: str = "",
) -> StagedImport:
    """Read a file, guess its mapping, keep both. The same bytes again continue the import that is not done.

    ``overrides``: ``field=Header`` as a person chose, ``field=`` for none. ``sheet`` and ``header_row`` (from 1) are
    looked for unless given. Raises ``InputError`` (too large,
    unreadable, no rows) and ``UsageError`` (a choice that makes no sense); then nothing is kept.
    """
    files.check_size(len(data))
    with no_cycles():
        table = read_table(data, encoding=encoding, delimiter=delimiter, sheet=sheet, header_row=header_row)
        values = _understood(database, table, list(overrides))
    with database.write() as session:
        connection = session.connection()
        files.keep(session, table.sha256, data)
        known = connection.execute(
            text(
                "SELECT id FROM import_batch WHERE sha256=:sha AND file_name=:name AND state IN "
                "('staged', 'checked') ORDER BY id DESC LIMIT 1"
            ),
            {"sha": table.sha256, "name": name},
        ).scalar()
        if known is not None:
            _change(session, known, values)
            return load_import(session, known)
        values |= {"file_name": name, "sha256": table.sha256, "size_bytes": len(data), "who": who, "at": now()}
        batch_id = connection.execute(
            text(
                "INSERT INTO import_batch (file_name, sha256, size_bytes, encoding, delimiter, headers, "
                "fingerprint, mapping, why, samples, row_count, reading, employers, who, staged_at) "
                "VALUES (:file_name, :sha256, :size_bytes, "
                ":encoding, :delimiter, :headers, :fingerprint, :mapping, :why, :samples, "
                ":row_count, :reading, :employers, :who, :at) RETURNING id"
            ),
            values,
        ).scalar_one()
        return load_import(session, batch_id)


def restage(
    database: Database,
    batch_id: int,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    overrides: Iterable[str] | None = None,
) -> StagedImport:
    """Read the kept file again with a person's corrections; ``overrides`` replace all choices made before.

    Encoding, delimiter, sheet and header row stay as they are unless given; in another sheet, or cut in another way,
    the header is looked for again. The choices (``overrides=None``) stay whose headers are still there. Raises as
    ``stage_file`` does, and then the import stays as it was.
    """
    with database.session() as session:
        staged = load_import(session, batch_id)
        data = files.load(session, staged.sha256)
    require_open(staged)
    same = (
        sheet in {None, staged.sheet} and encoding in {None, staged.encoding} and delimiter in {None, staged.delimiter}
    )
    table = read_table(
        data,
        encoding=encoding or staged.encoding,
        delimiter=delimiter or staged.delimiter,
        sheet=sheet or staged.sheet or None,
        header_row=header_row or (staged.header_row if same else 0) or None,
    )
    choices = still_there(staged.choices, table.headers) if overrides is None else list(overrides)
    values = _understood(database, table, choices)
    with database.write() as session:
        require_open(load_import(session, batch_id))
        _change(session, batch_id, values)
        return load_import(session, batch_id)


def cancel(database: Database, batch_id: int) -> None:
    """Drop what was staged; the import stays in the list as cancelled. One that is done stays done."""
    with database.write() as session:
        require_open(load_import(session, batch_id))
        clear(session, batch_id)
        session.connection().execute(
            text("UPDATE import_batch SET state='cancelled', token='' WHERE id=:id"), {"id": batch_id}
        )


def _understood(database: Database, table: Table, overrides: Sequence[str]) -> dict[str, Any]:
    first = [row.cells for row in islice(table.rows(), SAMPLE_ROWS)]
    fingerprint = header_fingerprint(table.headers)
    mapping = _remembered(database, fingerprint, table.headers) or guess_mapping(table.headers, first)
    mapping = apply_overrides(mapping, table.headers, overrides)
    count, employers = pass_over(table, mapping.column("company"), mapping.column("domain"))
    samples = [
        list(islice(dict.fromkeys(cells[i].strip()[:80] for cells in first if cells[i].strip()), SAMPLES))
        for i in range(len(table.headers))
    ]
    return {
        "encoding": table.encoding,
        "delimiter": table.delimiter,
        "headers": json.dumps(table.headers, ensure_ascii=False),
        "fingerprint": fingerprint,
        "mapping": json.dumps(mapping.columns),
        "why": json.dumps(mapping.why | dict.fromkeys(cleared(overrides), BY_HAND), ensure_ascii=False),
        "samples": json.dumps(samples, ensure_ascii=False),
        "row_count": count,
        "reading": json.dumps(reading_of(table), ensure_ascii=False),
        "employers": json.dumps(employers, ensure_ascii=False),
    }


def pass_over(table: Table, company: int | None, domain: int | None) -> tuple[int, dict[str, list[str]]]:
    """One pass: the number of rows, and ``bare_employers`` of them; ``company`` and ``domain`` are columns."""
    count, pairs = 0, set[tuple[str, str]]()
    for piece in pieces(table, _PIECE):
        count += len(piece.numbers)
        if company is not None and domain is not None:
            pairs.update(map(itemgetter(company, domain), piece.cells))
        elif company is not None:
            pairs.update((row[company], "") for row in piece.cells)
    return count, bare_employers(pairs)


def _remembered(database: Database, fingerprint: str, headers: Sequence[str]) -> Mapping | None:
    with database.session() as session:
        stored = session.connection().execute(
            text("SELECT mapping FROM header_mapping WHERE fingerprint=:key"), {"key": fingerprint}
        )
        found = stored.scalar()
    if found is None:
        return None
    names = column_names(headers)
    return Mapping(
        tuple(
            Match(field, at, names[at], "as the last time with these headers")
            for field, at in json.loads(found).items()
        )
    )


def _change(session: Session, batch_id: int, values: dict[str, Any]) -> None:
    """Set what was understood; a change takes the check back, with what was put right in single cells."""
    old = (
        session.connection().execute(text("SELECT * FROM import_batch WHERE id=:id"), {"id": batch_id}).mappings().one()
    )
    if all(old[name] == value for name, value in values.items()):
        return
    clear(session, batch_id)
    sets = ", ".join(f"{name}=:{name}" for name in values)
    session.connection().execute(
        text(
            f"UPDATE import_batch SET {sets}, state='staged', token='', counts='{{}}', problems='[]', fixes='{{}}', "
            "leads_version=NULL, checked_at='' WHERE id=:id"
        ),
        {**values, "id": batch_id},
    )

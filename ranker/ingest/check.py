"""Every row of a staged file is cut, keyed and compared with the leads there are; the leads stay untouched.

The rows are written in pieces, so that other writers get their turn; a check that was killed starts again.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.errors import ColumnMissing, UsageError
from ranker.ingest.classify import Classifier
from ranker.ingest.deleted import TurnAway, clean_file
from ranker.ingest.emptied import drop_fixes, rewrite_file
from ranker.ingest.keys import name_key
from ranker.ingest.pause import no_cycles
from ranker.ingest.pieces import pieces
from ranker.ingest.problems import OUTCOMES, grouped_problems
from ranker.ingest.staged import StagedImport, clear, load_import, open_table
from ranker.ingest.staged_row import RowReader
from ranker.store.clock import now
from ranker.store.counter import leads_version
from ranker.store.engine import Database
from ranker.store.tombstones import load
from ranker.store.traces import mark

PIECE = 10_000
"""Rows a transaction."""

_EDITED = text(
    """SELECT 1 FROM lead WHERE edits<>'{}' AND (edits LIKE '%"company_name"%' OR edits LIKE '%"domain"%') LIMIT 1"""
)
_KNOWN = text(
    "SELECT DISTINCT l.company_name, c.key FROM lead AS l JOIN company AS c ON c.id=l.company_id WHERE c.domain<>''"
)


def check(database: Database, batch_id: int, progress: Callable[[int], None] | None = None) -> StagedImport:
    """Say what would become of every row: new, changed, unchanged, repeated or rejected, and why.

    ``progress`` gets the number of rows read so far. An import that is checked, with no lead changed since, is
    given back as it is. Raises ``ColumnMissing`` while company or title has no column, ``UsageError`` if there
    is no such import, or if another window changed it meanwhile.
    """
    with database.session() as session:
        staged = load_import(session, batch_id)
        if staged.state in {"cancelled", "undone"}:
            raise UsageError(f"The import of “{staged.file_name}” was {staged.state}. Upload the file again.")
        if staged.state == "done" or (staged.state == "checked" and is_current(session, batch_id)):
            return staged
        if staged.missing:
            raise ColumnMissing(
                f"No column for {' and '.join(staged.missing)} yet. Choose it in the list of columns, then check."
            )
        graves = load(session)
    if graves:  # nothing of somebody who was deleted may come back into what is kept
        with database.write() as session:
            if clean_file(session, batch_id, graves):
                mark(session, pending=True)  # the upload itself is still in free pages of the database
    with database.session() as session:
        table = open_table(session, batch_id)
        fixes = fixes_of(session, batch_id)
        known = _employers(session, batch_id, bool(fixes))
        reader = RowReader(table.headers, staged.mapping, known, fixes)
    turn_away = TurnAway(graves)
    token, version, first_ever = _start(database, batch_id)
    classifier = Classifier(batch_id, reader, first_ever=first_ever)
    with no_cycles():
        done = 0
        for piece in pieces(table, PIECE):
            cut = turn_away(reader.cut(piece))
            with database.write() as session:
                _still_mine(session, batch_id, token)
                classifier.write(session, cut)
            done += len(piece.numbers)
            if progress is not None:
                progress(done)
    with database.write() as session:
        _still_mine(session, batch_id, token)
        if turn_away.found:
            mark(session, pending=True)
            rewrite_file(session, batch_id, turn_away.found)
            drop_fixes(session, batch_id, turn_away.found)
        _finish(session, batch_id, version)
        return load_import(session, batch_id)


def is_current(session: Session, batch_id: int) -> bool:
    """Whether no lead has changed since this import was checked."""
    checked = session.connection().execute(
        text("SELECT leads_version FROM import_batch WHERE id=:id"), {"id": batch_id}
    )
    return bool(checked.scalar() == leads_version(session))


def fixes_of(session: Session, batch_id: int) -> dict[int, dict[str, str]]:
    """Row number → field → what a person put in before the commit."""
    found = session.connection().execute(text("SELECT fixes FROM import_batch WHERE id=:id"), {"id": batch_id})
    return {int(number): values for number, values in json.loads(found.scalar_one()).items()}


def _employers(session: Session, batch_id: int, corrected: bool) -> dict[str, set[str]]:
    """The companies with a domain that the file, or the leads there are, know under a name.

    They are looked up for a name without a domain only: none is needed for a file that has no such row, unless a
    person put in (``corrected``, or in a lead) who somebody works for.
    """
    connection = session.connection()
    in_file = connection.execute(text("SELECT employers FROM import_batch WHERE id=:id"), {"id": batch_id})
    known = {name: set(keys) for name, keys in json.loads(in_file.scalar_one()).items()}
    if not known and not corrected and connection.execute(_EDITED).first() is None:
        return {}
    for name, key in connection.execute(_KNOWN).fetchall():
        known.setdefault(name_key(name), set()).add(key)
    for (key,) in connection.execute(text("SELECT key FROM company WHERE domain=''")):
        known.pop(key, None)  # it was told apart from them before, and its leads stay together
    return known


def _start(database: Database, batch_id: int) -> tuple[str, int, bool]:
    """The check's token, the version of the leads it compares with, and whether there are none."""
    token = secrets.token_hex(8)
    with database.write() as session:
        clear(session, batch_id)
        session.connection().execute(
            text(
                "UPDATE import_batch SET state='staged', token=:token, counts='{}', problems='[]', "
                "leads_version=NULL, checked_at='' WHERE id=:id AND state IN ('staged', 'checked')"
            ),
            {"id": batch_id, "token": token},
        )
        none = session.connection().execute(text("SELECT 1 FROM lead LIMIT 1")).first() is None
        return token, leads_version(session), none


def _still_mine(session: Session, batch_id: int, token: str) -> None:
    """Two windows that check the same import must not mix their rows: the one that started later goes on."""
    at = session.connection().execute(text("SELECT token FROM import_batch WHERE id=:id"), {"id": batch_id})
    if at.scalar() != token:
        raise UsageError("This import is being checked in another window. Look there, or check again.")


def _finish(session: Session, batch_id: int, version: int) -> None:
    found = dict.fromkeys(OUTCOMES, 0)
    for outcome, number in session.connection().execute(
        text("SELECT outcome, count(*) FROM import_row WHERE batch_id=:id GROUP BY outcome"), {"id": batch_id}
    ):
        found[outcome] = number
    session.connection().execute(
        text(
            "UPDATE import_batch SET state='checked', counts=:counts, problems=:problems, row_count=:rows, "
            "leads_version=:version, checked_at=:at WHERE id=:id"
        ),
        {
            "id": batch_id,
            "counts": json.dumps(found),
            "problems": json.dumps(grouped_problems(session, batch_id), ensure_ascii=False),
            "rows": sum(found.values()),
            "version": version,
            "at": now(),
        },
    )

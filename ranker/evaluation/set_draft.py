"""An upload of labelled leads that is looked at: what a page shows of it, kept so that a refresh loses nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.errors import UsageError
from ranker.evaluation.labelled import LabelKind, Meaning
from ranker.evaluation.set_counts import counts_of, hash_of
from ranker.evaluation.set_rows import LeftOut, SetRows
from ranker.ingest.column_match import BY_HAND, column_names
from ranker.ingest.reader import Table, read_again
from ranker.ingest.staged import FileColumn
from ranker.ingest.workbook import SheetInfo
from ranker.store.engine import Database

NEEDED = ("company", "title", "expected_rank")
"""The fields that a labelled file must have a column for."""
MOST_SHOWN = 200
"""Rows that are left out of which a page shows each; of the others only how many there are."""
MOST_KINDS = 100
"""Ways in which a label is written that a page shows; of the others only how many there are."""
GONE = (
    "This upload is not here any more: it was saved or thrown away, or it named somebody who was deleted since. "
    "Upload the file again."
)


@dataclass(frozen=True, slots=True)
class Read:
    """What the rows of a draft gave. ``rows`` = ``leads`` + the sum of ``reasons`` (why → rows left out).

    ``kinds``: up to ``MOST_KINDS`` ways in which the label is written, of ``all_kinds``: first those that are unclear
    or that a person settled, then the others, both in file order. ``left_out``: the first ``MOST_SHOWN``. ``hash`` and
    ``counts`` are as the saved set would have them.
    """

    rows: int
    leads: int
    kinds: tuple[LabelKind, ...]
    all_kinds: int
    reasons: dict[str, int]
    left_out: tuple[LeftOut, ...]
    counts: dict[str, int]
    hash: str

    @property
    def open(self) -> tuple[LabelKind, ...]:
        """Labels that can mean "not relevant" as well as "nobody looked": a person has to say which."""
        return tuple(kind for kind in self.kinds if kind.open)


@dataclass(frozen=True, slots=True)
class Draft:
    """An upload as it is understood; ``read`` is None while a needed field has no column.

    ``choices`` are a person's columns, as ``ranker.ingest.overrides`` reads them; ``sheet`` is blank for a text file.
    """

    id: int
    file_name: str
    sha256: str
    encoding: str
    delimiter: str
    row_count: int
    columns: tuple[FileColumn, ...]
    missing: tuple[str, ...]
    choices: tuple[str, ...]
    meanings: dict[str, Meaning]
    sheet: str
    sheets: tuple[SheetInfo, ...]
    header_row: int
    read: Read | None
    who: str
    created_at: str


def get_draft(database: Database, draft_id: int) -> Draft:
    """A draft. Raises ``UsageError`` if there is none with this number, or it was saved."""
    with database.session() as session:
        return load_draft(session, draft_id)


def load_draft(session: Session, draft_id: int) -> Draft:
    """``get_draft`` within a transaction; the bytes are not read."""
    found = session.connection().execute(
        text("SELECT file_name, hash, settings, counts, who, created_at FROM eval_set WHERE id=:id AND state='draft'"),
        {"id": draft_id},
    )
    row = found.first()
    if row is None:
        raise UsageError(GONE)
    settings, counts = json.loads(row[2]), json.loads(row[3])
    fields = {column: name for name, column in settings["mapping"].items()}
    why, samples, reading = settings["why"], settings["samples"], settings["reading"]
    columns = tuple(
        FileColumn(at, header, fields.get(at, ""), why.get(fields.get(at, ""), ""), tuple(samples[at]))
        for at, header in enumerate(column_names(settings["headers"]))
    )
    headers = {column.field: column.header for column in columns}
    return Draft(
        id=draft_id,
        file_name=row[0],
        sha256=row[1],
        encoding=settings["encoding"],
        delimiter=settings["delimiter"],
        row_count=settings["row_count"],
        columns=columns,
        missing=tuple(field for field in NEEDED if field not in settings["mapping"]),
        choices=tuple(f"{field}={headers.get(field, '')}" for field, said in why.items() if said == BY_HAND),
        meanings=settings["meanings"],
        sheet=reading["sheet"],
        sheets=tuple(SheetInfo(*sheet) for sheet in reading["sheets"]),
        header_row=reading["header_row"],
        read=_read_of(counts) if counts else None,
        who=row[4],
        created_at=row[5],
    )


def load_table(session: Session, draft_id: int) -> tuple[Table, dict[str, int]]:
    """The rows of a draft as they are understood, and field → column. Raises ``UsageError`` as ``get_draft`` does."""
    found = session.connection().execute(
        text("SELECT content, settings, hash FROM eval_set WHERE id=:id AND state='draft'"), {"id": draft_id}
    )
    row = found.first()
    if row is None:
        raise UsageError(GONE)
    settings = json.loads(row[1])
    table = read_again(
        bytes(row[0]), row[2], settings["headers"], settings["encoding"], settings["delimiter"], settings["reading"]
    )
    return table, settings["mapping"]


def _shown(kinds: Sequence[LabelKind], meanings: Mapping[str, Meaning]) -> list[LabelKind]:
    """As many kinds as are shown, all that a person settles among them: these first, each group in file order.

    Settling one moves none.
    """
    settled = {kind.written for kind in kinds if kind.written in meanings}

    def clear(kind: LabelKind) -> bool:
        return kind.clear and kind.written not in settled

    chosen = sorted(kinds, key=lambda kind: (not (kind.open or kind.written in settled), clear(kind)))[:MOST_KINDS]
    return sorted(chosen, key=lambda kind: (clear(kind), kind.first))


def counts_text(rows: SetRows, meanings: Mapping[str, Meaning]) -> str:
    """What ``Read`` is read back from."""
    kinds = rows.kinds
    values: dict[str, Any] = {
        "rows": rows.rows,
        "leads": len(rows.items),
        "kinds": [asdict(kind) for kind in _shown(kinds, meanings)],
        "all_kinds": len(kinds),
        "reasons": rows.reasons,
        "left_out": [asdict(one) for one in rows.left_out[:MOST_SHOWN]],
        "counts": counts_of(rows.items),
        "hash": hash_of(rows.items),
    }
    return json.dumps(values, ensure_ascii=False)


def _read_of(values: dict[str, Any]) -> Read:
    more = {
        "kinds": tuple(LabelKind(**kind) for kind in values["kinds"]),
        "left_out": tuple(LeftOut(**one) for one in values["left_out"]),
    }
    return Read(**{**values, **more})

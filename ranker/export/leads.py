"""A file of leads to hand on: the columns of the file they came in, then what the ranking says."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, text

from ranker.errors import UsageError
from ranker.events import tell
from ranker.export.made_file import FORMATS, Cell, check_format, make_file
from ranker.store.engine import Database
from ranker.store.exports import Chosen, Selection, choose, corrected_fields, original_columns, record_export
from ranker.store.filters import Filters
from ranker.store.original import LEAD_FIELDS, load_original
from ranker.store.results import ResultRow, details

RANKING = (
    "rank", "score", "status", "reasoning", "flags", "confidence", "department_fit", "seniority_fit", "qualified",
    "needs_review", "review", "review_note", "exported_at",
)  # fmt: skip
"""What the ranking adds, named as ``python -m ranker rank`` names it."""
DEFAULT_RANKING = RANKING[:5]
_CURRENT = tuple(f"current_{name}" for name in LEAD_FIELDS)
_PIECE = 5_000


@dataclass(frozen=True, slots=True)
class Columns:
    """What can be put into a file: ``original`` in the order of the files, ``ranking``, and ``current`` fields.

    A current field is the lead's field as it stands now, put right by a person perhaps. ``default`` is what a
    file holds if nobody chooses: everything original, the fields that were put right, the ranking.
    """

    original: tuple[str, ...]
    ranking: tuple[str, ...]
    current: tuple[str, ...]
    default: tuple[str, ...]

    @property
    def every(self) -> tuple[str, ...]:
        """All of them, original ones first."""
        return (*self.original, *self.current, *self.ranking)


@dataclass(frozen=True, slots=True)
class Request:
    """An export as it is asked for. ``columns`` may name some that are gone: they are left out; () is the default."""

    selection: Selection = field(default_factory=Selection)
    columns: tuple[str, ...] = ()
    format: str = "csv"
    who: str = ""


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A finished file, and what became of the leads asked for: ``rows`` in it, ``held``, ``skipped``."""

    export_id: int
    name: str
    media_type: str
    data: bytes
    rows: int
    held: int
    skipped: int


def available_columns(database: Database) -> Columns:
    """The columns there are now. One of ours that a file has as well is given the prefix ``ranker_``."""
    original = tuple(original_columns(database))
    taken = {name.casefold() for name in original}

    def named(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(f"ranker_{name}" if name.casefold() in taken else name for name in names)

    fixed = corrected_fields(database)
    corrected = [name for name in _CURRENT if name.removeprefix("current_") in fixed]
    default = (*original, *named(corrected), *named(DEFAULT_RANKING))
    return Columns(original, named(RANKING), named(_CURRENT), default)


def export_leads(database: Database, request: Request, *, today: datetime | None = None) -> ExportFile:
    """Make the file, and mark its leads as exported. Nobody on the do-not-contact list is in it.

    CSV is UTF-8 with BOM and CRLF, formulas neutralised; XLSX holds text as text. Raises ``UsageError`` where
    nobody is left to export, or for another format; then nothing is marked.
    """
    check_format(request.format)
    chosen = choose(database, request.selection)
    if not chosen.lead_ids:
        raise UsageError(_nobody(chosen))
    known = available_columns(database)
    wanted = tuple(name for name in request.columns if name in set(known.every)) or known.default
    name = file_name(request, today)
    rows = _rows(database, chosen.lead_ids, wanted, known)
    data, count = make_file(name, request.format, wanted, rows)
    export_id = record_export(
        database,
        chosen.lead_ids,
        file_name=name,
        format=request.format,
        columns=wanted,
        selection=_told(request.selection),
        who=request.who,
    )
    tell("export.done", export=export_id, format=request.format, rows=count, held=chosen.held, skipped=chosen.skipped)
    return ExportFile(export_id, name, FORMATS[request.format], data, count, chosen.held, chosen.skipped)


def file_name(request: Request, today: datetime | None = None) -> str:
    """What the file is called: ``leads-top-3-2026-11-21.csv``."""
    selection = request.selection
    if selection.lead_ids is not None:
        what = "picked"
    else:
        what = "filtered" if selection.top is None else f"top-{selection.top}"
    return f"leads-{what}-{today or datetime.now(UTC):%Y-%m-%d}.{request.format}"


def _nobody(chosen: Chosen) -> str:
    why = []
    if chosen.held:
        why.append(f"{chosen.held:,} on the do-not-contact list")
    if chosen.skipped:
        why.append(f"{chosen.skipped:,} exported before")
    told = f" ({', '.join(why)})" if why else ""
    return f"Nobody is left to export{told}. Change the filters or the choice."


_MORE = text(
    "SELECT l.id, l.extra, coalesce((SELECT r.note FROM review AS r WHERE r.lead_id=l.id AND r.verdict<>'none' "
    "AND r.id=(SELECT max(n.id) FROM review AS n WHERE n.lead_id=l.id)), '') FROM lead AS l WHERE l.id IN :ids"
).bindparams(bindparam("ids", expanding=True))


def _rows(database: Database, lead_ids: Sequence[int], wanted: Sequence[str], known: Columns) -> Iterator[list[Cell]]:
    """The cells of each lead in one view of the database, a piece at a time."""
    original = set(known.original)
    ours = dict(zip((*known.ranking, *known.current), (*RANKING, *_CURRENT), strict=True))
    with database.session() as session:
        for start in range(0, len(lead_ids), _PIECE):
            piece = list(lead_ids[start : start + _PIECE])
            more = {row[0]: (row[1], row[2]) for row in session.connection().execute(_MORE, {"ids": piece})}
            judged = {row.lead_id: row for row in details(session, piece)}
            there = [lead_id for lead_id in piece if lead_id in judged]
            for lead_id, (cells, fields) in zip(there, load_original(session, there), strict=True):
                extra_text, note = more[lead_id]
                extra = json.loads(extra_text) if extra_text != "{}" else {}
                added = _added(judged[lead_id], note, fields)
                yield [
                    cells.get(name) or extra.get(name, "") if name in original else added[ours[name]] for name in wanted
                ]


def _added(row: ResultRow, note: str, fields: dict[str, Any]) -> dict[str, Cell]:
    values: dict[str, Cell] = {
        "rank": row.rank,
        "score": row.score,
        "status": row.status,
        "reasoning": row.reasoning,
        "flags": " ".join(row.flags),
        "confidence": row.confidence,
        "department_fit": row.department_fit,
        "seniority_fit": row.seniority_fit,
        "qualified": "" if row.qualified is None else str(row.qualified).lower(),
        "needs_review": str(row.needs_review).lower(),
        "review": {"in": "should be contacted", "out": "should not be contacted"}.get(row.review, ""),
        "review_note": note,
        "exported_at": row.exported_at,
    }
    return values | {f"current_{name}": str(value) for name, value in fields.items()}


def _told(selection: Selection) -> dict[str, Any]:
    """The selection as the export remembers it: only what was asked for."""
    plain = Filters()
    filters = {name: value for name, value in asdict(selection.filters).items() if value != getattr(plain, name)}
    told: dict[str, Any] = {"filters": filters} if filters else {}
    if selection.top is not None:
        told["top"] = selection.top
    if selection.lead_ids is not None:
        told["picked"] = len(selection.lead_ids)
    if selection.skip_exported:
        told["skip_exported"] = True
    return told

"""Which leads go out, in which order, and the mark that they did."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from ranker.errors import UsageError
from ranker.store import bulk
from ranker.store.clock import now
from ranker.store.engine import Database
from ranker.store.filters import Filters, where
from ranker.store.original import distinct_names
from ranker.store.suppressions import in_pieces


@dataclass(frozen=True, slots=True)
class Selection:
    """What to export: the leads that fit the filters and, if given, are in ``lead_ids``.

    ``top``: only those to contact, up to this rank in their company, ties included. ``skip_exported``: leave
    out who went out before.
    """

    filters: Filters = field(default_factory=Filters)
    top: int | None = None
    lead_ids: tuple[int, ...] | None = None
    skip_exported: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """Leads by company and rank; how many the do-not-contact list held back, and how many went out before."""

    lead_ids: tuple[int, ...]
    held: int
    skipped: int


@dataclass(frozen=True, slots=True)
class ExportEntry:
    """One file that went out."""

    id: int
    file_name: str
    format: str
    row_count: int
    who: str
    created_at: str


@dataclass(frozen=True, slots=True)
class Preset:
    """Columns and format under a name."""

    name: str
    columns: tuple[str, ...]
    format: str
    settings: dict[str, Any]


def choose(database: Database, selection: Selection) -> Chosen:
    """The leads of an export; nobody on the do-not-contact list is ever among them.

    A held lead has no rank, so a top N is filled from those who may be contacted.
    """
    clause, values = where(selection.filters)
    parts = [clause] if clause else []
    if selection.top is not None:
        parts.append("(rank<=:top OR suppressed=1 AND status='ranked')")
        values = {**values, "top": selection.top}
    condition = f" WHERE {' AND '.join(parts)}" if parts else ""
    picked = None if selection.lead_ids is None else set(selection.lead_ids)
    with database.session() as session:
        rows = session.connection().execute(
            text(
                f"SELECT lead_id, suppressed, exported_at FROM current_assessment{condition} "
                "ORDER BY company_sort, company_id, rank NULLS LAST, score DESC NULLS LAST, name_sort, lead_id"
            ),
            values,
        )
        held = skipped = 0
        chosen = []
        for lead_id, suppressed, exported_at in rows:
            if picked is not None and lead_id not in picked:
                continue
            if suppressed:
                held += 1
            elif selection.skip_exported and exported_at:
                skipped += 1
            else:
                chosen.append(lead_id)
    return Chosen(tuple(chosen), held, skipped)


def record_export(
    database: Database,
    lead_ids: Sequence[int],
    *,
    file_name: str,
    format: str = "csv",  # noqa: A002 - the word on the page
    columns: Sequence[str] = (),
    selection: dict[str, Any] | None = None,
    who: str = "",
    people: int | None = None,
) -> int:
    """Mark leads as exported now; the export's number. ``people``: where there are more in the file than leads."""
    with database.write() as session:
        at = now()
        export_id: int = (
            session.connection()
            .execute(
                text(
                    "INSERT INTO export (file_name, format, selection, columns, row_count, who, created_at) "
                    "VALUES (:name, :format, :selection, :columns, :rows, :who, :at) RETURNING id"
                ),
                {
                    "name": file_name, "format": format, "selection": json.dumps(selection or {}, sort_keys=True),
                    "columns": json.dumps(list(columns), ensure_ascii=False), "who": who,
                    "rows": len(lead_ids) if people is None else people,
                    "at": at,
                },
            )
            .scalar_one()
        )  # fmt: skip
        ranks = _ranks(session, lead_ids)
        bulk.insert(
            session,
            "export_item",
            ("export_id", "lead_id", "position", "rank"),
            [(export_id, lead, place, ranks.get(lead)) for place, lead in enumerate(lead_ids, start=1)],
        )
        bulk.many(
            session, "UPDATE current_assessment SET exported_at=? WHERE lead_id=?", [(at, lead) for lead in lead_ids]
        )
        return export_id


def original_columns(database: Database) -> list[str]:
    """The columns of the imported files, those of the file that most leads come from first, each name once.

    Ends with ``extra_cells`` where a row had cells beyond its headers.
    """
    with database.session() as session:
        connection = session.connection()
        files = connection.execute(
            text(
                "SELECT b.headers FROM import_batch AS b LEFT JOIN (SELECT batch_id, count(*) AS leads FROM lead "
                "GROUP BY batch_id) AS l ON l.batch_id=b.id WHERE b.state='done' OR l.leads>0 "
                "ORDER BY coalesce(l.leads, 0) DESC, b.id DESC"
            )
        )
        names = dict.fromkeys(name for row in files for name in distinct_names(json.loads(row[0])))
        beyond = connection.execute(text("SELECT 1 FROM lead WHERE extra LIKE '%\"extra_cells\":%' LIMIT 1")).first()
    if beyond:
        names["extra_cells"] = None
    return list(names)


def corrected_fields(database: Database) -> set[str]:
    """Fields that a person put right in any lead; the file's own column still shows the old value there."""
    with database.session() as session:
        rows = session.connection().execute(text("SELECT DISTINCT edits FROM lead WHERE edits<>'{}'"))
        return {field for row in rows for field in json.loads(row[0])}


def list_exports(database: Database, *, offset: int = 0, limit: int = 20) -> list[ExportEntry]:
    """What went out, the newest first."""
    with database.session() as session:
        rows = session.connection().execute(
            text(
                "SELECT id, file_name, format, row_count, who, created_at FROM export ORDER BY id DESC "
                "LIMIT :limit OFFSET :offset"
            ),
            {"limit": limit, "offset": offset},
        )
        return [ExportEntry(*row) for row in rows]


def save_preset(database: Database, preset: Preset) -> None:
    """Keep columns and format under a name; an older preset of that name is replaced.

    Raises ``UsageError`` for a blank name or no columns.
    """
    if not preset.name.strip() or not preset.columns:
        raise UsageError("A preset needs a name and at least one column.")
    with database.write() as session:
        row = (
            preset.name.strip(),
            json.dumps(preset.columns, ensure_ascii=False),
            preset.format,
            json.dumps(preset.settings),
            now(),
        )
        bulk.upsert(session, "export_preset", ("name", "columns", "format", "settings", "updated_at"), ("name",), [row])


def list_presets(database: Database) -> list[Preset]:
    """Presets by name."""
    with database.session() as session:
        rows = session.connection().execute(
            text("SELECT name, columns, format, settings FROM export_preset ORDER BY name")
        )
        return [Preset(row[0], tuple(json.loads(row[1])), row[2], json.loads(row[3])) for row in rows]


def delete_preset(database: Database, name: str) -> None:
    """Remove a preset; one that is not there is no error."""
    with database.write() as session:
        session.connection().execute(text("DELETE FROM export_preset WHERE name=:name"), {"name": name})


def _ranks(session: Session, lead_ids: Sequence[int]) -> dict[int, int | None]:
    found: dict[int, int | None] = {}
    wanted = text("SELECT lead_id, rank FROM current_assessment WHERE lead_id IN :ids").bindparams(
        bindparam("ids", expanding=True)
    )

    def look(piece: Sequence[int]) -> None:
        found.update((row[0], row[1]) for row in session.connection().execute(wanted, {"ids": piece}))

    in_pieces(lead_ids, look)
    return found

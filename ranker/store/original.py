"""Leads as their file had them: the original cells beside the fields."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from ranker.store.suppressions import in_pieces

LEAD_FIELDS = (
    "title", "company_name", "domain", "size", "industry", "first_name", "last_name", "full_name", "email",
    "linkedin_url", "phone", "location", "source_id",
)  # fmt: skip

_LEADS = text(f"SELECT id, batch_id, row_number, {', '.join(LEAD_FIELDS)} FROM lead WHERE id IN :ids").bindparams(
    bindparam("ids", expanding=True)
)
_KEPT_STRETCHES = 64


class RawRows:
    """The rows of one imported file by their number; stretches that were opened are remembered for a while."""

    def __init__(self, session: Session, batch_id: int) -> None:
        self._session = session
        self._batch_id = batch_id
        found = session.connection().execute(
            text("SELECT first_number FROM import_raw WHERE batch_id=:id ORDER BY first_number"), {"id": batch_id}
        )
        self._starts = [row[0] for row in found]
        self._open: dict[int, dict[int, tuple[str, ...]]] = {}

    def cells(self, number: int) -> tuple[str, ...]:
        """The cells of a row, those beyond the headers last as one; () for a row that is not there."""
        at = bisect_right(self._starts, number) - 1
        if at < 0:
            return ()
        start = self._starts[at]
        if start not in self._open:
            if len(self._open) >= _KEPT_STRETCHES:
                self._open.pop(next(iter(self._open)))
            stretch = self._session.connection().execute(
                text("SELECT cells FROM import_raw WHERE batch_id=:id AND first_number=:start"),
                {"id": self._batch_id, "start": start},
            )
            self._open[start] = {number: tuple(cells) for number, cells in json.loads(stretch.scalar_one())}
        return self._open[start].get(number, ())


def load_original(session: Session, lead_ids: Sequence[int]) -> list[tuple[dict[str, str], dict[str, Any]]]:
    """(Cells by column name, lead fields) of each lead, in the given order; leads that are gone are left out."""
    rows: list[Any] = []
    in_pieces(
        lead_ids, lambda piece: rows.extend(session.connection().execute(_LEADS, {"ids": list(piece)}).fetchall())
    )
    rows.sort(key=lambda row: (row[1] or 0, row[2] or 0))  # file by file, so that each stretch is opened once
    files: dict[int, tuple[list[str], RawRows]] = {}
    found: dict[int, tuple[dict[str, str], dict[str, Any]]] = {}
    for lead_id, batch_id, number, *fields in rows:
        original: dict[str, str] = {}
        if batch_id is not None:
            if batch_id not in files:
                headers = session.connection().execute(
                    text("SELECT headers FROM import_batch WHERE id=:id"), {"id": batch_id}
                )
                files[batch_id] = distinct_names(json.loads(headers.scalar_one())), RawRows(session, batch_id)
            names, raw = files[batch_id]
            # a row may hold cells beyond its headers, as one more cell
            original = dict(zip([*names, "extra_cells"], raw.cells(number), strict=False))
        found[lead_id] = (original, dict(zip(LEAD_FIELDS, fields, strict=True)))
    return [found[lead_id] for lead_id in lead_ids if lead_id in found]


def distinct_names(headers: Sequence[str]) -> list[str]:
    """A name a column: blank ones “column N”, repeated ones “Email (2)”, as ``ingest.mapping.column_names``."""
    seen: dict[str, int] = {}
    names = []
    for place, header in enumerate(headers, start=1):
        name = " ".join(header.split()) or f"column {place}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names

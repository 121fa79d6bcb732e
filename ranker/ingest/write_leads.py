"""Staged rows become leads, and leads change, within the transaction of a commit."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import from_json
from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from ranker.ingest import undo_log
from ranker.ingest.fields import FIELDS, FieldReader
from ranker.ingest.keys import input_hashes
from ranker.ingest.staging import Columns, along, as_one
from ranker.store import bulk

_SET = (
    "company_id", *FIELDS, "extra", "edits", "input_hash", "problem", "batch_id", "row_number", "updated_at",
)  # fmt: skip
_CHANGE = f"UPDATE lead SET {', '.join(f'{name}=?' for name in _SET)} WHERE id=?"
_COMPANIES_OF = text("SELECT DISTINCT company_id FROM lead WHERE id IN :ids").bindparams(
    bindparam("ids", expanding=True)
)
_JUDGED_BY = ("title", "company_name", "size", "domain")


class LeadWriter:
    """Writes the staged rows of one import; ``companies``: key → number."""

    def __init__(self, session: Session, batch_id: int, reader: FieldReader, companies: Mapping[str, int], at: str):
        self._session, self._batch_id, self._reader, self._companies = session, batch_id, reader, companies
        self._same: dict[str, str | int | None] = {"batch_id": batch_id, "updated_at": at}
        self._starts = [
            row[0] for row in self._run("SELECT first_number FROM import_raw WHERE batch_id=:id ORDER BY 1")
        ]
        self.added = 0
        self.changed: list[int] = []
        self.left: set[int] = set()
        """Companies from which a lead may have gone."""

    def write_all(self) -> None:
        """Write everything that was staged, in file order."""
        starts = self._run("SELECT first_number FROM import_stage WHERE batch_id=:id ORDER BY 1").fetchall()
        wanted = "SELECT staged FROM import_stage WHERE batch_id=:id AND first_number=:at"
        for (at,) in starts:
            columns: Columns = from_json(self._run(wanted, at=at).scalar_one(), cache_strings="none")
            columns["company_id"] = [self._companies[key] for key in columns.pop("company")]
            columns["row_number"] = columns.pop("number")
            if "lead_id" in columns:
                self._change(columns)
            else:
                self._add(columns)

    def _add(self, columns: Columns) -> None:
        numbers = columns["row_number"]
        self.added += len(numbers)
        fields, _ = self._reader.fields(numbers, self._cells(numbers))
        columns |= {name: as_one(values) for name, values in fields.items()}
        columns["input_hash"] = _hashes(columns)
        alike = {**self._same, "created_at": self._same["updated_at"]}
        alike |= {name: value for name, value in columns.items() if isinstance(value, str)}
        rows = {name: values for name, values in columns.items() if name not in alike}
        bulk.insert(self._session, "lead", tuple(rows), zip(*rows.values(), strict=True), alike)

    def _change(self, columns: Columns) -> None:
        lead_ids = columns.pop("lead_id")
        self.changed.extend(lead_ids)
        undo_log.leads(self._session, self._batch_id, lead_ids)
        leaving = self._session.connection().execute(_COMPANIES_OF, {"ids": lead_ids}).fetchall()
        self.left.update(row[0] for row in leaving)
        columns["input_hash"] = _hashes(columns)
        values = [along({**columns, **self._same}[name], len(lead_ids)) for name in _SET]
        bulk.many(self._session, _CHANGE, zip(*values, lead_ids, strict=True))

    def _cells(self, numbers: Sequence[int]) -> list[list[str]]:
        """The cells of these rows, which follow one another but for some between them."""
        first, last = (bisect_right(self._starts, number) - 1 for number in (numbers[0], numbers[-1]))
        stretches = self._run(
            "SELECT cells FROM import_raw WHERE batch_id=:id AND first_number BETWEEN :first AND :last "
            "ORDER BY first_number",
            first=self._starts[first],
            last=self._starts[last],
        )
        rows = [row for (stretch,) in stretches for row in from_json(stretch, cache_strings="none")]
        if len(rows) != len(numbers):
            wanted = set(numbers)
            rows = [row for row in rows if row[0] in wanted]
        return [row[1] for row in rows]

    def _run(self, sql: str, **values: int) -> Any:
        return self._session.connection().execute(text(sql), {"id": self._batch_id, **values})


def _hashes(columns: Columns) -> list[str]:
    count = len(columns["row_number"])
    return input_hashes(*(along(columns.get(name, ""), count) for name in _JUDGED_BY))

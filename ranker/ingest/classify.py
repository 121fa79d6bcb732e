"""Rows compared with the leads there are: what is new, changed, unchanged, repeated, rejected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from ranker.ingest import staging
from ranker.ingest.compare import compare
from ranker.ingest.fields import FIELDS
from ranker.ingest.staged_row import Cut, RowReader, json_text
from ranker.store import bulk

_ROW = ("number", "outcome", "reason", "problem", "lead_id", "first_number", "prior")
_PLAIN = {"reason": "", "problem": "", "first_number": None, "prior": ""}
_STRETCH = 500
"""Rows in one row of ``import_raw``: few enough to open for a page of 50."""
_LEAD = ("dedup_key", "id", "extra", "edits", *FIELDS)

OutcomeRow = tuple[int, str, str, str, int | None, int | None, str]
"""A row of ``import_row``, in the order of ``_ROW``."""


@dataclass(slots=True)
class _Decided:
    """What becomes of the rows of a piece. Most have nothing to say but their number, and their lead's."""

    new: Sequence[int] = field(default_factory=list)
    """Places in the piece."""
    same: list[tuple[int, int]] = field(default_factory=list)
    """(Number, lead)."""
    other: list[OutcomeRow] = field(default_factory=list)
    differ: list[int] = field(default_factory=list)
    """Places of rows that are not as their lead is; what that means is for ``compare``."""


class Classifier:
    """Decides the outcome of each row of one import, in file order; remembers which leads were seen.

    ``first_ever``: there are no leads to compare with.
    """

    def __init__(self, batch_id: int, reader: RowReader, *, first_ever: bool = False) -> None:
        self._batch_id, self._reader, self._first_ever = batch_id, reader, first_ever
        self._first: dict[str, int] = {}
        self._told = staging.Told()

    def write(self, session: Session, cut: Cut) -> None:
        """Decide on a piece of rows, and write raw cells, outcomes and, where something is to do, fields."""
        wanted = ("dedup_key", "id", "extra", *cut.fields)
        known = {} if self._first_ever else bulk.by_key(session, "lead", wanted, cut.leads)
        decided = _decide(cut, known, self._first)
        changes = self._changes(session, cut, decided)
        _write_outcomes(session, self._batch_id, cut, decided)
        batch = {"batch_id": self._batch_id}
        bulk.insert(session, "import_raw", ("first_number", "cells"), _stretches(cut), batch)
        said = self._told.news(cut, decided.new, changes)
        pieces = [columns for columns in (staging.added(cut, decided.new), staging.changed(changes)) if columns]
        rows = [
            (columns["number"][0], json_text(columns), json_text({} if at else said))
            for at, columns in enumerate(pieces)
        ]
        bulk.insert(session, "import_stage", ("first_number", "staged", "companies"), rows, batch)

    def _changes(self, session: Session, cut: Cut, decided: _Decided) -> list[staging.Change]:
        """Compare the rows that differ from their lead, note the outcomes, and give what is to be written."""
        changes: list[staging.Change] = []
        if not decided.differ:
            return changes
        leads = bulk.by_key(session, "lead", _LEAD, [cut.leads[at] for at in decided.differ])
        for at in decided.differ:
            lead = leads[cut.leads[at]]
            prior, change = compare(cut, at, lead, self._reader)
            outcome = "unchanged" if change is None else "changed"
            shape = cut.shapes.get(at, "")
            decided.other.append((cut.numbers[at], outcome, shape, cut.problems[at], lead[1], None, prior))
            if change is not None:
                changes.append(change)
        return changes


def _decide(cut: Cut, known: Mapping[str, Sequence[Any]], first: dict[str, int]) -> _Decided:
    """``known``: lead's key → key, id, extra, fields. ``first``: lead's key → row that has it; is added to."""
    decided = _Decided()
    if not known and not cut.rejected:
        keys = set(cut.leads)
        if len(keys) == len(cut.leads) and first.keys().isdisjoint(keys):
            first.update(zip(cut.leads, cut.numbers, strict=True))
            decided.new = range(len(cut.leads))
            return decided
    new, extra, problems, shapes = list[int](), cut.extra, cut.problems, cut.shapes
    rows = zip(cut.leads, cut.numbers, zip(*cut.fields.values(), strict=True), strict=True)
    for at, (key, number, fields) in enumerate(rows):
        if at in cut.rejected:
            decided.other.append((number, "rejected", cut.rejected[at], problems[at], None, None, ""))
            continue
        lead = known.get(key)
        earlier = first.setdefault(key, number)
        if earlier != number:
            lead_id, why = lead[1] if lead else None, f"The same person as in row {earlier}."
            decided.other.append((number, "repeated", why, problems[at], lead_id, earlier, ""))
        elif lead is None:
            new.append(at)
        elif lead[3:] != fields or extra[at] not in {"{}", lead[2]} or at in cut.edits:
            decided.differ.append(at)
        elif problems[at] or at in shapes:
            decided.other.append((number, "unchanged", shapes.get(at, ""), problems[at], lead[1], None, ""))
        else:
            decided.same.append((number, lead[1]))
    decided.new = new
    return decided


def _write_outcomes(session: Session, batch_id: int, cut: Cut, decided: _Decided) -> None:
    """Rows of ``import_row``; those that have nothing to say but their number cost the least."""
    numbers, problems, shapes = cut.numbers, cut.problems, cut.shapes
    plain: Sequence[int]
    if any(problems) or shapes:
        plain = [numbers[at] for at in decided.new if not problems[at] and at not in shapes]
        decided.other.extend(
            (numbers[at], "new", shapes.get(at, ""), problems[at], None, None, "")
            for at in decided.new
            if problems[at] or at in shapes
        )
    else:
        plain = [numbers[at] for at in decided.new]
    same = {"batch_id": batch_id, "outcome": "unchanged", **_PLAIN}
    bulk.insert_numbers(session, "import_row", "number", plain, {**same, "outcome": "new", "lead_id": None})
    bulk.insert(session, "import_row", ("number", "lead_id"), decided.same, same)
    bulk.insert(session, "import_row", _ROW, decided.other, {"batch_id": batch_id})


def _stretches(cut: Cut) -> list[tuple[int, str]]:
    """The rows' cells with their numbers, in stretches as JSON."""
    rows = list(zip(cut.numbers, cut.cells, strict=True))
    return [(rows[at][0], json_text(rows[at : at + _STRETCH])) for at in range(0, len(rows), _STRETCH)]

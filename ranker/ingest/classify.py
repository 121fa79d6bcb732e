"""Rows compared with the leads there are: what is new, changed, unchanged, repeated, rejected."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.orm import Session

from ranker.ingest.keys import input_hash, name_key
from ranker.ingest.staged_row import FIELDS, Cut, json_text
from ranker.store import bulk

_ROW = ("batch_id", "number", "outcome", "reason", "problem", "lead_id", "first_number", "prior")
_STRETCH = 500
"""Rows in one row of ``import_raw`` and ``import_stage``: few enough to open for a page of 50."""

Staged = tuple[int, int | None, str, str, tuple[str, ...], str, str, str, str]
"""number, lead (None: new), lead's key, company's key, ``FIELDS``, extra, edits, input hash, problem."""

_WANTED = ("dedup_key", "id", "extra", "edits", *FIELDS)
_TITLE, _COMPANY, _DOMAIN, _SIZE = (FIELDS.index(name) for name in ("title", "company_name", "domain", "size"))


class Classifier:
    """Decides the outcome of each row of one import, in file order; remembers which leads were seen."""

    def __init__(self, batch_id: int, employer: Callable[[str, str], str]) -> None:
        self._batch_id, self._employer = batch_id, employer
        self._first: dict[str, int] = {}
        self._leads: dict[str, int] = {}

    def write(self, session: Session, piece: Sequence[Cut]) -> None:
        """Decide on a piece of rows, and write raw cells, outcomes and, where something is to do, fields."""
        batch_id = self._batch_id
        known = bulk.by_key(session, "lead", _WANTED, [row.lead for row in piece])
        outcomes: list[tuple[Any, ...]] = []
        staged: list[Staged] = []
        for row in piece:
            if row.rejected:
                outcomes.append((batch_id, row.number, "rejected", row.rejected, row.problem, None, None, ""))
                continue
            first = self._first.get(row.lead)
            if first is not None:
                why = f"The same person as in row {first}."
                lead_id = self._leads.get(row.lead)
                outcomes.append((batch_id, row.number, "repeated", why, row.problem, lead_id, first, ""))
                continue
            lead = known.get(row.lead)
            self._first[row.lead] = row.number
            if lead is None:
                outcomes.append((batch_id, row.number, "new", row.shape, row.problem, None, None, ""))
                staged.append(_staged(row, None, row.company, row.fields, row.extra, row.edits))
                continue
            self._leads[row.lead] = lead[1]
            prior = ""
            if lead[4:] != row.fields or lead[2] != row.extra or row.edits != "{}":
                prior, change = _compare(row, lead, self._employer)
                if change is not None:
                    staged.append(change)
            outcome = "changed" if prior else "unchanged"
            outcomes.append((batch_id, row.number, outcome, row.shape, row.problem, lead[1], None, prior))
        raw = [(row.number, row.cells) for row in piece]
        bulk.insert(session, "import_raw", ("batch_id", "first_number", "cells"), _stretches(batch_id, raw))
        bulk.insert(session, "import_row", _ROW, outcomes)
        told: dict[str, tuple[str, ...]] = {}
        for _, _, _, key, fields, *_ in staged:
            if key not in told or "" in told[key]:
                add_told(told, key, tuple([fields[at] for at in TOLD]))
        stretches = _stretches(batch_id, staged)
        companies = [json_text(told if at == 0 else {}) for at in range(len(stretches))]
        bulk.insert(
            session,
            "import_stage",
            ("batch_id", "first_number", "staged", "companies"),
            [(*stretch, said) for stretch, said in zip(stretches, companies, strict=True)],
        )


def _compare(row: Cut, lead: Sequence[Any], employer: Callable[[str, str], str]) -> tuple[str, Staged | None]:
    """Before and after of a lead as JSON, and what to write; a lead that does not differ gives "" and None."""
    _, lead_id, old_extra, old_edits, *values = lead
    before = tuple(values)
    fixes, edits = json.loads(row.edits), json.loads(old_edits)
    after = merge_fields(row.fields, before, {name: said for name, said in edits.items() if name not in fixes})
    extra = old_extra if row.extra in {"{}", old_extra} else merge_extra(old_extra, row.extra)
    prior: dict[str, Any] = {
        name: [old, new] for name, old, new in zip(FIELDS, before, after, strict=True) if old != new
    }
    if extra != old_extra:
        prior["extra"] = [json.loads(old_extra), json.loads(extra)]
    kept = {name: said for name, said in edits.items() if name not in prior} | fixes
    if not prior:
        return "", None
    key = row.company
    if after[_COMPANY] != row.fields[_COMPANY] or after[_DOMAIN] != row.fields[_DOMAIN]:
        key = employer(after[_COMPANY], after[_DOMAIN])
    return json_text(prior), _staged(row, lead_id, key, after, extra, json_text(kept))


def _staged(row: Cut, lead_id: int | None, company: str, fields: tuple[str, ...], extra: str, edits: str) -> Staged:
    digest = input_hash(fields[_TITLE], fields[_COMPANY], fields[_SIZE], fields[_DOMAIN])
    return row.number, lead_id, row.lead, company, fields, extra, edits, digest, row.problem


def _stretches(batch_id: int, rows: Sequence[Any]) -> list[tuple[int, int, str]]:
    """Rows that begin with their number, in stretches as JSON."""
    starts = range(0, len(rows), _STRETCH)
    return [(batch_id, rows[at][0], json_text(rows[at : at + _STRETCH])) for at in starts]


TOLD = tuple(FIELDS.index(name) for name in ("company_name", "domain", "size", "industry"))
"""The fields of a row that speak about its company."""


def add_told(told: dict[str, tuple[str, ...]], key: str, said: tuple[str, ...]) -> None:
    """Add what a row says about a company; what an earlier row said stays, blanks are filled."""
    known = told.get(key)
    if known is None:
        told[key] = said
    elif "" in known:
        told[key] = tuple(old or new for old, new in zip(known, said, strict=True))


def merge_fields(staged: Sequence[str], lead: Sequence[str], edits: dict[str, str]) -> tuple[str, ...]:
    """A lead's fields after an import: a blank cell erases nothing, and a file that still says what a person
    has put right (``edits``: field → what the file said) does not undo it.

    Somebody who is listed at another company takes nothing of the old one along: neither domain nor size.
    """
    kept = [
        old if not new or edits.get(name) == new else new for name, new, old in zip(FIELDS, staged, lead, strict=True)
    ]
    if name_key(kept[_COMPANY]) != name_key(lead[_COMPANY]):
        for at in TOLD:
            kept[at] = staged[at]
    return tuple(kept)


def merge_extra(old: str, new: str) -> str:
    """Both JSON objects in one; the newer file's columns win."""
    return new if old == "{}" else json_text({**json.loads(old), **json.loads(new)})

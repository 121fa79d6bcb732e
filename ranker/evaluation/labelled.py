"""Leads that a person labelled, and the reading of a label as people write it in a spreadsheet."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from ranker.errors import LabelError

NOT_RELEVANT = math.inf
"""The label of a lead that a person judged and found not relevant: behind every rank."""

LARGEST_RANK = 1_000_000
"""No company has more leads; a larger number is a phone number or an id in the wrong column."""

# Spreadsheets write a whole number as 3 or as 3.0.
_WHOLE = re.compile(r"[+-]?[0-9]+(\.0*)?")
_EXPECTED = 'write a whole number from 1 (1 = best), or "none" for a lead that must not be contacted'
# What people write when they mean something else than "none", and what each of them leaves open.
_UNCLEAR = frozenset({"-", "--", "–", "—", "n/a", "na", "n.a.", "#n/a", "?", "x", "no", "nan", "null", "unknown"})


@dataclass(frozen=True)
class LabelRow:
    """One row of a labelled file, its cells as they were read; `row` is the number the person sees."""

    row: int
    source_id: str
    company: str
    label: str


@dataclass(frozen=True)
class LabelledLead:
    """A lead and a person's label: a rank from 1 (1 = best) or `NOT_RELEVANT`."""

    source_id: str
    company: str
    label: float


def read_label(cell: str, row: int) -> float:
    """The label in a cell: `NOT_RELEVANT` for "none" in any case, else a whole number from 1.

    Raises LabelError, naming the row and the value, for anything else. Blank, "-", "n/a" and "0" are
    refused rather than guessed at: each can mean "not relevant" as well as "nobody looked".
    """
    text = cell.strip()
    if text.lower() == "none":
        return NOT_RELEVANT
    if not text:
        raise LabelError(f"Row {row} has no label: {_EXPECTED}. If nobody has judged this lead yet, take the row out.")
    if text.lower() in _UNCLEAR:
        raise LabelError(
            f'Row {row} has the label "{text}", which could mean "not relevant" or "not judged yet": '
            f"{_EXPECTED}. If nobody has judged this lead yet, take the row out."
        )
    if not _WHOLE.fullmatch(text):
        raise LabelError(f'Row {row} has the label "{_short(text)}": {_EXPECTED}.')
    # Compare lengths first: a number of a thousand digits must not become infinity, which means "none".
    digits = text.partition(".")[0].lstrip("+-0") or "0"
    if text.startswith("-") or digits == "0":
        raise LabelError(f'Row {row} has the label "{_short(text)}", but ranks start at 1: {_EXPECTED}.')
    if len(digits) > len(str(LARGEST_RANK)) or int(digits) > LARGEST_RANK:
        raise LabelError(f'Row {row} has the label "{_short(text)}", too large for a rank in a company: {_EXPECTED}.')
    return float(digits)


def read_labels(rows: Iterable[LabelRow]) -> list[LabelledLead]:
    """The labelled leads of a file, one a row, in its order; spaces around cells are dropped.

    Raises LabelError for a label that `read_label` refuses, a row without an id or a company, an id that
    occurs twice (both rows are named), and a file without any row.
    """
    leads: list[LabelledLead] = []
    first_row: dict[str, int] = {}
    for row in rows:
        source_id, company = row.source_id.strip(), row.company.strip()
        if not source_id:
            raise LabelError(f"Row {row.row} has no id: give each lead an id of its own.")
        if source_id in first_row:
            raise LabelError(
                f'Rows {first_row[source_id]} and {row.row} have the same id "{_short(source_id)}": '
                "keep one of them, or give each an id of its own."
            )
        if not company:
            raise LabelError(
                f"Row {row.row} has no company: leads are compared within their company, so fill it in "
                "or take the row out."
            )
        first_row[source_id] = row.row
        leads.append(LabelledLead(source_id, company, read_label(row.label, row.row)))
    if not leads:
        raise LabelError("The labelled file has no leads: add a row for each lead that a person has judged.")
    return leads


def _short(text: str) -> str:
    """The text on one line and no longer than a message can carry."""
    line = " ".join(text.split())
    return line if len(line) <= 40 else line[:39] + "…"

"""Leads that a person labelled, and the reading of a label as people write it in a spreadsheet."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

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


_DASHES = frozenset({"-", "--", "–", "—"})

Meaning = Literal["none", "skip", "relevant"]
"""What a person says a cell means that is neither a rank nor "none": not relevant, nobody has judged the lead, or
relevant without a rank. All of the latter share rank 1 at their company, so no file has them beside ranks.
"""


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


@dataclass(frozen=True)
class LabelKind:
    """One way in which the label is written in a file: how, what it is taken for, in how many rows, the first one.

    `written` is "1, 2, 3, …" for all ranks, else as `spelled` gives it; `clear` is False where it can't be used, and
    then `open` tells whether a person can settle it by saying what it means, rather than by correcting the rows.
    """

    written: str
    means: str
    rows: int
    first: int
    clear: bool

    @property
    def open(self) -> bool:
        """Whether it could mean "not relevant" as well as "nobody looked"."""
        return not self.clear and "nobody has judged it" in self.means


def spelled(cell: str) -> str:
    """A label in one spelling: lower case, "blank" for an empty cell, "-" for every dash, "0" for every zero."""
    text = " ".join(cell.casefold().split())
    if not text:
        return "blank"
    if text in _DASHES:
        return "-"
    return "0" if re.fullmatch(r"[+-]?0+(\.0*)?", text) else text


def label_kinds(rows: Sequence[LabelRow], meanings: Mapping[str, Meaning] | None = None) -> tuple[LabelKind, ...]:
    """How labels are written in a file and what each is taken for, to be shown before anything is counted.

    In the order in which they first occur, ranks as one kind. `meanings` is as in `read_labels`.
    """
    kinds: dict[str, LabelKind] = {}
    counts: Counter[str] = Counter()
    for row in rows:
        text = spelled(row.label)
        meaning = (meanings or {}).get(text)
        clear, means = True, _MEANS.get(meaning or text, "")
        if not means:
            try:
                read_label(row.label, row.row)
                text, means = RANKS, "a rank in the company, 1 = best"
            except LabelError:
                unclear = _EITHER if text in _UNCLEAR else f"unclear: {_EXPECTED}"
                clear, means = False, _OPEN.get(text, unclear)
        counts[text] += 1
        kinds.setdefault(text, LabelKind(_short(text), means, 0, row.row, clear))
    return tuple(
        LabelKind(kind.written, kind.means, counts[text], kind.first, kind.clear) for text, kind in kinds.items()
    )


RANKS = "1, 2, 3, …"
"""How a kind of label is written that is a rank."""
_MEANS = {
    "none": "judged, and not relevant",
    "skip": "nobody has judged it: left out",
    "relevant": "relevant, without a rank",
}
_UNRANKED = 1.0
_EITHER = "unclear: not relevant, or nobody has judged it"
_OPEN = {"blank": _EITHER, "-": _EITHER, "0": f"unclear: ranks start at 1, so {_EITHER.partition(': ')[2]}"}


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


def read_labels(rows: Iterable[LabelRow], meanings: Mapping[str, Meaning] | None = None) -> list[LabelledLead]:
    """The labelled leads of a file, one a row, in its order; spaces around cells are dropped.

    `meanings`: what a person says that labels mean which are neither a rank nor "none", as `spelled` gives them:
    "none", "relevant", or "skip", and then the row is left out.
    Raises LabelError for ranks beside "relevant", a label that `read_label` refuses, a row without an id or a
    company, an id that occurs twice (both rows are named), and a file without any row.
    """
    leads: list[LabelledLead] = []
    first_row: dict[str, int] = {}
    ranked = unranked = 0
    for row in rows:
        source_id, company = row.source_id.strip(), row.company.strip()
        if not source_id:
            raise LabelError(f"Row {row.row} has no id: give each lead an id of its own.")
        if source_id in first_row:
            raise LabelError(
                f'Rows {first_row[source_id]} and {row.row} have the same id "{_short(source_id)}": '
                "keep one of them, or give each an id of its own."
            )
        meaning = (meanings or {}).get(spelled(row.label))
        first_row[source_id] = row.row
        if meaning == "skip":
            continue
        if not company:
            raise LabelError(
                f"Row {row.row} has no company: leads are compared within their company, so fill it in "
                "or take the row out."
            )
        leads.append(LabelledLead(source_id, company, label_of(row.label, row.row, meaning)))
        ranked = ranked or (row.row if meaning is None and leads[-1].label < math.inf else 0)
        unranked = unranked or (row.row if meaning == "relevant" else 0)
        refuse_both(ranked, unranked)
    if not leads:
        raise LabelError("The labelled file has no leads: add a row for each lead that a person has judged.")
    return leads


def label_of(cell: str, row: int, meaning: Meaning | None) -> float:
    """The label in a cell, with what a person said that it means; not for "skip". Raises LabelError as `read_label`."""
    if meaning == "relevant":
        return _UNRANKED
    return NOT_RELEVANT if meaning == "none" else read_label(cell, row)


def refuse_both(ranked: int, unranked: int) -> None:
    """Raise LabelError where one row has a rank and another is relevant without one: nobody knows who comes first."""
    if ranked and unranked:
        raise LabelError(
            f"Row {ranked} has a rank and row {unranked} is said to be relevant without one, so nobody knows which of "
            "the two comes first: give every relevant lead a rank, or none."
        )


def _short(text: str) -> str:
    """The text on one line and no longer than a message can carry."""
    line = " ".join(text.split())
    return line if len(line) <= 40 else line[:39] + "…"

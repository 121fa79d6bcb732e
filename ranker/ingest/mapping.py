"""Which column of a file holds which field, from its header and, where that says too little, its values.

The names of headers are data: ``headers.csv`` beside this file, one ``field,header`` a line, in seven
languages, the preferred name of a field first; ``header_names`` says how it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ranker.ingest.column_match import REQUIRED, Mapping, Match, column_names, in_order
from ranker.ingest.header_names import HeaderNames, load_header_names, plain, squeeze
from ranker.ingest.overrides import apply_overrides, check_required
from ranker.ingest.reader import Row

__all__ = ["REQUIRED", "SAMPLE_ROWS", "Mapping", "Match", "apply_overrides", "check_required", "column_names"]
__all__ += ["guess_mapping"]

SAMPLE_ROWS = 200
"""Rows that are worth giving as a sample; more change nothing but the time."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PROFILE = re.compile(r"(https?://)?([\w-]+\.)?linkedin\.com/(in|pub|sales|talent)/.+", re.IGNORECASE)
_DOMAIN = re.compile(r"(https?://)?([a-z0-9-]+\.)+[a-z]{2,24}/?", re.IGNORECASE)
_SIZE = re.compile(
    r"\d[\d.,' ]*k?\s*(-|–|—|to|bis|à|a)\s*\d[\d.,' ]*k?(\s+\w+)?"
    r"|\d[\d.,' ]*k?\s*\+(\s+\w+)?|[<>]\s*\d[\d.,]*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[\d.,\s]+")


@dataclass(frozen=True, order=True)
class _Candidate:
    """A possible match; the smallest is taken first."""

    blank: bool
    tier: int  # 0 a known name, 1 one behind a word such as "lead", 2 contained, 3 by the values
    position: int  # of the name in the data file, or minus its length where it is contained
    column: int
    field: str
    why: str


def guess_mapping(headers: Sequence[str], sample_rows: Iterable[Row | Sequence[str]] = ()) -> Mapping:
    """Guess each field's column: known names, then names within the header, then the sample's values.

    ``headers`` are the file's, or ``Table.names``; ``sample_rows`` a few ``Row``s or tuples of cells. Raises
    nothing for fields that are not found: ``check_required`` does, after the person's overrides.
    """
    names = load_header_names()
    shown = column_names(headers)
    values = _sample_columns(len(headers), sample_rows)
    candidates = [
        candidate
        for column, header in enumerate(headers)
        for candidate in _candidates(column, header, values[column], names)
    ]
    taken: dict[str, Match] = {}
    used: set[int] = set()
    for c in sorted(candidates):
        if c.field not in taken and c.column not in used:
            taken[c.field] = Match(c.field, c.column, shown[c.column], c.why)
            used.add(c.column)
    for column, header in enumerate(headers):
        if column not in used and squeeze(plain(header)) in names.bare_name:
            field, why = _bare_name_field(taken, values, column)
            if field is not None and field not in taken:
                taken[field] = Match(field, column, shown[column], why)
                used.add(column)
    return in_order(taken)


def _candidates(column: int, header: str, values: list[str], names: HeaderNames) -> Iterator[_Candidate]:
    words = plain(header)
    blank = not values
    if not words and blank:
        return
    squeezed = squeeze(words)
    if squeezed in names.bare_name or squeezed in names.nothing:
        return
    found: list[tuple[int, int, str, str]] = []
    if squeezed in names.exact:
        found += [(0, p, f, f"“{header.strip()}” is a usual name") for f, p in names.exact[squeezed]]
    elif not names.ignored(words):
        found += [(1, p, f, f"“{header.strip()}” is “{n}” of the {scope}") for f, p, n, scope in names.scoped(words)]
        if not found:
            found += [(2, -len(n), f, f"“{header.strip()}” contains “{n}”") for f, n in names.contained(words)]
        if not found and names.scope_of(words) != "company":
            by_value = _field_by_values(values)
            if by_value:
                found.append((3, 0, by_value, f"its values look like {by_value.replace('_', ' ')}"))
    for tier, position, field, why in found:
        if not _vetoed(field, values, names):
            yield _Candidate(blank, tier, position, column, field, why)


def _field_by_values(values: list[str]) -> str | None:
    """The field that most values (three quarters, at least three) have the form of."""
    if len(values) < 3:
        return None
    for field, form in (("email", _EMAIL), ("linkedin_url", _PROFILE), ("domain", _DOMAIN), ("size", _SIZE)):
        if sum(bool(form.fullmatch(v)) for v in values) >= 0.75 * len(values):
            return field
    return None


def _vetoed(field: str, values: list[str], names: HeaderNames) -> bool:
    """Whether the values contradict the header: “Title” over Mr and Mrs, “Position” over 1, 2, 3."""
    if not values:
        return False
    if field == "title":
        no_title = sum(squeeze(plain(v)) in names.salutations or bool(_NUMBER.fullmatch(v)) for v in values)
        return no_title * 2 >= len(values)
    if field == "email":
        return len(values) >= 3 and not any("@" in v for v in values)
    if field == "linkedin_url":
        return len(values) >= 3 and not any("linkedin" in v.lower() or "/" in v for v in values)
    return False


def _bare_name_field(taken: dict[str, Match], values: list[list[str]], column: int) -> tuple[str | None, str]:
    """What “Name”, “Nom”, “Nombre” alone stands for, given the columns beside it.

    Beside first and last name it is the company, if there is none yet. Beside one of them it is the full name
    if its values contain that one, else the other one. Alone it is the full name.
    """
    first, last = taken.get("first_name"), taken.get("last_name")
    if first and last:
        return (
            ("company", "the people's names have columns of their own")
            if "company" not in taken
            else (
                "full_name",
                "a name beside first and last name",
            )
        )
    part = first or last
    if part is None:
        return "full_name", "the only column of names"
    pairs = [(a.lower(), b.lower()) for a, b in zip(values[part.column], values[column], strict=False)]
    if pairs and sum(a in b for a, b in pairs) * 2 > len(pairs):
        return "full_name", f"its values contain “{part.header}”"
    return ("last_name" if first else "first_name"), f"the name that “{part.header}” does not give"


def _sample_columns(width: int, sample: Iterable[Row | Sequence[str]]) -> list[list[str]]:
    columns: list[list[str]] = [[] for _ in range(width)]
    for number, row in enumerate(sample):
        if number >= SAMPLE_ROWS:
            break
        for values, cell in zip(columns, row.cells if isinstance(row, Row) else row, strict=False):
            text = cell.strip()
            if text:
                values.append(text)
    return columns

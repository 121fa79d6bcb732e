"""What the values of a column say: which field has their form, and which a header promises in vain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ranker.ingest.header_names import HeaderNames, plain, squeeze
from ranker.ingest.reader import Row

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
_URL = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)
_LONGEST_NAME, _MANY, _CATEGORIES = 70, 40, 5
_NUMBER = re.compile(r"[\d.,\s]+")


def field_by_values(values: list[str]) -> str | None:
    """The field that most values (three quarters, at least three) have the form of."""
    if len(values) < 3:
        return None
    for field, form in (("email", _EMAIL), ("linkedin_url", _PROFILE), ("domain", _DOMAIN), ("size", _SIZE)):
        if sum(bool(form.fullmatch(v)) for v in values) >= 0.75 * len(values):
            return field
    return None


def vetoed(field: str, values: list[str], names: HeaderNames) -> bool:
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


def could_be_companies(values: Sequence[str]) -> bool:
    """Whether names of companies stand here, as far as values alone can tell: short texts of letters, not a few
    categories in many rows, no addresses, numbers, sizes or dates.
    """
    if not values:
        return False
    good = sum(
        len(v) <= _LONGEST_NAME
        and sum(map(str.isalpha, v)) * 2 > len(v)
        and not any(form.fullmatch(v) for form in (_EMAIL, _PROFILE, _URL, _SIZE, _NUMBER))
        for v in values
    )
    return good >= 0.75 * len(values) and (len(values) < _MANY or len(set(values)) > _CATEGORIES)


def sample_columns(width: int, sample: Iterable[Row | Sequence[str]]) -> list[list[str]]:
    """The filled cells of each column, stripped, in the first ``SAMPLE_ROWS`` rows."""
    columns: list[list[str]] = [[] for _ in range(width)]
    for number, row in enumerate(sample):
        if number >= SAMPLE_ROWS:
            break
        for values, cell in zip(columns, row.cells if isinstance(row, Row) else row, strict=False):
            text = cell.strip()
            if text:
                values.append(text)
    return columns

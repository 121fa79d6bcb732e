"""A list of people not to contact, as pasted text or a CSV, → entries of the do-not-contact list."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ranker.errors import InputError
from ranker.ingest.encoding import find_encoding, refuse_other_formats
from ranker.ingest.mapping import guess_mapping
from ranker.ingest.repair import repair
from ranker.store.suppression_list import guess_kind, problem_of

LARGEST = 5_000_000
"""Bytes; a list is far smaller than a file of leads."""
_FIELDS = (
    ("email", "email"), ("linkedin_url", "person"), ("full_name", "person"), ("domain", "domain"),
    ("company", "company"),
)  # fmt: skip
"""Column → kind of entry, the one that names fewest people first."""


@dataclass(frozen=True, slots=True)
class SuppressionList:
    """``entries`` are (kind, value) pairs in the order of the file; ``unread`` are (row from 1, why) of the others."""

    entries: tuple[tuple[str, str], ...]
    unread: tuple[tuple[int, str], ...]

    @property
    def counts(self) -> dict[str, int]:
        """Kind → entries."""
        return dict(Counter(kind for kind, _ in self.entries))


def read_suppression_text(text: str, kind: str | None = None) -> SuppressionList:
    """Pasted lines, one entry each. ``kind``: what every line is; by default told from how it looks."""
    return _entries([[line] for line in text.splitlines()], None, kind)


def read_suppression_file(data: bytes, kind: str | None = None) -> SuppressionList:
    """A file: one entry a line, or a CSV with headers such as Email, LinkedIn, Name, Domain, Company.

    Of a row with several of them, the one that names fewest people counts: an address before a company, so that
    a person who opted out does not take the whole company along. Raises ``InputError`` for a file that is too
    large, is no text, or holds no entry.
    """
    if len(data) > LARGEST:
        raise InputError(f"The list is larger than {LARGEST // 1_000_000} MB. Split it, or upload the column alone.")
    refuse_other_formats(data)
    encoding = find_encoding(data)
    try:
        text = data[encoding.bom_length :].decode(encoding.name)
    except UnicodeDecodeError:
        text = repair(data, encoding.name, encoding.bom_length).data.decode()
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))
    first = next((at for at, row in enumerate(rows) if any(cell.strip() for cell in row)), None)
    if first is None:
        raise InputError("The list is empty. Put one person, email, domain or company on each line.")
    fields = guess_mapping(rows[first]).columns
    headed = any(field in fields for field, _ in _FIELDS) and not any(_certain(cell) for cell in rows[first])
    if not headed and max(len(row) for row in rows) > 1:
        raise InputError(
            "The columns of the list have no names that are known. Name them Email, LinkedIn, Name, Domain or Company."
        )
    blank = [[""]] * (first + 1)
    return _entries([*blank, *rows[first + 1 :]] if headed else rows, fields if headed else None, kind)


def _delimiter(text: str) -> str:
    line = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t|", key=line.count)


def _certain(cell: str) -> bool:
    """Whether a cell is an address, a domain or a profile, which no header is."""
    return bool(cell.strip()) and guess_kind(cell) != "company"


def _entries(rows: Sequence[Sequence[str]], fields: dict[str, int] | None, kind: str | None) -> SuppressionList:
    found: dict[tuple[str, str], None] = {}
    unread: list[tuple[int, str]] = []
    for number, row in enumerate(rows, start=1):
        if not any(cell.strip() for cell in row):
            continue
        one, value = _named(row, fields) if fields is not None else (kind or guess_kind(row[0]), row[0].strip())
        problem = problem_of(one, value)
        if problem:
            unread.append((number, problem))
        else:
            found.setdefault((one, value))
    return SuppressionList(tuple(found), tuple(unread))


def _named(row: Sequence[str], fields: dict[str, int]) -> tuple[str, str]:
    for field, kind in _FIELDS:
        at = fields.get(field)
        if at is not None and at < len(row) and row[at].strip():
            return kind, row[at].strip()
    first, last = (
        row[fields[name]].strip() if fields.get(name, len(row)) < len(row) else ""
        for name in ("first_name", "last_name")
    )
    return "person", f"{first} {last}".strip()

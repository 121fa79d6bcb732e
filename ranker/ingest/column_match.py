"""Which column holds which field, as a value: what guessing gives, and what a person then changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping as Items
from collections.abc import Sequence
from dataclasses import dataclass

from ranker.ingest.header_names import FIELDS

REQUIRED = ("company", "title")
BY_HAND = "chosen by you"
"""The reason of a column that a person chose."""


@dataclass(frozen=True)
class Match:
    """One field found: the column's index from 0, its name in the file, and one sentence on why."""

    field: str
    column: int
    header: str
    why: str


@dataclass(frozen=True)
class Mapping:
    """Field → column; no column serves two fields. Fields that were not found are absent."""

    matches: tuple[Match, ...]

    def column(self, field: str) -> int | None:
        """The index of the field's column from 0, or none."""
        return next((m.column for m in self.matches if m.field == field), None)

    @property
    def columns(self) -> dict[str, int]:
        """Field → column index."""
        return {m.field: m.column for m in self.matches}

    @property
    def why(self) -> dict[str, str]:
        """Field → the reason why this column was taken."""
        return {m.field: m.why for m in self.matches}


def column_names(headers: Sequence[str]) -> tuple[str, ...]:
    """A name a column that can be told apart: blank ones “column N”, repeated ones “Email (2)”."""
    seen: Counter[str] = Counter()
    names = []
    for i, header in enumerate(headers):
        name = " ".join(header.split()) or f"column {i + 1}"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(names)


def in_order(taken: Items[str, Match]) -> Mapping:
    """The mapping of these matches, in the order of ``FIELDS``."""
    return Mapping(tuple(taken[field] for field in FIELDS if field in taken))

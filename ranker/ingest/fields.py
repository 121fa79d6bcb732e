"""The cells of rows → the fields of leads, a column at a time."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

FIELDS = (
    "title", "company_name", "domain", "size", "industry", "first_name", "last_name", "full_name", "email",
    "linkedin_url", "phone", "location", "source_id",
)  # fmt: skip
"""The columns of a lead that a file can fill."""

FIELD_OF = {"company": "company_name", "lead_id": "source_id"}
"""The mapping's field → ours, where the names differ."""

Fixes = Mapping[int, Mapping[str, str]]
"""Row number → field → the value that a person put in."""


class FieldReader:
    """Gives the fields of the rows of one table by one mapping (field of the mapping → column)."""

    def __init__(self, width: int, columns: Mapping[str, int], fixes: Fixes) -> None:
        self._width, self._fixes = width, fixes
        self._places = {FIELD_OF.get(name, name): column for name, column in columns.items()}
        filled = set(self._places).union(*fixes.values())
        if filled & {"first_name", "last_name"}:
            filled.add("full_name")
        self._names = tuple(name for name in FIELDS if name in filled)

    @property
    def mapped(self) -> frozenset[int]:
        """The columns that fill a field."""
        return frozenset(self._places[name] for name in FIELDS if name in self._places)

    def fields(
        self, numbers: Sequence[int], cells: Sequence[Sequence[str]]
    ) -> tuple[dict[str, list[str]], dict[int, dict[str, str]]]:
        """Field → its value in each row, in the order of ``FIELDS``; fields that the file does not fill are left out.

        Beside them, for rows with a cell that a person put right: place → field → what the file says.
        """
        if set(map(len, cells)) != {self._width}:  # cells beyond the headers are kept as one more
            cells = [row[: self._width] for row in cells]
        columns, blank = list(zip(*cells, strict=True)), [""] * len(cells)
        fields = {
            name: list(map(str.strip, columns[self._places[name]])) if name in self._places else blank[:]
            for name in self._names
        }
        edits = self._put_right(numbers, fields) if self._fixes else {}
        if "full_name" in fields:
            get = fields.get
            parts = zip(fields["full_name"], get("first_name", blank), get("last_name", blank), strict=True)
            fields["full_name"] = [whole or f"{first} {last}".strip() for whole, first, last in parts]
        return fields, edits

    def _put_right(self, numbers: Sequence[int], fields: Mapping[str, list[str]]) -> dict[int, dict[str, str]]:
        edits = {}
        for number in sorted(self._fixes):
            at = bisect_left(numbers, number)
            if at < len(numbers) and numbers[at] == number:
                fixed = self._fixes[number]
                edits[at] = {name: fields[name][at] for name in sorted(fixed)}
                for name, value in fixed.items():
                    fields[name][at] = value
        return edits

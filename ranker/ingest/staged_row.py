"""Rows of a file → their fields, their keys and what looks wrong in them, a piece of rows at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import to_json

from ranker.ingest.fields import FieldReader, Fixes
from ranker.ingest.keys import company_key, name_key, own_host, person_keys, row_key
from ranker.ingest.mapping import column_names
from ranker.ingest.pieces import Piece
from ranker.ingest.problems import shape_code
from ranker.ingest.reader import EXTRA_HEADER
from ranker.personas.sizes import read_size
from ranker.titles.shifted import problem_of

_FEW = 200
"""Cells whose lengths are looked at together: usually all of them have fewer than ``MAX_CELL`` characters."""
NO_COMPANY = "No company: the row does not say where this person works."

MAX_CELL = 10_000
"""Characters in a field; beyond it a quote has swallowed other rows, and nobody is called that."""

_TOO_LONG = f"Unusable: a cell holds more than {MAX_CELL:,} characters."

Employers = Mapping[str, Collection[str]]
"""A company's name key → the keys of the companies of this name whose domain is known."""

_REMEMBERED = 200_000
"""Distinct values that a ``Memo`` keeps before it forgets them all."""


class Memo(dict[Any, Any]):
    """What a function gives for each distinct value, found out once."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, value: Any) -> Any:
        if len(self) >= _REMEMBERED:
            self.clear()
        found = self[value] = self._function(value)
        return found


def bare_employers(pairs: Collection[tuple[str, str]]) -> dict[str, list[str]]:
    """Of (company, domain) cells: names that also stand without a domain of their own → the keys of the companies
    of this name that have one."""
    bare = {name_key(company) for company, domain in pairs if not own_host(domain)} - {""}
    found: dict[str, set[str]] = {name: set() for name in bare}
    if bare:
        for company, domain in pairs:
            host = own_host(domain)
            if host and (plain := name_key(company)) in bare:
                found[plain].add(host)
    return {name: sorted(keys) for name, keys in sorted(found.items())}


def employer_key(company: str, domain: str, known: Employers) -> str:
    """The company's key; a name without a domain is the one company of this name, if just one is known."""
    key = company_key(company, domain)
    others = known.get(key, ())
    return next(iter(others)) if len(others) == 1 and key == name_key(company) else key


def json_text(value: Any) -> str:
    """JSON without spaces, every script as it is written; a fifth of the time that ``json.dumps`` takes."""
    return to_json(value).decode()


@dataclass(frozen=True, slots=True)
class Cut:
    """A piece of rows, cut. Lists run along the rows; mappings go by the place in them, for the few that have it."""

    numbers: Sequence[int]
    cells: Sequence[Sequence[str]]
    """As they are in the file; cells beyond the headers come last, as one."""
    fields: Mapping[str, Sequence[str]]
    """By the names of ``FIELDS``, in that order; fields that this file does not fill are left out."""
    extra: Sequence[str]
    """The columns that are none of ours, as a JSON object."""
    edits: Mapping[int, str]
    companies: Sequence[str]
    leads: Sequence[str]
    problems: Sequence[str]
    rejected: Mapping[int, str]
    """Why a row can't be a lead."""
    shapes: Mapping[int, str]
    """What is doubtful in how a row is cut."""


class RowReader:
    """Cuts the rows of one table with one mapping (field of the mapping → column)."""

    def __init__(self, headers: Sequence[str], columns: Mapping[str, int], known: Employers, fixes: Fixes) -> None:
        self._fields = FieldReader(len(headers), columns, fixes)
        mapped = self._fields.mapped
        names = column_names(headers)
        self._others = [(names[i], i) for i in range(len(headers)) if i not in mapped]
        self._titles, self._sizes = Memo(lambda title: problem_of(title) or ""), Memo(_size_problem)
        self._employers = Memo(lambda pair: employer_key(pair[0], pair[1], known))

    def employer(self, company: str, domain: str) -> str:
        """``employer_key`` as this table and the leads know the companies."""
        found: str = self._employers[company, domain]
        return found

    def problem(self, title: str, size: str) -> str:
        """A code of ``problems.PROBLEMS`` for a title that is none, else for a size that is none, else blank."""
        found: str = self._titles[title] or self._sizes[size]
        return found

    def cut(self, piece: Piece) -> Cut:
        """The rows' fields and keys."""
        fields, found = self._fields.fields(piece.numbers, piece.cells)
        edits = {at: json_text(said) for at, said in found.items()}
        blank = [""] * len(piece.numbers)
        fields = {"company_name": blank, "title": blank, **fields}  # a kept file need not have its columns yet
        get = fields.get
        companies = list(
            map(self._employers.__getitem__, zip(fields["company_name"], get("domain", blank), strict=True))
        )
        problems = list(map(self._titles.__getitem__, fields["title"]))
        if "size" in fields:
            wrong = map(self._sizes.__getitem__, fields["size"])
            problems = [one or other for one, other in zip(problems, wrong, strict=True)]
        cells, extra = self._beside(piece)
        for at, (_, shape) in piece.odd.items():
            if shape and not problems[at]:
                problems[at] = shape_code(shape)
        leads = person_keys(get("linkedin_url", blank), get("email", blank), get("full_name", blank), companies)
        if "" in leads:
            for at, key in enumerate(leads):
                if not key:
                    leads[at] = row_key(fields["title"][at], companies[at], json_text(cells[at]))
        shapes = {at: shape for at, (_, shape) in piece.odd.items() if shape}
        return Cut(
            piece.numbers, cells, fields, extra, edits, companies, leads, problems, _rejected(fields), shapes
        )  # fmt: skip

    def _beside(self, piece: Piece) -> tuple[Sequence[Sequence[str]], list[str]]:
        """The cells with those beyond the headers, and the columns that are none of ours as JSON objects."""
        others, cells = self._others, piece.cells
        if others:
            extra = [json_text({name: row[at] for name, at in others if row[at]}) for row in cells]
        else:
            extra = ["{}"] * len(cells)
        if piece.odd:
            cells = list(cells)
            for place, (beyond, _) in piece.odd.items():
                if beyond:
                    row = cells[place]
                    extra[place] = json_text(
                        {**{name: row[at] for name, at in others if row[at]}, EXTRA_HEADER: beyond}
                    )
                    cells[place] = (*row, beyond)
        return cells, extra


def _size_problem(size: str) -> str:
    return "size" if size and read_size(size) is None else ""


def _rejected(fields: Mapping[str, Sequence[str]]) -> dict[int, str]:
    found: dict[int, str] = {}
    for values in fields.values():
        for start in range(0, len(values), _FEW):
            few = values[start : start + _FEW]
            if len("".join(few)) > MAX_CELL:
                found |= {at: _TOO_LONG for at, value in enumerate(few, start) if len(value) > MAX_CELL}
    if "" in fields["company_name"]:
        found |= {at: NO_COMPANY for at, company in enumerate(fields["company_name"]) if not company}
    return found

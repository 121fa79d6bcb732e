"""A row of a file → its fields, its keys and what looks wrong in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from pydantic_core import to_json

from ranker.ingest.keys import company_key, name_key, person_key, row_key
from ranker.ingest.mapping import column_names
from ranker.ingest.reader import EXTRA_HEADER, Row
from ranker.personas.sizes import SizeRange, read_size
from ranker.titles.shifted import problem_of

FIELDS = (
    "title", "company_name", "domain", "size", "industry", "first_name", "last_name", "full_name", "email",
    "linkedin_url", "phone", "location", "source_id",
)  # fmt: skip
"""The columns of a lead that a file can fill, in the order in which ``Cut`` has them."""

FIELD_OF = {"company": "company_name", "lead_id": "source_id"}
"""The mapping's field → ours, where the names differ."""

NO_COMPANY = "No company: the row does not say where this person works."

MAX_CELL = 10_000
"""Characters in a field; beyond it a quote has swallowed other rows, and nobody is called that."""

Fixes = Mapping[int, Mapping[str, str]]
"""Row number → field → the value that a person put in."""

Employers = Mapping[str, Collection[str]]
"""A company's name key → the keys of the companies of this name whose domain is known."""


def bare_employers(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Of (company, domain) cells: names that also stand without a domain → the keys they have by their domain."""
    found: dict[str, set[str]] = {}
    bare: set[str] = set()
    for company, domain in pairs:
        plain, key = name_key(company), company_key(company, domain)
        if plain and key == plain:
            bare.add(plain)
        elif plain:
            found.setdefault(plain, set()).add(key)
    return {name: sorted(keys) for name, keys in sorted(found.items()) if name in bare}


def employer_key(company: str, domain: str, known: Employers) -> str:
    """The company's key; a name without a domain is the one company of this name, if just one is known."""
    key = company_key(company, domain)
    others = known.get(key, ())
    return next(iter(others)) if len(others) == 1 and key == name_key(company) else key


def json_text(value: Any) -> str:
    """JSON without spaces, every script as it is written; a fifth of the time that ``json.dumps`` takes."""
    return to_json(value).decode()


class Cut(NamedTuple):
    """A row, cut. ``fields`` in the order of ``FIELDS``; ``rejected`` says why it can't be a lead, else blank."""

    number: int
    fields: tuple[str, ...]
    extra: str
    edits: str
    cells: tuple[str, ...]
    company: str
    lead: str
    problem: str
    rejected: str
    shape: str


class RowReader:
    """Cuts the rows of one table with one mapping (field of the mapping → column)."""

    def __init__(self, headers: Sequence[str], columns: Mapping[str, int], known: Employers) -> None:
        self._known = known
        width = len(headers)
        places = {FIELD_OF.get(name, name): column for name, column in columns.items()}
        self._pick = itemgetter(*(places.get(name, width) for name in FIELDS))
        mapped = {places[name] for name in FIELDS if name in places}
        names = column_names(headers)
        self._others = [(names[i], i) for i in range(width) if i not in mapped]
        self._problems: dict[tuple[str, str], str] = {}
        self._sizes: dict[str, SizeRange | None] = {"": None}
        self._keys: dict[tuple[str, str], str] = {}

    def size(self, text: str) -> SizeRange | None:
        """``read_size``, each text once."""
        if text not in self._sizes:
            self._sizes[text] = read_size(text)
        return self._sizes[text]

    def employer(self, company: str, domain: str) -> str:
        """``employer_key`` as this table and the leads know the companies, each pair once."""
        pair = (company, domain)
        if pair not in self._keys:
            self._keys[pair] = employer_key(company, domain, self._known)
        return self._keys[pair]

    def read(self, row: Row, fixed: Mapping[str, str] | None = None) -> Cut:
        """The row's fields and keys. ``fixed``: field → what a person put there instead of the file's cell."""
        number, cells, beyond, shape = row
        fields = list(map(str.strip, self._pick((*cells, ""))))
        edits = "{}"
        if fixed:
            edits = json_text({name: fields[FIELDS.index(name)] for name in sorted(fixed)})
            for name, value in fixed.items():
                fields[FIELDS.index(name)] = value
        title, company, domain, size, _, first, last, full, email, url, *_ = fields
        if not full and (first or last):
            full = fields[7] = f"{first} {last}".strip()
        extra = {name: cells[at] for name, at in self._others if cells[at]} if self._others else {}
        if beyond:
            extra[EXTRA_HEADER] = beyond
            cells = (*cells, beyond)
        company_at = self._keys.get((company, domain)) or self.employer(company, domain)
        rejected = ""
        if not company:
            rejected = NO_COMPANY
        elif len("".join(fields)) > MAX_CELL and max(map(len, fields)) > MAX_CELL:
            rejected = f"Unusable: a cell holds more than {MAX_CELL:,} characters."
        problem = self._problems.get((title, size))
        if problem is None:
            wrong_size = bool(size) and self.size(size) is None
            problem = self._problems[title, size] = problem_of(title) or ("size" if wrong_size else "")
        lead = person_key(url, email, full, company_at) or row_key(title, company_at, json_text(cells))
        shown = problem or ("shape" if shape else "")
        extra_text = json_text(extra) if extra else "{}"
        return Cut(number, tuple(fields), extra_text, edits, cells, company_at, lead, shown, rejected, shape)

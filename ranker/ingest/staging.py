"""What a commit is to write, kept between check and commit: rows column by column, and what they say of companies.

The fields of new rows are not kept a second time: they are read again from the rows' cells. A column that has one
value in all of its rows is kept as that value alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any

from ranker.ingest.fields import FIELDS
from ranker.ingest.staged_row import Cut

Columns = dict[str, Any]
"""Column → its values along the rows, or the one value of all rows. Always a list: ``number``, ``lead_id`` (only of
changed leads), ``dedup_key``, ``company`` (its key). Others: ``extra``, ``edits``, ``problem``, and of changed leads
``FIELDS``."""

CHANGE = ("number", "lead_id", "dedup_key", "company", *FIELDS, "extra", "edits", "problem")
Change = tuple[Any, ...]
"""A changed lead, in the order of ``CHANGE``."""

_LISTS = ("number", "lead_id", "dedup_key", "company")
_TOLD = ("company_name", "domain", "size", "industry")
_OF_CHANGE = itemgetter(*(CHANGE.index(name) for name in ("number", "company", *_TOLD)))

Said = tuple[str, ...]
"""Name, domain, size, industry of a company; blank where nothing was said."""


def added(cut: Cut, places: Sequence[int]) -> Columns:
    """The new rows of a piece, by their places in it."""
    if not places:
        return {}
    columns: Columns = {
        "number": _at(cut.numbers, places),
        "dedup_key": _at(cut.leads, places),
        "company": _at(cut.companies, places),
        "extra": _at(cut.extra, places),
        "edits": [cut.edits.get(at, "{}") for at in places] if cut.edits else "{}",
        "problem": _at(cut.problems, places),
    }
    return {name: values if name in _LISTS else as_one(values) for name, values in columns.items()}


def changed(rows: Sequence[Change]) -> Columns:
    """Changed leads."""
    columns = zip(CHANGE, zip(*rows, strict=True), strict=True) if rows else ()
    return {name: values if name in _LISTS else as_one(values) for name, values in columns}


def _at(values: Sequence[Any], places: Sequence[int]) -> list[Any]:
    return list(values) if len(places) == len(values) else [values[at] for at in places]


def as_one(values: Any) -> Any:
    """The value that all rows have; the column itself where they differ."""
    if isinstance(values, str) or values[-1] != values[0] or values.count(values[0]) != len(values):
        return values
    return values[0]


def along(values: Any, count: int) -> Sequence[Any]:
    """A column with its value in each row."""
    return values if isinstance(values, (list, tuple)) else [values] * count


class Told:
    """What the rows of an import say about their companies: the first that says something speaks for a company."""

    def __init__(self) -> None:
        self._said: dict[str, Said] = {}

    def news(self, cut: Cut, places: Sequence[int], changes: Sequence[Change]) -> dict[str, Said]:
        """Take in what new rows and changed leads say; the companies of which more is known now than before."""
        rows: Iterable[tuple[Any, ...]] = _of_new(cut, places)
        if changes:
            rows = sorted([*rows, *map(_OF_CHANGE, changes)], key=itemgetter(0))
        said, news = self._said, dict[str, Said]()
        for _, key, *parts in rows:
            now, known = tuple(parts), said.get(key)
            if known is None:
                said[key] = news[key] = now
            elif known != now and "" in known:
                both = tuple([old or new for old, new in zip(known, now, strict=True)])
                if both != known:
                    said[key] = news[key] = both
        return news


def _of_new(cut: Cut, places: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    blank = [""] * len(cut.numbers)
    columns = (cut.numbers, cut.companies, *(cut.fields.get(name, blank) for name in _TOLD))
    return zip(*(_at(values, places) for values in columns), strict=True)

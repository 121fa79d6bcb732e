"""What a commit is to write, kept between check and commit: rows column by column, and what they say of companies.

A column that has one value in all of its rows is kept as that value alone: most files leave half of the fields blank.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any

from ranker.ingest.keys import input_hashes
from ranker.ingest.staged_row import FIELDS, Cut

Columns = dict[str, Any]
"""Column → its value in each row, or the one value of all rows. Always one for each row: ``number``, ``lead_id``
(only changed leads have it), ``dedup_key``, ``company`` (its key), ``input_hash``. Others: ``FIELDS``, ``extra``,
``edits``, ``problem``."""

Change = tuple[Any, ...]
"""A changed lead; in the order of ``CHANGE``."""
CHANGE = ("number", "lead_id", "dedup_key", "company", *FIELDS, "extra", "edits", "problem")

_LISTS = ("number", "lead_id", "dedup_key", "company")
_TOLD = ("company_name", "domain", "size", "industry")
_JUDGED_BY = ("title", "company_name", "size", "domain")

Said = tuple[str, ...]
"""Name, domain, size, industry of a company; blank where nothing was said."""


def added(cut: Cut, places: Sequence[int]) -> Columns:
    """The new rows of a piece."""
    if not places:
        return {}
    pick = itemgetter(*places) if len(places) > 1 else lambda values: (values[places[0]],)
    every = len(places) == len(cut.numbers)

    def of(values: Sequence[Any]) -> Sequence[Any]:
        return values if every else pick(values)

    columns: Columns = {
        "number": list(of(cut.numbers)),
        "dedup_key": of(cut.leads),
        "company": of(cut.companies),
        **{name: of(cut.fields[name]) if name in cut.fields else "" for name in FIELDS},
        "extra": of(cut.extra),
        "edits": [cut.edits.get(at, "{}") for at in places] if cut.edits else "{}",
        "problem": of(cut.problems),
    }
    return _finished(columns)


def changed(rows: Sequence[Change]) -> Columns:
    """Changed leads."""
    return _finished(dict(zip(CHANGE, zip(*rows, strict=True), strict=True))) if rows else {}


def _finished(columns: Columns) -> Columns:
    count = len(columns["number"])
    columns["input_hash"] = input_hashes(*(along(columns[name], count) for name in _JUDGED_BY))
    for name, values in columns.items():
        if name not in _LISTS and not isinstance(values, str) and name != "input_hash":
            one = values[0]
            if values[-1] == one and values.count(one) == count:
                columns[name] = one
    return columns


def along(values: Any, count: int) -> Sequence[Any]:
    """A column with its value in each row."""
    return values if isinstance(values, (list, tuple)) else [values] * count


class Told:
    """What the rows of an import say about their companies: the first that says something speaks for a company."""

    def __init__(self) -> None:
        self._said: dict[str, Said] = {}

    def news(self, *pieces: Columns) -> dict[str, Said]:
        """Take in what these rows say; the companies about which something is known now that was not."""
        rows = [row for piece in pieces if piece for row in _companies_of(piece)]
        if sum(map(bool, pieces)) > 1:
            rows.sort(key=itemgetter(0))
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


def _companies_of(columns: Columns) -> Iterator[tuple[Any, ...]]:
    count = len(columns["number"])
    said: Iterable[Sequence[Any]] = (along(columns[name], count) for name in _TOLD)
    return zip(columns["number"], columns["company"], *said, strict=True)

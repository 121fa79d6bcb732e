"""The rows of a labelled file → its leads, and what is left out with the reason: every row is one or the other.

Rows are cut by Import's own code, so that a lead and its company are the same here as there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter

from ranker.errors import LabelError
from ranker.evaluation.labelled import (
    RANKS,
    LabelKind,
    LabelRow,
    Meaning,
    label_kinds,
    label_of,
    read_label,
    refuse_both,
    spelled,
)
from ranker.evaluation.set_counts import SetItem, keys_text
from ranker.ingest.column_match import column_names
from ranker.ingest.deleted import TurnAway
from ranker.ingest.keys import email_key, profile_key
from ranker.ingest.pieces import pieces
from ranker.ingest.problems import shape_code
from ranker.ingest.reader import Table
from ranker.ingest.stage import pass_over
from ranker.ingest.staged_row import NO_COMPANY, Cut, RowReader
from ranker.store.fold import fold
from ranker.store.tombstones import Graveyard

REASONS = {
    "unjudged": "that nobody has judged",
    "label": "with a label that can't be used",
    "company": "without a company",
    "repeated": "that say the same of a lead again",
    "two_labels": "of a lead with two labels",
    "shifted": "with more cells than headers",
    "too_long": "with a cell that is too long",
    "deleted": "of deleted people",
}
"""Why rows are left out, in words that follow “12 rows”."""

_PIECE = 10_000
_LONGEST_ID = 100


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that is no labelled lead: where, why (a key of ``REASONS``), and what to do about it."""

    row: int
    column: str
    reason: str
    said: str


@dataclass(frozen=True, slots=True)
class SetRows:
    """A labelled file as it is understood. ``rows`` is the sum of ``items`` and ``left_out``, both in file order.

    ``kinds`` are of all rows but those of deleted people, of whom nothing is looked at; ``standing`` (row → sentence)
    are those of them that are to be taken out of the file.
    """

    rows: int
    kinds: tuple[LabelKind, ...]
    items: tuple[SetItem, ...]
    left_out: tuple[LeftOut, ...]
    standing: Mapping[int, str]

    @property
    def reasons(self) -> dict[str, int]:
        """Reason → rows left out, in the order of ``REASONS``."""
        found = Counter(one.reason for one in self.left_out)
        return {reason: found[reason] for reason in REASONS if found[reason]}


def read_rows(
    table: Table, columns: Mapping[str, int], meanings: Mapping[str, Meaning], graves: Graveyard | None = None
) -> SetRows:
    """Read a labelled file. ``columns``: field → column, with ``company``, ``title`` and ``expected_rank``.

    ``meanings``: what a person says that labels mean, as in ``labelled.read_labels``. ``graves``: who was deleted, and
    is therefore turned away. Raises ``LabelError`` for ranks beside labels that mean "relevant", and nothing for what
    is wrong in a row.
    """
    reader = _Reader(table, columns, meanings, graves or Graveyard())
    read = list(reader.read())
    left = [one for one in read if isinstance(one, LeftOut)]
    kinds = label_kinds(reader.labels, meanings)
    ranked = next((kind.first for kind in kinds if kind.written == RANKS), 0)
    refuse_both(ranked, next((kind.first for kind in kinds if meanings.get(kind.written) == "relevant"), 0))
    items, twice = _each_once([one for one in read if isinstance(one, _Read)], reader.name_of("lead_id", "title"))
    return SetRows(
        len(read),
        kinds,
        tuple(_with_own_ids(items)),
        tuple(sorted([*left, *twice], key=lambda one: one.row)),
        reader.standing,
    )


@dataclass(frozen=True, slots=True)
class _Read:
    """A row that can be used; ``identity`` says whose it is, "" where nothing in it does."""

    item: SetItem
    identity: str


class _Reader:
    def __init__(
        self, table: Table, columns: Mapping[str, int], meanings: Mapping[str, Meaning], graves: Graveyard
    ) -> None:
        self._table, self._columns, self._meanings = table, columns, meanings
        self._names = column_names(table.headers)
        self._turn_away = TurnAway(graves)
        self._known: dict[str, float | None] = {}
        self.labels: list[LabelRow] = []

    def name_of(self, *fields: str) -> str:
        """The header of the first of these fields that has a column."""
        return next((self._names[self._columns[field]] for field in fields if field in self._columns), "")

    @property
    def standing(self) -> dict[int, str]:
        """Rows of deleted people that were met."""
        return self._turn_away.found

    def read(self) -> Iterator[_Read | LeftOut]:
        columns = self._columns
        _, employers = pass_over(self._table, columns["company"], columns.get("domain"))
        rows = RowReader(self._table.headers, columns, employers, {})
        for piece in pieces(self._table, _PIECE):
            cut = self._turn_away(rows.cut(piece))
            yield from (self._row(cut, at) for at in range(len(cut.numbers)))

    def _row(self, cut: Cut, at: int) -> _Read | LeftOut:
        number, rejected = cut.numbers[at], cut.rejected.get(at, "")
        if rejected.startswith("Deleted on "):
            return LeftOut(number, "", "deleted", rejected)
        cell = cut.cells[at][self._columns["expected_rank"]]
        self.labels.append(LabelRow(number, str(number), "", cell))
        shape = cut.shapes.get(at, "")
        if shape and shape_code(shape) == "shape":
            return LeftOut(number, "", "shifted", f"{shape} Put that cell in quotes in the file, and upload it again.")
        if rejected and rejected != NO_COMPANY:
            return LeftOut(number, "", "too_long", f"{rejected} A quote mark is perhaps never closed: mend it.")
        if rejected:
            said = "Leads are compared within their company: fill it in, and upload the file again."
            return LeftOut(number, self.name_of("company"), "company", said)
        label = self._label(cell)
        if label is None:
            return self._unusable(number, cell)
        return self._item(cut, at, cell, label)

    def _label(self, cell: str) -> float | None:
        if cell not in self._known:
            meaning = self._meanings.get(spelled(cell))
            try:
                self._known[cell] = None if meaning == "skip" else label_of(cell, 0, meaning)
            except LabelError:
                self._known[cell] = None
        return self._known[cell]

    def _unusable(self, number: int, cell: str) -> LeftOut:
        column = self.name_of("expected_rank")
        if self._meanings.get(spelled(cell)) == "skip":
            return LeftOut(number, column, "unjudged", "Nothing, unless somebody judges it: then write its rank.")
        try:
            read_label(cell, number)
        except LabelError as error:
            return LeftOut(number, column, "label", error.message)
        raise AssertionError("a label that can be used")

    def _item(self, cut: Cut, at: int, cell: str, label: float) -> _Read:
        def field(name: str) -> str:
            values = cut.fields.get(name)
            return values[at] if values else ""

        company, title, own = cut.companies[at], field("title"), field("source_id")
        keys = keys_text(field("linkedin_url"), field("email"), field("full_name"), company)
        item = SetItem(
            cut.numbers[at], own, company, field("company_name"), title, field("size"), field("domain"),
            field("industry"), label, keys,
        )  # fmt: skip
        lead = cut.leads[at]
        if own:  # whoever numbered the leads said which are one
            return _Read(item, f"{own}\x1f{company}\x1f{fold(title)}")
        return _Read(item, "" if lead.startswith("row:") else f"{lead}\x1f{company}")


def _each_once(read: Sequence[_Read], column: str) -> tuple[list[SetItem], list[LeftOut]]:
    """Each lead once: of rows with one label the first; where the labels differ none, because nobody knows which."""
    same: dict[str, list[SetItem]] = {}
    for one in read:
        if one.identity:
            same.setdefault(one.identity, []).append(one.item)
    left: dict[int, LeftOut] = {}
    for items in same.values():
        if len(items) == 1:
            continue
        first = items[0]
        if len({item.label for item in items}) == 1:
            for item in items[1:]:
                said = f"Nothing: row {first.number} says the same of this lead."
                left[item.number] = LeftOut(item.number, column, "repeated", said)
            continue
        for item in items:
            other = next(one for one in items if one.label != item.label)
            said = (
                f"This lead stands in row {other.number} with another label: keep the right one, or give each a number "
                "of its own if they are two people."
            )
            left[item.number] = LeftOut(item.number, column, "two_labels", said)
    return [one.item for one in read if one.item.number not in left], list(left.values())


def _with_own_ids(items: Sequence[SetItem]) -> Iterator[SetItem]:
    """Each with an id that no other has, and that is nobody's address: the file's, else the row's number."""
    taken = set(map(itemgetter(0), Counter(item.source_id for item in items).items()))
    used: set[str] = set()
    for item in items:
        own = item.source_id
        if not own or own in used or len(own) > _LONGEST_ID or email_key(own) or profile_key(own):
            own = str(item.number)
            while own in used or own in taken:
                own = f"row {own}"
        used.add(own)
        yield item if own == item.source_id else replace(item, source_id=own)

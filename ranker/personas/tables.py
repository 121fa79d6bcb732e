"""Reads a table: what each column is, and from it the values of each row."""

from __future__ import annotations

from dataclasses import replace

from ranker.personas.draft import EXCLUSIONS, NOTHING_TO_JUDGE, SIGNALS, TARGETS, Context, Draft
from ranker.personas.markdown import Row, Table
from ranker.personas.pieces import Piece
from ranker.personas.priorities import read_priority, scale_of
from ranker.personas.thresholds import add_threshold
from ranker.personas.values import (
    Entry,
    add_by_size,
    add_exclusion,
    add_signal,
    add_target,
    read_order,
    speaks_for,
    split_names,
    title_words,
)
from ranker.personas.vocabulary import vocabulary

_SUBJECT = {"role", "department", "seniority", "signal", "segment"}
_KIND_OF_SUBJECT = {"department": "departments", "seniority": "seniority", "signal": "signals"}


class Columns:
    """What the columns of a table are, by the words above them."""

    def __init__(self, draft: Draft, table: Table) -> None:
        """Read the column names; those that name a bracket are the columns of a matrix."""
        self.header = table.header.cells
        scopes = [draft.sizes.read(cell.text) for cell in self.header]
        self.by_size = {i: draft.names(scope) for i, scope in enumerate(scopes) if scope is not None}
        kinds = [
            None if i in self.by_size else vocabulary().first("column", cell.text) for i, cell in enumerate(self.header)
        ]
        free = [i for i in range(len(kinds)) if i not in self.by_size]
        named = [i for i in free if kinds[i] in _SUBJECT]
        unnamed = [i for i in free if kinds[i] is None]
        self.subject = (named or unnamed or [i for i in free if kinds[i] != "rank"] or [0])[0]
        self.kinds = kinds
        matrix = self._texts(table, tuple(self.by_size))
        self.scales = [
            scale_of("" if i in self.by_size else cell.text, matrix if i in self.by_size else self._texts(table, (i,)))
            for i, cell in enumerate(self.header)
        ]

    @staticmethod
    def _texts(table: Table, columns: tuple[int, ...]) -> list[str]:
        return [row.cells[i].text for row in table.rows for i in columns if i < len(row.cells)]

    def find(self, kind: str) -> int | None:
        """Return the first column of a kind, other than the subject."""
        return next((i for i, one in enumerate(self.kinds) if one == kind and i != self.subject), None)

    @property
    def subject_kind(self) -> str | None:
        """What the rows are about: role, department, seniority, signal, segment, None where it is not said."""
        return self.kinds[self.subject]


def read_table(draft: Draft, table: Table, context: Context) -> None:
    """Add the values of every row; a row that gives none is noted as not understood."""
    columns = Columns(draft, table)
    if _is_list_of_sizes(draft, table, columns):
        return
    if columns.find("size") == 0 and columns.subject_kind == "role":
        for row in table.rows:
            _read_size_row(draft, row, columns, context)
        return
    kind = _kind(columns, context)
    context = replace(context, kind=kind)
    if kind in {"seniority", "departments"} and not columns.by_size and _is_turned(draft, table):
        _read_turned(draft, table, context)
        return
    for row in table.rows:
        before = _count(draft)
        _read_row(draft, row, columns, context)
        if _count(draft) == before:
            draft.miss(row.line, NOTHING_TO_JUDGE)


def _count(draft: Draft) -> int:
    values = (draft.targets, draft.departments, draft.seniority, draft.exclusions, draft.signals, draft.missed)
    return sum(len(one) for one in values) + (draft.threshold is not None)


def _kind(columns: Columns, context: Context) -> str | None:
    """Return what the rows are: as the section says, and where that leaves it open, as the columns say."""
    kind, subject = context.kind, columns.subject_kind
    if kind not in {*TARGETS, "sizes", "other", None}:
        return kind
    if subject in _KIND_OF_SUBJECT:
        return _KIND_OF_SUBJECT[subject]
    if kind in TARGETS:
        return kind
    rated = columns.by_size or columns.find("priority") is not None or columns.find("rank") is not None
    return "targets" if subject == "role" and rated else kind


def _cell(row: Row, column: int | None) -> Piece | None:
    return row.cells[column] if column is not None and column < len(row.cells) else None


def _text(row: Row, *columns: int | None) -> str:
    cells = (_cell(row, column) for column in columns)
    return "; ".join(cell.short for cell in cells if cell is not None and cell.text)


def _read_row(draft: Draft, row: Row, columns: Columns, context: Context) -> None:
    name = _cell(row, columns.subject)
    if name is None or not name.text:
        draft.miss(row.line, "the first column is empty")
        return
    kind = context.kind
    rated = kind in TARGETS or kind in {"champions", "departments", "seniority"}
    at = columns.find("priority") if rated else None
    priority = None if at is None else _cell(row, at) or name.cut(len(name.text))
    hardness = _cell(row, columns.find("hardness"))
    champion = _cell(row, columns.find("champion"))
    size = _cell(row, columns.find("size"))
    rank = _cell(row, columns.find("rank"))
    entry = Entry(
        line=row.line,
        name=name,
        priority=priority,
        cells=tuple(
            (names, cell, columns.scales[i])
            for i, names in columns.by_size.items()
            if rated and (cell := _cell(row, i)) is not None
        ),
        scale=columns.scales[at] if at is not None else None,
        note=_text(row, columns.find("reason"), columns.find("notes")),
        size=size,
        order=read_order(rank.text) if rank else None,
        hard={"hard": True, "soft": False}.get(vocabulary().first("hardness", hardness.text) or "")
        if hardness
        else None,
        champion=champion is not None and bool(read_priority(champion.text)),
    )
    if kind in TARGETS or kind == "champions":
        for one in split_names(name, ";") if ";" in name.text else [name]:
            add_target(draft, replace(entry, name=one), context)
    elif kind in {"departments", "seniority"}:
        add_by_size(draft, entry, context)
    elif kind in EXCLUSIONS:
        add_exclusion(draft, entry, context)
    elif kind in SIGNALS:
        add_signal(draft, entry, context, SIGNALS[kind])
    elif title_words(name.text):
        add_signal(draft, entry, context, speaks_for(row.line.text))
    elif add_threshold(draft, row.line, kind == "threshold"):
        return


def _is_list_of_sizes(draft: Draft, table: Table, columns: Columns) -> bool:
    """Tell whether the rows only name brackets; they were read before, and say nothing more."""
    if columns.find("size") is None and columns.subject_kind not in {"size", "segment", None}:
        return False
    plain = not {"role", "department", "seniority", "signal", "priority", "champion"} & set(columns.kinds)
    sized = "size" in columns.kinds and plain and not columns.by_size
    lines = {bracket.place.line for bracket in draft.sizes.brackets}
    return sized and bool(table.rows) and all(row.line.line in lines for row in table.rows)


def _read_size_row(draft: Draft, row: Row, columns: Columns, context: Context) -> None:
    """Read a row that begins with a size and then lists titles: "1-50 | Founder, CEO | Office manager"."""
    first = row.cells[0]
    scope = draft.sizes.read(first.text)
    if scope is None:
        draft.miss(row.line, f"no size bracket of that name: '{first.short}'")
        return
    for kind, column in (("targets", columns.subject), ("champions", columns.find("champion"))):
        cell = _cell(row, column)
        here = context if kind == "targets" and context.kind in {*TARGETS, *EXCLUSIONS} else replace(context, kind=kind)
        for name in split_names(cell) if cell is not None else ():
            entry = Entry(line=row.line, name=name, note=_text(row, columns.find("reason"), columns.find("notes")))
            add = add_exclusion if here.kind in EXCLUSIONS else add_target
            add(draft, entry, replace(here, scope=scope))


def _is_turned(draft: Draft, table: Table) -> bool:
    """Tell whether a matrix has its sizes in the rows."""
    return len(table.rows) > 1 and all(draft.sizes.read(row.cells[0].text) is not None for row in table.rows)


def _read_turned(draft: Draft, table: Table, context: Context) -> None:
    for column, head in enumerate(table.header.cells):
        if column == 0:
            continue
        cells = []
        for row in table.rows:
            scope, cell = draft.sizes.read(row.cells[0].text), _cell(row, column)
            if cell is not None and scope is not None:
                cells.append(
                    (draft.names(scope), cell, scale_of("", [one.text for r in table.rows for one in r.cells[1:]]))
                )
        add_by_size(draft, Entry(line=head, name=head, cells=tuple(cells)), context)

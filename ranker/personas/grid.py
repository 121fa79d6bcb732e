"""The form's tables, and what a person did in one of them, as changes to the persona's text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ranker.errors import EditRefused, PersonaError
from ranker.personas.adding import RATED, add
from ranker.personas.edit import rename, set_sizes, set_value
from ranker.personas.form import Form, Kind, Row, read_form
from ranker.personas.removing import remove

NAME = "name"
"""The column of a row's name; those of the sizes are "0", "1", … by the bracket's position."""
USUAL: dict[Kind, float] = {"targets": 5.0, "champions": 3.0, "departments": 3.0, "seniority": 3.0}
"""Out of five: what a new row counts where the person gave no number."""


@dataclass(frozen=True, slots=True)
class Grid:
    """One table of the form: the rows of a ``kind``, titles and champions at one ``bracket`` only.

    ``columns`` are the positions of its brackets: with numbers out of five for ``RATED`` kinds, with yes and no for
    exclusions, none for signals.
    """

    kind: Kind
    bracket: int | None
    columns: tuple[int, ...]
    rows: tuple[Row, ...]
    cells: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The text after what could be done, and in words what could not."""

    text: str
    refused: tuple[str, ...] = field(default=())


def grid_of(form: Form, kind: Kind, bracket: int | None = None) -> Grid:
    """The table of a kind; titles and champions need the position of a bracket."""
    at = form.names[bracket] if bracket is not None else None
    rows = form.of(kind, bracket=at)
    columns: tuple[int, ...] = () if kind in {"positive", "negative"} else tuple(range(len(form.names)))
    columns = columns if bracket is None else (bracket,)
    return Grid(kind, bracket, columns, rows, tuple(_cells(form, kind, columns, row) for row in rows))


def _cells(form: Form, kind: Kind, columns: Sequence[int], row: Row) -> dict[str, Any]:
    cells: dict[str, Any] = {NAME: row.name}
    for at in columns:
        if kind in RATED:
            value = row.value(form.names[at])
            cells[str(at)] = None if value is None else round(value * 5, 2)
        else:
            cells[str(at)] = row.sizes is None or form.names[at] in row.sizes
    return cells


def apply(
    text: str,
    kind: Kind,
    bracket: int | None,
    edited: Mapping[int, Mapping[str, Any]],
    added: Sequence[Mapping[str, Any]] = (),
    deleted: Sequence[int] = (),
) -> Outcome:
    """Make in the text what was done in the table of ``grid_of`` for this text.

    ``edited``: row → column → new value; ``added``: new rows; ``deleted``: rows by their position. What the text
    can't take is left out and told; the rest is done.
    """
    steps: list[Callable[[str, Grid, Form], str]] = []
    for at in sorted(edited):
        cells = edited[at]
        own = [one for one in sorted(cells, key=lambda one: one != NAME) if one == NAME or kind in RATED]
        steps += [partial(_edit, at=at, column=one, value=cells[one]) for one in own]
        if kind not in RATED and set(cells) - {NAME}:
            steps.append(partial(_resize, at=at, cells=cells))
    steps += [partial(_remove, at=at) for at in sorted(deleted, reverse=True)]
    steps += [partial(_add, cells=cells) for cells in added if str(cells.get(NAME) or "").strip()]
    refused: list[str] = []
    for step in steps:
        try:
            form = read_form(text)
            text = step(text, grid_of(form, kind, bracket), form)
        except PersonaError as error:
            refused.append(error.message)
    return Outcome(text, tuple(dict.fromkeys(refused)))


def _edit(text: str, grid: Grid, form: Form, *, at: int, column: str, value: Any) -> str:
    row = grid.rows[at]
    if column == NAME:
        return rename(text, row, str(value or ""))
    if value is None:
        raise EditRefused(f"“{row.name}” needs a number from 0 to 5; 0 says that it is not wanted at this size.")
    return set_value(text, row, form.names[int(column)], float(value) / 5)


def _remove(text: str, grid: Grid, form: Form, *, at: int) -> str:
    return remove(text, grid.rows[at])


def _resize(text: str, grid: Grid, form: Form, *, at: int, cells: Mapping[str, Any]) -> str:
    shown = {**grid.cells[at], **cells}
    return set_sizes(text, grid.rows[at], tuple(form.names[one] for one in grid.columns if shown[str(one)]))


def _add(text: str, grid: Grid, form: Form, *, cells: Mapping[str, Any]) -> str:
    name = str(cells[NAME])
    if grid.kind in RATED:
        usual = USUAL[grid.kind]
        numbers = {one: cells.get(str(one)) for one in grid.columns}
        return add(
            text,
            grid.kind,
            name,
            {form.names[one]: float(usual if value is None else value) / 5 for one, value in numbers.items()},
        )
    if not grid.columns:
        return add(text, grid.kind, name)
    sizes = [form.names[one] for one in grid.columns if cells.get(str(one), True) is not False]
    return add(text, grid.kind, name, brackets=sizes or None)

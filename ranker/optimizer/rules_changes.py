"""Single changes of a persona: the text that each makes, what the text would then say, and how it is told.

A text is written by ``ranker.personas`` alone, which refuses what would read back as something else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from ranker.errors import EditRefused
from ranker.optimizer import rules_foresee as foresee
from ranker.personas import adding, edit, removing
from ranker.personas.describe import out_of_five
from ranker.personas.form import Form, Kind, Row, read_form
from ranker.personas.spec import PersonaSpec

EXCLUDED = {"hard": "those who are never contacted", "soft": "those for a last resort"}


class Change(Protocol):
    """One change. Two are equal if they do the same to the same text."""

    @property
    def about(self) -> tuple[object, ...]:
        """The row or thing that it changes; two changes of one thing at one size contradict each other."""
        ...

    @property
    def sizes(self) -> tuple[str, ...] | None:
        """The brackets where a verdict may change, None for all."""
        ...

    @property
    def line(self) -> int | None:
        """The line of the text whose verdicts may change; None where that is not for a line to say."""
        ...

    def apply(self, text: str) -> str:
        """The text with the change. Raises ``EditRefused`` where it can't be written as meant."""
        ...

    def foresee(self, spec: PersonaSpec) -> PersonaSpec:
        """What the text would say with the change."""
        ...

    def says(self, sizes: Mapping[str, str]) -> str:
        """The change in words, without a full stop. ``sizes``: each bracket as people say it."""
        ...


def row_now(text: str, row: Row) -> Row:
    """The row of a text that says what ``row`` said, wherever it stands now. Raises ``EditRefused``."""
    form: Form = read_form(text)
    found = [one for one in form.rows if one == row]
    if not found:
        raise EditRefused(f"“{row.name}” does not stand in the text as it did.")
    return min(found, key=lambda one: abs(one.place.start - row.place.start))


def row_there(text: str, kind: Kind, name: str, start: int) -> Row:
    """The row of a kind and name that stands nearest to where it stood. Raises ``EditRefused``."""
    found = [one for one in read_form(text).rows if (one.kind, one.name) == (kind, name)]
    if not found:
        raise EditRefused(f"“{name}” does not stand in the text any more.")
    return min(found, key=lambda one: abs(one.place.start - start))


@dataclass(frozen=True)
class SetValue:
    """Another priority (0.0 to 1.0) of a title, team or level, at one size or at all that share its place."""

    row: Row
    brackets: tuple[str, ...]
    value: float

    @property
    def about(self) -> tuple[object, ...]:
        """The row."""
        return ("row", self.row.kind, self.row.place.start)

    @property
    def sizes(self) -> tuple[str, ...] | None:
        """Those that change."""
        return self.brackets

    @property
    def line(self) -> int | None:
        """The row's."""
        return self.row.place.line

    def apply(self, text: str) -> str:
        """Only the cell is written anew."""
        row = row_now(text, self.row)
        for bracket in self.brackets:
            text = edit.set_value(text, row, bracket, self.value)
            row = row_there(text, row.kind, row.name, row.place.start)
        return text

    def foresee(self, spec: PersonaSpec) -> PersonaSpec:
        """The cell has the value."""
        for bracket in self.brackets:
            spec = foresee.with_value(spec, self.row, bracket, self.value)
        return spec

    def says(self, sizes: Mapping[str, str]) -> str:
        """ "“Sales Director” at 51–200 people: 4/5 → 5/5"."""
        old, new = out_of_five(self.row.value(self.brackets[0]) or 0.0), out_of_five(self.value)
        return f"“{self.row.name}” at {at_sizes(self.brackets, sizes)}: {old} → {new}"


@dataclass(frozen=True)
class Add:
    """One more title, champion or team (``values``: bracket and 0.0 to 1.0), or exclusion (``brackets``)."""

    kind: Literal["targets", "champions", "departments", "hard", "soft"]
    name: str
    values: tuple[tuple[str, float], ...] = ()
    brackets: tuple[str, ...] | None = None

    @property
    def about(self) -> tuple[object, ...]:
        """The name, whether it is looked for or left out."""
        return ("add", self.name)

    @property
    def sizes(self) -> tuple[str, ...] | None:
        """Those that are given."""
        return tuple(one for one, _ in self.values) if self.values else self.brackets

    @property
    def line(self) -> int | None:
        """None: it is not in the text yet."""
        return None

    def apply(self, text: str) -> str:
        """A new line in the manner of its neighbours."""
        return adding.add(text, self.kind, self.name, dict(self.values), self.brackets)

    def foresee(self, spec: PersonaSpec) -> PersonaSpec:
        """The row is there too."""
        return foresee.with_row(spec, self.kind, self.name, dict(self.values), self.brackets)

    def says(self, sizes: Mapping[str, str]) -> str:
        """ "added: “Director of Partnerships” at 51–200 people, 4/5"."""
        told = {out_of_five(value) for _, value in self.values}
        where = at_sizes(self.sizes, sizes)
        if self.kind in ("hard", "soft"):
            return f"added to {EXCLUDED[self.kind]}: “{self.name}” at {where}"
        what = {"targets": "the titles to look for", "champions": "the champions", "departments": "the teams"}
        return f"added to {what[self.kind]}: “{self.name}” at {where}, {' or '.join(sorted(told))}"


@dataclass(frozen=True)
class Remove:
    """A title, exclusion or signal less, at every size."""

    row: Row

    @property
    def about(self) -> tuple[object, ...]:
        """The row."""
        return ("row", self.row.kind, self.row.place.start)

    @property
    def sizes(self) -> tuple[str, ...] | None:
        """Those at which it held."""
        return tuple(one for one, _ in self.row.values) if self.row.values else self.row.sizes

    @property
    def line(self) -> int | None:
        """The row's."""
        return self.row.place.line

    def apply(self, text: str) -> str:
        """Its line goes, where the line is about nothing else."""
        return removing.remove(text, row_now(text, self.row))

    def foresee(self, spec: PersonaSpec) -> PersonaSpec:
        """The row is gone."""
        return foresee.without_row(spec, self.row)

    def says(self, sizes: Mapping[str, str]) -> str:
        """ "taken out: “HR and Legal”"."""
        kind = f" of {EXCLUDED[self.row.kind]}" if self.row.kind in ("hard", "soft") else ""
        return f"taken out{kind}: “{self.row.name}”"


def at_sizes(brackets: tuple[str, ...] | None, sizes: Mapping[str, str]) -> str:
    """Some brackets as people say them, None for all."""
    if brackets is None or len(brackets) == len(sizes):
        return "every size"
    return " and ".join(sizes[one] for one in brackets)

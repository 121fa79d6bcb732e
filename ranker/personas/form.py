"""A persona as a form: what its text says, in rows that know their places. The text stays the truth.

Two forms are equal if they say the same, wherever in the text they say it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from ranker.personas.reader import read_persona
from ranker.personas.spec import Bracket, Department, PersonaSpec, Place, Seniority, Target

Kind = Literal["targets", "champions", "departments", "seniority", "hard", "soft", "positive", "negative"]

DIGITS = 6
"""Decimals to which two priorities have to agree to be the same."""


@dataclass(frozen=True, slots=True)
class Row:
    """One title, team, level, exclusion or signal.

    ``values``: (bracket, 0.0 to 1.0) where it has a priority, small to large; ``sizes``: the brackets for which an
    exclusion or a signal holds, None for all. ``place`` is its name in the text, ``places`` its priorities (None
    where the text gives none), ``size_place`` its sizes; places have no say in whether two rows are equal.
    """

    kind: Kind
    name: str
    values: tuple[tuple[str, float], ...] = ()
    sizes: tuple[str, ...] | None = None
    note: str = ""
    order: int | None = None
    place: Place = field(compare=False, default=Place(line=1, start=0, end=0))
    places: Mapping[str, Place | None] = field(compare=False, default_factory=dict)
    size_place: Place | None = field(compare=False, default=None)

    def value(self, bracket: str) -> float | None:
        """The priority at one bracket, None where it has none."""
        return dict(self.values).get(bracket)

    def sharing(self, bracket: str) -> tuple[str, ...]:
        """The brackets whose priority is written at the same place."""
        place = self.places.get(bracket)
        return tuple(one for one, other in self.places.items() if place is not None and other == place)


@dataclass(frozen=True, slots=True)
class Form:
    """Everything that a persona's text says. ``rows`` are in the order of the text; ``threshold`` is 0 to 100."""

    name: str
    sizes: tuple[tuple[str, int, int | None], ...]
    rows: tuple[Row, ...]
    threshold: float | None
    missed: tuple[str, ...]
    brackets: tuple[Bracket, ...] = field(compare=False)
    threshold_place: Place | None = field(compare=False)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the brackets, small to large."""
        return tuple(size[0] for size in self.sizes)

    def of(self, *kinds: Kind, bracket: str | None = None) -> tuple[Row, ...]:
        """The rows of some kinds; with ``bracket`` only those that have a priority there."""
        return tuple(
            row for row in self.rows if row.kind in kinds and (bracket is None or row.value(bracket) is not None)
        )

    def row_at(self, start: int) -> Row | None:
        """The row whose name begins at a character of the text."""
        return next((row for row in self.rows if row.place.start == start), None)


def says_the_same(one: Form, other: Form) -> bool:
    """Whether two forms hold the same, in whatever order, and nothing more of ``other`` was not understood."""
    return (
        (one.name, one.sizes, one.threshold) == (other.name, other.sizes, other.threshold)
        and Counter(one.rows) == Counter(other.rows)
        and not Counter(other.missed) - Counter(one.missed)
    )


@lru_cache(maxsize=32)
def read_spec(text: str) -> PersonaSpec:
    """What a text says, read once. Raises ``PersonaError`` where it says nothing that can be used."""
    return read_persona(text)


@lru_cache(maxsize=32)
def read_form(text: str) -> Form:
    """The form of a text. Raises ``PersonaError`` where the text says nothing that can be used."""
    return form_of(read_spec(text))


def form_of(spec: PersonaSpec) -> Form:
    """The form of a specification."""
    rows = [
        *_targets(spec.targets),
        *(_by_size("departments", row) for row in spec.departments),
        *(_by_size("seniority", row) for row in spec.seniority),
        *(
            Row("hard" if row.hard else "soft", row.role, sizes=row.brackets, note=row.reason, place=row.place,
                size_place=row.size_place)
            for row in spec.exclusions
        ),
        *(
            Row("positive" if row.positive else "negative", row.text, sizes=row.brackets, place=row.place)
            for row in spec.signals
        ),
    ]  # fmt: skip
    return Form(
        name=spec.name,
        sizes=tuple((one.name, one.low, one.high) for one in spec.brackets),
        rows=tuple(sorted(rows, key=lambda row: row.place.start)),
        threshold=None if spec.threshold is None else round(spec.threshold.score, DIGITS),
        missed=tuple(sorted(re.sub(r"line \d+", "line", one.why) for one in spec.not_understood)),
        brackets=spec.brackets,
        threshold_place=None if spec.threshold is None else spec.threshold.place,
    )


def _targets(targets: Iterable[Target]) -> list[Row]:
    """One row for every place of a title, with its priorities at all sizes."""
    groups: dict[tuple[int, bool], list[Target]] = {}
    for one in targets:
        groups.setdefault((one.place.start, one.champion), []).append(one)
    return [
        Row(
            "champions" if first.champion else "targets",
            first.title,
            values=tuple((one.bracket, round(one.priority, DIGITS)) for one in group),
            order=first.order,
            place=first.place,
            places={one.bracket: one.priority_place for one in group},
        )
        for group in groups.values()
        for first in group[:1]
    ]


def _by_size(kind: Literal["departments", "seniority"], row: Department | Seniority) -> Row:
    values = tuple((bracket, round(value, DIGITS)) for bracket, value in row.relevance.items())
    places: dict[str, Place | None] = {bracket: row.places.get(bracket) for bracket, _ in values}
    return Row(kind, row.name, values=values, place=row.place, places=places)

"""Changes of what a whole row, or the whole persona, is: its kind, the sizes that it holds for, the threshold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ranker.optimizer import rules_foresee as foresee
from ranker.optimizer.rules_changes import EXCLUDED, Add, Remove, at_sizes, row_now
from ranker.personas import adding, edit, removing
from ranker.personas.form import Row
from ranker.personas.notation import number
from ranker.personas.spec import PersonaSpec


@dataclass(frozen=True)
class Turn:
    """A row of one kind made one of another: hard and soft exclusions, titles to look for and champions."""

    row: Row
    kind: Literal["targets", "champions", "hard", "soft"]

    @property
    def about(self) -> tuple[object, ...]:
        """The row."""
        return ("row", self.row.kind, self.row.place.start)

    @property
    def sizes(self) -> tuple[str, ...] | None:
        """Those at which it holds."""
        return Remove(self.row).sizes

    @property
    def line(self) -> int | None:
        """The row's."""
        return self.row.place.line

    def apply(self, text: str) -> str:
        """Its line goes, and one of the other kind comes."""
        return self._new.apply(removing.remove(text, row_now(text, self.row)))

    def foresee(self, spec: PersonaSpec) -> PersonaSpec:
        """The row is of the other kind."""
        return self._new.foresee(foresee.without_row(spec, self.row))

    def says(self, sizes: Mapping[str, str]) -> str:
        """ "“Sales Manager” at 51–200 people: a champion now"."""
        if self.kind in ("hard", "soft"):
            return f"“{self.row.name}”: {EXCLUDED[self.row.kind]} → {EXCLUDED[self.kind]}"
        what = "a champion, behind the buyers" if self.kind == "champions" else "a buyer, no longer only a champion"
        return f"“{self.row.name}” at {at_sizes(self.sizes, sizes)}: {what}"

    @property
    def _new(self) -> Add:
        return Add(self.kind, self.row.name, self.row.values, self.row.sizes)


@dataclass(frozen=True)
class SetSizes:
    """Fewer sizes for an exclusion: ``brackets`` stay, those of ``without`` go."""

    row: Row
    brackets: tuple[str, ...]
    without: tuple[str, ...]

    @property
    def about(self) -> tuple[object, ...]:
        """The row."""
        return ("row", self.row.kind, self.row.place.start)

    @property
    def sizes(self) -> tuple[str, ...] | None:
        """Those that go."""
        return self.without

    @property
    def line(self) -> int | None:
        """The row's."""
        return self.row.place.line

    def apply(self, text: str) -> str:
        """Only the words about sizes are written anew."""
        return edit.set_sizes(text, row_now(text, self.row), self.brackets)

    def foresee(self, spec: PersonaSpec) -> PersonaSpec:
        """The exclusion holds there only."""
        return foresee.with_sizes(spec, self.row, self.brackets)

    def says(self, sizes: Mapping[str, str]) -> str:
        """ "“Owner” is left out only at 1,001+ people"."""
        return f"“{self.row.name}” in {EXCLUDED[self.row.kind]}: now only at {at_sizes(self.brackets, sizes)}"


@dataclass(frozen=True)
class SetThreshold:
    """Another score, 0 to 100, from which people are contacted; added where the text names none."""

    score: float
    was: float
    stated: bool

    @property
    def about(self) -> tuple[object, ...]:
        """The score."""
        return ("threshold",)

    @property
    def sizes(self) -> tuple[str, ...] | None:
        """All."""
        return None

    @property
    def line(self) -> int | None:
        """None: it may matter to everybody."""
        return None

    def apply(self, text: str) -> str:
        """Only the number is written anew, or one sentence is added."""
        return edit.set_threshold(text, self.score) if self.stated else adding.add_threshold(text, self.score)

    def foresee(self, spec: PersonaSpec) -> PersonaSpec:
        """The score is another."""
        return foresee.with_threshold(spec, self.score)

    def says(self, sizes: Mapping[str, str]) -> str:
        """ "people are contacted from a score of 60 → 50"."""
        return f"people are contacted from a score of {number(self.was)} → {number(self.score)} of 100"

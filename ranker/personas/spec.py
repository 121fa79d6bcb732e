"""What a persona's text says, as values. Each value knows its place in the text, so that one edit changes one place.

Priorities and relevances are 0.0 to 1.0 (5/5 is 1.0); sizes are numbers of employees; offsets count the characters
of the text as given. `quote` is the persona's own line in the short form that a sales person is shown.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Place(_Frozen):
    """Characters `start` to `end` (not included) of the text, beginning on `line` (the first is 1)."""

    line: int = Field(ge=1)
    start: int = Field(ge=0)
    end: int = Field(ge=0)


class Bracket(_Frozen):
    """A class of company sizes; `high` is None for "and more". `place` is the heading, cell or item that names it."""

    name: str
    low: int = Field(ge=1)
    high: int | None
    place: Place


class Target(_Frozen):
    """A title to look for at one bracket. `order` is a rank or number that the text states, never a position.

    `place` is the title; `priority_place` the words that give the priority, None where the text gives none.
    A priority of 0.0 is what a dash or "no" in a table means: listed, and not wanted at that size.
    """

    title: str
    priority: float = Field(ge=0, le=1)
    order: int | None
    bracket: str
    champion: bool
    place: Place
    quote: str
    priority_place: Place | None = None


class _BySize(_Frozen):
    name: str
    relevance: dict[str, float]
    place: Place
    quote: str
    written: dict[str, str]
    places: dict[str, Place]

    def quote_at(self, bracket: str) -> str:
        """Return the short quote with what is written for that bracket, such as "Director · 4/5"."""
        written = self.written.get(bracket, "")
        return f"{self.name} · {written}" if written else self.name


class Department(_BySize):
    """A department and its relevance by bracket name; `written` and `places` tell the words and where they are."""


class Seniority(_BySize):
    """A level and its relevance by bracket name; `written` and `places` tell the words and where they are."""


class Exclusion(_Frozen):
    """Who is not to be contacted (`hard`) or only last (not `hard`). `brackets` None: at every size.

    `size_place` is where the text says for which sizes it holds, with what joins it to the role; empty for an empty
    cell, None where the text has no place for it.
    """

    role: str
    reason: str
    hard: bool
    brackets: tuple[str, ...] | None
    place: Place
    quote: str
    size_place: Place | None = None


class Signal(_Frozen):
    """A sign for or against a lead. `title_words` are the quoted words that are said to be in the title."""

    text: str
    title_words: tuple[str, ...]
    positive: bool
    brackets: tuple[str, ...] | None
    place: Place
    quote: str


class Threshold(_Frozen):
    """The score, 0 to 100, from which a lead qualifies. `place` is the number as written, with its scale."""

    score: float = Field(ge=0, le=100)
    place: Place
    quote: str


class NotUnderstood(_Frozen):
    """A line that became no value, or only in part, and why, in words for the person who wrote it."""

    place: Place
    text: str
    why: str


class PersonaSpec(_Frozen):
    """All that was understood of one persona. Brackets are ordered from small to large."""

    name: str
    brackets: tuple[Bracket, ...]
    targets: tuple[Target, ...]
    departments: tuple[Department, ...]
    seniority: tuple[Seniority, ...]
    exclusions: tuple[Exclusion, ...]
    signals: tuple[Signal, ...]
    threshold: Threshold | None
    not_understood: tuple[NotUnderstood, ...]

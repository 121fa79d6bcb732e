"""What is collected while a persona is read, before it is made a `PersonaSpec`; and the sections of its text."""

from __future__ import annotations

from dataclasses import dataclass, field

from ranker.personas.pieces import Piece
from ranker.personas.scopes import Scope, Sizes
from ranker.personas.sizes import find_sizes
from ranker.personas.spec import Department, Exclusion, NotUnderstood, Seniority, Signal, Target, Threshold
from ranker.personas.vocabulary import vocabulary, words

NOTHING_TO_JUDGE = "says nothing that a title and a company size can be judged by"
TARGETS = {"targets": 1.0, "targets_secondary": 0.8, "targets_tertiary": 0.6}
"""The priority of a title that is listed without one, by the list's heading."""
CHAMPION = 0.6
"""The priority of a champion that the text gives none: 3/5."""
EXCLUSIONS = {"hard_exclusions": True, "soft_exclusions": False}
SIGNALS = {"positive_signals": True, "negative_signals": False}
VALUED = {*TARGETS, *EXCLUSIONS, *SIGNALS, "champions", "departments", "seniority", "threshold"}


@dataclass(frozen=True, slots=True)
class Context:
    """What the headings and lead-ins above a block say: the kind of its values, and the sizes they hold for.

    `sure` is False under a lead-in with words that mean nothing here; then a plain list is not taken for titles.
    """

    kind: str | None = None
    scope: Scope | None = None
    sure: bool = True


@dataclass
class Draft:
    """The values found so far, and the brackets by which they are read."""

    sizes: Sizes
    targets: list[Target] = field(default_factory=list)
    departments: list[Department] = field(default_factory=list)
    seniority: list[Seniority] = field(default_factory=list)
    exclusions: list[Exclusion] = field(default_factory=list)
    signals: list[Signal] = field(default_factory=list)
    threshold: Threshold | None = None
    missed: list[NotUnderstood] = field(default_factory=list)

    def miss(self, piece: Piece, why: str) -> None:
        """Note that a piece became no value, or not wholly, and why."""
        if piece.text:
            self.missed.append(NotUnderstood(place=piece.place, text=piece.short, why=why))

    def names(self, scope: Scope | None) -> tuple[str, ...]:
        """Return the names of the brackets of a scope; all where it is None."""
        return scope.brackets if scope is not None and scope.brackets is not None else self.sizes.names


def kind_of(text: str) -> str | None:
    """Return what a heading or a lead-in announces, None where its words are not in the vocabulary."""
    for found in reversed(find_sizes(text)):
        if found.unit:
            text = text[: found.start] + " " + text[found.end :]
    return vocabulary().first("section", text)


class Sections:
    """Follows headings and lead-ins from top to bottom and tells the context of what stands below them."""

    def __init__(self, sizes: Sizes, titled: bool) -> None:
        """`titled`: the only heading of level 1 is the persona's name, and says nothing about its sections."""
        self._sizes = sizes
        self._titled = titled
        self._stack: list[tuple[int, str | None, Scope | None]] = []
        self._lead: Context | None = None
        self._open = False
        self._parents: list[tuple[int, Context]] = []

    def heading(self, level: int, piece: Piece) -> None:
        """Enter the section of a heading."""
        self._lead, self._open, self._parents = None, False, []
        self._stack = [entry for entry in self._stack if entry[0] < level]
        if not (self._titled and level == 1):
            self._stack.append((level, kind_of(piece.text), self._sizes.mentioned(piece.text)))

    def lead(self, label: Piece, bold: bool, empty: bool) -> Context:
        """Enter what a lead-in announces, `empty` where all of it stands below; return its context.

        A lead-in that names a size keeps what an earlier one announced. One that announces something keeps the
        size of the one right above it, or of a bold one where it is plain itself; otherwise the heading's holds.
        """
        kind, scope = kind_of(label.text), self._sizes.mentioned(label.text)
        before = self._lead or Context()
        if scope is not None and kind in {None, "sizes"}:
            kind = before.kind
            self._lead = Context(kind, scope, True)
        elif kind is not None:
            kept = scope or (before.scope if self._open or not bold else None)
            self._lead = Context(kind, kept, True)
        else:
            self._lead = Context(None, before.scope if self._open or not bold else None, False)
        self._open = empty and scope is not None
        self._parents = []
        return self.here()

    def here(self) -> Context:
        """Return the context of a block that is not in a list."""
        kind = next((entry[1] for entry in reversed(self._stack) if entry[1]), None)
        scope = next((entry[2] for entry in reversed(self._stack) if entry[2]), None)
        lead = self._lead
        if lead is None:
            return Context(kind, scope)
        return Context(lead.kind or kind, lead.scope or scope, lead.sure)

    def item(self, indent: int) -> Context:
        """Return the context of a list item at that indent."""
        self._parents = [parent for parent in self._parents if parent[0] < indent]
        return self._parents[-1][1] if self._parents else self.here()

    def enter_item(self, indent: int, context: Context) -> None:
        """Make a list item the parent of those further in."""
        self._parents.append((indent, context))

    def leave_list(self) -> None:
        """Note that a block stands between two lists, or between two lead-ins."""
        self._parents = []
        self._open = False


def is_label(text: str) -> bool:
    """Tell whether the words before a colon announce something, so that a plain line can be a lead-in."""
    return len(words(text)) <= 6 and kind_of(text) not in {None, "other"}

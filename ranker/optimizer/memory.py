"""What a search remembers, so that it goes on where it stopped.

A search is decided by its subject and its settings alone. To go on, it is run again from the beginning: whatever the
memory knows is not asked or evaluated again, and everything decided between is computed anew, with the same result.
So a memory holds facts only, and each ``keep_…`` is one checkpoint: all of it is kept, or nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from ranker.optimizer.subject import Figures

State = Literal["proposed", "evaluated", "rejected", "nothing"]
"""``proposed``: still to be evaluated. ``rejected``: not tried, ``reason`` says why (the same text as another, copied
from leads, or refused by the engine). ``nothing``: the parent was asked, and no (further) change was proposed; no text,
and the last row of its batch."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One text of one search. The start is number 0 of generation 0 and has no parent.

    Numbers go up by one in the order in which texts were proposed; ``reason`` is "" unless rejected.
    """

    number: int
    parent: int | None
    generation: int
    text: str
    hash: str
    critique: str = ""
    edit: str = ""
    state: State = "proposed"
    reason: str = ""


class Memory(Protocol):
    """What a search asks and tells, in this order; ``search`` 0 is on all training companies, 1, 2, … leave one out.

    Once for each search: ``candidates``. For each text that is asked for proposals: ``check``, the proposals,
    ``keep_proposed``. For each text that is evaluated: ``check``, ``scores``, the evaluation of the companies that
    are missing, ``keep_evaluated``. After each generation: ``keep_beam``. On companies that a search did not see:
    ``check``, ``scores``, the evaluation, ``keep_scores``. What is known already is passed over without ``check``.
    Anything else raised here ends the search as an error.
    """

    def check(self) -> None:
        """Before each step that costs. Raise ``Cancelled`` or ``BudgetSpent`` to end with the best so far."""
        ...

    def candidates(self, search: int) -> Sequence[Candidate]:
        """All that were kept of a search, by number, in their last state; empty at first."""
        ...

    def scores(self, text_hash: str, companies: Sequence[str]) -> Mapping[str, Figures]:
        """The figures of a text at those of these companies where they are known, whichever search computed them."""
        ...

    def keep_proposed(self, search: int, batch: Sequence[Candidate]) -> None:
        """All that was proposed at one time, at least one row, new numbers: ``proposed``, ``rejected``, ``nothing``.

        For one parent; or merges of several, which cost nothing and come without ``check``; or the start alone.
        """
        ...

    def keep_evaluated(self, search: int, candidate: Candidate, scores: Mapping[str, Figures]) -> None:
        """The new state of a candidate that is kept already, ``evaluated`` or ``rejected``, with the new figures.

        ``scores`` are those of the companies that were missing: none for a text that another search evaluated.
        """
        ...

    def keep_beam(self, search: int, generation: int, numbers: Sequence[int]) -> None:
        """Which candidates go on after a generation, the best first. Told again, with the same, when replayed."""
        ...

    def keep_scores(self, text_hash: str, scores: Mapping[str, Figures]) -> None:
        """Figures of a text at companies that its search did not see: a fold left out, or the hold-out."""
        ...


@dataclass
class InMemory:
    """A memory that lasts as long as the process: for the command line and for tests. Never cancels."""

    rows: dict[tuple[int, int], Candidate] = field(default_factory=dict)
    figures: dict[tuple[str, str], Figures] = field(default_factory=dict)
    beams: dict[tuple[int, int], tuple[int, ...]] = field(default_factory=dict)

    def check(self) -> None:
        """Nothing ends the search early."""

    def candidates(self, search: int) -> list[Candidate]:
        """See ``Memory``."""
        return [row for (one, _), row in sorted(self.rows.items()) if one == search]

    def scores(self, text_hash: str, companies: Sequence[str]) -> dict[str, Figures]:
        """See ``Memory``."""
        return {name: self.figures[text_hash, name] for name in companies if (text_hash, name) in self.figures}

    def keep_proposed(self, search: int, batch: Sequence[Candidate]) -> None:
        """See ``Memory``."""
        self.rows |= {(search, one.number): one for one in batch}

    def keep_evaluated(self, search: int, candidate: Candidate, scores: Mapping[str, Figures]) -> None:
        """See ``Memory``."""
        self.figures |= {(candidate.hash, company): figures for company, figures in scores.items()}
        self.rows[search, candidate.number] = candidate

    def keep_beam(self, search: int, generation: int, numbers: Sequence[int]) -> None:
        """See ``Memory``."""
        self.beams[search, generation] = tuple(numbers)

    def keep_scores(self, text_hash: str, scores: Mapping[str, Figures]) -> None:
        """See ``Memory``."""
        self.figures |= {(text_hash, company): figures for company, figures in scores.items()}

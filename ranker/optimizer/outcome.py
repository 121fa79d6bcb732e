"""What comes out of an optimization: values that a page can draw, and nothing that needs the search again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ranker.evaluation.compare import Comparison
from ranker.optimizer.memory import Candidate
from ranker.optimizer.settings import Settings
from ranker.optimizer.subject import Figures

Ended = Literal["finished", "plateau", "nothing", "budget", "cancelled"]
"""``nothing``: nothing more to try. ``SearchResult.ended_words`` says each as a sentence."""


@dataclass(frozen=True, slots=True)
class Split:
    """Which companies are for what. All by seeded hashes of the names: neither order nor labels decide.

    ``training``: those that the search of the proposal sees. ``folds``: the same in parts, each left out once;
    empty without cross-validation. ``held_out``: those that no search sees, empty without a hold-out.
    ``words``: one or two sentences for a page.
    """

    training: tuple[str, ...]
    folds: tuple[tuple[str, ...], ...]
    held_out: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a candidate does over the companies of its search, each company counting once; None where not defined."""

    pairs_f1: float
    tau_b: float | None
    spearman: float | None
    mae: float | None


@dataclass(frozen=True)
class SearchResult:
    """One search. ``companies``: those that it saw. ``candidates``: all, by number; the index is the number.

    ``standings``: by number, of those that were evaluated. ``beams``: by generation, from 0 (the start alone), the
    best first. ``best``: first by the order of selection. ``proposal``: the simplest that is not distinguishable from
    it (``proposal.propose``), 0 for the start; ``why`` says so in a sentence.
    """

    search: int
    companies: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    standings: dict[int, Standing]
    beams: tuple[tuple[int, ...], ...]
    best: int
    proposal: int
    why: str
    ended: Ended
    ended_words: str

    @property
    def proposed(self) -> Candidate:
        """The candidate that is proposed."""
        return self.candidates[self.proposal]


@dataclass(frozen=True)
class FoldResult:
    """A whole search without the companies of one fold, and how its proposal (``new``) and the start do at them."""

    result: SearchResult
    left_out: tuple[str, ...]
    new: dict[str, Figures]
    old: dict[str, Figures]


@dataclass(frozen=True)
class Opening:
    """The proposal (``new``) and the start at the held-out companies. ``number``: 1 the first time; from 2 on it is no
    look at companies that nobody has seen, and ``words`` say so. ``comparison`` is None if none of them has labels
    that define the figure.
    """

    number: int
    text_hash: str
    companies: tuple[str, ...]
    new: dict[str, Figures]
    old: dict[str, Figures]
    comparison: Comparison | None
    words: str


@dataclass(frozen=True)
class Claim:
    """What may be said of the proposal. ``gain``: whether it is claimed to be better than the start.

    ``comparison``: what that rests on, at companies that the searches did not see: those of the folds, and once it is
    open those of the hold-out too; None if there are none. ``words``: a sentence for a page.
    """

    gain: bool
    words: str
    comparison: Comparison | None


@dataclass(frozen=True, slots=True)
class Counts:
    """What was done, the same for a search that was interrupted: over all searches, each text × company once.

    ``asked``: parents asked for proposals. ``proposed``: texts that came back. ``rejected``: of those, not tried.
    ``evaluated``: candidates evaluated, a text counting in each search that tried it.
    """

    asked: int
    proposed: int
    rejected: int
    evaluated: int


@dataclass(frozen=True)
class Outcome:
    """An optimization. ``nested``: the comparison over the folds, None without. ``opening``: None until the hold-out
    was opened (``holdout.open_hold_out``, then ``holdout.conclude``). ``advised``: what to go on with.
    """

    settings: Settings
    split: Split
    search: SearchResult
    folds: tuple[FoldResult, ...]
    nested: Comparison | None
    opening: Opening | None
    claim: Claim
    counts: Counts

    @property
    def advised(self) -> Candidate:
        """The proposal where a gain is claimed, else the start: without evidence nothing changes."""
        return self.search.proposed if self.claim.gain else self.search.candidates[0]

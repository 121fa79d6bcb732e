"""A search that was stopped goes on: same candidates, same winner, at most the step in flight again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from ranker.errors import BudgetSpent, Cancelled, CapReached, OptimizerError
from ranker.optimizer.holdout import conclude, open_hold_out
from ranker.optimizer.memory import Candidate, InMemory
from ranker.optimizer.optimize import optimize
from ranker.optimizer.outcome import Outcome
from ranker.optimizer.settings import Settings
from ranker.optimizer.subject import Figures
from tests.optimizer.words_subject import WordsSubject

SMALL = Settings(generations=3, variants=4, beam=2, folds=2, hold_out_from=6)


class Gone(Exception):
    """The process is gone."""


@dataclass
class Stopping(InMemory):
    """Ends with ``error`` at the ``at``-th call of its kind: a check, before a step is kept, or after it is kept."""

    at: int = 0
    when: Literal["check", "before", "after"] = "check"
    error: type[Exception] = Gone
    calls: int = field(default=0, compare=False)

    def check(self) -> None:
        self._count("check")

    def _count(self, when: str) -> None:
        if when == self.when:
            self.calls += 1
            if self.calls == self.at:
                raise self.error() if self.error is Gone else self.error("This is enough.")

    def keep_proposed(self, search: int, batch: Sequence[Candidate]) -> None:
        self._count("before")
        super().keep_proposed(search, batch)
        self._count("after")

    def keep_evaluated(self, search: int, candidate: Candidate, scores: Mapping[str, Figures]) -> None:
        self._count("before")
        super().keep_evaluated(search, candidate, scores)
        self._count("after")

    def keep_beam(self, search: int, generation: int, numbers: Sequence[int]) -> None:
        self._count("before")
        super().keep_beam(search, generation, numbers)
        self._count("after")

    def keep_scores(self, text_hash: str, scores: Mapping[str, Figures]) -> None:
        self._count("before")
        super().keep_scores(text_hash, scores)
        self._count("after")

    def left(self) -> InMemory:
        """What another process finds."""
        return InMemory(dict(self.rows), dict(self.figures), dict(self.beams))


def whole(subject: WordsSubject, memory: InMemory) -> Outcome:
    outcome = optimize(subject, memory, SMALL)
    return conclude(outcome, open_hold_out(subject, memory, outcome))


def subject() -> WordsSubject:
    return WordsSubject(seed=5, count=8, refused=frozenset({"kitchen 2", "legal 2", "lead 2"}))


UNDISTURBED = whole(subject(), InMemory())
CALLS = {when: Stopping(when=when) for when in ("check", "before", "after")}
for stopping in CALLS.values():
    whole(subject(), stopping)


def test_the_search_of_these_tests_has_every_kind_of_candidate() -> None:
    assert {one.state for one in UNDISTURBED.search.candidates} >= {"evaluated", "rejected"}
    assert any(one.reason == "This word may not be used." for one in UNDISTURBED.search.candidates)
    assert any(one.reason.startswith("The same text") for one in UNDISTURBED.search.candidates)
    assert UNDISTURBED.search.proposal > 0
    assert all(stopping.calls > 50 for stopping in CALLS.values())


@examples(max_examples=25, deadline=None)
@given(st.sampled_from(["check", "before", "after"]), st.floats(0, 1, exclude_max=True))
def test_wherever_it_is_cut_it_goes_on_to_the_same_end_and_repeats_at_most_one_step(
    when: Literal["check", "before", "after"], share: float
) -> None:
    at = 1 + int(share * CALLS[when].calls)
    memory = Stopping(at=at, when=when)
    first, second = subject(), subject()
    with pytest.raises(Gone):
        whole(first, memory)

    kept = memory.left()
    outcome = whole(second, kept)

    assert outcome == UNDISTURBED
    twice = [one for one, count in Counter(first.evaluated + second.evaluated).items() if count > 1]
    assert len({text for text, _ in twice}) <= 1
    asked_twice = [one for one, count in Counter(first.asked + second.asked).items() if count > 1]
    assert len({text for text, *_ in asked_twice}) <= 1
    assert not (twice and asked_twice)
    assert when == "before" or not twice
    assert kept == CALLS["check"].left()


def test_every_single_cut_of_one_search_is_gone_through() -> None:
    alone = Settings(generations=2, variants=3, beam=2, folds=0, hold_out=0)
    counting = Stopping(when="after")
    undisturbed = optimize(subject(), counting, alone)
    for at in range(1, counting.calls + 1):
        memory = Stopping(at=at, when="before")
        with pytest.raises(Gone):
            optimize(subject(), memory, alone)
        assert optimize(subject(), memory.left(), alone) == undisturbed


def test_a_search_that_is_cut_again_and_again_comes_to_the_same_end() -> None:
    memory = InMemory()
    for _ in range(60):
        stopping = Stopping(memory.rows, memory.figures, memory.beams, at=16, when="after")
        try:
            outcome = whole(subject(), stopping)
        except Gone:
            memory = stopping.left()
            continue
        break
    assert outcome == UNDISTURBED


def test_what_is_known_is_read_again_without_a_step() -> None:
    memory = CALLS["check"].left()
    quiet = subject()
    assert whole(quiet, memory) == UNDISTURBED
    assert not quiet.asked
    assert not quiet.evaluated


@pytest.mark.parametrize("error", [Cancelled, BudgetSpent, CapReached])
@pytest.mark.parametrize("at", [1, 2, 3, 9, 17, 30, 45])
def test_stopped_in_order_it_keeps_the_best_so_far_and_goes_on_later(error: type[Exception], at: int) -> None:
    memory = Stopping(at=at, error=error)
    stopped = optimize(subject(), memory, SMALL)

    assert stopped.search.ended == ("cancelled" if error is Cancelled else "budget")
    standings = stopped.search.standings
    if standings:
        assert standings[stopped.search.best].pairs_f1 == max(one.pairs_f1 for one in standings.values())
        assert stopped.search.proposal in standings
    assert stopped.search.proposed.text
    assert len(stopped.folds) < 2
    outcome = optimize(subject(), memory.left(), SMALL)
    assert outcome.search == UNDISTURBED.search
    assert outcome.folds == UNDISTURBED.folds


def test_stopped_before_anything_it_proposes_the_start_and_says_why() -> None:
    stopped = optimize(subject(), Stopping(at=1, error=Cancelled), SMALL)
    assert stopped.search.proposed.text == subject().start
    assert stopped.search.ended_words == "It was cancelled; what was found until then is kept."
    assert not stopped.claim.gain


def test_a_spent_budget_says_what_was_left() -> None:
    stopped = optimize(subject(), Stopping(at=9, error=BudgetSpent), SMALL)
    assert stopped.search.ended_words == "The budget is spent, and what was found until then is kept. This is enough."


def test_another_error_is_not_taken_for_an_end() -> None:
    with pytest.raises(OptimizerError, match="enough"):
        optimize(subject(), Stopping(at=9, error=OptimizerError), SMALL)

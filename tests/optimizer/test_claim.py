"""What may be said of a proposal: nested cross-validation, the hold-out, and the sentence."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from ranker.errors import BudgetSpent, OptimizerError
from ranker.optimizer.claim import claim, compared, unseen
from ranker.optimizer.holdout import conclude, open_hold_out
from ranker.optimizer.memory import InMemory
from ranker.optimizer.optimize import optimize
from ranker.optimizer.outcome import Outcome
from ranker.optimizer.settings import Settings
from ranker.optimizer.standing import gains
from ranker.optimizer.subject import Figures, Proposal
from tests.optimizer.words_subject import WordsSubject

QUICK = Settings(generations=3, variants=4, beam=2)


@dataclass
class Planted:
    """A text is its letters; each is worth its effect at every company, and luck decides the rest."""

    effects: dict[str, float]
    seed: int = 1
    count: int = 30
    luck: float = 0.15
    start: str = "."
    evaluated: list[tuple[str, str]] = field(default_factory=list)

    @property
    def companies(self) -> tuple[str, ...]:
        return tuple(f"Company {number}" for number in range(self.count))

    def evaluate(self, text: str, companies: Sequence[str]) -> dict[str, Figures]:
        self.evaluated += [(text, company) for company in companies]
        found: dict[str, Figures] = {}
        for company in companies:
            luck = random.Random(f"{self.seed} {company} {text}").gauss(0, self.luck)
            value = min(1.0, max(0.0, 0.4 + sum(self.effects.get(letter, 0.0) for letter in text) + luck))
            found[company] = {"leads": 9, "pairs": value, "f1": value, "tau_b": value, "spearman": value, "mae": 1.0}
        return found

    def propose(self, text: str, companies: Sequence[str], wanted: int, seed: int) -> list[Proposal]:
        letters = [letter for letter in self.effects if letter not in text]
        random.Random(f"{seed} {text}").shuffle(letters)
        return [Proposal(text + letter, "too low", f"added {letter}") for letter in letters[:wanted]]


def done(subject: Planted, settings: Settings = QUICK, memory: InMemory | None = None) -> Outcome:
    memory = memory or InMemory()
    outcome = optimize(subject, memory, settings)
    if outcome.split.held_out:
        outcome = conclude(outcome, open_hold_out(subject, memory, outcome))
    return outcome


NOTHING = dict.fromkeys("abcdefgh", 0.0)
GAIN = NOTHING | {"a": 0.3}
HARM = dict.fromkeys("abcdefgh", -0.1)


def test_a_gain_is_claimed_where_there_is_one_with_its_interval() -> None:
    outcome = done(Planted(GAIN))
    assert outcome.claim.gain
    assert "a" in outcome.advised.text
    assert outcome.claim.words.startswith("A gain at companies that the search did not see: better: pairs_f1 is 0.")
    assert "over 30 companies (95% interval +0." in outcome.claim.words


def test_among_equals_a_claim_is_rare_and_what_looks_best_is_lucky() -> None:
    outcomes = [done(Planted(NOTHING, seed=seed), replace(QUICK, seed=seed)) for seed in range(24)]
    looks = [
        outcome.search.standings[outcome.search.best].pairs_f1 - outcome.search.standings[0].pairs_f1
        for outcome in outcomes
    ]
    assert sum(looks) / len(looks) > 0.03
    assert sum(outcome.claim.gain for outcome in outcomes) <= 3
    unclaimed = [outcome for outcome in outcomes if not outcome.claim.gain]
    assert all(outcome.claim.words.startswith("No evidence of a gain") for outcome in unclaimed)
    assert all(outcome.advised.number == 0 for outcome in unclaimed)


def test_where_every_edit_harms_the_start_is_kept() -> None:
    for seed in range(12):
        outcome = done(Planted(HARM, seed=seed), replace(QUICK, seed=seed))
        assert outcome.advised.text == "."


def test_no_evidence_says_what_the_companies_could_show() -> None:
    outcome = next(
        outcome
        for seed in range(20)
        if (outcome := done(Planted(NOTHING, seed=seed, count=10))).search.proposal and not outcome.claim.gain
    )
    assert outcome.claim.words.startswith(
        "No evidence of a gain at companies that the search did not see: not distinguishable: 10 companies can show a "
        "difference of about 0."
    )


def test_where_every_search_without_a_fold_keeps_the_start_that_is_what_is_said() -> None:
    outcome = done(Planted(GAIN, count=8))
    assert outcome.search.proposal
    kept = [replace(fold, result=replace(fold.result, proposal=0), new=fold.old) for fold in outcome.folds]
    found = claim(outcome.search, outcome.split, kept, unseen(kept, None), None)
    assert not found.gain
    assert found.words == "No evidence of a gain: every search that left companies out kept the start."


def test_each_company_is_judged_by_a_text_whose_search_did_not_see_it() -> None:
    outcome = done(Planted(GAIN))
    judged = [company for fold in outcome.folds for company in fold.left_out] + list(outcome.split.held_out)
    assert sorted(judged) == sorted(Planted(GAIN).companies)
    for fold in outcome.folds:
        assert not set(fold.left_out) & set(fold.result.companies)
        assert set(fold.result.companies) | set(fold.left_out) == set(outcome.split.training)
    assert outcome.claim.comparison is not None
    changes = {one.company: one.change for one in outcome.claim.comparison.companies}
    for fold in outcome.folds:
        assert gains(fold.new, fold.old, fold.left_out) == {company: changes[company] for company in fold.left_out}


def test_a_fold_changes_nothing_in_the_search_of_the_proposal() -> None:
    with_folds, without = done(Planted(GAIN)), done(Planted(GAIN), replace(QUICK, folds=0))
    assert with_folds.search == without.search


def test_a_text_is_evaluated_once_at_a_company_over_all_searches() -> None:
    subject = Planted(GAIN)
    done(subject)
    assert len(subject.evaluated) == len(set(subject.evaluated))


def test_held_out_companies_are_not_evaluated_until_they_are_opened() -> None:
    subject, memory = Planted(GAIN), InMemory()
    outcome = optimize(subject, memory, QUICK)
    held = set(outcome.split.held_out)
    assert held
    assert not {company for _, company in subject.evaluated} & held
    opening = open_hold_out(subject, memory, outcome)
    assert {text for text, company in subject.evaluated if company in held} == {".", outcome.search.proposed.text}
    assert set(opening.companies) == held


def test_a_second_opening_gives_the_same_figures_and_says_that_it_is_the_second() -> None:
    subject, memory = Planted(GAIN), InMemory()
    outcome = optimize(subject, memory, QUICK)
    first = open_hold_out(subject, memory, outcome)
    before = len(subject.evaluated)
    second = open_hold_out(subject, memory, outcome, opened_before=1)
    assert len(subject.evaluated) == before
    assert (first.number, second.number) == (1, 2)
    assert second.new == first.new
    assert "time no. 2" in second.words
    assert "time no." not in first.words
    assert first.words.startswith("At 8 companies held out: ")


def test_a_hold_out_that_was_opened_again_is_no_part_of_the_claim() -> None:
    subject, memory = Planted(GAIN), InMemory()
    outcome = optimize(subject, memory, QUICK)
    again = conclude(outcome, open_hold_out(subject, memory, outcome, opened_before=1))
    assert again.claim.comparison == outcome.nested
    assert again.claim.gain == outcome.claim.gain
    alone = optimize(subject, memory, replace(QUICK, folds=0))
    unclaimed = conclude(alone, open_hold_out(subject, memory, alone, opened_before=1)).claim
    assert (unclaimed.gain, unclaimed.comparison) == (False, None)
    assert unclaimed.words.endswith("had been looked at before, and no others are left.")


def test_a_hold_out_that_contradicts_takes_the_claim_back() -> None:
    subject, memory = Planted(GAIN), InMemory()
    outcome = optimize(subject, memory, QUICK)
    opening = open_hold_out(subject, memory, outcome)
    worse = compared(opening.old, opening.new)
    taken_back = conclude(outcome, replace(opening, comparison=worse)).claim
    assert not taken_back.gain
    assert taken_back.words.startswith("No evidence of a gain: searches like this one find better texts (better: ")
    assert taken_back.words.endswith(" lower at the companies held out.")


def test_an_opening_for_another_text_is_refused() -> None:
    subject, memory = Planted(GAIN), InMemory()
    outcome = optimize(subject, memory, QUICK)
    with pytest.raises(OptimizerError, match="for another text"):
        conclude(outcome, replace(open_hold_out(subject, memory, outcome), text_hash="other"))


def test_without_a_hold_out_there_is_nothing_to_open() -> None:
    subject, memory = Planted(GAIN, count=8), InMemory()
    outcome = optimize(subject, memory, QUICK)
    with pytest.raises(OptimizerError, match="There is no hold-out to open"):
        open_hold_out(subject, memory, outcome)


def test_without_folds_the_hold_out_alone_decides() -> None:
    settings = replace(QUICK, folds=0, hold_out=0.5)
    subject, memory = Planted(GAIN, luck=0.05), InMemory()
    outcome = optimize(subject, memory, settings)
    assert outcome.nested is None
    assert outcome.claim.words == "No evidence of a gain yet: the companies held out have not been looked at."
    opened = conclude(outcome, open_hold_out(subject, memory, outcome))
    assert opened.claim.gain
    assert opened.opening is not None
    assert opened.claim.comparison == opened.opening.comparison


def test_without_folds_and_hold_out_nothing_is_claimed_however_good_it_looks() -> None:
    outcome = done(Planted(GAIN, luck=0.01), replace(QUICK, folds=0, hold_out=0))
    assert outcome.search.proposal
    assert not outcome.claim.gain
    assert outcome.claim.words == (
        "No evidence of a gain: without cross-validation and without a hold-out nothing can be claimed."
    )


def test_fewer_than_six_companies_claim_nothing_and_say_so() -> None:
    outcome = done(Planted(GAIN, count=5, luck=0.01))
    assert outcome.search.proposal
    assert "5 companies can't show any difference, however large; it takes at least 6" in outcome.claim.words


@dataclass
class Budgeted(InMemory):
    """Lets so many steps through."""

    steps: int = 0

    def check(self) -> None:
        self.steps -= 1
        if self.steps < 0:
            raise BudgetSpent("No dollar is left.")


def test_folds_that_the_budget_did_not_reach_are_left_out_of_the_claim_and_that_is_said() -> None:
    counting = Budgeted(steps=10**6)
    whole = optimize(Planted(GAIN, luck=0.02), counting, QUICK)
    stopped = optimize(Planted(GAIN, luck=0.02), Budgeted(steps=10**6 - counting.steps - 12), QUICK)
    assert whole.claim.gain
    assert 0 < len(stopped.folds) < 5
    assert stopped.folds == whole.folds[: len(stopped.folds)]
    assert stopped.claim.comparison is not None
    assert {one.company for one in stopped.claim.comparison.companies} == {
        company for fold in stopped.folds for company in fold.left_out
    }
    assert f"did not see ({len(stopped.folds)} of 5 folds): " in stopped.claim.words
    assert (whole.search.ended, stopped.search.ended) == ("finished", "budget")
    assert stopped.search.ended_words.startswith(whole.search.ended_words)
    assert stopped.search.ended_words.endswith(" The budget was spent before the cross-validation was through.")
    nothing = optimize(Planted(GAIN, luck=0.02, count=10), Budgeted(steps=20), QUICK)
    assert nothing.search.proposal
    assert nothing.claim.words == "No evidence of a gain: it ended before the cross-validation."


def test_counts_add_up() -> None:
    outcome = done(Planted(GAIN))
    searches = [outcome.search, *(fold.result for fold in outcome.folds)]
    rows = [one for result in searches for one in result.candidates if one.number]
    assert outcome.counts.proposed == sum(one.state != "nothing" for one in rows)
    assert outcome.counts.proposed == outcome.counts.evaluated + outcome.counts.rejected
    assert outcome.counts.evaluated == sum(len(result.standings) - 1 for result in searches)


def test_on_real_metrics_the_gain_is_found_where_the_search_did_not_look() -> None:
    subject, memory = WordsSubject(seed=7, count=24), InMemory()
    outcome = optimize(subject, memory, QUICK)
    outcome = conclude(outcome, open_hold_out(subject, memory, outcome))
    assert outcome.claim.gain
    assert outcome.claim.comparison is not None
    assert {"tau_b", "spearman", "mae", "precision", "ndcg_5"} <= set(outcome.claim.comparison.figures)

"""One beam search: who goes on, who is asked, what is rejected, and how it ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from ranker.errors import OptimizerError, UsageError
from ranker.evaluation.evaluate import Prediction, evaluate
from ranker.evaluation.labelled import NOT_RELEVANT, LabelledLead
from ranker.optimizer.copy_guard import CopyGuard
from ranker.optimizer.memory import InMemory
from ranker.optimizer.optimize import optimize
from ranker.optimizer.outcome import SearchResult
from ranker.optimizer.search import Search
from ranker.optimizer.settings import Settings
from ranker.optimizer.standing import key, standing
from ranker.optimizer.subject import Figures, Proposal, text_hash
from tests.optimizer.words_subject import WordsSubject, mean

LONG = Settings(generations=5, variants=8, beam=3, patience=5)


def searched(subject: WordsSubject, settings: Settings = LONG, guard: CopyGuard | None = None) -> SearchResult:
    return Search(subject, subject.companies, InMemory(), settings, guard).run()


@dataclass
class Listed:
    """Texts with figures of their own; proposals are a fixed list for each text."""

    start: str
    values: dict[str, float]
    children: dict[str, list[str]]
    companies: tuple[str, ...] = ("A", "B")
    wanted: list[int] = field(default_factory=list)

    def evaluate(self, text: str, companies: Sequence[str]) -> dict[str, Figures]:
        value = self.values[text]
        row = {"leads": 2, "pairs": value, "f1": value, "tau_b": 0.5, "spearman": 0.5, "mae": 1.0}
        return dict.fromkeys(companies, row)

    def propose(self, text: str, companies: Sequence[str], wanted: int, seed: int) -> list[Proposal]:
        self.wanted.append(wanted)
        return [Proposal(child, "too low", "higher") for child in self.children.get(text, [])[:wanted]]


def test_it_finds_what_makes_the_figures_better() -> None:
    subject = WordsSubject(seed=2, count=10)
    result = searched(subject)
    assert mean(subject, result.proposed.text) > mean(subject, subject.start) + 0.2


def test_the_start_is_in_every_beam_and_the_best_come_first() -> None:
    result = searched(WordsSubject(seed=2))
    assert len(result.beams) == 6
    for generation, beam in enumerate(result.beams):
        assert 0 in beam
        evaluated = [
            one.number for one in result.candidates if one.state == "evaluated" and one.generation <= generation
        ]
        assert len(beam) <= 4
        values = [result.standings[number].pairs_f1 for number in beam]
        assert values == sorted(values, reverse=True)
        assert values[0] == max(result.standings[number].pairs_f1 for number in evaluated)


def test_the_best_is_never_worse_than_the_start_when_every_edit_harms() -> None:
    subject = WordsSubject(seed=3, start="\n".join(f"{word} 3" for word in ("chief", "head", "sales", "revenue")))
    subject.changes = tuple(f"{word} -9" for word in ("chief", "head", "sales", "revenue"))
    result = searched(subject)
    assert (result.best, result.proposal) == (0, 0)
    assert result.why.startswith("The start stays: none of ")


def test_every_candidate_is_evaluated_once_at_every_company() -> None:
    subject = WordsSubject(seed=2)
    result = searched(subject)
    tried = [one.text for one in result.candidates if one.state == "evaluated"]
    assert sorted(subject.evaluated) == sorted((text, company) for text in tried for company in subject.companies)
    assert len(set(tried)) == len(tried)


def test_a_generation_tries_no_more_than_its_variants_and_fills_what_a_parent_leaves_open() -> None:
    texts = [f"child {number}" for number in range(4)]
    subject = Listed(
        "start",
        {"start": 0.1, **dict.fromkeys(texts, 0.2), "grandchild": 0.1, "other": 0.1},
        {"start": texts[:3], "child 0": [texts[3]], "child 1": ["grandchild"], "child 2": ["other"]},
    )
    result = Search(subject, subject.companies, InMemory(), Settings(generations=2, variants=3, beam=1)).run()
    second = [one for one in result.candidates if one.generation == 2]
    assert sum(one.state == "evaluated" for one in second) == 3
    assert max(subject.wanted) >= 3


def test_a_text_that_was_there_before_is_rejected_where_everybody_sees_it() -> None:
    subject = Listed("start", {"start": 0.1, "new": 0.2}, {"start": ["new", "new", "start"]})
    result = Search(subject, subject.companies, InMemory(), Settings(generations=1, variants=3)).run()
    assert [(one.text, one.state, one.reason) for one in result.candidates] == [
        ("start", "evaluated", ""),
        ("new", "evaluated", ""),
        ("new", "rejected", "The same text as no. 1."),
        ("start", "rejected", "The same text as the start."),
        ("", "nothing", "No further change of this text was proposed."),
        ("", "nothing", "No change of this text was proposed."),
    ]


def test_later_texts_of_a_generation_build_on_the_best_of_its_earlier_ones() -> None:
    texts = [f"child {number}" for number in range(4)]
    subject = Listed("start", {"start": 0.1, **dict.fromkeys(texts, 0.2), "next": 0.3}, {"start": texts})
    subject.children["child 0"] = ["next"]
    result = Search(subject, subject.companies, InMemory(), Settings(generations=1)).run()
    assert (result.proposed.text, result.proposed.parent, result.proposed.generation) == ("next", 1, 1)


def test_who_has_nothing_further_to_say_is_asked_once_a_generation() -> None:
    subject = Listed("start", {"start": 0.1, "new": 0.2}, {"start": ["new"]})
    result = Search(subject, subject.companies, InMemory(), Settings(generations=2)).run()
    asked = [(one.generation, one.parent) for one in result.candidates if one.state == "nothing"]
    assert sorted(asked) == [(1, 0), (1, 1), (2, 0), (2, 1)]


def test_a_parent_that_only_repeats_itself_is_asked_for_what_comes_after() -> None:
    texts = [f"child {number}" for number in range(6)]
    subject = Listed("start", {"start": 0.9, **dict.fromkeys(texts, 0.2)}, {"start": texts})
    result = Search(subject, subject.companies, InMemory(), Settings(generations=2, variants=3, beam=1)).run()
    assert [one.text for one in result.candidates if one.state == "evaluated"] == ["start", *texts]


def test_a_refused_text_is_kept_with_its_reason_and_the_search_goes_on() -> None:
    result = searched(WordsSubject(seed=2, refused=frozenset({"head 2"})))
    refused = [one for one in result.candidates if one.reason == "This word may not be used."]
    assert refused
    assert all(one.state == "rejected" and one.number not in result.standings for one in refused)
    assert result.ended == "finished"


def test_a_copied_text_is_rejected_before_it_is_evaluated() -> None:
    subject = WordsSubject(seed=2, changes=("zorblatt 2", "head 2", "revenue 2"))
    result = searched(subject, guard=CopyGuard([], ["Zorblatt GmbH"]))
    copied = [one for one in result.candidates if "zorblatt" in one.text]
    assert copied
    assert all(one.reason == "It names a labelled company." or "same text" in one.reason for one in copied)
    assert not any("zorblatt" in text for text, _ in subject.evaluated)


def test_a_start_that_is_refused_is_an_error_that_says_why() -> None:
    with pytest.raises(OptimizerError, match=r"can't be tried: This word may not be used\."):
        searched(WordsSubject(refused=frozenset({"sales 1"})))


def test_it_ends_on_a_plateau_and_says_after_which_generation() -> None:
    subject = WordsSubject(seed=3, start="chief 3\nclerk -9", changes=tuple(f"chief {n}" for n in range(1, 60)))
    result = searched(subject, Settings(generations=9, variants=2, patience=2))
    assert result.ended == "plateau"
    assert result.ended_words == "No better text for 2 generations: it ended after generation 2."


def test_patience_counts_anew_after_a_better_text() -> None:
    chain = [f"step {number}" for number in range(6)]
    values = {"step 0": 0.1, "step 1": 0.2, "step 2": 0.2, "step 3": 0.3, "step 4": 0.3, "step 5": 0.3}
    subject = Listed(chain[0], values, {one: [other] for one, other in pairwise(chain)})
    result = Search(subject, subject.companies, InMemory(), Settings(generations=9, variants=1, patience=2)).run()
    assert result.ended_words == "No better text for 2 generations: it ended after generation 5."


def test_it_ends_when_nothing_new_is_proposed() -> None:
    result = searched(WordsSubject(changes=()))
    assert result.ended == "nothing"
    assert result.ended_words == "Nothing more to try: in generation 1 no new text was proposed."
    assert [one.state for one in result.candidates] == ["evaluated", "nothing"]
    assert result.why == "The start stays: no other text was tried."


def test_it_ends_finished_after_all_generations() -> None:
    result = searched(WordsSubject(seed=2))
    assert (result.ended, result.ended_words) == ("finished", "All 5 generations were tried.")


def test_proposals_see_only_the_companies_of_their_search() -> None:
    subject = WordsSubject(seed=2, count=12)
    outcome = optimize(subject, InMemory(), Settings(generations=2, variants=3))
    held = set(outcome.split.held_out)
    assert held
    seen = [set(companies) for _, companies, _, _ in subject.asked]
    assert all(not companies & held for companies in seen)
    for fold in outcome.folds:
        assert set(fold.result.companies) == set(outcome.split.training) - set(fold.left_out)
        assert set(fold.result.companies) in seen
    assert not {company for _, company in subject.evaluated} & held


def test_another_seed_asks_other_questions_and_the_same_seed_the_same() -> None:
    one, same, other = (
        searched(WordsSubject(seed=2), Settings(generations=2, seed=seed)).candidates for seed in (1, 1, 2)
    )
    assert one == same
    assert one != other


def test_the_order_of_companies_decides_nothing() -> None:
    forward, backward = WordsSubject(seed=2, count=12), WordsSubject(seed=2, count=12)
    backward.companies = backward.companies[::-1]
    small = Settings(generations=2, variants=3, folds=2)
    one, other = optimize(forward, InMemory(), small), optimize(backward, InMemory(), small)
    assert one.search.candidates == other.search.candidates
    assert one.claim.gain == other.claim.gain
    assert set(one.split.held_out) == set(other.split.held_out)


def _figures(score: dict[str, float], qualified: set[str]) -> dict[str, Figures]:
    labels = [
        LabelledLead(f"{company}/{place}", company, float(place) if place < 3 else NOT_RELEVANT)
        for company in ("A", "B", "C")
        for place in range(1, 7)
    ]
    answers = {}
    for lead in labels:
        place = lead.source_id[-1]
        rank = (
            sorted((score[one] for one in qualified), reverse=True).index(score[place]) + 1
            if place in qualified
            else None
        )
        answers[lead.source_id] = Prediction(place in qualified, rank, score[place])
    return dict(evaluate(labels, answers).companies)


def test_a_perfect_order_does_not_win_by_qualifying_nobody_or_everybody() -> None:
    places = [str(place) for place in range(1, 7)]
    perfect = {place: 10.0 - int(place) for place in places}
    swapped = perfect | {"1": perfect["2"], "2": perfect["1"]}
    figures = {
        "right people, wrong order": _figures(swapped, {"1", "2"}),
        "perfect order, nobody": _figures(perfect, set()),
        "perfect order, everybody": _figures(perfect, set(places)),
    }
    order = sorted(figures, key=lambda name: key(standing(figures[name], ["A", "B", "C"]), 10, 0))
    assert order == ["right people, wrong order", "perfect order, everybody", "perfect order, nobody"]


def test_between_equals_tau_then_spearman_then_mae_then_the_shorter_then_the_earlier_decides() -> None:
    row = {"leads": 3, "pairs": 0.5, "f1": 0.7, "tau_b": 0.4, "spearman": 0.4, "mae": 1.0}
    ladder = [
        ({"pairs": 0.4, "f1": 0.7, "tau_b": 1.0, "spearman": 1.0, "mae": 0.0}, 1, 0),
        ({"tau_b": 0.3, "spearman": 1.0, "mae": 0.0}, 1, 0),
        ({"spearman": 0.3, "mae": 0.0}, 1, 0),
        ({"mae": 1.5}, 1, 0),
        ({}, 11, 0),
        ({}, 10, 7),
        ({}, 10, 6),
    ]
    keys = [key(standing({"A": row | change}, ["A"]), length, number) for change, length, number in ladder]
    assert keys == sorted(keys, reverse=True)
    assert len(set(keys)) == len(keys)


def test_a_company_without_the_figure_counts_for_nobody() -> None:
    some = {"leads": 1, "pairs": None, "f1": None, "tau_b": None, "spearman": None, "mae": None}
    full = {"leads": 3, "pairs": 0.5, "f1": 0.7, "tau_b": 0.4, "spearman": 0.4, "mae": 1.0}
    assert standing({"A": full, "B": some}, ["A", "B"]) == standing({"A": full}, ["A"])
    assert standing({"B": some}, ["B"]).pairs_f1 == 0.0


def test_texts_are_told_apart_by_every_character() -> None:
    assert text_hash("a") != text_hash("a ")
    assert len(text_hash("\ud800")) == 32


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"generations": 0}, "generations is 0"),
        ({"variants": 0}, "variants is 0"),
        ({"beam": -1}, "beam is -1"),
        ({"folds": 1}, "takes at least 2"),
        ({"hold_out": 1.0}, "share from 0"),
    ],
)
def test_settings_that_make_no_sense_are_refused(values: dict[str, float], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        Settings(**values)  # type: ignore[arg-type]

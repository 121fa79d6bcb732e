"""The planted judges are what they say: otherwise nothing that they show of an optimizer is worth anything."""

import math
import random
from functools import cache

import numpy as np
import pytest

from eval.planted import PlantedSubject, World
from eval.planted_many import Many
from eval.planted_text import CONTACT, lines_of, with_line
from eval.planted_worlds import FAMILIES, equal, gain, harmful
from ranker.evaluation.compare import headline_or
from ranker.evaluation.evaluate import FIGURES, Prediction, evaluate
from ranker.evaluation.labelled import LabelledLead
from ranker.optimizer.subject import Subject

SEEDS = range(2)
WORLDS = [(name, seed) for name in FAMILIES for seed in SEEDS]


@cache
def of_family(name: str, seed: int) -> World:
    return FAMILIES[name](seed)


def worth(world: World, text: str) -> float:
    return world.truth(text)["pairs_f1"]


def edits(world: World, texts: int, seed: int) -> list[str]:
    """Texts that a search could come to, by one edit to four of them."""
    subject, found = world.subject("train", 12), []
    for at in range(texts):
        text = world.start
        for step in range(1 + at % 4):
            proposals = subject.propose(text, subject.companies, 3, seed + 10 * at + step)
            text = proposals[at % len(proposals)].text
        found.append(text)
    return found


@pytest.mark.parametrize(("name", "seed"), WORLDS)
def test_the_right_text_is_truly_better_than_the_start(name: str, seed: int) -> None:
    world = of_family(name, seed)
    assert worth(world, world.best) > worth(world, world.start) + 0.1
    assert world.distance(world.best) == 0 < world.distance(world.start)


@pytest.mark.parametrize("name", FAMILIES)
def test_every_figure_is_that_of_the_real_evaluation(name: str) -> None:
    world = of_family(name, 0)
    subject = world.subject("train", 40)
    for text in (world.start, world.best):
        found = subject.evaluate(text, subject.companies)
        labels, predictions = [], {}
        for company, leads in subject.leads.items():
            scores, places = subject._judge(text, company)
            for at, (label, score, place) in enumerate(zip(leads.labels, scores, places, strict=True)):
                labels.append(LabelledLead(f"{company} {at}", company, float(label)))
                rank = int(place) if math.isfinite(place) else None
                predictions[f"{company} {at}"] = Prediction(rank is not None, rank, float(score))
        assert evaluate(labels, predictions).companies == {company: dict(one) for company, one in found.items()}


def test_the_truth_is_that_of_the_real_metrics() -> None:
    world = of_family("additive", 1)
    subject = PlantedSubject(world, {str(at): leads for at, leads in enumerate(world.fresh[:200])})
    found = subject.evaluate(world.start, subject.companies)
    scores = [subject._judge(world.start, name)[0] for name in subject.companies]
    contact = float(lines_of(world.start)[CONTACT])
    many = Many.of([leads.labels for leads in world.fresh[:200]]).means(np.concatenate(scores), contact)
    for figure in ("pairs", "f1", "pairs_f1"):
        values = [value for one in found.values() if (value := headline_or(figure, one)) is not None]
        assert many[figure] == pytest.approx(math.fsum(values) / len(values), abs=1e-12)
        assert len(values) < 200 or figure != "f1"


@pytest.mark.parametrize(("name", "seed"), WORLDS)
def test_no_text_on_the_way_is_truly_better_than_the_right_one(name: str, seed: int) -> None:
    world = of_family(name, seed)
    assert all(worth(world, text) < worth(world, world.best) + 0.01 for text in edits(world, 8, seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_parts_of_a_rule_harm_alone_and_help_together(seed: int) -> None:
    world = of_family("interacting", seed)
    start = world.start
    for name, value in lines_of(world.best).items():
        if "part" not in name:
            start = with_line(start, name, value)
    for rule in world.rules:
        whole = start
        for name in rule.names():
            whole = with_line(whole, name, "on")
            alone = worth(world, with_line(start, name, "on")) - worth(world, start)
            assert alone < (-0.005 if rule.wanted else -0.001), (rule, name)
        assert (worth(world, whole) > worth(world, start) + 0.01) == rule.wanted, rule


def test_a_line_for_all_sizes_helps_some_companies_and_harms_others() -> None:
    world = FAMILIES["mixed"](0)
    subject = world.subject("train", 60)
    before = subject.evaluate(world.start, subject.companies)
    both = 0
    for name in ("C-level", "VP", "Director", "Manager", "Sales", "Finance"):
        after = subject.evaluate(with_line(world.start, name, "5"), subject.companies)
        changes = [figures["pairs"] - before[company]["pairs"] for company, figures in after.items()
                   if figures["pairs"] is not None]  # fmt: skip
        both += min(changes) < 0 < max(changes)
    assert both >= 3


def test_lines_that_mean_nothing_change_only_the_length() -> None:
    world = of_family("mixed", 1)
    longer = with_line(world.start, "Remember to look at the whole title", "yes")
    assert len(longer) > len(world.start)
    assert world.truth(longer) == world.truth(world.start)


def test_equal_candidates_are_truly_equal_and_differ_by_noise() -> None:
    world = equal(1)
    texts = edits(world, 8, 1)
    assert {worth(world, text) for text in texts} == {worth(world, world.start)}
    subject = world.subject("train", 30)
    means = [
        math.fsum(figures["f1"] or 0 for figures in subject.evaluate(text, subject.companies).values())
        for text in {*texts, world.start}
    ]
    assert len(set(means)) == len(means) > 4


def test_harmful_edits_harm_each_and_together() -> None:
    world = harmful(2)
    every = [change.applied(world.start) for change, _ in world.options(world.start)]
    assert all(worth(world, text) < worth(world, world.start) - 0.001 for text in [*every, *edits(world, 12, 3)])


def test_the_planted_gain_is_a_fifth() -> None:
    world = gain(3)
    assert worth(world, world.best) - worth(world, world.start) == pytest.approx(0.20, abs=0.015)
    proposals = world.subject("train", 30).propose(world.start, world.subject("train", 30).companies, 8, 0)
    gains = [worth(world, proposal.text) - worth(world, world.start) for proposal in proposals]
    assert all(one == 0 or one == pytest.approx(0.20, abs=0.015) for one in gains)


@pytest.mark.parametrize("name", FAMILIES)
def test_proposals_are_right_as_often_as_is_said(name: str) -> None:
    hits = total = 0
    for seed in range(12):
        world = FAMILIES[name](seed)
        subject = world.subject("train", 15)
        for proposal in subject.propose(world.start, subject.companies, 8, seed):
            hits += world.distance(proposal.text) < world.distance(world.start)
            total += 1
    assert hits / total == pytest.approx(world.right, abs=0.15)


@pytest.mark.parametrize("name", FAMILIES)
def test_everything_follows_from_the_arguments(name: str) -> None:
    one, other = (FAMILIES[name](5).subject("train", 20) for _ in range(2))
    subject: Subject = one
    # The other has judged something else before, and is asked in another order.
    backwards = tuple(reversed(other.companies))
    other.propose(other.start, backwards[:7], 3, 9)
    assert subject.propose(one.start, one.companies, 6, 1) == other.propose(one.start, backwards, 6, 1)
    assert subject.propose(one.start, one.companies, 6, 1) != subject.propose(one.start, one.companies, 6, 2)
    text = subject.propose(one.start, one.companies, 1, 1)[0].text
    found = other.evaluate(text, backwards)
    assert list(found) == list(backwards)
    assert subject.evaluate(text, one.companies) == found
    assert set(FIGURES) <= set(found[backwards[0]])


def test_the_order_of_rows_has_no_say() -> None:
    world = FAMILIES["mixed"](2)
    subject, shuffled = world.subject("train", 10), world.subject("train", 10)
    order = random.Random(4)
    text = world.best
    for company in subject.companies:
        scores, places = subject._judge(text, company)
        at = order.sample(range(len(scores)), len(scores))
        labels = shuffled.leads[company].labels
        labels[:] = labels[at]
        shuffled._judged[text, company] = scores[at], places[at]
    assert {company: dict(one) for company, one in subject.evaluate(text, subject.companies).items()} == {
        company: dict(one) for company, one in shuffled.evaluate(text, shuffled.companies).items()
    }


def test_a_smaller_set_of_companies_is_part_of_a_larger_one_and_shares_nothing_with_another_part() -> None:
    world = FAMILIES["additive"](0)
    small, large = world.subject("train", 5), world.subject("train", 9)
    assert large.companies[:5] == small.companies
    assert large.evaluate(world.start, small.companies) == small.evaluate(world.start, small.companies)
    assert not set(large.companies) & set(world.subject("hold-out", 9).companies)

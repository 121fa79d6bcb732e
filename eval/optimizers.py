"""Two searches to be compared with ours: plain ProTeGi and greedy hill-climbing, at equal numbers of evaluations.

**What is counted**: a text that is judged at a company counts one, the first time in a search; asking again is free, as
every search keeps what it knows. Errors are seen by judging too: a proposal counts the companies whose errors it looks
at, unless the text was judged there before. A call of the proposer counts nothing else. ``Counted`` counts for every
search alike, and refuses what would go over the limit.

ProTeGi (Pryzant and others 2023, arXiv 2305.03495) with the settings of its authors' code, a company standing for 8
leads: 6 rounds, a beam of 4, up to 8 successors a parent from the errors in a minibatch of 64 examples (8 companies);
then a bandit picks the beam: 8 texts a time by upper confidence bound, at 32 examples (4 companies); the others are
successive rejects, and the same examples for all. What is left of the limit is shared out evenly over the rounds left.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ranker.evaluation.compare import HEADLINE, headline_or
from ranker.optimizer.subject import Figures, Proposal, Subject

ROUNDS, BEAM, SUCCESSORS, MINIBATCH = 6, 4, 8, 8
PER_ROUND, SAMPLE = 8, 4
EXPLORATION = 1.0
WIDTH = 8
"""Children that greedy search looks at before it moves."""


class Spent(Exception):
    """The next evaluation would go over the limit."""


@dataclass(frozen=True)
class Outcome:
    """What a search ends with: the best text, how many texts were judged anywhere, how many evaluations it took."""

    best: str
    texts: int
    evaluations: int


@dataclass
class Counted:
    """A subject that counts what is judged, and raises ``Spent`` before it is more than ``limit`` (None: no limit)."""

    inner: Subject
    limit: int | None = None
    seen: dict[tuple[str, str], Figures] = field(default_factory=dict)

    @property
    def start(self) -> str:
        """The text that is there now."""
        return self.inner.start

    @property
    def companies(self) -> tuple[str, ...]:
        """All companies."""
        return self.inner.companies

    @property
    def spent(self) -> int:
        """How many times a text was judged at a company."""
        return len(self.seen)

    @property
    def left(self) -> int:
        """How many more there may be."""
        return 10**9 if self.limit is None else self.limit - self.spent

    def new(self, text: str, companies: Sequence[str]) -> list[str]:
        """Those companies where the text was not judged yet."""
        return [company for company in companies if (text, company) not in self.seen]

    def evaluate(self, text: str, companies: Sequence[str]) -> dict[str, Figures]:
        """What the subject says, counted."""
        new = self.new(text, companies)
        if len(new) > self.left:
            raise Spent
        for company, figures in (self.inner.evaluate(text, new) if new else {}).items():
            self.seen[text, company] = figures
        return {company: self.seen[text, company] for company in companies}

    def propose(self, text: str, companies: Sequence[str], wanted: int, seed: int) -> list[Proposal]:
        """What the subject says; what it takes to see the errors is counted."""
        self.evaluate(text, companies)
        return self.inner.propose(text, companies, wanted, seed)

    def outcome(self, best: str) -> Outcome:
        """The end of a search with this text."""
        return Outcome(best, len({text for text, _ in self.seen}), self.spent)


def worth(figures: Mapping[str, Figures]) -> float:
    """Mean pairs_f1 over the companies that have one; 0 without any."""
    values = [value for one in figures.values() if (value := headline_or(HEADLINE, one)) is not None]
    return math.fsum(values) / len(values) if values else 0.0


def greedy(subject: Subject, limit: int, seed: int) -> Outcome:
    """From the start to the best of 8 children, judged everywhere, if it is better; else 8 others, to the limit."""
    counted, rng = Counted(subject, limit), np.random.default_rng([seed, 1])
    best, everywhere = subject.start, subject.companies
    try:
        now = worth(counted.evaluate(best, everywhere))
        for _ in range(limit):
            values = {
                one.text: worth(counted.evaluate(one.text, everywhere))
                for one in counted.propose(best, everywhere, WIDTH, int(rng.integers(2**31)))
            }
            top = max(values, key=lambda text: values[text], default=best)
            if values.get(top, now) > now:
                best, now = top, values[top]
    except Spent:
        pass
    return counted.outcome(best)


Bandit = Callable[[Counted, Sequence[str], int, np.random.Generator], dict[str, float]]
"""The value of each text, by at most so many evaluations."""


def protegi(subject: Subject, limit: int, seed: int, bandit: Bandit | None = None) -> Outcome:
    """The text with the best value in the last round; ``bandit`` is ``upper_confidence`` unless told otherwise."""
    counted, rng = Counted(subject, limit), np.random.default_rng([seed, 2])
    beam = [subject.start]
    for round_ in range(ROUNDS):
        share = counted.left // (ROUNDS - round_)
        before, batch = counted.spent, _sample(subject.companies, MINIBATCH, rng)
        texts = dict.fromkeys(beam)
        for parent in beam:
            if len(counted.new(parent, batch)) <= share - (counted.spent - before):
                found = counted.propose(parent, batch, SUCCESSORS, int(rng.integers(2**31)))
                texts |= dict.fromkeys(one.text for one in found)
        values = (bandit or upper_confidence)(counted, list(texts), share - (counted.spent - before), rng)
        # Texts without a value stay behind; sorted() keeps the order in which they came.
        beam = sorted(values, key=lambda text: -values[text])[:BEAM] or beam
    return counted.outcome(beam[0])


def upper_confidence(counted: Counted, texts: Sequence[str], budget: int, rng: np.random.Generator) -> dict[str, float]:
    """UCB: 8 texts a time, those with the highest mean + c · sqrt(log t / n), at 4 companies drawn for all of them."""
    at: dict[str, list[str]] = {text: [] for text in texts}
    everywhere, start = counted.companies, counted.spent
    for turn in range(1, 1 + 20 * len(texts)):
        bounds = {
            text: worth({one: counted.seen[text, one] for one in seen})
            + EXPLORATION * math.sqrt(math.log(turn + 1) / len(seen))
            if seen else math.inf
            for text, seen in at.items() if len(seen) < len(everywhere)
        }  # fmt: skip
        order = [texts[place] for place in rng.permutation(len(texts))]
        chosen = sorted((text for text in order if text in bounds), key=lambda text: -bounds[text])[:PER_ROUND]
        drawn = _sample(everywhere, SAMPLE, rng)
        for text in chosen:
            if len(counted.new(text, drawn)) > budget - (counted.spent - start):
                return _means(counted, at)
            counted.evaluate(text, drawn)
            at[text] += [company for company in drawn if company not in at[text]]
        if not chosen:
            break
    return _means(counted, at)


def successive_rejects(
    counted: Counted, texts: Sequence[str], budget: int, rng: np.random.Generator
) -> dict[str, float]:
    """The worst of those left is rejected (Audibert and Bubeck 2010), until the beam is full; later ones are better."""
    order = list(_sample(counted.companies, len(counted.companies), rng))
    rejects = len(texts) - BEAM
    if rejects <= 0:
        return same_for_all(counted, texts, budget, rng)
    start, left, values, before = counted.spent, list(texts), {}, 0.0
    log_bar = 0.5 + sum(1 / at for at in range(2, rejects + 1))
    for at in range(1, rejects + 1):
        many = (budget - rejects) / (log_bar * (rejects + 1 - at))
        sample = order[: max(1, int(many))]
        cost = sum(len(counted.new(text, sample)) for text in left)
        if cost <= budget - (counted.spent - start):
            values = {text: worth(counted.evaluate(text, sample)) for text in left}
        left = sorted(left, key=lambda text: -values.get(text, before))[:-1]
    return {text: values.get(text, 0.0) for text in left}


def same_for_all(counted: Counted, texts: Sequence[str], budget: int, rng: np.random.Generator) -> dict[str, float]:
    """Every text at the same companies, as many as there is room for."""
    sample = _sample(counted.companies, max(1, budget // len(texts)), rng)
    start, values = counted.spent, {}
    for text in texts:
        if len(counted.new(text, sample)) <= budget - (counted.spent - start):
            values[text] = worth(counted.evaluate(text, sample))
    return values


def _sample(companies: Sequence[str], wanted: int, rng: np.random.Generator) -> list[str]:
    return [companies[at] for at in rng.permutation(len(companies))[:wanted]]


def _means(counted: Counted, at: Mapping[str, Sequence[str]]) -> dict[str, float]:
    return {text: worth({one: counted.seen[text, one] for one in seen}) for text, seen in at.items() if seen}

"""A tiny subject on the real metrics: a text is lines "word weight"; a lead's score is the sum of its words' weights.

Who scores above 0 is qualified. Titles, companies and labels are made up by a seed.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from ranker.errors import CandidateRefused
from ranker.evaluation.evaluate import Prediction, evaluate
from ranker.evaluation.labelled import NOT_RELEVANT, LabelledLead
from ranker.optimizer.subject import Figures, Proposal

LEVELS = ("chief", "head", "lead", "clerk")
AREAS = ("sales", "revenue", "legal", "kitchen")
TRUTH = {"chief": 3, "head": 2, "lead": 1, "clerk": -4, "sales": 1, "revenue": 2, "legal": -8, "kitchen": -8}
WORDS = LEVELS + AREAS


def weights_of(text: str) -> dict[str, int]:
    """What a text says; later lines add to earlier ones."""
    found: dict[str, int] = {}
    for line in text.splitlines():
        word, _, weight = line.partition(" ")
        found[word] = found.get(word, 0) + int(weight)
    return found


@dataclass
class WordsSubject:
    """``changes``: what may be proposed, each one line; by the seed of the call, or always in this order."""

    seed: int = 1
    count: int = 8
    start: str = "sales 1"
    changes: tuple[str, ...] = tuple(f"{word} {weight}" for word in WORDS for weight in (2, -3))
    refused: frozenset[str] = frozenset()
    in_order: bool = False
    companies: tuple[str, ...] = ()
    leads: list[tuple[LabelledLead, str]] = field(default_factory=list)
    evaluated: list[tuple[str, str]] = field(default_factory=list)
    asked: list[tuple[str, tuple[str, ...], int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.companies = tuple(f"Company {number:02}" for number in range(1, self.count + 1))
        generator = random.Random(self.seed)
        for company in self.companies:
            titles = [f"{generator.choice(LEVELS)} {generator.choice(AREAS)}" for _ in range(9)]
            fits = sorted({self.score(title, TRUTH) for title in titles if self.score(title, TRUTH) > 0}, reverse=True)
            for place, title in enumerate(titles):
                fit = self.score(title, TRUTH)
                label = fits.index(fit) + 1 if fit > 0 else NOT_RELEVANT
                if generator.random() < 0.1:
                    label = NOT_RELEVANT
                self.leads.append((LabelledLead(f"{company}/{place}", company, float(label)), title))

    @staticmethod
    def score(title: str, weights: dict[str, int]) -> int:
        return sum(weights.get(word, 0) for word in title.split())

    def evaluate(self, text: str, companies: Sequence[str]) -> dict[str, Figures]:
        if any(line in self.refused for line in text.splitlines()):
            raise CandidateRefused("This word may not be used.")
        self.evaluated += [(text, company) for company in companies]
        labels = [lead for lead, _ in self.leads if lead.company in companies]
        weights = weights_of(text)
        scores = {lead.source_id: self.score(title, weights) for lead, title in self.leads}
        answers = {}
        for company in companies:
            inside = sorted({scores[lead.source_id] for lead in labels if lead.company == company}, reverse=True)
            for lead in labels:
                if lead.company == company:
                    score = scores[lead.source_id]
                    rank = inside.index(score) + 1 if score > 0 else None
                    answers[lead.source_id] = Prediction(score > 0, rank, float(score))
        return dict(evaluate(labels, answers).companies)

    def propose(self, text: str, companies: Sequence[str], wanted: int, seed: int) -> list[Proposal]:
        self.asked.append((text, tuple(companies), wanted, seed))
        changes = list(self.changes)
        if not self.in_order:
            random.Random(f"{seed} {text}").shuffle(changes)
        return [
            Proposal(f"{text}\n{change}", f"“{change}” is missing", f"added “{change}”") for change in changes[:wanted]
        ]


def mean(subject: WordsSubject, text: str) -> float:
    """pairs_f1 over all companies."""
    rows = subject.evaluate(text, subject.companies).values()
    values = [[row[name] for name in ("pairs", "f1") if row[name] is not None] for row in rows]
    means = [math.fsum(pair) / len(pair) for pair in values if pair]
    return math.fsum(means) / len(means)

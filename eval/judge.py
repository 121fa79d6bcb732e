"""A judge that is none: planted true scores, and the faults that language models are known to have when they score.

It stands where the client stands (``ask``), reads the leads out of the very questions that would be sent, and answers
in the form that their schema asks for; the reader of answers is the real one. Nothing leaves the process.

Every score is the planted one plus errors, in points of ten, each of them normal:

- ``opinion``: what the judge thinks wrongly of a title, whatever else is in the prompt. Nothing averages it out.
- ``context``: what other rows and their order do to a row. The same prompt brings the same error again.
- ``call``: what differs when the very same prompt is asked again.
- ``drift``: how strict the judge is in one prompt, the same for all of its rows.

``context`` and ``call`` grow with the length of a batch: their variance doubles at ``worn`` rows. ``bias`` is what the
first row gets on top; the last loses as much, and between them it falls evenly. Below 0 later rows score higher.
"""

from __future__ import annotations

import hashlib
import json
import math
import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from ranker.llm.question import Answer, Question


def question_rows(question: Question) -> list[dict[str, Any]]:
    """The rows of leads in a question's text, read back."""
    inside = question.user.partition("<leads>\n")[2].partition("</leads>")[0]
    return [json.loads(line) for line in inside.splitlines() if line]


@dataclass(frozen=True)
class Nature:
    """How a judge errs; points of ten, and ``worn`` rows."""

    opinion: float = 0.4
    context: float = 0.7
    call: float = 0.4
    drift: float = 0.3
    bias: float = 1.0
    worn: float = 30.0


@dataclass
class SimulatedJudge:
    """Stands in for a client. ``truth`` has the planted score (0 to 10) of each title; titles differ."""

    truth: Mapping[str, float]
    nature: Nature = field(default_factory=Nature)
    seed: int = 0
    calls: int = 0
    tokens_in: float = 0.0
    tokens_out: float = 0.0
    settings: Any = field(default_factory=lambda: SimpleNamespace(concurrency=20))
    _asked: Counter[str] = field(default_factory=Counter)
    _opinions: dict[str, float] = field(default_factory=dict)

    async def ask(self, question: Question, check: Callable[[Any], Any]) -> Answer[Any]:
        """The answer to one question, read by the real reader; tokens are counted as the plan counts them."""
        said = {"leads": self._rows(question)}
        self.calls += 1
        self.tokens_in += question.likely_input()
        self.tokens_out += len(json.dumps(said)) / 4
        return Answer(check(said), "simulated", "simulated", False)

    def _rows(self, question: Question) -> list[dict[str, Any]]:
        rows = question_rows(question)
        prompt = hashlib.sha256(question.user.encode()).hexdigest()
        context = random.Random(f"{self.seed} {prompt}")
        again = random.Random(f"{self.seed} {prompt} {self._asked[prompt]}")
        self._asked[prompt] += 1
        nature = self.nature
        wear = math.sqrt(1 + len(rows) / nature.worn)
        strict = context.gauss(0, nature.drift)
        fields = question.schema["properties"]["leads"]["items"]["properties"]
        found = []
        for place, row in enumerate(rows):
            slope = 1 - 2 * place / (len(rows) - 1) if len(rows) > 1 else 0.0
            errors = [context.gauss(0, nature.context) * wear, again.gauss(0, nature.call) * wear, strict]
            points = self.truth[row["title"]] + self._opinion(row["title"]) + nature.bias * slope + sum(errors)
            found.append(_row(row["id"], min(10.0, max(0.0, points)), fields))
        return found

    def _opinion(self, title: str) -> float:
        if title not in self._opinions:
            self._opinions[title] = random.Random(f"{self.seed} {title}").gauss(0, self.nature.opinion)
        return self._opinions[title]


def _row(number: int, points: float, fields: Mapping[str, Any]) -> dict[str, Any]:
    """A row with just the fields that the schema asks for."""
    top = max(fields["score"].get("enum", [fields["score"].get("maximum", 10)])) if "score" in fields else 10
    every = {
        "id": number, "relevant": points >= 6, "department": round(points), "seniority": round(points),
        "score": round(points * top / 10), "sure": "high" if abs(points - 6) > 2 else "medium",
        "reason": "The persona names this title for companies of this size: 'VP of Sales'.",
    }  # fmt: skip
    return {name: every[name] for name in fields}


@dataclass(frozen=True)
class World:
    """Companies with leads whose true scores are planted: ``truth`` by title, ``companies`` in the file's order."""

    truth: dict[str, float]
    companies: dict[str, tuple[str, ...]]


RELEVANT = 6.0
"""The planted score from which a lead is relevant; the persona's threshold is the same."""
SIZES = (1, 1, 2, 2, 3, 5, 8, 10, 13, 15, 16, 20, 28, 40, 60, 100, 150, 300)


def world(seed: int, sizes: tuple[int, ...] = SIZES, share: float = 0.15, margin: float = 0.5) -> World:
    """Planted scores: a ``share`` is relevant, from ``margin`` above the threshold on; a tenth misses it narrowly.

    The rest is low. The file's order is random, as the order of a good export is.
    """
    rng = random.Random(f"world {seed}")
    truth: dict[str, float] = {}
    companies: dict[str, tuple[str, ...]] = {}
    for number, size in enumerate(sizes):
        titles = []
        for at in range(size):
            title = f"Role {number:02d}-{at:03d}"
            kind = rng.random()
            if kind < share:
                truth[title] = RELEVANT + margin + (10 - RELEVANT - margin) * rng.betavariate(1.5, 1.5)
            elif kind < share + 0.1:
                truth[title] = rng.uniform(4.0, RELEVANT - margin)
            else:
                truth[title] = 4.5 * rng.betavariate(1.2, 2.5)
            titles.append(title)
        companies[f"Company {number:02d}"] = tuple(titles)
    return World(truth, companies)

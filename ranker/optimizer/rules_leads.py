"""Labelled leads as the rules judge them: every verdict, its rank in the company, and the figures of a company."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ranker.errors import LabelError
from ranker.evaluation import metrics
from ranker.evaluation.compare import HEADLINE, headline_or
from ranker.evaluation.evaluate import Evaluation, Prediction, evaluate, place_of
from ranker.evaluation.labelled import LabelledLead
from ranker.scoring.assessment import Assessment, Inputs
from ranker.scoring.rank_table import company_keys, ranked_table
from ranker.scoring.rules import RulesEngine


@dataclass(frozen=True, slots=True)
class Answer:
    """What the rules say of a lead, and the rank that follows within its company."""

    assessment: Assessment
    rank: int | None

    @property
    def prediction(self) -> Prediction:
        """The answer as it is measured."""
        return Prediction(self.assessment.qualified, self.rank, self.assessment.score)

    @property
    def place(self) -> float:
        """The place as the metrics take it: lower is better, infinity is not to be contacted."""
        return place_of(self.prediction)


class RulesLeads:
    """The leads of a labelled set by company. Companies are in order of name, so that rows have no order.

    ``inputs``: what is judged, by source id; leads without a label among them are ranked beside the others, as in a
    run. Companies that share a key (one domain) are ranked as one.
    """

    def __init__(self, labels: Sequence[LabelledLead], inputs: Mapping[str, Inputs]) -> None:
        """Raises ``LabelError`` where there are no labels, or a labelled lead has no inputs."""
        if not labels:
            raise LabelError("There are no labelled leads to learn from: label some leads first.")
        if lost := next((lead.source_id for lead in labels if lead.source_id not in inputs), None):
            raise LabelError(f"The labelled lead “{lost[:40]}” has no row of its own: nothing could be judged.")
        self.inputs = dict(inputs)
        ids = list(self.inputs)
        keys = company_keys([(one.company, one.domain) for one in self.inputs.values()])
        self._key = dict(zip(ids, keys, strict=True))
        self._members: dict[str, list[str]] = {}
        for source_id in ids:
            self._members.setdefault(self._key[source_id], []).append(source_id)
        self.labels: dict[str, tuple[LabelledLead, ...]] = {}
        for company in sorted({lead.company for lead in labels}):
            mine = [lead for lead in labels if lead.company == company]
            self.labels[company] = tuple(sorted(mine, key=self._order))
        self.companies = tuple(self.labels)

    def _order(self, lead: LabelledLead) -> tuple[object, ...]:
        given = self.inputs[lead.source_id]
        return (lead.label, given.title, given.size, given.domain, lead.source_id)

    def of(self, companies: Iterable[str]) -> list[LabelledLead]:
        """The labelled leads of some companies. Raises ``KeyError`` for one that the set lacks."""
        return [lead for company in companies for lead in self.labels[company]]

    def around(self, companies: Collection[str]) -> list[str]:
        """The ids of all leads whose rank has to do with these companies."""
        keys = dict.fromkeys(self._key[lead.source_id] for lead in self.of(companies))
        return [source_id for key in keys for source_id in self._members[key]]

    def judge(self, engine: RulesEngine, companies: Collection[str]) -> dict[str, Answer]:
        """The answer on every lead of some companies, by id."""
        return self._ranked({one: engine.assess(self.inputs[one]) for one in self.around(companies)})

    def judge_again(
        self, engine: RulesEngine, answers: Mapping[str, Answer], ids: Collection[str]
    ) -> dict[str, Answer]:
        """New answers on some leads, and the others' of their companies as they were; all ranked anew."""
        keys = dict.fromkeys(self._key[one] for one in ids)
        around = {one: answers[one].assessment for key in keys for one in self._members[key]}
        return self._ranked({**around, **{one: engine.assess(self.inputs[one]) for one in ids}})

    def companies_of(self, ids: Collection[str]) -> list[str]:
        """The companies with a label, some lead of which has to do with one of these leads."""
        keys = {self._key[one] for one in ids}
        return [name for name, leads in self.labels.items() if any(self._key[one.source_id] in keys for one in leads)]

    def _ranked(self, verdicts: Mapping[str, Assessment]) -> dict[str, Answer]:
        ranked = ranked_table(list(verdicts.values()), [self._key[one] for one in verdicts])
        return {
            one: Answer(verdict, rank)
            for one, verdict, rank in zip(verdicts, ranked.assessments, ranked.ranks, strict=True)
        }

    def evaluate(self, answers: Mapping[str, Answer], companies: Sequence[str]) -> Evaluation:
        """All figures at some companies."""
        return evaluate(self.of(companies), {one: answer.prediction for one, answer in answers.items()})

    def headline(self, answers: Mapping[str, Answer], companies: Iterable[str]) -> dict[str, float]:
        """Only the figure that verdicts rest on (pairs and f1), by company, where it is defined."""
        found = {}
        for company in companies:
            leads = self.labels[company]
            labels = [lead.label for lead in leads]
            places = [answers[lead.source_id].place for lead in leads]
            figures = {"pairs": metrics.pairs(labels, places), "f1": metrics.f1(labels, places)}
            if (value := headline_or(HEADLINE, figures)) is not None:
                found[company] = value
        return found


@dataclass(frozen=True, slots=True)
class Wrong:
    """How wrong the answer on a lead is, as positions among the leads of its company.

    ``error``: -2 to 2; above 0 the lead belongs higher, below 0 lower. The verdict counts 1 (left out +1, taken
    though not relevant -1), and the share of its pairs in the wrong order up to 1. ``under`` and ``over`` are the
    leads that it was put behind, or before, against the labels.
    """

    at: int
    error: float
    left_out: bool
    taken: bool
    under: tuple[int, ...]
    over: tuple[int, ...]


def wrong_answers(labels: Sequence[float], places: Sequence[float]) -> list[Wrong]:
    """The wrong answers at one company, by position; labels and places as in ``ranker.evaluation.metrics``.

    Of two leads that were both left out, only the one that should not have been is wrong.
    """
    n = len(labels)
    under: list[list[int]] = [[] for _ in range(n)]
    over: list[list[int]] = [[] for _ in range(n)]
    share = [0.0] * n
    told_apart = [0] * n
    for a in (at for at in range(n) if labels[at] < math.inf):
        for b in range(n):
            if labels[b] <= labels[a]:
                continue
            told_apart[a] += 1
            told_apart[b] += 1
            if places[a] > places[b]:
                under[a].append(b)
                over[b].append(a)
                share[a] += 1.0
                share[b] -= 1.0
            elif places[a] == places[b]:
                share[a] += 0.5
                if places[b] < math.inf or labels[b] < math.inf:
                    share[b] -= 0.5
    found = []
    for at in range(n):
        relevant, said = labels[at] < math.inf, places[at] < math.inf
        error = float(relevant) - float(said) + (share[at] / told_apart[at] if told_apart[at] else 0.0)
        left_out, taken = relevant and not said, said and not relevant
        if left_out or taken or under[at] or over[at] or abs(error) > 1e-9:
            found.append(Wrong(at, error, left_out, taken, tuple(under[at]), tuple(over[at])))
    return found

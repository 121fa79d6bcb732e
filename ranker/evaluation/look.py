"""What a labelled set holds, and where it contradicts itself or the persona, before anything is measured with it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ranker.evaluation.labelled import LabelledLead
from ranker.personas.sizes import SizeRange, read_size
from ranker.scoring.assessment import Assessment, Inputs


class Judge(Protocol):
    """An engine that judges one lead by a persona, such as `ranker.scoring.rules.RulesEngine`."""

    def assess(self, inputs: Inputs) -> Assessment:
        """The verdict on one lead."""


@dataclass(frozen=True)
class LabelledCompany:
    """The labels of one company: leads, those not relevant, and the ranks given, from the best, ties repeated.

    `gaps`: whole numbers below the last rank that nobody has. `ties`: (rank, leads that share it).
    """

    name: str
    leads: int
    not_relevant: int
    ranks: tuple[int, ...]

    @property
    def gaps(self) -> tuple[int, ...]:
        """1, 1, 3 has none: the place behind a tie of two is 3."""
        taken: set[int] = set()
        for rank, leads in Counter(self.ranks).items():
            taken.update(range(rank, rank + leads))
        # Walks along the ranks, not up to the last one: a rank can be a million.
        found: list[int] = []
        before = 0
        for rank in sorted(set(self.ranks)):
            found += [place for place in range(before + 1, min(rank, before + _MOST_GAPS)) if place not in taken]
            before = rank
        return tuple(found)

    @property
    def ties(self) -> tuple[tuple[int, int], ...]:
        """(rank, how many share it), from the best."""
        return tuple((rank, leads) for rank, leads in sorted(Counter(self.ranks).items()) if leads > 1)


@dataclass(frozen=True)
class Contradiction:
    """Leads alike in title and size, yet labelled differently: no judge that sees only these can be right on all.

    `labels`: (source_id, label) from the best. `across`: relevant for one and not for another; otherwise two
    ranks at one company.
    """

    title: str
    size: str
    labels: tuple[tuple[str, float], ...]
    across: bool


@dataclass(frozen=True)
class Disagreement:
    """A label against the persona: relevant for the person and not for the engine, or the other way round.

    `sure` is False where the engine itself asks for a look. `reason` is the engine's, with the persona's words.
    """

    source_id: str
    company: str
    title: str
    label: float
    qualified: bool
    sure: bool
    reason: str


@dataclass(frozen=True)
class LabelledSet:
    """What `look` found. Companies in the order of the labels, contradictions by title, disagreements by company."""

    companies: tuple[LabelledCompany, ...]
    contradictions: tuple[Contradiction, ...]
    disagreements: tuple[Disagreement, ...]
    not_judged: int


def look(labelled: Sequence[LabelledLead], inputs: Mapping[str, Inputs], engine: Judge) -> LabelledSet:
    """The companies, ranks, gaps, ties and contradictions of a labelled set; nothing is measured.

    `inputs`: what is judged of each lead, by source_id; KeyError if one lacks. `not_judged`: leads that the engine
    can't judge, which therefore disagree with nobody.
    """
    groups: dict[str, list[LabelledLead]] = {}
    for lead in labelled:
        groups.setdefault(lead.company, []).append(lead)
    disagreements, not_judged = [], 0
    for lead in labelled:
        given = inputs[lead.source_id]
        verdict = engine.assess(given)
        if verdict.qualified is None:
            not_judged += 1
        elif verdict.qualified != (lead.label < math.inf):
            sure = not verdict.needs_review
            disagreements.append(
                Disagreement(
                    lead.source_id, lead.company, given.title, lead.label, verdict.qualified, sure, verdict.reasoning
                )
            )
    return LabelledSet(
        tuple(_company(name, leads) for name, leads in groups.items()),
        tuple(_contradictions(labelled, inputs)),
        tuple(sorted(disagreements, key=lambda one: (one.company, one.label, one.source_id))),
        not_judged,
    )


_MOST_GAPS = 1_000  # in a row; more are a mistake in the column, and as many are enough to say so


def _company(name: str, leads: Sequence[LabelledLead]) -> LabelledCompany:
    ranks = tuple(sorted(int(lead.label) for lead in leads if lead.label < math.inf))
    return LabelledCompany(name, len(leads), len(leads) - len(ranks), ranks)


def _contradictions(labelled: Sequence[LabelledLead], inputs: Mapping[str, Inputs]) -> list[Contradiction]:
    alike: dict[tuple[str, SizeRange | str], list[LabelledLead]] = {}
    for lead in labelled:
        given = inputs[lead.source_id]
        title = " ".join(given.title.casefold().split())
        if title:
            size = read_size(given.size) or " ".join(given.size.casefold().split())
            alike.setdefault((title, size), []).append(lead)
    found = []
    for leads in alike.values():
        across = len({lead.label < math.inf for lead in leads}) > 1
        ranks: dict[str, set[float]] = {}
        for lead in leads:
            if lead.label < math.inf:
                ranks.setdefault(lead.company, set()).add(lead.label)
        # Ranks of two companies are two scales: 1 here and 5 there is no contradiction.
        if across or any(len(given_ranks) > 1 for given_ranks in ranks.values()):
            first = inputs[leads[0].source_id]
            labels = sorted(((lead.source_id, lead.label) for lead in leads), key=lambda pair: (pair[1], pair[0]))
            found.append(Contradiction(" ".join(first.title.split()), first.size.strip(), tuple(labels), across))
    return sorted(found, key=lambda one: (not one.across, one.title.casefold(), one.size))

"""Where an answer and a person disagree about a lead, which way and by how much; such errors in groups of a kind."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Literal

from ranker.evaluation.labelled import NOT_RELEVANT, LabelledLead
from ranker.scoring.assessment import Assessment, Inputs

GROUP = 4
"""Errors in one critique."""
Kind = Literal["in", "out", "high", "low"]
"""``in``: contacted, and must not be; ``out``: the other way round; ``high``, ``low``: contacted rightly, but before or
behind others than it should be."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A labelled lead and what is judged of it."""

    lead: LabelledLead
    inputs: Inputs
    industry: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a labelled lead: its verdict and its rank in the company."""

    of: Labelled
    verdict: Assessment
    rank: int | None


@dataclass(frozen=True, slots=True)
class SignedError:
    """One disagreement. ``places``: how many places too high (negative) or too low, among those contacted rightly.

    ``choice``: which of the ``best`` to be contacted at the company it is, whatever gaps the labels have.
    """

    answered: Answered
    kind: Kind
    places: int
    choice: int
    best: int

    def row(self, number: int) -> dict[str, Any]:
        """Its row in a critique; no name of the company, which says nothing and would only be copied."""
        one = self.answered
        verdict = one.verdict
        said = "must not be contacted"
        if one.of.lead.label != NOT_RELEVANT:
            said = f"to be contacted, choice {self.choice} of {self.best} at this company"
        score = "" if verdict.score is None else f", score {verdict.score:g} of 100"
        given = f"contacted, rank {one.rank}{score}" if verdict.qualified else f"not contacted{score}"
        if self.kind in {"high", "low"}:
            behind = "too far up" if self.kind == "high" else "too far down"
            given += f": {abs(self.places)} {'place' if abs(self.places) == 1 else 'places'} {behind}"
        shown = {"size": one.of.inputs.size, "industry": one.of.industry}
        return {"id": number, "title": one.of.inputs.title} | {key: value for key, value in shown.items() if value} | {
            "label": said, "answer": given, "reason": verdict.reasoning
        }  # fmt: skip


def signed_errors(company: Sequence[Answered]) -> list[SignedError]:
    """The errors at one company. A lead without a verdict is none: nobody can tell why a call failed from the text."""
    best = sum(one.of.lead.label != NOT_RELEVANT for one in company)
    right = [one for one in company if one.verdict.qualified and one.of.lead.label != NOT_RELEVANT]
    found = []
    for one in company:
        wanted = one.of.lead.label != NOT_RELEVANT
        choice = 1 + sum(other.of.lead.label < one.of.lead.label for other in company)
        if one.verdict.qualified is None:
            continue
        if bool(one.verdict.qualified) != wanted:
            found.append(SignedError(one, "out" if wanted else "in", 0, choice, best))
        elif wanted:
            should = sum(other.of.lead.label < one.of.lead.label for other in right)
            stands = sum((other.rank or 0) < (one.rank or 0) for other in right)
            if should != stands:
                found.append(SignedError(one, "low" if stands > should else "high", stands - should, choice, best))
    return found


def groups(errors: Sequence[SignedError], most: int, seed: int) -> list[list[SignedError]]:
    """At most ``most`` groups of up to ``GROUP`` errors of one kind, drawn by the seed, kinds in turn.

    The commonest kind comes first; of misplaced leads those that are farthest from their place.
    """
    rng = random.Random(seed)
    kinds: dict[Kind, list[SignedError]] = {}
    for error in sorted(errors, key=_place):
        kinds.setdefault(error.kind, []).append(error)
    cut: list[list[list[SignedError]]] = []
    for _, some in sorted(kinds.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        rng.shuffle(some)
        some.sort(key=lambda one: -abs(one.places))
        cut.append([some[at : at + GROUP] for at in range(0, len(some), GROUP)])
    return [group for turn in zip_longest(*cut) for group in turn if group is not None][:most]


def _place(error: SignedError) -> tuple[str, str]:
    """So that the order of rows has no say."""
    lead = error.answered.of.lead
    return lead.company, lead.source_id

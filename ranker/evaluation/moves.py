"""Which leads does another version judge or rank differently, and is that for the worse?"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ranker.evaluation.evaluate import NO_PREDICTION, Prediction, place_of
from ranker.evaluation.labelled import LabelledLead


@dataclass(frozen=True)
class Judged:
    """What a version says of a lead, and its reason in words."""

    prediction: Prediction
    reason: str


UNJUDGED = Judged(NO_PREDICTION, "no answer")


@dataclass(frozen=True)
class Move:
    """A lead that two versions put in different places, with the person's label and both reasons.

    `harm`: how much worse the candidate is here than the base, from -2 (mended) to 2 (spoiled): the change of
    "the verdict is wrong" (0 or 1; no verdict is wrong) plus that of the share of the lead's pairs, with leads of its
    company that have another label, that stand in the wrong order (a tie is half wrong).
    """

    source_id: str
    company: str
    label: float
    candidate: Judged
    base: Judged
    harm: float


def moved(
    labels: Sequence[LabelledLead], candidate: Mapping[str, Judged], base: Mapping[str, Judged]
) -> tuple[Move, ...]:
    """The leads whose verdict or rank differs, the most harmed first; equal ones by company and id.

    A lead that a version lacks was not judged by it.
    """
    groups: dict[str, list[LabelledLead]] = {}
    for lead in labels:
        groups.setdefault(lead.company, []).append(lead)
    found: list[Move] = []
    for leads in groups.values():
        ours, theirs = ([side.get(lead.source_id, UNJUDGED) for lead in leads] for side in (candidate, base))
        changed = [at for at, pair in enumerate(zip(ours, theirs, strict=True)) if _says(pair[0]) != _says(pair[1])]
        if not changed:
            continue
        wrong = [wrongness([lead.label for lead in leads], side) for side in (ours, theirs)]
        for at in changed:
            lead, harm = leads[at], wrong[0][at] - wrong[1][at]
            found.append(Move(lead.source_id, lead.company, lead.label, ours[at], theirs[at], harm))
    # Rounded, so that harm that is equal on paper does not sort by its last digit.
    return tuple(sorted(found, key=lambda move: (-round(move.harm, 9), move.company, move.source_id)))


def _says(judged: Judged) -> tuple[bool | None, float]:
    return judged.prediction.qualified, place_of(judged.prediction)


def wrongness(labels: Sequence[float], answers: Sequence[Judged]) -> list[float]:
    """For each lead of one company 0 to 2: 1 for a wrong or missing verdict, plus the share of its pairs in the wrong
    order.
    """
    places = [place_of(answer.prediction) for answer in answers]
    rows = np.array([labels, places], dtype=np.float64).T
    # Leads that are equal in label and place are equally wrong: each kind is worked out once.
    kinds, which, counts = np.unique(rows, axis=0, return_inverse=True, return_counts=True)
    shares = [_wrong_share(kind, kinds, counts) for kind in kinds]
    return [
        float(answer.prediction.qualified is not (label < math.inf)) + shares[kind]
        for answer, label, kind in zip(answers, labels, which.ravel(), strict=True)
    ]


def _wrong_share(kind: npt.NDArray[np.float64], kinds: npt.NDArray[np.float64], counts: npt.NDArray[np.int64]) -> float:
    label, place = kind
    better, worse = kinds[:, 0] < label, kinds[:, 0] > label
    told_apart = int(counts[better | worse].sum())
    if not told_apart:
        return 0.0
    behind, ahead, tied = kinds[:, 1] > place, kinds[:, 1] < place, kinds[:, 1] == place
    wrong = counts[(better & behind) | (worse & ahead)].sum() + counts[(better | worse) & tied].sum() / 2
    return float(wrong) / told_apart

"""Made-up leads as arrays: what a text gives them, their places, and how far these are from the labels."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from eval.planted_text import Meaning


@dataclass(frozen=True)
class Noise:
    """Standard deviations, in points of the score."""

    by_person: float = 0.4
    by_lead: float = 0.6
    by_text: float = 0.3
    by_company: float = 0.0


USUAL = Noise()


@dataclass(frozen=True)
class Leads:
    """Leads of one company or of many, as arrays of one length; ``size`` by lead, ``labels`` as in an evaluation."""

    level: np.ndarray
    team: np.ndarray
    word: np.ndarray
    size: np.ndarray
    noise: np.ndarray
    labels: np.ndarray

    def points(self, said: Meaning) -> np.ndarray:
        """The points that a text gives to each lead."""
        found: np.ndarray = said.levels[self.level, self.size] + said.teams[self.team, self.size]
        return found + said.words[self.word, self.size]


def places_of(scores: np.ndarray, contact: float) -> np.ndarray:
    """Places of one company's leads by score, 1, 1, 3; infinite below the threshold."""
    ranks = 1.0 + (scores[None, :] > scores[:, None]).sum(axis=1)
    return np.where(scores >= contact, ranks, math.inf)


def errors_of(labels: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Signed errors, above 0 for too good a place: 1 for a wrong verdict, up to 1 for a wrong place."""
    wanted, given = np.isfinite(labels), np.isfinite(places)
    both = wanted & given
    last = max(2, int(both.sum()))
    moved = (np.where(both, labels, 0) - np.where(both, places, 0)) / last
    return np.where(both, np.clip(moved, -1, 1), given.astype(float) - wanted.astype(float))


def steps_of(scores: np.ndarray) -> list[int]:
    """The order of the scores as whole numbers, all that a figure knows of them."""
    return np.unique(scores, return_inverse=True)[1].tolist()

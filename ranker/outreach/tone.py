"""Tone of voice: three values from 0 to 1, each in one of four bands, and the words that a writer is told for it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

DEFAULT = 0.5
EDGES = (0.25, 0.5, 0.75)
"""Where a band ends and the next begins: [0, .25) [.25, .5) [.5, .75) [.75, 1]."""
WORDS = {
    "formality": (
        "very casual, as to somebody one knows well: contractions, short everyday words",
        "relaxed, but tidy: contractions are fine, slang is not",
        "professional: whole sentences, polite, no slang, few contractions",
        "formal: no contractions, no exclamation marks, courteous phrases",
    ),
    "warmth": (
        "matter-of-fact: no compliments, no small talk",
        "friendly and brief: one kind word, no compliment",
        "warm: shows interest in the person and in their work, without praise that nothing backs",
        "very warm: personal and encouraging, as from somebody who is glad to write, never gushing",
    ),
    "directness": (
        "very gentle: asks nothing but whether the subject is of interest",
        "reserved: mentions what it is about and leaves the next step to them",
        "clear: says what it is about and proposes a next step",
        "very direct: the point in the first sentence, and one concrete request, such as a day for a call",
    ),
}
"""Dimension → what each band means, as a model is told and a page shows."""


@dataclass(frozen=True, slots=True)
class Tone:
    """Three values from 0 to 1. ``Tone.of`` clamps; made directly, a value outside raises ``ValueError``."""

    formality: float = DEFAULT
    warmth: float = DEFAULT
    directness: float = DEFAULT

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if not 0 <= value <= 1:
                raise ValueError(f"{one.name} has to be from 0 to 1")

    @classmethod
    def of(cls, values: Mapping[str, float]) -> tuple[Tone, dict[str, float]]:
        """(The tone with what is missing at .5 and what is outside at the nearest end; what was outside, as given).

        Raises ``ValueError`` for a value that is no number.
        """
        taken, clamped = {}, {}
        for name in WORDS:
            value = float(values.get(name, DEFAULT))
            if math.isnan(value):
                raise ValueError(f"{name} has to be a number from 0 to 1")
            taken[name] = min(1.0, max(0.0, value))
            if taken[name] != value:
                clamped[name] = value
        return cls(**taken), clamped

    def bands(self) -> dict[str, int]:
        """Dimension → its band, 0 to 3."""
        return {name: band(getattr(self, name)) for name in WORDS}

    def words(self) -> dict[str, str]:
        """Dimension → what a writer is told."""
        return {name: WORDS[name][at] for name, at in self.bands().items()}

    def as_json(self) -> dict[str, Any]:
        """The three values by name."""
        return {name: getattr(self, name) for name in WORDS}


def band(value: float) -> int:
    """0 to 3: in which band a value from 0 to 1 lies; an edge belongs to the band above it."""
    return sum(value >= edge for edge in EDGES)

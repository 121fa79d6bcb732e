"""What a search works on: one slot of a variant, how a text in it does at a company, and what might be better.

A search knows nothing of engines, personas or prompts; it sees texts, figures by company, and proposals.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

Figures = Mapping[str, float | int | None]
"""One company's figures, as in ``ranker.evaluation.evaluate.Evaluation.companies``; None where not defined there."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A whole new text for the slot. Both sentences are for an analyst, without the text of any lead.

    ``critique``: what was wrong with the old text; ``edit``: what was changed, and why.
    """

    text: str
    critique: str
    edit: str


class Subject(Protocol):
    """A slot of a variant, with labelled leads. Everything is decided by the arguments: no call depends on another."""

    start: str
    """The text that is there now."""
    companies: tuple[str, ...]
    """All labelled companies, in one order."""

    def evaluate(self, text: str, companies: Sequence[str]) -> dict[str, Figures]:
        """How a text does at each of these companies. Raises ``CandidateRefused``; any other error ends the search."""
        ...

    def propose(self, text: str, companies: Sequence[str], wanted: int, seed: int) -> list[Proposal]:
        """At most ``wanted`` changes of a text, by its errors at these companies only, the most promising first.

        The same arguments give the same proposals; another ``seed`` may give others.
        """
        ...


def text_hash(text: str) -> str:
    """What makes two texts of a slot the same: SHA-256, hex, 32 characters."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]

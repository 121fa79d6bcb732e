"""The verdict on one lead, and what it was given."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

Status = Literal["ranked", "not_relevant", "not_judged", "rejected"]


@dataclass(frozen=True, slots=True)
class Inputs:
    """What was judged, as it stood in the file. Anything else about a lead has no say."""

    title: str
    company: str
    size: str
    domain: str = ""

    @property
    def hash(self) -> str:
        """SHA-256 of the four values, hex, 32 characters: the same inputs have the same hash."""
        joined = "\x1f".join((self.title, self.company, self.size, self.domain))
        return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Assessment:
    """One lead, judged by one variant.

    ``status``: ranked (contact), not_relevant (do not), not_judged (nothing to judge by; no verdict),
    rejected (not a lead: no company). ``qualified`` is ``None`` for the last two. ``score`` is 0 to 100 with
    one decimal; ``department_fit``, ``seniority_fit`` and ``confidence`` are 0 to 1; all ``None`` where not
    judged. ``rank`` counts from 1 within the company, qualified leads only, and is assigned by
    :func:`ranker.scoring.ranks.assign_ranks`. ``basis`` are the persona's lines that the verdict rests on,
    ``lines`` their numbers. ``reasoning`` is one or two sentences for a sales person.
    """

    status: Status
    qualified: bool | None
    score: float | None
    department_fit: float | None
    seniority_fit: float | None
    confidence: float
    reasoning: str
    flags: tuple[str, ...] = ()
    needs_review: bool = False
    basis: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()
    variant: str = ""
    rank: int | None = None

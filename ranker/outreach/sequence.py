"""What outreach is made of, as values: what is known of a prospect, what is asked for, what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from ranker.outreach.tone import Tone

SourceKind = Literal["lead", "persona", "verdict", "context"]
"""A column of the lead, a line of the persona, what a ranking said, the text about the sender's own company."""
State = Literal["waiting", "complete", "failed"]
Origin = Literal["model", "template", "fallback"]
"""Who wrote it. ``template``: there is no key; ``fallback``: a template because the model's call failed."""
Kind = Literal["name", "number", "employer", "event"]
"""What an invented fact is about. ``event``: something that is said to have happened."""
Rests = Literal["lead", "persona", "verdict", "context", "inferred", "invented", "none"]
"""What a sentence rests on. ``inferred``: about the prospect, and in no source; ``none``: it claims nothing of them."""

FIRST_LONGEST, FOLLOW_LONGEST = 299, 499
"""Characters of the first message and of each that follows, at most."""
MOST_MESSAGES = 10
DEFAULT_MESSAGES = 3
LONGEST_CONTEXT = 2_000


def longest(step: int) -> int:
    """Characters that the message of a step (from 1 on) can have."""
    return FIRST_LONGEST if step == 1 else FOLLOW_LONGEST


@dataclass(frozen=True, slots=True)
class Source:
    """One thing that we hold. ``name``: the lead's column (``title``), or the persona's line number."""

    kind: SourceKind
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Known:
    """All that is held about one prospect, and nothing else may be said of them.

    ``sources`` are of the lead and of its verdict; ``persona``: the persona's text for the size of the lead's company,
    blank without a verdict. ``lead_id`` is None for a prospect of whom there is only a profile's address.
    """

    prospect_id: int
    profile_url: str
    lead_id: int | None
    sources: tuple[Source, ...]
    persona: str = ""
    persona_version_id: int | None = None
    seniority: str = ""
    department: str = ""

    def value(self, name: str) -> str:
        """A column of the lead; blank where it is not known."""
        return next((one.value for one in self.sources if one.kind == "lead" and one.name == name), "")


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for. ``context``: about the sender's company, 1 to 2,000 characters; ``fallback``: a template may
    stand in where a call fails. ``preset``: the name of the preset that the tone was copied from.
    """

    tone: Tone
    context: str
    messages: int = DEFAULT_MESSAGES
    fallback: bool = False
    preset: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """Words of a message that name something that is in no source; ``start`` and ``end`` in characters."""

    kind: Kind
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Basis:
    """What a sentence of a message rests on; ``sources`` where it rests on any."""

    start: int
    end: int
    rests: Rests
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Signal:
    """Something that an analysis noticed. ``rests``: the source's name, or ``inferred``."""

    text: str
    rests: str


@dataclass(frozen=True, slots=True)
class Analysis:
    """What a model says of a prospect before it writes; ``hash`` is of everything that it was made from."""

    summary: str
    role: str
    signals: tuple[Signal, ...]
    hash: str = ""
    model: str = ""
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One message. ``confidence`` 0 to 1, None of a template; ``cut``: it was too long, and ends at a sentence."""

    step: int
    content: str
    reasoning: str = ""
    confidence: float | None = None
    cut: bool = False
    marks: tuple[Mark, ...] = ()
    basis: tuple[Basis, ...] = ()

    @property
    def longest(self) -> int:
        """Characters that it can have."""
        return longest(self.step)


@dataclass(frozen=True, slots=True)
class Usage:
    """What was paid for: ``usd`` is None where a part of it is not known."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    usd: float | None = 0.0


@dataclass(frozen=True, slots=True)
class Written:
    """What came of one request. ``reason``: why it failed or is a fallback; then the rest says who wrote it instead."""

    state: State
    origin: Origin
    messages: tuple[Message, ...] = ()
    summary: str = ""
    analysis: Analysis | None = None
    reason: str = ""
    model: str = ""
    provider: str = ""
    usage: Usage = field(default_factory=Usage)
    asked_again: int = 0

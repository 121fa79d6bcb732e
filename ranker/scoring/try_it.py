"""Try a persona: one title at one size or at all, the verdicts with their sentences, and how the title was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ranker.errors import UsageError
from ranker.personas.sizes import range_text, read_size
from ranker.scoring.assessment import Assessment, Inputs
from ranker.scoring.reasons import people
from ranker.scoring.rules import RulesEngine
from ranker.scoring.variants import judge, read_title

ALL_SIZES = ""
"""The size that asks for a verdict in every size class of the persona."""
COMPANY = "the company"
_KINDS = {"function": "team", "level": "level", "ownership": "owner", "flag": "note"}


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that a title says: ``kind`` (team, level, owner, note), what it means, and the words that say it.

    ``value`` is its name in the vocabulary, such as ``board``; ``meaning`` is that in words.
    ``sure`` is 0 to 1; 1 where the words stand in the vocabulary as written.
    """

    kind: str
    value: str
    meaning: str
    words: str
    sure: float


@dataclass(frozen=True, slots=True)
class ReadRole:
    """One role of the title. ``missing`` names what could not be told: team, level."""

    text: str
    chips: tuple[Chip, ...]
    employer: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HowRead:
    """A title as read. ``problem`` is blank, or what stands in the title's place: blank, email, url, number."""

    roles: tuple[ReadRole, ...]
    unknown: tuple[str, ...]
    slogans: tuple[str, ...]
    problem: str


@dataclass(frozen=True, slots=True)
class Trial:
    """The verdict at one size. ``size`` is the text that was judged, ``label`` how it is shown."""

    size: str
    label: str
    assessment: Assessment


def try_title(engine: RulesEngine, title: str, size: str = ALL_SIZES) -> tuple[Trial, ...]:
    """Judge a title at a size such as "51-200" or "120", or (blank) once in every size class.

    Raises ``UsageError`` for a size that is no number of people.
    """
    if size.strip():
        if read_size(size) is None:
            raise UsageError(
                f"“{size.strip()}” is no company size. Write a number such as 120, or a range such as 51-200."
            )
        sizes: Sequence[tuple[str, str]] = [(size.strip(), f"{size.strip()} people")]
    else:
        sizes = [(range_text(one.low, one.high), people(one)) for one in engine.persona.brackets]
    found = judge(engine, [Inputs(title, COMPANY, text) for text, _ in sizes])
    return tuple(Trial(text, label, one) for (text, label), one in zip(sizes, found, strict=True))


def how_read(title: str) -> HowRead:
    """How a title is read, in words for a person; safe from any thread."""
    reading, vocabulary = read_title(title)
    names = {"function": vocabulary.functions, "level": vocabulary.levels}
    roles = tuple(
        ReadRole(
            role.text,
            tuple(
                Chip(
                    _KINDS.get(one.feature, one.feature),
                    one.value,
                    names.get(one.feature, {}).get(one.value, one.value.replace("_", " ")),
                    one.words,
                    one.confidence,
                )
                for one in role.evidence
            ),
            role.employer or "",
            (*(() if role.functions else ("team",)), *(() if role.headed else ("level",))),
        )
        for role in reading.roles
    )
    return HowRead(roles, reading.unknown, reading.slogans, reading.problem or "")

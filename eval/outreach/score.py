"""Score a checker of invented facts: marks of a message against the facts that are labelled in it.

Of facts: recall is the share of labelled facts that some mark overlaps, precision the share of marks that overlap a
labelled fact. Of messages: a message counts as marked with any mark, as inventing with any fact. See README.md here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ranker.outreach.sequence import Mark, Source

MESSAGES = Path(__file__).with_name("messages.jsonl")
LATER = Path(__file__).with_name("later.jsonl")
"""The second set, that nothing is tuned to."""
THIRD = Path(__file__).with_name("third.jsonl")
"""The third set: written after the checker, without sight of it. Nothing is tuned to it either."""
Checker = Callable[[str, Sequence[Source]], Sequence[Mark]]


@dataclass(frozen=True, slots=True)
class Labelled:
    """One message of the set. ``facts``: what is invented in it, with its place in characters."""

    id: str
    step: int
    language: str
    sources: tuple[Source, ...]
    text: str
    facts: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def value(self) -> float:
        """0 to 1; 1 of nothing: nothing was wrong."""
        return self.part / self.whole if self.whole else 1.0

    def __str__(self) -> str:
        return f"{self.value:.1%} ({self.part}/{self.whole})" if self.whole else "of none"


@dataclass(frozen=True, slots=True)
class Score:
    """How a checker did. ``missed``: facts without a mark; ``false``: marks without a fact; each with its message."""

    recall: Share
    precision: Share
    message_recall: Share
    message_precision: Share
    same_kind: Share
    recall_of: dict[str, Share]
    missed: tuple[tuple[Labelled, Mark], ...]
    false: tuple[tuple[Labelled, Mark], ...]


def load(path: Path = MESSAGES) -> tuple[Labelled, ...]:
    """The labelled messages. Raises ``ValueError`` for a fact whose words do not stand exactly once in its message."""
    return tuple(_labelled(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if line)


def score(messages: Iterable[Labelled], checker: Checker) -> Score:
    """What a checker finds in these messages and what it only thinks that it finds."""
    answers = [(one, tuple(checker(one.text, one.sources))) for one in messages]
    facts = [
        (one, fact, [mark for mark in marks if _overlap(fact, mark)]) for one, marks in answers for fact in one.facts
    ]
    marked = [(one, mark, any(_overlap(fact, mark) for fact in one.facts)) for one, marks in answers for mark in marks]
    both = sum(bool(marks and one.facts) for one, marks in answers)
    found = [(fact, over) for _, fact, over in facts if over]
    return Score(
        recall=Share(len(found), len(facts)),
        precision=Share(sum(right for *_, right in marked), len(marked)),
        message_recall=Share(both, sum(bool(one.facts) for one, _ in answers)),
        message_precision=Share(both, sum(bool(marks) for _, marks in answers)),
        same_kind=Share(sum(any(mark.kind == fact.kind for mark in over) for fact, over in found), len(found)),
        recall_of={
            kind: Share(
                sum(bool(over) for _, fact, over in facts if fact.kind == kind),
                sum(fact.kind == kind for _, fact, _ in facts),
            )
            for kind in ("name", "number", "employer", "event")
        },
        missed=tuple((one, fact) for one, fact, over in facts if not over),
        false=tuple((one, mark) for one, mark, right in marked if not right),
    )


def mark_all(text: str, sources: Sequence[Source]) -> tuple[Mark, ...]:
    """The whole of every message: what a checker has to beat."""
    return (Mark("event", text, 0, len(text)),)


def mark_none(text: str, sources: Sequence[Source]) -> tuple[Mark, ...]:
    """Nothing, ever."""
    return ()


def mark_capitals(text: str, sources: Sequence[Source]) -> tuple[Mark, ...]:
    """Every word that begins with a capital and every one with a digit, whatever the sources hold."""
    words = re.finditer(r"\w+", text)
    return tuple(
        Mark("number" if word[0][0].isdigit() else "name", word[0], word.start(), word.end())
        for word in words
        if word[0][0].isupper() or any(map(str.isdigit, word[0]))
    )


def mark_capitals_unknown(text: str, sources: Sequence[Source]) -> tuple[Mark, ...]:
    """The same without the words that stand in a source."""
    held = {word.casefold() for source in sources for word in re.findall(r"\w+", source.value)}
    return tuple(mark for mark in mark_capitals(text, sources) if mark.text.casefold() not in held)


NOTHING_DONE: dict[str, Checker] = {
    "every message": mark_all,
    "no message": mark_none,
    "every capital and digit": mark_capitals,
    "the same, if in no source": mark_capitals_unknown,
}
"""Answers that need no checker, by what they mark."""


def _overlap(one: Mark, other: Mark) -> bool:
    return one.start < other.end and other.start < one.end


def _labelled(row: dict[str, Any]) -> Labelled:
    text, facts = row["text"], []
    for fact in row["invented"]:
        if text.count(fact["text"]) != 1:
            raise ValueError(f"{row['id']}: {fact['text']!r} stands {text.count(fact['text'])} times in the message")
        start = text.index(fact["text"])
        facts.append(Mark(fact["kind"], fact["text"], start, start + len(fact["text"])))
    sources = tuple(Source(one["kind"], one["name"], one["value"]) for one in row["sources"])
    return Labelled(row["id"], row["step"], row["language"], sources, text, tuple(facts))

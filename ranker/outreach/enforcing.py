"""What is wrong with the messages of an answer, and what becomes of it once nothing more is asked.

A message is asked for again while it is missing, too long, a copy of another one or has a placeholder in it, and once
where it names something that is in no source. In the end what is too long is cut, what is invented is marked, and a
sentence with a placeholder goes; where a message is left without words, nothing of the sequence is used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ranker.outreach.basis import basis
from ranker.outreach.drafts import Draft
from ranker.outreach.invented import invented
from ranker.outreach.lengths import cut
from ranker.outreach.placeholders import placeholders
from ranker.outreach.sentences import sentences
from ranker.outreach.sequence import Analysis, Mark, Message, Source, longest

Wrong = Literal["missing", "long", "copy", "placeholder", "invented"]
CHECKER = "checks-1"
"""Raise it when what is checked, or what follows, changes: a variant names it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a step's message, in words for the writer."""

    step: int
    kind: Wrong
    words: str


@dataclass(frozen=True, slots=True)
class Grounds:
    """What messages may say: all ``sources``, and the analysis of them."""

    sources: tuple[Source, ...]
    analysis: Analysis | None
    _marks: dict[str, tuple[Mark, ...]] = field(default_factory=dict, compare=False, repr=False)

    def marks(self, text: str) -> tuple[Mark, ...]:
        """What a message invents; looked at once, however many rounds it stays."""
        if text not in self._marks:
            self._marks[text] = tuple(invented(text, self.sources))
        return self._marks[text]

    def holes(self, text: str) -> tuple[str, ...]:
        """The placeholders of a text; words that stand so in a fact or in the text about the sender are none."""
        if not placeholders(text):
            return ()
        return placeholders(text, "\n".join(one.value for one in self.sources if one.kind != "persona"))


def problems(
    drafts: Mapping[int, Draft], wanted: int, grounds: Grounds, forgiven: frozenset[int] = frozenset()
) -> list[Problem]:
    """All that is wrong, by step. ``forgiven``: steps that were asked for again for what they invent already."""
    found: list[Problem] = []
    seen: dict[str, int] = {}
    for step in range(1, wanted + 1):
        draft = drafts.get(step)
        if draft is None:
            found.append(Problem(step, "missing", f"Message {step} was missing or empty."))
            continue
        text, most = draft.content, longest(step)
        if len(text) > most:
            words = f"Message {step} had {len(text)} characters; at most {most} are allowed. Write it shorter."
            found.append(Problem(step, "long", words))
        holes = grounds.holes(text)
        if holes:
            found.append(Problem(step, "placeholder", f"Message {step} had a placeholder: {_quoted(holes)}."))
        same = _folded(text)
        if same in seen:
            found.append(Problem(step, "copy", f"Message {step} was the same as message {seen[same]}."))
        seen.setdefault(same, step)
        marks = () if step in forgiven else grounds.marks(text)
        if marks:
            named = _quoted([one.text for one in marks])
            words = f"Message {step} named what nobody told you: {named}. Leave that out, or ask instead of claiming."
            found.append(Problem(step, "invented", words))
    return found


def settle(drafts: Mapping[int, Draft], wanted: int, grounds: Grounds) -> tuple[tuple[Message, ...], str]:
    """(The messages as they are kept; "" or why there are none.) Number and lengths hold; no placeholder is left."""
    messages: list[Message] = []
    for step in range(1, wanted + 1):
        draft = drafts.get(step)
        if draft is None:
            return (), f"The model left out message {step} of {wanted}, however often it was asked."
        text, shortened = draft.content, False
        if grounds.holes(text):
            text = without_placeholders(text, grounds)
            if not says_something(text):
                return (), f"The model put a placeholder into message {step} again and again, and nothing else is left."
        if len(text) > longest(step):
            text, shortened = cut(text, longest(step)), True
        if any(_folded(text) == _folded(one.content) for one in messages):
            return (
                (),
                f"The model wrote message {step} of {wanted} as a copy of another one, however often it was asked.",
            )
        marks = grounds.marks(text)
        resting = basis(text, grounds.sources, grounds.analysis, marks)
        messages.append(Message(step, text, draft.reasoning, draft.confidence, shortened, marks, tuple(resting)))
    return tuple(messages), ""


def without_placeholders(text: str, grounds: Grounds) -> str:
    """The text without the sentences that have a placeholder; "" where one spans several of them."""
    kept, end = "", 0
    for first, last in sentences(text):
        if not grounds.holes(text[first:last]):
            kept += (text[end:first] if kept else "") + text[first:last]
        end = last
    return "" if grounds.holes(kept) else kept.strip()


def says_something(text: str) -> bool:
    """Whether words are left, and more than a salutation: at least three."""
    return sum(any(sign.isalnum() for sign in word) for word in text.split()) > 2


def _folded(text: str) -> str:
    """Two messages whose texts are the same so are copies."""
    return " ".join(text.casefold().split())


def _quoted(parts: Sequence[str]) -> str:
    return ", ".join(f"“{part}”" for part in list(dict.fromkeys(parts))[:6])

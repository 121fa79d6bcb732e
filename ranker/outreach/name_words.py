"""The words of a sentence as the search for names sees them: each with its place, and whether its capital tells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ranker.outreach import name_shapes as shape
from ranker.outreach.sentences import Span
from ranker.outreach.words import fold


@dataclass(frozen=True, slots=True)
class Word:
    """text[start:end]."""

    start: int
    end: int
    text: str
    opens: bool
    """Whether it stands where any word has a capital: at a sentence's beginning, in a heading, after a colon."""


def words_in(text: str, start: int, end: int, lang: str) -> list[Word]:
    """The words of text[start:end], numbers left out. In a heading every word has a capital, but not in German."""
    found = [one for one in shape.TOKEN.finditer(text, start, end) if not shape.NUMBER.fullmatch(one.group())]
    long = [one for one in found if len(one.group()) >= 4]
    high = sum(one.group()[0].isupper() for one in long)
    heading = len(long) >= 4 and high >= 0.8 * len(long) and lang != "de"
    out = []
    for place, one in enumerate(found):
        opens = place == 0 or heading or shape.OPENS.search(text, max(start, one.start() - 3), one.start()) is not None
        out.append(Word(one.start(), one.end(), one.group(), opens))
    return out


def is_addressed(text: str, word: Word) -> bool:
    """ "Hi Will", "Ms Baker": a name, whatever else the word may mean."""
    before = text[max(0, word.start - 30) : word.start]
    return shape.GREETS.search(before) is not None or shape.HONOURS.search(before) is not None


def within(word: Word, spans: Sequence[Span]) -> bool:
    """Whether a word begins in one of the spans."""
    return any(start <= word.start < end for start, end in spans)


def bare(text: str) -> str:
    """A word as the lists have it: "Acme's" is "acme"."""
    return re.sub(r"'s?$", "", fold(text)).rstrip(".")


def has_digit(text: str) -> bool:
    """Whether there is a digit in it."""
    return any(char.isdigit() for char in text)


def has_capital(text: str) -> bool:
    """Whether there is a capital in it: "iPhone" has one."""
    return any(char.isupper() for char in text)

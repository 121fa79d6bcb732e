"""What a message says that nobody told its writer: names, numbers, employers and events that are in no source.

Own rules and word lists, no language model: the same message and the same sources give the same marks, in milliseconds.
``docs/INVENTED.md`` says what they find, how often, and what they cannot see.
"""

from __future__ import annotations

from collections.abc import Sequence

from ranker.outreach.claims import Claim, claims
from ranker.outreach.held import held
from ranker.outreach.language import language
from ranker.outreach.sentences import sentences
from ranker.outreach.sequence import Mark, Source
from ranker.outreach.unheld_names import NameFinder
from ranker.outreach.unheld_numbers import unheld_numbers
from ranker.outreach.unheld_titles import unheld_titles

_EDGE = " ,–—-\n"


def invented(text: str, sources: Sequence[Source]) -> tuple[Mark, ...]:
    """Words of a message that name something that is in no source, in order and without overlap.

    Only sources of the kinds ``lead`` and ``context`` hold facts, and their order is none. A mark covers the whole
    name, the number with its unit, or the clause that carries the claim, up to a name or number that is marked itself.
    """
    have, lang, spans = held(sources), language(text), sentences(text)
    marks = [*NameFinder(have, lang).marks(text, spans), *unheld_numbers(text, have, lang), *unheld_titles(text, have)]
    fixed: list[Mark] = []
    for mark in sorted(marks, key=lambda one: (one.start, -one.end)):
        if not fixed or mark.start >= fixed[-1].end:
            fixed.append(mark)
    found = claims(text, spans, lang, have)
    fixed = [one for one in fixed if not (one.kind == "number" and one.text.endswith("ed") and _lies_in(one, found))]
    out = list(fixed)
    for claim in found:
        out += _beside(text, claim, fixed)
    return tuple(sorted(out, key=lambda one: one.start))


def _lies_in(mark: Mark, claims: Sequence[Claim]) -> bool:
    """Whether "doubled" is the verb of a claim: one fact, not two."""
    return any(claim.start <= mark.start and mark.end <= claim.end for claim in claims)


def _beside(text: str, claim: Claim, fixed: Sequence[Mark]) -> list[Mark]:
    """The claim's words without those that are marked already: the piece with its core, else the longest."""
    pieces, at = [], claim.start
    for mark in fixed:
        if mark.end <= claim.start or mark.start >= claim.end:
            continue
        pieces.append((at, mark.start))
        at = mark.end
    pieces.append((at, claim.end))
    trimmed = [_trimmed(text, start, end) for start, end in pieces]
    worded = [(start, end) for start, end in trimmed if sum(map(str.isalpha, text[start:end])) >= 3]
    if not worded:
        return []
    longest = max(worded, key=lambda piece: piece[1] - piece[0])
    start, end = next((piece for piece in worded if piece[0] <= claim.core < piece[1]), longest)
    return [Mark("event", text[start:end], start, end)]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    words = text[start:end]
    return start + len(words) - len(words.lstrip(_EDGE)), end - len(words) + len(words.rstrip(_EDGE))

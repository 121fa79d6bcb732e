"""The score from which a lead qualifies: "score 60 or more out of 100", "minimum score: 3.5/5", "from 70%"."""

from __future__ import annotations

import re

from ranker.personas.draft import Draft
from ranker.personas.pieces import Piece
from ranker.personas.spec import Threshold
from ranker.personas.vocabulary import vocabulary

_NUMBER = r"(?<![\w.,])(\d+(?:[.,]\d+)?)"
_OF = re.compile(
    rf"{_NUMBER}(?:\s*\+|\s+(?:points?\s+)?(?:or|and)\s+\w+|\s+points?)?"
    r"\s*(?:/|out of|of|von|sur|de|su)\s*(\d+)(?![\w/])"
)
_PERCENT = re.compile(rf"{_NUMBER}\s*(?:%|percent\b)")
_PLAIN = re.compile(rf"{_NUMBER}(?![\w%/]|[.,]\d)")


def find_threshold(text: str, announced: bool) -> tuple[float, int, int] | None:
    """Return (score 0 to 100, start, end of the number) where a text states a threshold, else None.

    It must speak of scores and say from where on, or, where a heading has `announced` a threshold, one of both.
    A number without a scale is out of 5, 10 or 100, the smallest that holds it.
    """
    about, bounded = vocabulary().has("score", text), vocabulary().has("from", text)
    if not (about and bounded) and not (announced and (about or bounded)):
        return None
    for pattern in (_OF, _PERCENT, _PLAIN):
        for match in pattern.finditer(text):
            number = float(match[1].replace(",", "."))
            scale = float(match[2]) if pattern is _OF else 100.0 if pattern is _PERCENT else _scale(number)
            if scale and number <= scale:
                return round(number / scale * 100, 6), match.start(), match.end()
    return None


def _scale(number: float) -> float:
    return next((limit for limit in (5.0, 10.0, 100.0) if number <= limit), 0.0)


def add_threshold(draft: Draft, piece: Piece, announced: bool = False) -> bool:
    """Take the threshold that a piece states; tell whether it states one. The first in the text holds."""
    found = find_threshold(piece.text, announced)
    if found is None:
        return False
    score, start, end = found
    if draft.threshold is not None:
        draft.miss(piece, f"a second threshold; the one on line {draft.threshold.place.line} holds")
        return True
    draft.threshold = Threshold(score=score, place=piece.cut(start, end).place, quote=piece.short)
    return True

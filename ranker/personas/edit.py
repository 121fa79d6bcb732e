"""Edits to a persona's text, each at one place."""

from __future__ import annotations

import re

from ranker.personas.priorities import find_priority
from ranker.personas.spec import Place, Target


def replace(text: str, place: Place, new: str) -> str:
    """Return the text with the characters at `place` replaced by `new`; nothing else changes.

    Raises ValueError where the place lies outside the text.
    """
    if not 0 <= place.start <= place.end <= len(text):
        raise ValueError(f"the place {place.start}–{place.end} lies outside a text of {len(text)} characters")
    return text[: place.start] + new + text[place.end :]


def _number(value: float) -> str:
    return f"{round(value, 2):g}"


def set_priority(text: str, where: Target | Place, priority: float) -> str:
    """Return the text with another priority (0.0 to 1.0) at one place, written as the old one is.

    `where` is a target with a priority in the text, or the place of a relevance (`Department.places`, …).
    "4/5" stays out of 5, "80%" a percentage, stars stay stars; anything else is written out of 5. Raises
    ValueError where the priority is out of range or the target has none in the text.
    """
    if not 0 <= priority <= 1:
        raise ValueError("a priority lies between 0 and 1")
    place = where.priority_place if isinstance(where, Target) else where
    if place is None:
        raise ValueError("this title has no priority in the text; write one behind it first")
    old = text[place.start : place.end]
    return replace(text, place, _as_written(old, priority))


def _as_written(old: str, priority: float) -> str:
    fraction = re.fullmatch(r"(\d+(?:[.,]\d+)?)(\s*(?:/|out of|of|von|sur|de|su)\s*)(\d+)", old)
    if fraction:
        return f"{_number(priority * int(fraction[3]))}{fraction[2]}{fraction[3]}"
    if re.fullmatch(r"\d+(?:[.,]\d+)?\s*%", old):
        return f"{_number(priority * 100)}%"
    stars = find_priority(old)
    if stars and set(old) <= set("★☆"):
        full = round(priority * max(5, len(old)))
        if abs(full / max(5, len(old)) - priority) < 1e-9 and (full or "☆" in old):
            return "★" * full + "☆" * (max(5, len(old)) - full)
    return f"{_number(priority * 5)}/5"

"""The content words of a text, each without the ends that grammar gives it, so that two texts can be compared."""

from __future__ import annotations

import re

from ranker.outreach.words import fold, many

_SUFFIXES = "ungen ations ation ments ment ings ing ers er ies ed es en s e y".split()
_ALIASES = {
    "vp": "vice president",
    "svp": "senior vice president",
    "ceo": "chief executive officer",
    "cro": "revenue",
    "cto": "technology",
    "cmo": "marketing",
    "cfo": "finance",
    "coo": "operations",
    "hr": "human resources",
}


def content_stems(text: str) -> frozenset[str]:
    """The content words of a text without the ends that grammar gives them."""
    words = re.findall(r"[^\W_]+", fold(text))
    spelled = [part for word in words for part in _ALIASES.get(word, "").split()]
    return frozenset(stem(word) for word in [*words, *spelled] if word not in many("stop_words") and len(word) > 1)


def stem(word: str) -> str:
    """One word without its end; rough, and the same for both sides."""
    for end in _SUFFIXES:
        if word.endswith(end) and len(word) - len(end) >= 4:
            return word[: -len(end)]
    return word


def spelled_out(word: str) -> set[str]:
    """ "vice" and "president" for "vp"."""
    return {stem(part) for part in _ALIASES.get(word, "").split()}

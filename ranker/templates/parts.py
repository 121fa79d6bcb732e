"""The two parts of a template's text: what is the same for all leads of a size, and what holds the leads."""

from __future__ import annotations

from dataclasses import dataclass

from ranker.templates.version import plain_text

SPLIT = "=== user ==="
"""The line between them."""


@dataclass(frozen=True, slots=True)
class Parts:
    """``system`` and ``user``, without the line between them; ``user_line``: lines of the text before ``user``."""

    system: str
    user: str
    user_line: int


def parts_of(content: str) -> Parts | None:
    """The parts of a text; None where the line between them is missing."""
    lines = plain_text(content).split("\n")
    if SPLIT not in lines:
        return None
    at = lines.index(SPLIT)
    return Parts("\n".join([*lines[:at], ""]), "\n".join(lines[at + 1 :]), at + 1)

"""Which words of a changed line changed: for prompts and personas, whose lines are whole sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from ranker.personas.line_diff import DiffLine

_WORD = re.compile(r"\s+|\w+|[^\w\s]")
_ALIKE = 0.5
"""Lines that share no more than this are two different lines, in which marks on single words would only disturb."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line; ``changed``: the other line of the pair does not have it."""

    text: str
    changed: bool


def word_marks(lines: Sequence[DiffLine]) -> list[tuple[Piece, ...]]:
    """For each line of a comparison its pieces, in their order; together they are its text.

    As many lines that came as went just before them are taken for the same lines, changed.
    """
    marks: list[tuple[Piece, ...]] = [(Piece(line.text, changed=False),) for line in lines]
    at = 0
    while at < len(lines):
        gone = _run(lines, at, "gone")
        new = _run(lines, at + gone, "new")
        if gone and gone == new:
            for one in range(at, at + gone):
                pair = changed_words(lines[one].text, lines[one + gone].text)
                if pair is not None:
                    marks[one], marks[one + gone] = pair
        at += max(1, gone + new)
    return marks


def _run(lines: Sequence[DiffLine], at: int, kind: str) -> int:
    """How many lines of a kind stand there one after another."""
    end = at
    while end < len(lines) and lines[end].kind == kind:
        end += 1
    return end - at


def changed_words(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]] | None:
    """The pieces of two texts, with what only one of them has marked; None for two that share too little."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() <= _ALIKE:
        return None
    left, right = [], []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        left.append(Piece("".join(before[i1:i2]), tag != "equal"))
        right.append(Piece("".join(after[j1:j2]), tag != "equal"))
    return _joined(left), _joined(right)


def _joined(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Neighbours of one kind as one; the space between two changed words counts as changed."""
    found: list[Piece] = []
    there = [one for one in pieces if one.text]
    for at, one in enumerate(there):
        between = one.text.isspace() and 0 < at < len(there) - 1 and there[at - 1].changed and there[at + 1].changed
        changed = one.changed or between
        if found and found[-1].changed == changed:
            found[-1] = Piece(found[-1].text + one.text, changed)
        else:
            found.append(Piece(one.text, changed))
    return tuple(found)

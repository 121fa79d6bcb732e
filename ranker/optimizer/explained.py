"""A proposed text beside the old one, line by line, and beside each line that changed the edits that it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from ranker.optimizer.memory import Candidate
from ranker.personas.line_diff import DiffLine, diff_lines


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """A line of the comparison; ``steps``: the edits that it went or came by, as positions in the lineage (from 1)."""

    line: DiffLine
    steps: tuple[int, ...]


def lineage(candidates: Sequence[Candidate], number: int) -> list[Candidate]:
    """The start, then each candidate on the way to one of them; that one is the last."""
    found = [candidates[number]]
    while (parent := found[-1].parent) is not None:
        found.append(candidates[parent])
    return found[::-1]


def explained(texts: Sequence[str], around: int = 0) -> tuple[ExplainedLine, ...]:
    """The comparison of the first text with the last; the others are the steps between, in order.

    ``around``: unchanged lines shown beside a change.
    """
    before = _lines(texts[0])
    born: list[tuple[int, ...]] = [()] * len(before)
    # For each line of the present text, the line of the first text that it is, or was made from.
    from_old: list[int | None] = list(range(len(before)))
    gone: dict[int, tuple[int, ...]] = {}
    for step, text in enumerate(texts[1:], start=1):
        after = _lines(text)
        next_born: list[tuple[int, ...]] = []
        next_old: list[int | None] = []
        for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
            if tag == "equal":
                next_born += born[i1:i2]
                next_old += from_old[i1:i2]
                continue
            for at in range(i1, i2):
                old = from_old[at]
                if old is not None:
                    gone[old] = (*gone.get(old, ()), step)
            for at in range(j1, j2):
                # As many lines as went: the same lines, changed; what changed them before had a say too.
                same = i1 + at - j1 if i2 - i1 == j2 - j1 else None
                next_born.append((*(() if same is None else born[same]), step))
                next_old.append(None if same is None else from_old[same])
        before, born, from_old = after, next_born, next_old
    found = []
    for line in diff_lines(texts[0], texts[-1], around):
        steps: tuple[int, ...] = ()
        if line.kind == "gone" and line.old is not None:
            steps = gone.get(line.old - 1, ())
        elif line.kind == "new" and line.new is not None:
            steps = born[line.new - 1]
        found.append(ExplainedLine(line, steps))
    return tuple(found)


def _lines(text: str) -> list[str]:
    # As ``diff_lines`` counts them: a form feed or a line separator ends no line.
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")

"""What is between two texts of a persona: the one stretch that changed, and its lines side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from ranker.errors import EditRefused

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")
_END = re.compile(r"[\r\n]+\Z")


@dataclass(frozen=True, slots=True)
class Change:
    """At character ``start`` the words ``old`` became ``new``; every other character stayed."""

    start: int
    old: str
    new: str

    def apply(self, text: str) -> str:
        """Make the change. Raises ``EditRefused`` where the text does not hold ``old`` there."""
        return _put(text, self.start, self.old, self.new)

    def undo(self, text: str) -> str:
        """Take the change back. Raises ``EditRefused`` where the text does not hold ``new`` there."""
        return _put(text, self.start, self.new, self.old)


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of a comparison with its number in each text; ``gap``: lines left out, as nothing changed there."""

    kind: Literal["same", "gone", "new", "gap"]
    old: int | None
    new: int | None
    text: str


def change_between(old: str, new: str) -> Change:
    """The shortest single stretch in which two texts differ."""
    most = min(len(old), len(new))
    start = 0
    while start < most and old[start] == new[start]:
        start += 1
    tail = 0
    while tail < most - start and old[len(old) - 1 - tail] == new[len(new) - 1 - tail]:
        tail += 1
    return Change(start, old[start : len(old) - tail], new[start : len(new) - tail])


def diff_lines(old: str, new: str, around: int = 2) -> tuple[DiffLine, ...]:
    """The lines that went and came, with ``around`` unchanged ones beside them; empty for equal texts."""
    before, after = _lines(old), _lines(new)
    found: list[DiffLine] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    at = 0
    for group in matcher.get_grouped_opcodes(around):
        if group[0][1] > at:
            found.append(DiffLine("gap", None, None, f"{group[0][1] - at} lines without a change"))
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                pairs = zip(range(i1, i2), range(j1, j2), strict=True)
                found += [DiffLine("same", i + 1, j + 1, _END.sub("", before[i])) for i, j in pairs]
            else:
                found += [DiffLine("gone", i + 1, None, _END.sub("", before[i])) for i in range(i1, i2)]
                found += [DiffLine("new", None, j + 1, _END.sub("", after[j])) for j in range(j1, j2)]
        at = group[-1][2]
    if found and at < len(before):
        found.append(DiffLine("gap", None, None, f"{len(before) - at} lines without a change"))
    return tuple(found)


def keep_line_ends(old: str, typed: str) -> str:
    """A text as a browser gives it back, every line end a newline, with the line ends that ``old`` has.

    Lines that did not change are those of ``old`` to the last byte; new ones end as most lines of ``old`` do.
    """
    before = _lines(old)
    ends = [match[0] for line in before if (match := re.search(r"\r\n|\n|\r", line))]
    usual = max(set(ends), key=ends.count) if ends else "\n"
    after = _lines(typed)
    bare = [re.sub(r"\r\n|\r", "\n", line) for line in before]
    return "".join(_kept(before, bare, after, usual))


def _kept(before: list[str], bare: list[str], after: list[str], usual: str) -> Iterator[str]:
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, bare, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from before[i1:i2]
        else:
            yield from (re.sub(r"\r\n|\n|\r", lambda _: usual, line) for line in after[j1:j2])


def _lines(text: str) -> list[str]:
    return _LINE.findall(text)


def _put(text: str, start: int, old: str, new: str) -> str:
    if text[start : start + len(old)] != old:
        raise EditRefused("The text has changed since then, so this can't be done to it any more.")
    return text[:start] + new + text[start + len(old) :]

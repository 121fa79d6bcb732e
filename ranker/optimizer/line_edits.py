"""Changes of single lines of a text, by the numbers that a model was shown: nothing has to be found again in the text.

A small model can't repeat a line without a slip, and a large text costs as much again if all of it has to be written;
a number can be checked by code, and by the form of the answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ranker.errors import CandidateRefused

Do = Literal["replace", "insert_after", "delete"]
DOES: tuple[Do, ...] = ("replace", "insert_after", "delete")
_NUMBERED = re.compile(r"^ {0,4}[0-9]{1,5}\|(?: |$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class LineChange:
    """One change: ``line`` from 1 on; ``text`` can have several lines, and is not used by ``delete``."""

    line: int
    do: Do
    text: str = ""


def numbered(text: str) -> str:
    """The text as a model is shown it: before each line its number and a bar."""
    lines = _lines(text)
    wide = len(str(len(lines)))
    return "\n".join(f"{number:>{wide}}| {line}" for number, line in enumerate(lines, start=1))


def count_lines(text: str) -> int:
    """How many lines it has; a break at the end begins no further one."""
    return len(_lines(text))


def apply(text: str, changes: Sequence[LineChange]) -> str:
    """The text with all of the changes, which are by the numbers of the old text; line ends stay of the kind they are.

    Raises ``CandidateRefused`` for a line that is not there, two changes of one line, or nothing that changes.
    """
    ends = "\r\n" if "\r\n" in text else "\n"
    lines = _lines(text)
    instead: dict[int, str | None] = {}
    behind: dict[int, list[str]] = {}
    for change in changes:
        if not 1 <= change.line <= len(lines):
            raise CandidateRefused(f"A change names line {change.line}, but the text has {len(lines)}.")
        if change.do == "insert_after":
            behind.setdefault(change.line, []).append(_clean(change.text))
        elif change.line in instead:
            raise CandidateRefused(f"Two changes are about line {change.line}.")
        else:
            instead[change.line] = None if change.do == "delete" else _clean(change.text)
    found: list[str] = []
    for number, line in enumerate(lines, start=1):
        kept = instead.get(number, line)
        found += [
            *([] if kept is None else kept.split("\n")),
            *(one for more in behind.get(number, ()) for one in more.split("\n")),
        ]
    last = ends if text.endswith("\n") else ""
    new = ends.join(found) + last
    if new == text:
        raise CandidateRefused("Nothing changes.")
    return new


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").removesuffix("\n").split("\n")


def _clean(text: str) -> str:
    """What a model wrote as plain lines: without the numbers that it may have copied, and what no text has."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    if any(ord(sign) < 32 and sign not in "\n\t" for sign in plain):
        raise CandidateRefused("A change has signs in it that no text has.")
    return _NUMBERED.sub("", plain)

"""The little language of the planted judges: what the lines of a text say, and how far it is from the right one.

A text is a title and lines like ``- VP at 201–1,000: 4``. A line without a size holds for all sizes, one with a size
goes before it. ``Regional, part 1: on`` is a part of a rule about a word in a title: the rule holds when all its parts
are on, and does harm when only some are. Lines that mean nothing change nothing but the length.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

SIZES = ("1–50", "51–200", "201–1,000", "1,001+")
LEVELS = ("C-level", "VP", "Director", "Manager", "Specialist")
TEAMS = ("Sales", "Marketing", "Finance", "IT", "Purchasing")
WORDS = ("Regional", "Interim", "Group", "Digital", "Deputy", "Key account")
"""Words in titles, of which a lead has one at most."""
CONTACT = "Contact from"
MOST = 5
"""Levels and teams get 0 to 5 points, 3 where nothing is said; a lead is contacted from so many points together."""

_CELLS = [(kind, [f"{kind} at {size}" for size in SIZES]) for kind in (*LEVELS, *TEAMS)]
_CELLS_OF = dict(_CELLS)
_LINE = re.compile(r"- (.+): (\S+)")


@dataclass(frozen=True)
class Rule:
    """What a word in a title is worth, when all ``parts`` are on; ``wanted`` says whether they should be.

    With some parts on, but not all, the word is worth ``-worth`` times 0.75. A ``split`` rule of two parts goes wrong
    in another way: its first part alone is right at ``home``, a size, and as wrong as it can be elsewhere.
    """

    word: str
    parts: int
    worth: float
    wanted: bool = True
    split: bool = False
    home: int = 0

    def names(self) -> tuple[str, ...]:
        """The names of its lines."""
        return tuple(f"{self.word}, part {at}" for at in range(1, self.parts + 1))

    def points(self, on: Sequence[bool]) -> list[float]:
        """What the word is worth at each size with these parts on."""
        if all(on):
            return [self.worth if self.wanted else -self.worth] * len(SIZES)
        if not any(on):
            return [0.0] * len(SIZES)
        if self.split and on[0]:
            return [self.worth if size == self.home else -self.worth for size in range(len(SIZES))]
        return [-0.75 * self.worth] * len(SIZES)


@dataclass(frozen=True)
class Meaning:
    """What a text says, as points by kind and size: (levels, sizes), (teams, sizes), (words + 1, sizes).

    The first row of ``words`` is for leads without one.
    """

    levels: np.ndarray
    teams: np.ndarray
    words: np.ndarray
    contact: float


def lines_of(text: str) -> dict[str, str]:
    """Name and value of every line that has both; of two with one name the last counts."""
    return {found[1]: found[2] for line in text.splitlines() if (found := _LINE.fullmatch(line.strip()))}


def meaning(text: str, rules: Sequence[Rule]) -> Meaning:
    """Read a text. A value that is no number says nothing."""
    said = lines_of(text)
    words = np.zeros((len(WORDS) + 1, len(SIZES)))
    for rule in rules:
        words[WORDS.index(rule.word) + 1] += rule.points([said.get(name) == "on" for name in rule.names()])
    points = np.array(
        [[_number(said, cell, general) for cell in cells] for kind, cells in _CELLS
         for general in (_number(said, kind, 3.0),)]
    )  # fmt: skip
    return Meaning(points[: len(LEVELS)], points[len(LEVELS) :], words, _number(said, CONTACT, 6.0))


def _number(said: Mapping[str, str], name: str, otherwise: float) -> float:
    value = said.get(name)
    if value is None:
        return otherwise
    try:
        return float(value)
    except ValueError:
        return otherwise


def distance_of(
    subject: str, said: Mapping[str, str], right: Mapping[str, str], rules: Sequence[Rule], weights: Sequence[float]
) -> float:
    """How far what lines say of a subject is from the right: points of its cells, by how common their size is.

    Of a rule, how many parts differ; 0 for a subject that means nothing. An edit is called right when the sum over
    subjects falls; half of a rule is a right step, although it does harm.
    """
    if subject in _CELLS_OF:
        return _kind_distance(said, right, subject, _CELLS_OF[subject], weights)
    if subject == CONTACT:
        return abs(_number(said, CONTACT, 6.0) - _number(right, CONTACT, 6.0))
    names = [name for rule in rules if rule.word == subject for name in rule.names()]
    return sum(said.get(name, "off") != right.get(name, "off") for name in names)


def subject_of(name: str) -> str:
    """What a line speaks of: "VP" for "VP at 1–50", "Regional" for "Regional, part 1"."""
    return name.split(" at ")[0].split(", part ")[0]


def _kind_distance(
    said: Mapping[str, str], right: Mapping[str, str], kind: str, cells: Sequence[str], weights: Sequence[float]
) -> float:
    mine, best = said.get(kind, "3"), right.get(kind, "3")
    pairs = zip(cells, weights, strict=True)
    return sum(weight * abs(float(said.get(cell, mine)) - float(right.get(cell, best))) for cell, weight in pairs)


def with_line(text: str, name: str, value: str) -> str:
    """The text with this line set: changed where it stands, else added at the end."""
    line = f"- {name}: {value}"
    lines = text.splitlines()
    places = [at for at, old in enumerate(lines) if old.startswith(f"- {name}: ")]
    if places:
        lines[places[-1]] = line
    else:
        lines.append(line)
    return "\n".join(lines) + "\n"


def without_line(text: str, name: str) -> str:
    """The text without the lines of that name."""
    return "\n".join(line for line in text.splitlines() if not line.startswith(f"- {name}: ")) + "\n"

"""The one proposer of all optimizers: it looks at signed errors in groups of leads, and proposes edits of the text.

A lead's error is +1 where it was contacted and should not be, -1 the other way round, and between them for a place
that is too good or too bad. Errors are summed over the leads that a line speaks of; the larger the sum for its number
of leads, the likelier the line is edited. With probability ``right`` the edit is one that brings the text nearer to the
right one (``distance``), if there is any, else one that does not: as plausible, but wrong.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eval.planted_text import (
    CONTACT,
    LEVELS,
    MOST,
    SIZES,
    TEAMS,
    lines_of,
    with_line,
    without_line,
)  # fmt: skip
from ranker.optimizer.subject import Proposal, text_hash

NOTES = (
    "Remember to look at the whole title", "Think step by step", "Titles come in several languages",
    "Be careful with long titles", "A good lead is a good lead", "Read the list twice",
)  # fmt: skip
TWO_CHANGES = 0.25
"""How often a proposal is two changes at once."""


@dataclass(frozen=True)
class Change:
    """One change of a text: ``name`` is the line, ``value`` its new value, None to drop it."""

    name: str
    value: str | None

    def applied(self, text: str) -> str:
        """The changed text."""
        return without_line(text, self.name) if self.value is None else with_line(text, self.name, self.value)


Options = Callable[[str], Sequence[tuple[Change, bool]]]
"""Every change of a text that may be proposed, and whether it is a right one."""


def changes_of(text: str, by_size: bool) -> list[Change]:
    """Every change that anybody could propose: a number one or two up or down, a part on or off, a note.

    ``by_size``: whether lines for one size may be added to a text that speaks of all sizes, and dropped again.
    """
    said, found = lines_of(text), []
    for name, value in said.items():
        if value in ("on", "off"):
            found.append(Change(name, "off" if value == "on" else "on"))
        elif value.isdecimal():
            steps = (-1, 1) if name == CONTACT else (-2, -1, 1, 2)
            most = 2 * MOST if name == CONTACT else MOST
            found += [Change(name, str(int(value) + step)) for step in steps if 0 <= int(value) + step <= most]
        if by_size and " at " in name:
            found.append(Change(name, None))
    if by_size:
        for kind in (*LEVELS, *TEAMS):
            was = said.get(kind, "3")
            found += [
                Change(f"{kind} at {size}", str(int(was) + step))
                for size in SIZES
                if f"{kind} at {size}" not in said
                for step in (-2, -1, 1, 2)
                if was.isdecimal() and 0 <= int(was) + step <= MOST
            ]
    return found + [Change(note, "yes") for note in NOTES if note not in said]


def propose(
    text: str,
    companies: Sequence[str],
    wanted: int,
    seed: int,
    *,
    groups: Mapping[str, tuple[float, int]],
    options: Options,
    right: float,
) -> list[Proposal]:
    """At most ``wanted`` different edits. ``groups``: by line name, the sum of signed errors and the number of leads.

    Deterministic in text, companies (in any order), wanted and seed.
    """
    key = text_hash(f"{text}\n{sorted(companies)}\n{wanted}\n{seed}")
    rng = np.random.default_rng(int(key, 16))
    found: dict[str, tuple[float, Proposal]] = {}
    for _ in range(4 * wanted):
        if len(found) == wanted:
            break
        wants_right = bool(rng.random() < right)
        new, made, weight = text, [], 0.0
        for _ in range(2 if rng.random() < TWO_CHANGES else 1):
            picked = _pick(new, wants_right, rng, groups, options)
            if picked is not None:
                new, weight = picked[0].applied(new), weight + picked[1]
                made.append(picked[0])
        if new != text and new not in found:
            found[new] = (weight, Proposal(new, _critique(made, groups), _edit(made, text)))
    return [one for _, one in sorted(found.values(), key=lambda pair: (-pair[0], pair[1].text))]


def _pick(
    text: str,
    wants_right: bool,
    rng: np.random.Generator,
    groups: Mapping[str, tuple[float, int]],
    options: Options,
) -> tuple[Change, float] | None:
    every = options(text)
    fitting = [one for one, is_right in every if is_right == wants_right] or [one for one, _ in every]
    # A line that nobody at these companies is touched by is no right answer to their errors.
    seen = [one for one in fitting if groups.get(_group(one.name), (0.0, 0))[1]] if wants_right else fitting
    fitting = seen or fitting
    if not fitting:
        return None
    weights = np.array([_weight(one, groups) for one in fitting])
    at = int(rng.choice(len(fitting), p=weights / weights.sum()))
    return fitting[at], float(weights[at])


def _group(name: str) -> str:
    """The group of leads that a line speaks of: both parts of a rule speak of the same."""
    return name.split(", part ")[0]


def _weight(change: Change, groups: Mapping[str, tuple[float, int]]) -> float:
    total, count = groups.get(_group(change.name), (0.0, 0))
    return 0.25 + abs(total) / math.sqrt(count) if count else 0.25


def _critique(made: Sequence[Change], groups: Mapping[str, tuple[float, int]]) -> str:
    parts = []
    for change in made:
        total, count = groups.get(_group(change.name), (0.0, 0))
        way = "too high" if total > 0 else "too low"
        parts.append(f"{_group(change.name)}: {count} leads, {way} by {abs(total):.1f} in sum.")
    return " ".join(parts)


def _edit(made: Sequence[Change], text: str) -> str:
    said = lines_of(text)
    return " ".join(
        f"“{one.name}” dropped."
        if one.value is None
        else f"“{one.name}” from {said.get(one.name, 'nothing')} to {one.value}."
        for one in made
    )

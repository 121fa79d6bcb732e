"""The planted worlds: three families to search in, and three to be honest in.

- ``additive``: each line counts for itself. About a third are wrong at the start; changing the others harms, and many
  speak of leads that nobody has.
- ``interacting``: rules of two or three parts that help together only. One part alone harms, everywhere or at most
  sizes; some rules are traps, which should stay off. A few plain lines are wrong as well.
- ``mixed``: companies of four sizes, two of them rare, for which other points are right. Changing a line for all sizes
  helps some and harms others; a line for one size helps that one; many lines can be added that do nothing.
- ``equal``: every text is as good as any other; what differs is noise by lead and company.
- ``harmful``: the start is right, and every edit that is proposed does harm.
- ``gain``: like ``equal``, but one line is wrong at the start, and right it is worth .20 of pairs_f1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from eval.planted import World
from eval.planted_edits import NOTES, Change, changes_of
from eval.planted_leads import Noise
from eval.planted_text import CONTACT, LEVELS, MOST, SIZES, TEAMS, WORDS, Rule, lines_of, with_line

NOBODY = ("Board member", "Intern", "Consultant", "Founder's office")
"""Levels that no lead has."""


def text_of(lines: Mapping[str, object]) -> str:
    """A text of these lines."""
    return "# Whom to contact\n\n" + "".join(f"- {name}: {value}\n" for name, value in lines.items())


def additive(seed: int) -> World:
    """Independent lines, by level and size and by team."""
    rng = np.random.default_rng([1, seed])
    right = {f"{level} at {size}": _level(at, rng) for at, level in enumerate(LEVELS) for size in SIZES}
    right |= {team: int(rng.integers(0, 6)) for team in TEAMS}
    start = right | {name: _moved(right[name], rng) for name in rng.permutation(list(right))[: len(right) // 3]}
    nobody = {f"{level} at {size}": int(rng.integers(0, 6)) for level in NOBODY for size in SIZES[:2]}
    wrong = {CONTACT: int(rng.choice((5, 7)))}
    return World("additive", seed, text_of(start | nobody | wrong), text_of(right | nobody | {CONTACT: 6}))


def interacting(seed: int) -> World:
    """Rules whose parts help together and harm alone, and three wrong lines."""
    rng = np.random.default_rng([2, seed])
    right = {level: _level(at, rng) for at, level in enumerate(LEVELS)} | {
        team: int(rng.integers(1, 6)) for team in TEAMS
    }
    words = [str(word) for word in rng.permutation(WORDS)]
    worth = [float(rng.choice((-2.5, 2.5))) for _ in words]
    rules = (
        Rule(words[0], 2, worth[0]),
        Rule(words[1], 2, worth[1], split=True, home=int(rng.integers(0, 3))),
        Rule(words[2], 2, worth[2], split=True, home=int(rng.integers(0, 3))),
        Rule(words[3], 3, worth[3]),
        Rule(words[4], 2, worth[4], wanted=False),
        Rule(words[5], 1, worth[5], wanted=False),
    )
    off = {name: "off" for rule in rules for name in rule.names()}
    on = off | {name: "on" for rule in rules if rule.wanted for name in rule.names()}
    start = right | {name: _moved(right[name], rng) for name in rng.permutation(list(right))[:3]}
    threshold = {CONTACT: 6}
    return World("interacting", seed, text_of(start | threshold | off), text_of(right | threshold | on), rules=rules)


def mixed(seed: int) -> World:
    """Two common sizes and two rare ones, for which the points differ."""
    rng = np.random.default_rng([3, seed])
    sizes = rng.permutation((0.5, 0.3, 0.12, 0.08))
    right = {level: _level(at, rng) for at, level in enumerate(LEVELS)} | {
        team: int(rng.integers(1, 6)) for team in TEAMS
    }
    best: dict[str, object] = dict(right)
    for at, size in enumerate(SIZES):
        for name in rng.permutation(list(right))[: 1 if sizes[at] > 0.4 else 3 if sizes[at] > 0.2 else 5]:
            best[f"{name} at {size}"] = _moved(right[name], rng)
    start = right | {name: _moved(right[name], rng) for name in rng.permutation(list(right))[:2]}
    return World(
        "mixed", seed, text_of(start | {CONTACT: 6}), text_of(best | {CONTACT: 6}),
        sizes=tuple(float(share) for share in sizes), by_size=True,
    )  # fmt: skip


FAMILIES = {"additive": additive, "interacting": interacting, "mixed": mixed}
"""By name, a world of each family from a seed."""

_PLAIN: dict[str, object] = {
    "C-level": 4, "VP": 5, "Director": 4, "Manager": 2, "Specialist": 1,
    "Sales": 4, "Marketing": 3, "Finance": 2, "IT": 2, "Purchasing": 3, CONTACT: 6,
}  # fmt: skip
_NOISY = Noise(by_person=0.4, by_lead=0.8, by_text=0.8, by_company=0.5)


def equal(seed: int, noise: Noise = _NOISY) -> World:
    """Every edit adds or drops lines that speak of nobody: no text is better than another, all differ by noise."""
    text = text_of(_PLAIN | {f"{level}": 2 for level in NOBODY})
    return World("equal", seed, text, text, noise=noise, proposes=_of_nobody)


def harmful(seed: int) -> World:
    """The start is right, and every edit moves a line away from it, the way that does harm."""
    text = text_of(_PLAIN)
    return World("harmful", seed, text, text, noise=Noise(by_text=0.4, by_company=0.3), proposes=_away)


def gain(seed: int) -> World:
    """One line is wrong at the start; one edit, which the proposer finds as often as ``right`` says, mends it: +.20."""
    best = text_of(_PLAIN | {f"{level}": 2 for level in NOBODY})
    start = with_line(best, *WRONG)
    return World("gain", seed, start, best, noise=_NOISY, right=0.3, proposes=_mending)


WRONG = ("VP", "0")
"""The line that is wrong at the start of ``gain``."""


def _of_nobody(text: str) -> Sequence[tuple[Change, bool]]:
    touches = (*NOBODY, *NOTES)
    return [(one, False) for one in changes_of(text, by_size=False) if one.name in touches]


def _mending(text: str) -> Sequence[tuple[Change, bool]]:
    mend = [] if lines_of(text)[WRONG[0]] != WRONG[1] else [(Change(WRONG[0], str(_PLAIN[WRONG[0]])), True)]
    return [*mend, *_of_nobody(text)]


def _away(text: str) -> Sequence[tuple[Change, bool]]:
    said, found = lines_of(text), []
    for name, step in _HARMS.items():
        now, most = int(said[name]), 2 * MOST if name == CONTACT else MOST
        found += [(Change(name, str(now + by)), False) for by in (step, 2 * step) if 0 <= now + by <= most]
    return found


_HARMS = {
    "C-level": -1, "VP": -1, "Director": -1, "Manager": 1,
    "Sales": -1, "Marketing": -1, "Finance": -1, "IT": -1, "Purchasing": -1, CONTACT: 1,
}  # fmt: skip
"""The way in which each line of ``_PLAIN`` only does harm."""


def _level(at: int, rng: np.random.Generator) -> int:
    """Points of a level: higher ones mostly more."""
    return int(np.clip(round(4.5 - at + rng.normal(0, 0.8)), 0, MOST))


def _moved(value: int, rng: np.random.Generator) -> int:
    """Another number of points, two or three away."""
    options = [other for other in range(MOST + 1) if 2 <= abs(other - value) <= 3]
    return int(rng.choice(options))

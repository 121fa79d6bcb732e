"""What the persona says of one role at one size: a target, an exclusion, or the grid of team and level."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from ranker.personas.spec import Department, Exclusion, Seniority, Signal, Target
from ranker.scoring.compiled import CompiledPersona, Fit
from ranker.scoring.patterns import Pattern, matches, uncovered
from ranker.titles import Role

Kind = Literal["target", "champion", "grid", "level", "unlisted", "unknown", "hard", "soft", "away"]

#: What a team is worth that the persona does not list, and a team that could not be told.
UNLISTED, UNKNOWN = 0.15, 0.2
#: Level counts twice as much as team: the wrong level in the right team can't decide, and who is asked decides.
_TEAM, _LEVEL = 1 / 3, 2 / 3
#: From this priority on (2 of 5), a title that the persona names is contacted.
NAMED = 0.4
#: What a soft exclusion or a sign against somebody leaves of a score; a second role that is excluded leaves more.
SOFT, AGAINST, EXCLUDED_TOO = 0.5, 0.6, 0.85


@dataclass(frozen=True, slots=True)
class Verdict:
    """One role at one size. ``score`` is 0 to 100, not rounded; ``basis`` the persona's lines it rests on."""

    kind: Kind
    score: float
    qualified: bool
    department: float | None
    seniority: float | None
    target: Target | None = None
    exclusion: Exclusion | None = None
    departments: tuple[Department, ...] = ()
    levels: tuple[Seniority, ...] = ()
    signals: tuple[Signal, ...] = ()
    narrow: int = 0
    basis: tuple[tuple[int, str], ...] = ()

    def with_basis(self) -> Verdict:
        """The verdict with the lines that had a say, as (number, quote): the one that decided first."""
        first = [row for row in (self.target, self.exclusion) if row is not None]
        rows = (*first, *self.signals, *self.departments, *self.levels)
        return replace(self, basis=tuple(dict.fromkeys((row.place.line, row.quote) for row in rows)))


def grid(team: float, level: float) -> float:
    """The joint fit of team and level, 0 to 1: a weighted geometric mean, so that a zero in either is zero."""
    return float(team**_TEAM * level**_LEVEL)


def _best_target(role: Role, tokens: frozenset[str], persona: CompiledPersona, at: int) -> tuple[int, Target] | None:
    found: list[tuple[bool, int, float, int, Target]] = []
    for pattern, target in persona.targets[at]:
        if not (role.employed or pattern.flags):
            continue  # a former or retired VP is none, unless the persona looks for just those
        narrow = matches(pattern, role, tokens, persona.lineage)
        if narrow is None or (pattern.level is None and not pattern.ownership and not pattern.flags and not narrow):
            continue
        # A champion who is also a buyer is a buyer; among buyers the line that fits most narrowly speaks.
        found.append((not target.champion, narrow, target.priority, -(target.order or 99), target))
    if not found:
        return None
    best = max(found, key=lambda entry: entry[:4])
    return best[1], best[4]


def _exclusion(
    role: Role,
    tokens: frozenset[str],
    rows: tuple[tuple[tuple[Pattern, ...], Exclusion], ...],
    persona: CompiledPersona,
    at: int,
) -> tuple[int, Exclusion] | None:
    """The exclusion that fits most narrowly. A field that the persona wants saves a role of two fields."""
    best: tuple[int, Exclusion] | None = None
    for patterns, row in rows:
        for pattern in patterns:
            narrow = matches(pattern, role, tokens, persona.lineage)
            if narrow is None or (best is not None and narrow <= best[0]):
                continue
            if pattern.functions and len(role.functions) > 1:
                rest = uncovered([p for ps, _ in rows for p in ps], role, persona.lineage)
                if any(persona.department(function, tokens, at) is not None for function in rest):
                    continue
            best = (narrow, row)
    return best


def _teams(role: Role, tokens: frozenset[str], persona: CompiledPersona, at: int) -> tuple[Fit | None, bool]:
    """The fit of the role's teams: midway between the best of them and their mean. And whether any is listed."""
    # An owner without a field of their own runs the company.
    functions = role.functions or (("executive",) if role.ownership else ())
    if not functions:
        return None, False
    fits = [persona.department(function, tokens, at) for function in functions]
    values = [fit.value if fit is not None else UNLISTED for fit in fits]
    return Fit((max(values) + sum(values) / len(values)) / 2, _rows(fits)), any(fit is not None for fit in fits)


def _rows(fits: list[Fit | None]) -> tuple[Department | Seniority, ...]:
    seen: dict[int, Department | Seniority] = {}
    for fit in fits:
        for row in fit.rows if fit is not None else ():
            seen.setdefault(row.place.start, row)
    return tuple(seen.values())


def judge_role(role: Role, tokens: frozenset[str], persona: CompiledPersona, at: int) -> Verdict:
    """The verdict on one role in the bracket at place ``at``.

    A named target beats the grid. Of a target and an exclusion the narrower wins; in a tie a hard exclusion beats
    the target and the target a soft one. On the grid, team and level must each reach the threshold.
    """
    team, listed = _teams(role, tokens, persona, at)
    rung = persona.rung(role, at)
    if not persona.seniority and not role.headed:
        rung = Fit(0.5)
    worth = team.value if team is not None else UNKNOWN
    chief = role.functions == ("executive",) and (role.level == "c_level" or role.ownership is not None)
    if listed and chief:
        # The matrix has a row for owners and chiefs themselves; it says more of them than the row of their team.
        worth = max(worth, rung.value)
    joint = grid(worth, rung.value)
    bar = persona.threshold / 100
    near = joint if listed else worth * rung.value
    below = min(0.85 * near + 0.15 * (worth + rung.value) / 2, bar - 0.01)
    base = Verdict(
        "grid", 0.0, False, team.value if team is not None else None, rung.value,
        departments=tuple(row for row in (team.rows if team else ()) if isinstance(row, Department)),
        levels=tuple(row for row in rung.rows if isinstance(row, Seniority)),
    )  # fmt: skip
    named = _best_target(role, tokens, persona, at)
    hard = _exclusion(role, tokens, persona.hard[at], persona, at)
    soft = _exclusion(role, tokens, persona.soft[at], persona, at)
    if hard is not None and (named is None or hard[0] >= named[0]):
        return replace(base, kind="hard", score=0.0, exclusion=hard[1], narrow=hard[0])
    if named is not None and (soft is None or soft[0] <= named[0]):
        target = named[1]
        if target.champion:
            score = bar + (1 - bar) * 0.25 * (target.priority + joint) / 2
            return replace(base, kind="champion", score=100 * score, qualified=True, target=target)
        if target.priority >= NAMED:
            score = bar + (1 - bar) * (0.7 * (target.priority - NAMED) / (1 - NAMED) + 0.28 * joint)
            score -= (1 - bar) * 0.008 * min((target.order or 1) - 1, 10)
            return replace(base, kind="target", score=100 * max(score, bar), qualified=True, target=target)
        return replace(base, kind="level", score=100 * below, target=target)
    if not role.employed or (role.flags & {"advisor"} and not role.functions):
        return replace(base, kind="soft" if soft else "away", score=0.0, exclusion=soft[1] if soft else None)
    if soft is not None:
        return replace(base, kind="soft", score=100 * below * SOFT, exclusion=soft[1], narrow=soft[0])
    if team is None:
        return replace(base, kind="unknown", score=100 * below)
    if not listed:
        return replace(base, kind="unlisted", score=100 * below)
    if min(worth, rung.value) >= bar - 1e-9:
        score = bar + 0.625 * (joint - bar)
        return replace(base, score=100 * score, qualified=True)
    return replace(base, kind="level", score=100 * below)


def apply_signals(verdict: Verdict, role: Role, persona: CompiledPersona, at: int) -> Verdict:
    """Move the score by what the persona says of words in the title: up a little, or down for good."""
    text = f" {role.text} "
    met = [(phrase, signal) for phrase, signal in persona.signals[at] if f" {' '.join(phrase)} " in text]
    if not met or verdict.kind == "hard":
        return verdict
    bar, score, qualified = persona.threshold, verdict.score, verdict.qualified
    signals = tuple(dict.fromkeys(signal for _, signal in met))
    if any(not signal.positive for signal in signals):
        score *= AGAINST
        qualified = qualified and score >= bar
    elif qualified:
        score = min(100.0, score + 0.1 * (100 - bar))
    return replace(verdict, score=score, qualified=qualified, signals=signals)

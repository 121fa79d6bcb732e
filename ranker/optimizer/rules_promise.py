"""What a change promises by the labels at hand, and which changes are tried: the promising, and not all alike."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ranker.optimizer.rules_changes import Change
from ranker.optimizer.rules_critique import Fault

_SPREAD = 0.25
"""How far luck moves a change up or down among the others: in e-folds of its worth."""


_DOUBT = 0.75
"""How much of its standard error a gain must make up for. One that rests on one company is as large as that error."""


@dataclass(frozen=True, slots=True)
class Gain:
    """What a change does at the companies looked at: the mean change of the figure and its standard error, how many did
    better and worse.
    """

    mean: float
    error: float
    better: int
    worse: int
    companies: int

    @property
    def worth(self) -> float:
        """The mean gain less a part of its standard error: little where one company alone speaks for it."""
        return max(0.0, round(self.mean - _DOUBT * self.error, 12))

    @property
    def words(self) -> str:
        """ "At the companies looked at it did better in 3, worse in 1 and the same in 8."."""
        same = self.companies - self.better - self.worse
        weak = " One company is weak evidence." if self.better == 1 else ""
        return f"Of the companies looked at, {self.better} did better, {self.worse} worse, {same} the same.{weak}"


@dataclass(frozen=True)
class Trial:
    """Changes that belong together, the faults that they are to mend, and what they promise."""

    changes: tuple[Change, ...]
    faults: tuple[Fault, ...]
    gain: Gain


def promise(before: Mapping[str, float], after: Mapping[str, float], companies: Sequence[str]) -> Gain:
    """What changed from one figure by company to another, at some companies."""
    moved = [after[company] - before[company] for company in companies if company in before]
    mean = math.fsum(moved) / len(moved) if moved else 0.0
    error = 0.0
    if len(moved) > 1:
        error = math.sqrt(math.fsum((one - mean) ** 2 for one in moved) / (len(moved) - 1) / len(moved))
    return Gain(
        round(mean, 12),
        round(error, 12),
        sum(one > 1e-9 for one in moved),
        sum(one < -1e-9 for one in moved),
        len(moved),
    )


def drawn(trials: Sequence[Trial], seed: int) -> list[Trial]:
    """The trials that promise a gain, in the order in which they are to be written.

    Each has its worth times luck, which another seed deals otherwise: the better it is, the earlier it is likely to
    come. A change that reaches other sizes of company too, and gains nothing by it, is none of them.
    """
    luck = random.Random(seed)
    found = []
    for trial in trials:
        if trial.gain.worth > 0 and not any(_narrower(other, trial) for other in trials):
            # Gumbel's distribution: to order by worth times its exponential is to draw without putting back.
            gumbel = -math.log(-math.log(min(max(luck.random(), 1e-12), 1 - 1e-12)))
            found.append((math.log(trial.gain.worth) + _SPREAD * gumbel, trial))
    return [trial for _, trial in sorted(found, key=lambda one: -one[0])]


def joint(trials: Sequence[Trial]) -> Trial | None:
    """The two best that do not contradict each other, as one; what it gains is still to be found out."""
    best = sorted(trials, key=lambda one: -one.gain.worth)[:4]
    for one, other in itertools.combinations(best, 2):
        if not contradict(one, other):
            return Trial((*one.changes, *other.changes), (*one.faults, *other.faults), one.gain)
    return None


def _narrower(one: Trial, other: Trial) -> bool:
    """Whether one is worth no less than the other, by changing the same thing at fewer sizes."""
    (mine,), (theirs,) = one.changes, other.changes
    if mine.about != theirs.about or mine.sizes is None or one.gain.worth < other.gain.worth:
        return False
    return theirs.sizes is None or set(mine.sizes) < set(theirs.sizes)


def contradict(one: Trial, other: Trial) -> bool:
    """Whether two change the same thing at the same size."""

    def meet(mine: Change, theirs: Change) -> bool:
        apart = mine.sizes is not None and theirs.sizes is not None and set(mine.sizes).isdisjoint(theirs.sizes)
        return mine.about == theirs.about and not apart

    return any(meet(mine, theirs) for mine in one.changes for theirs in other.changes)

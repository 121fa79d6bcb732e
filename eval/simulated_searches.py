"""Whole optimizations where the truth is known: how often a gain is claimed that is none, and one that is found.

Each with the settings of the page and the command line, on 30 companies of a world of its own: a quarter held out, the
search, the same search without each of five folds, then the hold-out opened once. A false claim is one for a text that
is not truly better than the start by a thousandth.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scipy.stats import beta

from eval.optimizers import Counted
from eval.planted import World
from eval.planted_leads import Noise
from eval.planted_worlds import equal, gain, harmful
from ranker.optimizer.holdout import conclude, open_hold_out
from ranker.optimizer.memory import InMemory
from ranker.optimizer.optimize import optimize
from ranker.optimizer.outcome import Outcome
from ranker.optimizer.settings import Settings
from ranker.optimizer.subject import Subject

COMPANIES = 30
TRULY = 0.001


@dataclass(frozen=True)
class Simulated:
    """One optimization. ``early``: a gain is claimed from the folds alone; ``claimed``: with the hold-out open.

    ``changed``: another text than the start is proposed. ``true_gain``: of a claimed proposal in pairs_f1, else 0:
    the start is live.
    """

    early: bool
    claimed: bool
    changed: bool
    true_gain: float
    evaluations: int


def whole(subject: Subject, settings: Settings) -> tuple[Outcome, Outcome]:
    """An optimization before and after the hold-out is opened; the same where nothing is held out."""
    memory = InMemory()
    before = optimize(subject, memory, settings)
    if not before.split.held_out:
        return before, before
    return before, conclude(before, open_hold_out(subject, memory, before))


def simulate(world: World, companies: int = COMPANIES) -> Simulated:
    """One optimization of a world, its own seed deciding all."""
    counted = Counted(world.subject("train", companies))
    before, after = whole(counted, Settings(seed=world.seed))
    text = after.search.proposed.text
    true_gain = 0.0
    if after.claim.gain:
        true_gain = world.truth(text)["pairs_f1"] - world.truth(world.start)["pairs_f1"]
    return Simulated(before.claim.gain, after.claim.gain, text != world.start, true_gain, counted.spent)


def share(hits: int, of: int) -> str:
    """ "7 of 200 (1.4% to 7.1%)": with the exact 95% interval (Clopper and Pearson 1934)."""
    low = float(beta.ppf(0.025, hits, of - hits + 1)) if hits else 0.0
    high = float(beta.ppf(0.975, hits + 1, of - hits)) if hits < of else 1.0
    return f"{hits} of {of} ({low:.1%} to {high:.1%})"


EQUAL: dict[str, Callable[[int], World]] = {
    "equal": equal,
    "equal, most companies unchanged": lambda seed: equal(seed, Noise(by_lead=0.8, by_text=0.15)),
    "equal, companies jump as a whole": lambda seed: equal(seed, Noise(by_lead=0.6, by_text=0.2, by_company=1.5)),
}
"""Worlds without anything to gain, by how texts differ; the first is the one of the promise."""

HEAD = (
    "| searches | another text proposed | a gain claimed | … from the folds alone | true gain of what is live "
    "| evaluations |\n| --- | --- | --- | --- | --- | --- |"
)


def row(name: str, found: Sequence[Simulated]) -> str:
    """A line of the table under ``HEAD``."""
    count = len(found)
    return (
        f"| {name} | {sum(one.changed for one in found)} | {share(sum(one.claimed for one in found), count)} "
        f"| {sum(one.early for one in found)} | {sum(one.true_gain for one in found) / count:+.4f} "
        f"| {sum(one.evaluations for one in found) / count:,.0f} |"
    )


def false_claims(found: Sequence[Simulated]) -> int:
    """How many claims are of a text that is not truly better."""
    return sum(one.claimed and one.true_gain < TRULY for one in found)


def main(searches: int) -> list[str]:
    """Print the table; what was promised and not kept, as sentences."""
    print(HEAD, flush=True)
    broken = []
    for at, (name, make) in enumerate(EQUAL.items()):
        count = max(1, searches if not at else searches // 4)
        found = [simulate(make(seed)) for seed in range(count)]
        print(row(name, found), flush=True)
        # 16 of 200; of fewer as many as an honest 5% hardly ever exceeds.
        most = int(0.08 * count) if count >= 200 else int(0.08 * count) + 3
        if (wrong := false_claims(found)) > most:
            broken.append(f"{name}: {wrong} of {count} searches claim a gain; at most {most} may")
    half = max(1, searches // 2)
    found = [simulate(harmful(seed)) for seed in range(half)]
    print(row("harmful", found), flush=True)
    if claims := sum(one.claimed for one in found):
        broken.append(f"{claims} of {half} searches did not keep the start, though every edit harms")
    for companies in (COMPANIES, 20, 12):
        count = half if companies == COMPANIES else max(1, half // 2)
        found = [simulate(gain(seed), companies) for seed in range(count)]
        print(row(f"a gain of .20, {companies} companies", found), flush=True)
    return broken

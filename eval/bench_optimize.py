"""The optimizer against plain ProTeGi and greedy search before planted judges, and what it claims without a gain.

``python -m eval.bench_optimize [--seeds N] [--searches N]`` (30 and 200: half an hour of the processor). For each
family and seed: 30 companies to search with, 100 others to measure at. Every search has the same proposer and as many
evaluations as ours took (``eval/optimizers.py`` says what counts as one). First ours as a bare search, which proposes
a text, as the others do; then, for a third of the seeds, the whole of it, with folds and a hold-out of its own, where
the start stays unless a gain is claimed. Then ``eval/simulated_searches.py``; ``--searches 0`` leaves it out,
``--seeds 0`` the families. Exit status 1 if a promise is broken.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from eval import simulated_searches
from eval.optimizers import Counted, Outcome, greedy, protegi, same_for_all, successive_rejects
from eval.planted import PlantedSubject, World
from eval.planted_worlds import FAMILIES
from eval.simulated_searches import COMPANIES, whole
from ranker.evaluation.compare import headline_or, holm, limit
from ranker.evaluation.intervals import difference_interval, mean_interval
from ranker.evaluation.resampling import sign_flip_p
from ranker.optimizer.memory import InMemory
from ranker.optimizer.optimize import optimize
from ranker.optimizer.settings import Settings
from ranker.optimizer.subject import Subject

HOLD_OUT = 100
FIRST = 100
"""The first seed: those below were looked at while the search was written."""
BARE, WHOLE = "ours, the bare search", "ours, where a gain is claimed"
START = "the start"
Rival = Callable[[Subject, int, int], Outcome]

RIVALS: dict[str, Rival] = {
    "ProTeGi, upper confidence": protegi,
    "ProTeGi, successive rejects": lambda *given: protegi(*given, bandit=successive_rejects),
    "ProTeGi, same companies for all": lambda *given: protegi(*given, bandit=same_for_all),
    "greedy": greedy,
}


@dataclass(frozen=True)
class Measured:
    """A text at companies that no search saw (means), and what it is truly worth."""

    pairs: float
    pairs_f1: float
    truth: float
    length: int
    texts: int
    evaluations: int


def measured(world: World, unseen: PlantedSubject, end: Outcome) -> Measured:
    """The figures of the text that a search ended with."""
    found = unseen.evaluate(end.best, unseen.companies).values()
    pairs, both = (
        float(np.mean([value for one in found if (value := headline_or(name, one)) is not None]))
        for name in ("pairs", "pairs_f1")
    )
    return Measured(pairs, both, world.truth(end.best)["pairs_f1"], len(end.best), end.texts, end.evaluations)


def bare(subject: Subject, seed: int) -> Outcome:
    """What our search proposes from all companies."""
    counted = Counted(subject)
    found = optimize(counted, InMemory(), Settings(folds=0, hold_out=0, seed=seed)).search
    return counted.outcome(found.proposed.text)


def claimed(subject: Subject, seed: int) -> Outcome:
    """What is live after a whole optimization: the proposal if a gain is claimed, else the start."""
    counted = Counted(subject)
    found = whole(counted, Settings(seed=seed))[1]
    return counted.outcome(found.search.proposed.text if found.claim.gain else subject.start)


def one(
    world: World, seed: int, ours: Callable[[Subject, int], Outcome], name: str, companies: int = COMPANIES
) -> dict[str, Measured]:
    """Every search in one world, at equal evaluations."""
    subject, unseen = world.subject("train", companies), world.subject("hold-out", HOLD_OUT)
    first = ours(subject, seed)
    ends = {START: Outcome(world.start, 0, 0), name: first}
    ends |= {rival: run(subject, first.evaluations, seed) for rival, run in RIVALS.items()}
    ends["the right text"] = Outcome(world.best, 0, 0)
    return {way: measured(world, unseen, end) for way, end in ends.items()}


Differences = tuple[str, str, list[float], list[float]]
"""Family, rival, and by seed what ours has more of: pairs, and pairs_f1."""


def table(family: str, name: str, found: Sequence[dict[str, Measured]]) -> list[Differences]:
    """Print the means, and return the differences of ours from each rival."""
    evaluations = np.mean([one[name].evaluations for one in found])
    print(f"\n{family}: {name}, {len(found)} seeds, {evaluations:,.0f} evaluations each\n")
    print("| | pairs | pairs_f1 | true pairs_f1 | length | texts tried |\n" + "| --- " * 6 + "|")
    differences: list[Differences] = []
    for way in found[0]:
        rows = [seed[way] for seed in found]
        cells = [interval([getattr(row, figure) for row in rows]) for figure in ("pairs", "pairs_f1")]
        print(
            f"| {way} | {cells[0]} | {cells[1]} | {np.mean([row.truth for row in rows]):.3f} "
            f"| {np.mean([row.length for row in rows]):.0f} | {np.mean([row.texts for row in rows]):.0f} |",
            flush=True,
        )
        if way in RIVALS:
            both = [
                [getattr(seed[name], figure) - getattr(seed[way], figure) for seed in found]
                for figure in ("pairs", "pairs_f1")
            ]
            differences.append((family, way, both[0], both[1]))
    return differences


def interval(values: Sequence[float]) -> str:
    """ ".812 (.801 to .823)": the mean over seeds with its 95% interval."""
    found = mean_interval(list(values), 0, 1)
    return f"{found.mean:.3f}" if found.low is None else f"{found.mean:.3f} ({found.low:.3f} to {found.high:.3f})"


def verdicts(differences: Sequence[Differences]) -> None:
    """Print the paired differences; a verdict takes the interval and the sign-flip test, Holm over the table."""
    print("\n| family | ours minus | pairs | pairs_f1 | seeds won, lost | p (pairs), Holm | verdict |")
    print("| --- " * 7 + "|")
    adjusted = holm([sign_flip_p(np.array(pairs)) for _, _, pairs, _ in differences])
    for (family, way, pairs, both), p in zip(differences, adjusted, strict=True):
        cells = [difference_interval(values, -1, 1) for values in (pairs, both)]
        said = ["not distinguishable", "ours better", "ours worse"]
        sided = (cells[0].low or 0) > 0 or (cells[0].high or 0) < 0
        verdict = said[(1 if cells[0].mean > 0 else 2) if sided and p <= 0.05 else 0]
        print(
            f"| {family} | {way} | "
            + " | ".join(f"{cell.mean:+.3f} ({limit(cell.low)} to {limit(cell.high)})" for cell in cells)
            + f" | {sum(value > 0 for value in pairs)}, {sum(value < 0 for value in pairs)} | {p:.3f} | {verdict} |",
            flush=True,
        )


def main() -> None:
    """Measure and print, as Markdown."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, default=30, help="worlds of each family (30)")
    parser.add_argument("--searches", type=int, default=200, help="searches among equal texts (200)")
    given = parser.parse_args()
    for name, ours, seeds in ((BARE, bare, given.seeds), (WHOLE, claimed, given.seeds // 3)):
        if not seeds:
            continue
        differences: list[Differences] = []
        began = time.perf_counter()
        for family, make in FAMILIES.items():
            found = [one(make(seed), seed, ours, name) for seed in range(FIRST, FIRST + seeds)]
            differences += table(family, name, found)
        verdicts(differences)
        print(f"\n{time.perf_counter() - began:.0f} s", flush=True)
    print()
    if given.searches and (broken := simulated_searches.main(given.searches)):
        sys.exit("; ".join(broken))


if __name__ == "__main__":
    main()

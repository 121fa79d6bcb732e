"""Cascade against one plain batch per company at equal calls, both before the simulated judge (``eval/judge.py``).

``python -m eval.bench_cascade [SEEDS]``, 30 without a number. Of each company the cascade is asked first, alone, so
that no call is shared; whatever calls it took, the plain way gets as many for the same company: all of its leads in
one prompt, in the file's order, by the prompt ``rank`` (scores 0 to 100), again and again, scores averaged. A second
plain way has its leads shuffled before each call. Nobody is gated: the titles are made up, and no gate knows them.

Figures are those of ``ranker.evaluation`` (labels: the planted order, halves of a point alike), the mean over companies
and seeds. Then: the same judge with other faults, one at a time; sizes of companies; batches shared by companies, as in
a real ranking; and the same leads shuffled.
"""

from __future__ import annotations

import math
import random
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from eval.judge import RELEVANT, SIZES, Nature, SimulatedJudge, World, world
from ranker.evaluation.evaluate import Prediction, evaluate
from ranker.evaluation.labelled import NOT_RELEVANT, LabelledLead
from ranker.llm.apart import run_to_end
from ranker.personas.reader import read_persona
from ranker.scoring.llm.asking import Answers, ask_about
from ranker.scoring.llm.leads import Lead
from ranker.scoring.llm.rows import Judged
from ranker.scoring.llm.strategies import STRATEGIES
from ranker.scoring.llm.tasks import Tasks
from ranker.scoring.llm.watch import Progress
from ranker.scoring.ranks import assign_ranks

SEEDS = 30
THRESHOLD = RELEVANT * 10
PERSONA = (
    f"# Buyers\n\n## Whom to contact\n\n- VP of Sales: 5/5\n\nContact who scores {THRESHOLD:g} or more out of 100.\n"
)
FIGURES = ("pairs", "top_pairs", "recall", "precision", "p_at_3", "ndcg_5")
Scores = dict[str, float]
"""Of each title, 0 to 100."""


def _tasks() -> Tasks:
    return Tasks(PERSONA, read_persona(PERSONA), THRESHOLD)


def _leads(tasks: Tasks, company: str, titles: Sequence[str]) -> list[Lead]:
    return [Lead((tasks.spec.brackets[0].name,), company, (title, company, "", "")) for title in titles]


def cascade(judge: SimulatedJudge, tasks: Tasks, leads: Sequence[Lead]) -> Scores:
    """The scores that the real strategy gives."""
    found = run_to_end(STRATEGIES["cascade"](judge, tasks, leads, Progress())).found
    return {lead.inputs[0]: row.score for lead, row in found.items() if isinstance(row, Judged)}


def plain(
    judge: SimulatedJudge, tasks: Tasks, leads: Sequence[Lead], calls: int, shuffle: random.Random | None
) -> Scores:
    """The mean of the scores of so many calls with all leads in one prompt."""
    sums: dict[str, float] = defaultdict(float)
    for _ in range(calls):
        order, into = list(leads), Answers()
        if shuffle is not None:
            shuffle.shuffle(order)
        run_to_end(ask_about(judge, tasks, "rank", order, into))
        for lead, row in into.found.items():
            sums[lead.inputs[0]] += row.score / calls
    return dict(sums)


@dataclass
class Sums:
    """Figures of one way, added up over companies and seeds."""

    sums: dict[str, float]
    counts: dict[str, int]
    calls: int = 0
    tokens: float = 0.0
    hits: int = 0
    relevant: int = 0

    @classmethod
    def empty(cls) -> Sums:
        return cls(defaultdict(float), defaultdict(int))

    def add(
        self, company: str, titles: Sequence[str], made: World, scores: Scores | None, judge: SimulatedJudge | None
    ) -> None:
        """Measure one company; ``None`` for an answer that qualifies nobody. ``judge`` has counted calls and tokens."""
        truth = made.truth
        order = sorted({_half(truth[title]) for title in titles if truth[title] >= RELEVANT}, reverse=True)
        labels = [
            LabelledLead(title, company, 1.0 + order.index(_half(truth[title])))
            if truth[title] >= RELEVANT else LabelledLead(title, company, NOT_RELEVANT)
            for title in titles
        ]  # fmt: skip
        said = scores or dict.fromkeys(titles, 0.0)
        yes = {title: scores is not None and said[title] >= THRESHOLD for title in titles}
        ranks = assign_ranks([company] * len(titles), [round(said[t], 1) if yes[t] else None for t in titles])
        found = evaluate(
            labels, {t: Prediction(yes[t], rank, said[t]) for t, rank in zip(titles, ranks, strict=True)}
        ).companies[company]
        for name in FIGURES:
            if found[name] is not None and not math.isnan(found[name]):
                self.sums[name] += found[name]
                self.counts[name] += 1
        if judge is not None:
            self.calls += judge.calls
            self.tokens += judge.tokens_in
        good = [title for title in titles if truth[title] >= RELEVANT]
        self.relevant += len(good)
        self.hits += sum(yes[title] for title in good)

    def mean(self, name: str) -> float:
        """The mean over companies in which the figure is defined."""
        return self.sums[name] / self.counts[name] if self.counts[name] else math.nan

    def line(self, name: str) -> str:
        """One row of the table; "all" is the recall over all relevant leads, whatever their company."""
        pooled = self.hits / self.relevant if self.relevant else math.nan
        return (
            f"{name:<34}"
            + "".join(f"{self.mean(f):10.4f}" for f in FIGURES)
            + f"{pooled:10.4f}{self.calls:9,}{self.tokens:13,.0f}"
        )


def _half(points: float) -> float:
    return round(points * 2) / 2


WAYS = ("cascade", "plain, file's order", "plain, shuffled each time", "do nothing")


def compare(seeds: range, nature: Nature, sizes: tuple[int, ...] = SIZES, **more: float) -> dict[str, Sums]:
    """The figures of each way over made-up worlds."""
    tasks, found = _tasks(), {way: Sums.empty() for way in WAYS}
    for seed in seeds:
        made = world(seed, sizes, **more)
        shuffle = random.Random(f"shuffle {seed}")
        for company, titles in made.companies.items():
            leads = _leads(tasks, company, titles)
            judge = SimulatedJudge(made.truth, nature, seed)
            scores = cascade(judge, tasks, leads)
            found[WAYS[0]].add(company, titles, made, scores, judge)
            for way, by in ((WAYS[1], None), (WAYS[2], shuffle)):
                fresh = SimulatedJudge(made.truth, nature, seed)
                found[way].add(company, titles, made, plain(fresh, tasks, leads, judge.calls, by), fresh)
            found[WAYS[3]].add(company, titles, made, None, None)
    return found


def together(seeds: range, nature: Nature) -> tuple[Sums, int]:
    """A whole list at once, as in a real ranking; and how many scores differ when the same list comes shuffled."""
    tasks, total, moved = _tasks(), Sums.empty(), 0
    for seed in seeds:
        made = world(seed)
        leads = [lead for company, titles in made.companies.items() for lead in _leads(tasks, company, titles)]
        judge = SimulatedJudge(made.truth, nature, seed)
        scores = cascade(judge, tasks, leads)
        for company, titles in made.companies.items():
            total.add(company, titles, made, scores, None)
        total.calls, total.tokens = total.calls + judge.calls, total.tokens + judge.tokens_in
        random.Random(seed).shuffle(leads)
        again = cascade(SimulatedJudge(made.truth, nature, seed), tasks, leads)
        moved += sum(scores[title] != again[title] for title in scores)
    return total, moved


OTHERS = {
    "no position bias": {"bias": 0.0},
    "bias 2, earlier rows higher": {"bias": 2.0},
    "bias 1, later rows higher": {"bias": -1.0},
    "noise twice as high": {"context": 1.4, "call": 0.8},
    "all noise new in every call": {"context": 0.0, "call": 0.8},
    "drift 1 from prompt to prompt": {"drift": 1.0},
    "long batches cost nothing": {"worn": 1e9},
    "long batches cost nothing, no bias": {"worn": 1e9, "bias": 0.0},
    "no noise, no bias, no drift": {"context": 0.0, "call": 0.0, "bias": 0.0, "drift": 0.0},
    "a judge of many wrong opinions": {"opinion": 1.0},
}


def _table(title: str, found: dict[str, Sums]) -> None:
    print(f"\n{title}")
    print(f"{'':<34}" + "".join(f"{name:>10}" for name in FIGURES) + f"{'all':>10}{'calls':>9}{'tokens in':>13}")
    for way, sums in found.items():
        print(sums.line(way))


def main() -> None:
    """Print all tables."""
    seeds = range(int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS)
    nature = Nature()
    print(f"{len(seeds)} seeds, companies of {', '.join(map(str, SIZES))} leads; {nature}")
    _table("All companies, each alone", compare(seeds, nature))
    shared, moved = together(seeds, nature)
    _table("Cascade over the whole list, batches shared", {"cascade": shared})
    print(f"the same list shuffled: {moved:,} scores differ")
    few = seeds[: max(1, len(seeds) // 3)]
    for name, changed in OTHERS.items():
        _table(f"{name} ({len(few)} seeds)", compare(few, replace(nature, **changed)))
    _table(f"relevant leads down to the threshold itself ({len(few)} seeds)", compare(few, nature, margin=0.0))
    for size in (2, 8, 15, 16, 40, 100, 300):
        _table(f"companies of {size} ({len(few)} seeds)", compare(few, nature, (size,) * max(2, 60 // size)))


if __name__ == "__main__":
    main()

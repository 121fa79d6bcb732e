"""One beam search: critique and edit by the subject, every candidate on all companies of the search, the best go on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

from ranker.errors import BudgetSpent, Cancelled, CandidateRefused, CapReached, OptimizerError
from ranker.optimizer.copy_guard import CopyGuard
from ranker.optimizer.memory import Candidate, Memory
from ranker.optimizer.merge import merges
from ranker.optimizer.outcome import Ended, SearchResult, Standing
from ranker.optimizer.parents import shares, spare
from ranker.optimizer.proposal import propose
from ranker.optimizer.proposing import Asker
from ranker.optimizer.seeds import seed_of
from ranker.optimizer.settings import Settings
from ranker.optimizer.standing import headline, key, quality, standing
from ranker.optimizer.subject import Figures, Subject, text_hash

WAVE = 4
"""Texts of a generation that are asked for at a time: the next ones of it already build on the best of these."""
_MERGED = 4
"""One in so many is a merge, where two texts can be."""


@dataclass
class Search:
    """The state of one search while it runs; ``run`` it once. ``companies``: all that it may see, at least one."""

    subject: Subject
    companies: tuple[str, ...]
    memory: Memory
    settings: Settings
    guard: CopyGuard | None = None
    number: int = 0
    candidates: list[Candidate] = field(default_factory=list)
    scores: dict[int, dict[str, Figures]] = field(default_factory=dict)
    standings: dict[int, Standing] = field(default_factory=dict)
    beams: list[tuple[int, ...]] = field(default_factory=list)
    _known: list[Candidate] = field(default_factory=list)

    def run(self) -> SearchResult:
        """Search to the end, or until the memory or the subject says that it is over. Raises as ``optimize`` does."""
        self._known = list(self.memory.candidates(self.number))
        try:
            ended, words = self._generations()
        except Cancelled:
            ended, words = "cancelled", "It was cancelled; what was found until then is kept."
        except (BudgetSpent, CapReached) as error:
            ended, words = "budget", f"The budget is spent, and what was found until then is kept. {error}"
        if not self.candidates:
            self.candidates.append(self._start())
        proposed = propose(self.candidates, self.standings, self.scores, self.companies)
        return SearchResult(
            self.number,
            self.companies,
            tuple(self.candidates),
            dict(self.standings),
            tuple(self.beams),
            self._order()[0] if self.standings else 0,
            proposed.number,
            proposed.why,
            ended,
            words,
        )

    def _generations(self) -> tuple[Ended, str]:
        self._begin()
        best, since = quality(self.standings[0]), 0
        for generation in range(1, self.settings.generations + 1):
            if not self._generation(generation):
                return "nothing", f"Nothing more to try: in generation {generation} no new text was proposed."
            self._select(generation)
            now = quality(self.standings[self._order()[0]])
            best, since = (now, 0) if now < best else (best, since + 1)
            if since >= self.settings.patience and generation < self.settings.generations:
                return (
                    "plateau",
                    f"No better text for {_of_generations(since)}: it ended after generation {generation}.",
                )
        return "finished", f"All {_of_generations(self.settings.generations)} were tried."

    def _begin(self) -> None:
        known = self._known[:1]
        if not known:
            self.memory.check()
            known = [self._start()]
            self.memory.keep_proposed(self.number, known)
        self.candidates += known
        self._evaluate(0)
        if 0 not in self.standings:
            raise OptimizerError(f"The text that is there now can't be tried: {self.candidates[0].reason}")
        self._select(0)

    def _start(self) -> Candidate:
        return Candidate(0, None, 0, self.subject.start, text_hash(self.subject.start))

    def _generation(self, generation: int) -> int:
        """Try the variants of a generation, a few at a time; how many there were."""
        tried = 0
        while tried < self.settings.variants:
            found = self._propose(generation, tried, min(WAVE, self.settings.variants - tried))
            for number in found:
                self._evaluate(number)
            if not found:
                break
            tried += len(found)
        return tried

    def _propose(self, generation: int, before: int, variants: int) -> list[int]:
        """New texts after ``before`` others of the generation; the numbers of those that are to be tried."""
        order, values = self._order(), self._values()
        tried = self._merge(generation, order, variants)
        left = variants - len(tried)
        # Who had nothing further to say in this generation is not asked again in it.
        empty = {one.parent for one in self.candidates if (one.generation, one.state) == (generation, "nothing")}
        order = [number for number in order if number not in empty]
        if not order:
            return tried
        seed = seed_of(self.settings.seed, self.number, generation, before)
        waiting = shares(values, order, order[: self.settings.beam], left, seed)
        more = spare(values, order, waiting)
        # Asking costs, too: who has nothing new to say is passed over, but not without end.
        for _ in range(2 * variants):
            if not left or not (waiting or more):
                break
            # What earlier parents could not fill goes to the next.
            parent = waiting.pop(0).parent if waiting else more.pop(0)
            found = self._ask(generation, parent, left - sum(share.wanted for share in waiting))
            tried += found
            left -= len(found)
        return tried

    def _merge(self, generation: int, order: list[int], variants: int) -> list[int]:
        """New texts that need no asking; computed, so what is kept of them is as many rows."""
        means = {number: one.pairs_f1 for number, one in self.standings.items()}
        made = merges(self.candidates, means, order, variants // _MERGED)
        batch = self._known[len(self.candidates) :][: len(made)]
        if made and not batch:
            for one in made:
                batch.append(self._asker.candidate([*self.candidates, *batch], generation, one.parent, one.proposal))
            self.memory.keep_proposed(self.number, batch)
        return [one.number for one in batch if self._adopt(one)]

    def _ask(self, generation: int, parent: int, wanted: int) -> list[int]:
        batch = self._known[len(self.candidates) :]
        if not batch:
            self.memory.check()
            batch = self._asker.ask(self.candidates, generation, parent, wanted)
            self.memory.keep_proposed(self.number, batch)
        tried: list[int] = []
        for one in batch:
            if self._adopt(one):
                tried.append(one.number)
            # So a batch ends, and what was kept after it belongs to the next.
            if len(tried) == wanted or one.state == "nothing":
                break
        return tried

    @cached_property
    def _asker(self) -> Asker:
        return Asker(self.subject, self.companies, self.settings, self.guard, self.number)

    def _adopt(self, one: Candidate) -> bool:
        """Take up what was proposed, now or before a stop; whether it is to be tried."""
        # One that is rejected without an objection was refused later, when it was evaluated.
        rejected = one.state == "rejected" and bool(self._asker.objection(self.candidates, one.text))
        self.candidates.append(one)
        return not rejected and one.state != "nothing"

    def _evaluate(self, number: int) -> None:
        one = self.candidates[number]
        if one.state == "rejected":
            return
        found = dict(self.memory.scores(one.hash, self.companies))
        missing = [company for company in self.companies if company not in found]
        if missing or one.state == "proposed":
            new: dict[str, Figures] = {}
            try:
                if missing:
                    self.memory.check()
                    new = self.subject.evaluate(one.text, missing)
                one = replace(one, state="evaluated")
            except CandidateRefused as error:
                one = replace(one, state="rejected", reason=error.message)
            self.memory.keep_evaluated(self.number, one, new)
            self.candidates[number] = one
            found |= new
        if one.state == "evaluated":
            self.scores[number] = {company: found[company] for company in self.companies}
            self.standings[number] = standing(self.scores[number], self.companies)

    def _select(self, generation: int) -> None:
        beam = self._order()[: self.settings.beam]
        # The start goes on in any case, so that the best is never worse than it.
        self.beams.append(tuple(beam if 0 in beam else [*beam, 0]))
        self.memory.keep_beam(self.number, generation, self.beams[-1])

    def _order(self) -> list[int]:
        """All that were evaluated, the best first."""
        return sorted(
            self.standings,
            key=lambda number: key(self.standings[number], len(self.candidates[number].text), number),
        )

    def _values(self) -> dict[int, list[float]]:
        """pairs_f1 of each at the companies that have it, which the labels decide."""
        return {
            number: [value for company in self.companies if (value := headline(scores[company])) is not None]
            for number, scores in self.scores.items()
        }


def _of_generations(count: int) -> str:
    return "1 generation" if count == 1 else f"{count} generations"

"""Planted judges: slots of a variant whose truth we know, to test any search for a better text.

``World.subject(part, companies)`` is a ``ranker.optimizer.subject.Subject``: made-up leads at made-up companies,
labelled by the right text and judged by whatever text is tried. ``World.truth(text)`` is what a text is really worth:
its figures at 3,000 companies that no subject shows. The worlds are in ``eval/planted_worlds.py``.

A lead's score is the points of its level and of its team at the company's size, plus those of a word in its title, plus
noise: the lead's own, the same for every text (``by_lead``); and new for every text, of each lead (``by_text``) and of
each company (``by_company``). Labels are the right text's points with noise of their own (``by_person``), in ranks
of half a point, "not relevant" below the right threshold. No name and no order of rows or companies has any say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np

from eval.planted_edits import Change, changes_of, propose
from eval.planted_figures import figures_of
from eval.planted_leads import USUAL, Leads, Noise, errors_of, places_of, steps_of
from eval.planted_many import Many
from eval.planted_text import (
    CONTACT,
    LEVELS,
    SIZES,
    TEAMS,
    WORDS,
    Meaning,
    Rule,
    distance_of,
    lines_of,
    meaning,
    subject_of,
)
from ranker.evaluation.labelled import NOT_RELEVANT
from ranker.optimizer.subject import Figures, Proposal, text_hash

TRUTH_AT = 3_000
"""Companies behind ``truth``: its standard error is about 0.004, and much less between two texts."""


@dataclass(frozen=True, eq=False)
class World:
    """A judge, its start and its right text. ``sizes``: how common each size is, together 1.

    ``proposes``: which changes the proposer may make, and which of them are right; None for all of ``changes_of``,
    right when the distance to the right text falls. ``right`` is the proposer's chance of a right one.
    """

    name: str
    seed: int
    start: str
    best: str
    sizes: tuple[float, ...] = (0.3, 0.3, 0.25, 0.15)
    rules: tuple[Rule, ...] = ()
    noise: Noise = USUAL
    right: float = 0.5
    by_size: bool = False
    proposes: Callable[[str], Sequence[tuple[Change, bool]]] | None = None

    def subject(self, part: str, companies: int) -> PlantedSubject:
        """Companies of a part ("train", "hold-out" …), sharing none with others; the first n are always the same."""
        return PlantedSubject(self, {f"{part} {at:03d}": self._company(part, at) for at in range(companies)})

    def truth(self, text: str) -> dict[str, float]:
        """What a text is really worth: pairs, f1 and pairs_f1, the mean over ``TRUTH_AT`` companies."""
        # The same noise for every text: two of them differ by what they say alone.
        rng = np.random.default_rng([self.seed, TRUTH_AT])
        said, (together, among) = _meaning(self, text), self._truth
        by_company = rng.normal(0, self.noise.by_company, TRUTH_AT)
        scores = answer(self, said, together, rng, np.repeat(by_company, among.sizes))
        return among.means(scores, said.contact)

    def distance(self, text: str) -> float:
        """How far a text is from the right one."""
        subjects = (*LEVELS, *TEAMS, CONTACT, *(rule.word for rule in self.rules))
        return round(sum(self._distance(subject, lines_of(text)) for subject in subjects), 6)

    def options(self, text: str) -> Sequence[tuple[Change, bool]]:
        """Every change that may be proposed, and whether it is a right one."""
        if self.proposes is not None:
            return self.proposes(text)
        said, found = lines_of(text), []
        for one in changes_of(text, self.by_size):
            new = {name: value for name, value in said.items() if name != one.name}
            if one.value is not None:
                new[one.name] = one.value
            about = subject_of(one.name)
            found.append((one, round(self._distance(about, new) - self._distance(about, said), 6) < 0))
        return found

    def _distance(self, subject: str, said: Mapping[str, str]) -> float:
        return distance_of(subject, said, self._right, self.rules, self.sizes)

    @cached_property
    def _right(self) -> dict[str, str]:
        return lines_of(self.best)

    def _company(self, part: str, at: int) -> Leads:
        rng = np.random.default_rng([self.seed, at, *part.encode()])
        return self._drawn(rng, int(rng.integers(4, 13)), rng.choice(len(SIZES), p=self.sizes))

    def _drawn(self, rng: np.random.Generator, leads: int, size: int) -> Leads:
        words = [WORDS.index(rule.word) + 1 for rule in self.rules]
        has_word = rng.random(leads) < (0.6 if words else 0.0)
        made = Leads(
            rng.choice(len(LEVELS), leads, p=(0.1, 0.15, 0.25, 0.25, 0.25)),
            rng.integers(0, len(TEAMS), leads),
            np.where(has_word, rng.choice(words or [0], leads), 0),
            np.full(leads, size),
            rng.normal(0, self.noise.by_lead, leads),
            np.zeros(leads),
        )
        said = meaning(self.best, self.rules)
        persons = made.points(said) + rng.normal(0, self.noise.by_person, leads)
        steps = np.floor(2 * persons)
        wanted = persons >= said.contact
        # Ranks as a person gives them: 1, 1, 3.
        ranks = 1.0 + ((steps[None, :] > steps[:, None]) & wanted[None, :]).sum(axis=1)
        made.labels[:] = np.where(wanted, ranks, NOT_RELEVANT)
        return made

    @cached_property
    def fresh(self) -> list[Leads]:
        """The companies behind ``truth``."""
        return [self._company("truth", at) for at in range(TRUTH_AT)]

    @cached_property
    def _truth(self) -> tuple[Leads, Many]:
        names = ("level", "team", "word", "size", "noise", "labels")
        together = Leads(*(np.concatenate([getattr(one, name) for one in self.fresh]) for name in names))
        return together, Many.of([one.labels for one in self.fresh])


def answer(world: World, said: Meaning, leads: Leads, rng: np.random.Generator, shift: np.ndarray) -> np.ndarray:
    """Scores of the leads, one decimal; ``shift`` is the noise by company, of each lead."""
    noise = leads.noise + rng.normal(0, world.noise.by_text, len(leads.level)) + shift
    return np.round(leads.points(said) + noise, 1)


@dataclass
class PlantedSubject:
    """A world's judge with some companies: what a search sees. Judged companies are remembered by text."""

    world: World
    leads: dict[str, Leads]
    _judged: dict[tuple[str, str], tuple[np.ndarray, np.ndarray]] = field(default_factory=dict, repr=False)
    _figures: dict[tuple[str, str], Figures] = field(default_factory=dict, repr=False)
    _options: dict[str, Sequence[tuple[Change, bool]]] = field(default_factory=dict, repr=False)

    @property
    def start(self) -> str:
        """The text that is there now."""
        return self.world.start

    @property
    def companies(self) -> tuple[str, ...]:
        """All companies."""
        return tuple(self.leads)

    def evaluate(self, text: str, companies: Sequence[str]) -> dict[str, Figures]:
        """The real figures of the planted answer at each company."""
        for company in companies:
            if (text, company) not in self._figures:
                scores, places = self._judge(text, company)
                labels = self.leads[company].labels
                rows = sorted(zip(labels.tolist(), places.tolist(), steps_of(scores), strict=True))
                self._figures[text, company] = figures_of(tuple(rows))
        return {company: self._figures[text, company] for company in companies}

    def propose(self, text: str, companies: Sequence[str], wanted: int, seed: int) -> list[Proposal]:
        """Edits by the errors at these companies: see ``eval/planted_edits.py``."""
        groups = self._groups(text, companies)
        return propose(text, companies, wanted, seed, groups=groups, options=self._known, right=self.world.right)

    def _known(self, text: str) -> Sequence[tuple[Change, bool]]:
        if text not in self._options:
            self._options[text] = self.world.options(text)
        return self._options[text]

    def _judge(self, text: str, company: str) -> tuple[np.ndarray, np.ndarray]:
        """Scores and places of a company's leads."""
        if (text, company) not in self._judged:
            said, leads = _meaning(self.world, text), self.leads[company]
            key = text_hash(f"{self.world.seed}\n{company}\n{text}")
            rng = np.random.default_rng(int(key, 16))
            scores = answer(self.world, said, leads, rng, rng.normal(0, self.world.noise.by_company, 1))
            self._judged[text, company] = scores, places_of(scores, said.contact)
        return self._judged[text, company]

    def _groups(self, text: str, companies: Sequence[str]) -> dict[str, tuple[float, int]]:
        """By line name, the sum of signed errors and the number of leads that the line speaks of."""
        found: dict[str, tuple[float, int]] = {}
        for company in sorted(companies):
            leads, (_, places) = self.leads[company], self._judge(text, company)
            errors = errors_of(leads.labels, places)
            size = SIZES[int(leads.size[0])]
            for level, team, word, error in zip(leads.level, leads.team, leads.word, errors, strict=True):
                names = [LEVELS[level], TEAMS[team], f"{LEVELS[level]} at {size}", f"{TEAMS[team]} at {size}", CONTACT]
                for name in [*names, WORDS[word - 1]] if word else names:
                    total, count = found.get(name, (0.0, 0))
                    found[name] = total + float(error), count + 1
        return found


@lru_cache(maxsize=2_000)
def _meaning(world: World, text: str) -> Meaning:
    return meaning(text, world.rules)

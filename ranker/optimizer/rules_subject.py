"""The persona of the rules engine as what a search works on: judged, criticised and edited offline, by computing."""

from __future__ import annotations

import itertools
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ranker.errors import CandidateRefused, EditRefused, PersonaError
from ranker.evaluation.compare import HEADLINE, headline_or
from ranker.evaluation.labelled import LabelledLead
from ranker.optimizer.rules_changes import Change
from ranker.optimizer.rules_critique import faults
from ranker.optimizer.rules_edits import changes
from ranker.optimizer.rules_leads import Answer, RulesLeads
from ranker.optimizer.rules_names import Names
from ranker.optimizer.rules_promise import Trial, contradict, drawn, joint, promise
from ranker.optimizer.rules_touched import touched
from ranker.optimizer.rules_words import sentence, sizes_of
from ranker.optimizer.subject import Figures, Proposal, text_hash
from ranker.personas.form import form_of, read_spec
from ranker.scoring.assessment import Inputs
from ranker.scoring.rules import RulesEngine
from ranker.titles import TitleReader

_FAULTS, _TRIALS = 40, 60
"""How many faults, and how many changes for them, are looked at for one text: the strongest first."""

_WRITTEN = 3
"""How many changes are written for each that is wanted: some can't be."""

_TEXTS, _FIGURES = 24, 512
"""How many texts are remembered with all answers, and how many with their figures only."""


@dataclass(frozen=True)
class _Judged:
    """A text that was judged: its engine, the answers on all leads, and what changes of it would give."""

    engine: RulesEngine
    answers: dict[str, Answer]
    headline: dict[str, float]
    foreseen: dict[tuple[Change, ...], dict[str, float]] = field(default_factory=dict)


class RulesSubject:
    """A persona's text with labelled leads. Nothing is asked of anybody, and nothing leaves this computer.

    ``start``: the text that is there now; ``inputs`` as in ``RulesLeads``. ``reader`` may be shared with other
    subjects, not with another thread. Raises ``LabelError`` as ``RulesLeads`` does.
    """

    def __init__(
        self,
        start: str,
        labels: Sequence[LabelledLead],
        inputs: Mapping[str, Inputs],
        reader: TitleReader | None = None,
    ) -> None:
        self.start = start
        self._leads = RulesLeads(labels, inputs)
        self.companies: tuple[str, ...] = self._leads.companies
        self._reader = reader or TitleReader()
        self._names = Names(self._reader)
        self._figures: OrderedDict[str, dict[str, Figures]] = OrderedDict()
        self._texts: OrderedDict[str, _Judged] = OrderedDict()

    def evaluate(self, text: str, companies: Sequence[str]) -> dict[str, Figures]:
        """All figures at each of these companies. Raises ``CandidateRefused`` for a text that is no persona."""
        found = self._measured(text)
        return {company: found[company] for company in companies}

    def propose(self, text: str, companies: Sequence[str], wanted: int, seed: int) -> list[Proposal]:
        """Changes of a text by its errors at these companies, the most promising first; perhaps none.

        Each change that may mend one of the strongest faults is tried in memory on these companies; those that gain
        are drawn by what they promise, the stronger the likelier, no two of them for the same place. The first may
        put two together. Each is then written, read back and measured, and dropped if it gains nothing after all.
        Raises ``CandidateRefused`` where the text itself is no persona.
        """
        if wanted < 1:
            return []
        ordered = sorted(set(companies))
        judged = self._judged(text)
        written: list[tuple[str, Trial]] = []
        tries = itertools.islice(drawn(self._trials(judged, ordered), seed), _WRITTEN * wanted)
        for trial in tries:
            if len(written) == wanted:
                break
            if not any(contradict(trial, other) for _, other in written):
                written += self._written(text, judged, trial, ordered)
        if wanted > 2 and (both := joint([trial for _, trial in written])) is not None:
            best = max(trial.gain.worth for _, trial in written)
            written += [one for one in self._written(text, judged, both, ordered) if one[1].gain.worth > best]
        written.sort(key=lambda one: -one[1].gain.worth)
        sizes = sizes_of(judged.engine.persona.spec)
        return [self._proposal(new, trial, sizes) for new, trial in dict(written[:wanted]).items()]

    def _proposal(self, text: str, trial: Trial, sizes: Mapping[str, str]) -> Proposal:
        critique = dict.fromkeys(sentence(one, sizes, self._reader.vocabulary) for one in trial.faults)
        edit = "; ".join(change.says(sizes) for change in trial.changes)
        return Proposal(text, " ".join(critique), f"{edit[:1].upper()}{edit[1:]}. {trial.gain.words}")

    def _trials(self, judged: _Judged, companies: Sequence[str]) -> list[Trial]:
        form = form_of(judged.engine.persona.spec)
        trials: dict[Change, Trial] = {}
        for fault in faults(self._leads, judged.answers, judged.engine, form, companies)[:_FAULTS]:
            for change in changes(fault, judged.engine, form, self._names):
                if change not in trials and len(trials) < _TRIALS:
                    gain = promise(judged.headline, self._foresee(judged, (change,)), companies)
                    trials[change] = Trial((change,), (fault,), gain)
        return list(trials.values())

    def _judged(self, text: str) -> _Judged:
        key = text_hash(text)
        known = self._texts.get(key)
        if known is None:
            try:
                spec = read_spec(text)
            except PersonaError as error:
                raise CandidateRefused(error.message) from error
            engine = RulesEngine(spec, key, self._reader)
            answers = self._leads.judge(engine, self.companies)
            known = self._texts[key] = _Judged(engine, answers, self._leads.headline(answers, self.companies))
            if len(self._texts) > _TEXTS:
                self._texts.popitem(last=False)
        self._texts.move_to_end(key)
        return known

    def _measured(self, text: str) -> dict[str, Figures]:
        key = text_hash(text)
        known = self._figures.get(key)
        if known is None:
            known = dict(self._leads.evaluate(self._judged(text).answers, self.companies).companies)
            self._figures[key] = known
            if len(self._figures) > _FIGURES:
                self._figures.popitem(last=False)
        return known

    def _foresee(self, judged: _Judged, made: tuple[Change, ...]) -> dict[str, float]:
        """The figure of verdicts by company after some changes, without writing them.

        Only leads whose verdict rests on what changes are judged again: now and then that leaves one out.
        """
        known = judged.foreseen.get(made)
        if known is None:
            spec = judged.engine.persona.spec
            for change in made:
                spec = change.foresee(spec)
            engine = RulesEngine(spec, "", self._reader)
            again = touched(self._leads, judged.engine, judged.answers, made)
            after = self._leads.judge_again(engine, judged.answers, again)
            known = judged.foreseen[made] = {
                **judged.headline, **self._leads.headline(after, self._leads.companies_of(again))
            }  # fmt: skip
        return known

    def _written(self, text: str, judged: _Judged, trial: Trial, companies: Sequence[str]) -> list[tuple[str, Trial]]:
        """The text with the changes, and what they really gain; nothing where it can't be written, or gains nothing."""
        new = text
        try:
            for change in trial.changes:
                new = change.apply(new)
            figures = self._measured(new)
        except (EditRefused, CandidateRefused):
            return []
        after = {one: value for one in companies if (value := headline_or(HEADLINE, figures[one])) is not None}
        gain = promise(judged.headline, after, companies)
        return [] if gain.worth <= 0 else [(new, replace(trial, gain=gain))]

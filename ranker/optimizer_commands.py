"""``optimize``: search for a persona that does better on labelled leads, and say how sure the gain is."""

from __future__ import annotations

import json
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from ranker.commands import check_output, count_of, open_table, read_text
from ranker.errors import UsageError
from ranker.evaluation_commands import Labelled, read_labelled, read_meanings
from ranker.export.csv_file import replacing
from ranker.optimizer.memory import Candidate, InMemory
from ranker.optimizer.settings import Settings
from ranker.optimizer.subject import Figures, Subject, text_hash
from ranker.personas.reader import read_persona


def optimize(options: Namespace) -> None:
    """Search, tell each edit with its reason, and write the persona: a better one, or the one that is there.

    Where no gain can be claimed, the text that is written is the one that was given, byte for byte.
    """
    with ExitStack() as stack:
        _optimize(options, stack)


def _optimize(options: Namespace, stack: ExitStack) -> None:
    settings = Settings(options.generations, options.variants, options.beam, folds=options.folds, seed=options.seed)
    if options.strategy == "rules" and options.model is not None:
        raise UsageError("--model is for strategies that ask a model; rules asks no model.")
    text = read_text(options.persona)
    read_persona(text)  # says what is wrong with it in its own words
    check_output(options, "best.md")
    table, columns = open_table(options, labelled=True)
    labelled = read_labelled(table, columns, read_meanings(options.meanings))
    # Heavy, and of no use before the files are known to be good.
    from ranker.optimizer import optimize as search
    from ranker.optimizer import report
    from ranker.optimizer.copy_guard import CopyGuard
    from ranker.optimizer.holdout import conclude, open_hold_out
    from ranker.optimizer.split import split

    started = time.perf_counter()
    subject = STRATEGIES[options.strategy](options, text, labelled, stack)
    leads = labelled.inputs.values()
    guard = CopyGuard(
        [one.title for one in leads], {name for one in leads for name in (one.company, one.domain) if name}
    )
    parts = split(subject.companies, settings)
    _say(f"{count_of(len(labelled.leads), 'lead', 'leads')}. {parts.words}")
    if options.strategy == "rules" and (options.max_usd is not None or options.max_calls is not None):
        _say("rules asks no model: no call, no cost.")
    memory = _Told(companies=parts.training, searches=len(parts.folds))
    outcome = search.optimize(subject, memory, settings, guard)
    if outcome.split.held_out and outcome.search.proposal:
        outcome = conclude(outcome, open_hold_out(subject, memory, outcome))
    _write(Path(options.out), Path(options.persona), outcome.advised.text)
    words = (
        f"The proposal is in {options.out}."
        if outcome.claim.gain
        else f"{options.out} holds the persona as it was: no gain, no change."
    )
    if options.json:
        values = {**report.outcome_values(outcome), "written": options.out, "seconds": time.perf_counter() - started}
        print(json.dumps(values, indent=2, ensure_ascii=False, sort_keys=False))
    else:
        print(report.outcome_text(outcome), f"\n{words}", sep="\n")


def _rules(options: Namespace, text: str, labelled: Labelled, stack: ExitStack) -> Subject:
    from ranker.optimizer.rules_subject import RulesSubject

    return RulesSubject(text, labelled.leads, labelled.inputs)


def _model(options: Namespace, text: str, labelled: Labelled, stack: ExitStack) -> Subject:
    """The limits hold for all calls to the same models about the same leads, persona and seed, in all runs."""
    from ranker.llm.settings import check_key, load_settings
    from ranker.llm.spending import check_spending
    from ranker.model_commands import NOT_TRIED
    from ranker.optimizer.llm_subject import LlmSubject, ModelSetup
    from ranker.optimizer.model_errors import Labelled as ToLearnFrom
    from ranker.scoring.llm.tasks import TASKS
    from ranker.store.engine import open_database
    from ranker.templates.catalog import live_texts
    from ranker.templates.shipped import seed_templates

    asking = load_settings().with_model(options.model).with_cap(options.max_usd)
    asking = replace(asking, providers=asking.providers[:1], max_calls=options.max_calls)
    check_key(asking)
    check_spending(asking, [*TASKS[options.strategy], "critique", "edit"])
    _say(NOT_TRIED)
    database = open_database()
    stack.callback(database.close)
    seed_templates(database)
    with database.session() as session:
        prompts = {task: one.content for task, one in live_texts(session).items()}
    setup = ModelSetup(options.strategy, Path(options.persona).stem, text, prompts, asking)
    leads = [
        ToLearnFrom(lead, labelled.inputs[lead.source_id], labelled.industries.get(lead.source_id, ""))
        for lead in labelled.leads
    ]
    first = asking.providers[0]
    models = [first.model_for(task) for task in (*TASKS[options.strategy], "critique", "edit")]
    work = json.dumps([options.strategy, options.seed, models, text_hash(text), [str(lead) for lead in leads]])
    return LlmSubject(database, f"optimize-{text_hash(work)}", leads, setup, "persona")


STRATEGIES: Mapping[str, Callable[[Namespace, str, Labelled, ExitStack], Subject]] = {
    "rules": _rules, "pointwise": _model, "two-phase": _model, "cascade": _model,
}  # fmt: skip
"""What a search works on, by the name of the strategy."""


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _write(out: Path, persona: Path, text: str) -> None:
    """Write a persona whole or not at all, with the byte order mark that the given one had."""
    mark = "\ufeff" if persona.read_bytes().startswith(b"\xef\xbb\xbf") else ""
    with replacing(out, "utf-8") as file:
        file.write(mark + text)


@dataclass
class _Told(InMemory):
    """A memory that tells on the way what is tried, why, and how it does at the ``companies`` that are searched."""

    companies: Sequence[str] = ()
    searches: int = 0
    start: float | None = field(default=None, init=False)

    def keep_proposed(self, search: int, batch: Sequence[Candidate]) -> None:
        super().keep_proposed(search, batch)
        if search and batch[0].number == 0:
            _say(f"The same search without part {search} of {self.searches} …")
        for one in batch if search == 0 else ():
            if one.state == "rejected":
                _say(f"  no. {one.number} is not tried. {one.reason}")

    def keep_evaluated(self, search: int, candidate: Candidate, scores: Mapping[str, Figures]) -> None:
        from ranker.optimizer.standing import standing

        super().keep_evaluated(search, candidate, scores)
        if search:
            return
        if candidate.state != "evaluated":
            _say(f"  no. {candidate.number} can't be tried. {candidate.reason}")
            return
        known = self.scores(candidate.hash, self.companies)
        value = standing(known, self.companies).pairs_f1
        if self.start is None:
            self.start = value
            _say(f"The persona as it is: pairs_f1 {value:.3f} at {count_of(len(known), 'company', 'companies')}.")
            return
        where = f"Generation {candidate.generation}, no. {candidate.number} from no. {candidate.parent}"
        _say(f"{where}: {value:.3f} ({value - self.start:+.3f}).\n    {candidate.critique}\n    {candidate.edit}")

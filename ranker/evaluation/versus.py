"""Evaluations beside each other: the verdict, companies by how much worse they became, and the leads that moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ranker.evaluation.answers import Answer, answers_of
from ranker.evaluation.compare import Comparison, compare_all
from ranker.evaluation.evaluate import Evaluation
from ranker.evaluation.figures import Figures
from ranker.evaluation.labelled import LabelledLead
from ranker.evaluation.moves import Move, moved
from ranker.store.engine import Database
from ranker.store.evaluations import companies_of, get_evaluation


@dataclass(frozen=True, slots=True)
class Moved:
    """A lead that two evaluations judged or ranked differently, and what both said of it."""

    move: Move
    candidate: Answer
    base: Answer


def evaluation_of(database: Database, run_id: int) -> Evaluation:
    """The evaluation as it was kept, companies by their keys. Raises ``UsageError`` if there is no such run."""
    figures = Figures.from_json(get_evaluation(database, run_id).figures)
    macro = {name: value for name, value in figures.macro.items() if name != "pairs_f1"}
    return Evaluation(macro, companies_of(database, run_id))


def compare_runs(database: Database, candidates: Sequence[int], base: int) -> Mapping[int, Comparison]:
    """Each candidate against one base by their kept figures, p adjusted for their number (Holm).

    Raises ``LabelError`` when they were not evaluated on the same labelled leads.
    """
    found = {str(one): evaluation_of(database, one) for one in candidates}
    return {int(name): one for name, one in compare_all(found, evaluation_of(database, base)).items()}


def moved_leads(database: Database, candidate: int, base: int) -> tuple[Moved, ...]:
    """The labelled leads whose verdict or rank differs, the most harmed first."""
    set_id = get_evaluation(database, candidate).set_id
    ours, theirs = ({one.item.key: one for one in answers_of(database, run, set_id)} for run in (candidate, base))
    both = [one for key, one in ours.items() if key in theirs]
    labels = [LabelledLead(one.item.key, one.company, one.item.label) for one in both]
    sides = ({key: one.judged for key, one in side.items()} for side in (ours, theirs))
    return tuple(Moved(one, ours[one.source_id], theirs[one.source_id]) for one in moved(labels, *sides))

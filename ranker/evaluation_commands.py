"""``evaluate``: judge labelled leads, and say how well, how surely, and whether another persona does better."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from ranker.commands import count_of, load_engine, open_table
from ranker.errors import LabelError, UsageError
from ranker.evaluation import evaluate as evaluation
from ranker.evaluation import report
from ranker.evaluation.labelled import LabelledLead, LabelRow, Meaning, label_kinds, read_labels, spelled
from ranker.ingest.reader import Table
from ranker.scoring.assessment import Inputs
from ranker.scoring.rank_table import inputs_of, rank_table
from ranker.scoring.rules import RulesEngine


@dataclass(frozen=True)
class Labelled:
    """A labelled file: its leads, and the id, inputs and industry of each row, in the file's order."""

    leads: list[LabelledLead]
    ids: list[str]
    inputs: dict[str, Inputs]
    industries: dict[str, str] = field(default_factory=dict)


def evaluate(options: Namespace) -> None:
    """Judge labelled leads and print how well the answer agrees, beside what doing nothing scores."""
    engine = load_engine(options.persona)
    other = None if options.against is None else load_engine(options.against, engine.reader)
    table, columns = open_table(options, labelled=True)
    labelled = read_labelled(table, columns, read_meanings(options.meanings))
    # Heavy, and of no use before the files are known to be good.
    from ranker.evaluation import comparison_report
    from ranker.evaluation.compare import compare
    from ranker.evaluation.intervals import intervals
    from ranker.evaluation.look import look
    from ranker.evaluation.moves import Judged, moved

    def judged(judge: RulesEngine) -> dict[str, Judged]:
        ranked = rank_table(table, columns, judge)
        return {
            source_id: Judged(evaluation.Prediction(one.qualified, place, one.score), one.reasoning)
            for source_id, one, place in zip(labelled.ids, ranked.assessments, ranked.ranks, strict=True)
        }

    def figures(answers: Mapping[str, Judged]) -> evaluation.Evaluation:
        return evaluation.evaluate(labelled.leads, {key: answer.prediction for key, answer in answers.items()})

    answers = judged(engine)
    result, baseline = figures(answers), evaluation.do_nothing(labelled.leads)
    found, seen = intervals(result), look(labelled.leads, labelled.inputs, engine)
    others = None if other is None else judged(other)
    comparison = None if others is None else compare(result, figures(others))
    moves = () if others is None else moved(labelled.leads, answers, others)
    if options.json:
        more = {"labels": comparison_report.look_values(seen)}
        if comparison is not None:
            more["against"] = comparison_report.comparison_values(comparison, moves, options.against)
        print(report.as_json(result, baseline, found, **more))
        return
    print(comparison_report.look_text(seen), report.as_text(result, baseline, found), sep="\n\n")
    if comparison is not None:
        names = Path(options.persona).name, Path(options.against).name
        print("", comparison_report.comparison_text(comparison, moves, *names), sep="\n")


def read_meanings(options: Sequence[str]) -> dict[str, Meaning]:
    """What ``--label MEANING=CELL`` says, by the label as `spelled` gives it. Raises UsageError."""
    found: dict[str, Meaning] = {}
    for option in options:
        meaning, equals, text = option.partition("=")
        if not equals or meaning not in ("none", "skip", "relevant"):
            raise UsageError(
                f"--label “{option}” can't be used. Write none=CELL for leads that must not be contacted, "
                "relevant=CELL for those that are to be contacted and have no rank, or skip=CELL for leads that nobody "
                "has judged, for example --label none=- or --label skip=blank."
            )
        label = spelled(text)
        if label == "none" or (label.isdecimal() and label != "0"):
            raise UsageError(f"--label “{option}” can't be used: what “{text.strip()}” means is settled.")
        if found.setdefault(label, cast("Meaning", meaning)) != meaning:
            raise UsageError(f"--label gives “{label}” two meanings. Leave one of them out.")
    return found


def read_labelled(table: Table, columns: Mapping[str, int], meanings: Mapping[str, Meaning]) -> Labelled:
    """The labelled leads of a file; what each label is taken for goes to stderr. Raises LabelError."""
    rows, inputs, industries = [], {}, {}
    at = columns.get("industry")
    for row in table.rows():
        source_id = row.cells[columns["lead_id"]].strip() if "lead_id" in columns else str(row.number)
        rows.append(LabelRow(row.number, source_id, row.cells[columns["company"]], row.cells[columns["expected_rank"]]))
        inputs[source_id] = inputs_of(row.cells, columns)
        industries[source_id] = "" if at is None else row.cells[at].strip()
    kinds = label_kinds(rows, meanings)
    try:
        leads = read_labels(rows, meanings)
    except LabelError as error:
        settle = next((kind for kind in kinds if kind.open and error.message.startswith(f"Row {kind.first} ")), None)
        if settle is None:
            raise
        raise LabelError(
            f"{error} Or say what it means in {count_of(settle.rows, 'such row', 'such rows')}: --label "
            f"none={settle.written} (not relevant) or --label skip={settle.written} (nobody has judged them)."
        ) from error
    for kind in kinds:
        print(f"Label “{kind.written}” in {count_of(kind.rows, 'row', 'rows')}: {kind.means}.", file=sys.stderr)
    return Labelled(leads, [row.source_id for row in rows], inputs, industries)

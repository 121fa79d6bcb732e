"""An evaluation as a table for a terminal, and as JSON for a program."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ranker.evaluation.evaluate import COUNTS, MAIN_FIGURES, MORE_FIGURES, RANK_FIGURES, Evaluation

if TYPE_CHECKING:  # numpy, which `--help` need not wait for
    from ranker.evaluation.intervals import Interval

_NAME_WIDTH = 28
_UNDEFINED = "-"
_GAP = "  "


def as_text(evaluation: Evaluation, baseline: Evaluation, found: Mapping[str, Interval]) -> str:
    """Two aligned tables, one line a company, then the mean over companies, its interval, and the baseline's mean.

    The first holds the figures where higher is better, the second those that compare ranks. `baseline` is
    `do_nothing` of the same labels, `found` the intervals of the evaluation. "-" marks a figure, or a limit, that is
    not defined. Ends without a line break.
    """
    coverage = evaluation.macro.get("coverage", 0.0)
    parts = [
        f"Answers found for {coverage:.1%} of the labelled leads.",
        "Mean: every company counts once, where the figure is defined (- where not); leads are added up.",
        *_few(len(evaluation.companies)),
        "",
        "Relevance and order (0 to 1, higher is better; nobody qualified: pairs 0.5)",
        *_table((*COUNTS, *MAIN_FIGURES, *MORE_FIGURES), evaluation, baseline, found),
        "",
        "Ranks of the leads that a person ranked (tau_b, spearman: 1 is best; mae, rmse in ranks and",
        "nmse in percent of the worst possible: 0 is best; a lead without a rank counts as the largest error)",
        *_table(RANK_FIGURES, evaluation, baseline, found),
    ]
    return "\n".join(parts)


def as_json(evaluation: Evaluation, baseline: Evaluation, found: Mapping[str, Interval], **more: Any) -> str:
    """A JSON object with `macro` and `companies`, names as in `Evaluation`, `intervals` by figure, `do_nothing` (its
    `macro`) and what else is given by name; null = not defined.
    """
    parts = {
        "macro": evaluation.macro,
        "companies": evaluation.companies,
        "intervals": {name: asdict(interval) for name, interval in found.items()},
        "do_nothing": baseline.macro,
        **more,
    }
    return json.dumps(parts, indent=1, allow_nan=False)


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of cells as lines of equal length, the first column to the left and the others to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        _GAP.join(
            [row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        )
        for row in rows
    ]


def short(title: str) -> str:
    """A name on one line that leaves room for columns beside it."""
    line = " ".join(title.split())
    return line if len(line) <= _NAME_WIDTH else line[: _NAME_WIDTH - 3] + "..."


def cell(value: float | int | None) -> str:
    """A number for a table: three decimals, whole numbers as they are, "-" for none."""
    if value is None:
        return _UNDEFINED
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def _few(companies: int) -> list[str]:
    """What a reader must know of the intervals when there are few companies."""
    if companies == 1:
        return ["One company: nothing can be said of others, so there is no interval."]
    if companies < 10:
        return [f"{companies} companies are few: the intervals are wide, and for good reason."]
    return []


def _table(
    names: Sequence[str], evaluation: Evaluation, baseline: Evaluation, found: Mapping[str, Interval]
) -> list[str]:
    rows = [["company", *names]]
    rows += [_row(company, names, figures) for company, figures in evaluation.companies.items()]
    rows.append(_row(f"mean of {len(evaluation.companies)}", names, {**_totals(evaluation), **evaluation.macro}))
    rows.append(_row("95% from", names, {name: one.low for name, one in found.items()}, ""))
    rows.append(_row("95% to", names, {name: one.high for name, one in found.items()}, ""))
    rows.append(_row("do nothing", names, {**_totals(baseline), **baseline.macro}))
    lines = aligned(rows)
    rule = "-" * len(lines[0])
    return [lines[0], rule, *lines[1:-4], rule, *lines[-4:]]


def _row(
    title: str, names: Sequence[str], figures: Mapping[str, float | int | None], counts: str | None = None
) -> list[str]:
    """`counts`: what stands in place of the numbers of leads, which have no interval."""
    return [short(title)] + [
        counts if counts is not None and name in COUNTS else cell(figures.get(name)) for name in names
    ]


def _totals(evaluation: Evaluation) -> dict[str, int]:
    """Counts are added up over companies: a mean number of leads would tell nothing."""
    return {name: sum(int(figures[name] or 0) for figures in evaluation.companies.values()) for name in COUNTS}

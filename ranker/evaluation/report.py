"""An evaluation as a table for a terminal, and as JSON for a program."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from ranker.evaluation.evaluate import COUNTS, MAIN_FIGURES, MORE_FIGURES, RANK_FIGURES, Evaluation

_NAME_WIDTH = 28
_UNDEFINED = "-"
_GAP = "  "


def as_text(evaluation: Evaluation, baseline: Evaluation) -> str:
    """Two aligned tables, one line a company, then the mean over companies and that of the baseline.

    The first holds the figures where higher is better, the second those that compare ranks. `baseline` is
    `do_nothing` of the same labels. "-" marks a figure that is not defined. Ends without a line break.
    """
    coverage = evaluation.macro.get("coverage", 0.0)
    parts = [
        f"Answers found for {coverage:.1%} of the labelled leads.",
        "Mean: every company counts once, where the figure is defined (- where not); leads are added up.",
        "",
        "Relevance and order (0 to 1, higher is better; nobody qualified: pairs 0.5)",
        *_table((*COUNTS, *MAIN_FIGURES, *MORE_FIGURES), evaluation, baseline),
        "",
        "Ranks of the leads that a person ranked (tau_b, spearman: 1 is best; mae, rmse in ranks and",
        "nmse in percent of the worst possible: 0 is best; a lead without a rank counts as the largest error)",
        *_table(RANK_FIGURES, evaluation, baseline),
    ]
    return "\n".join(parts)


def as_json(evaluation: Evaluation) -> str:
    """A JSON object with `macro` and `companies`, names as in `Evaluation`; null = not defined."""
    return json.dumps({"macro": evaluation.macro, "companies": evaluation.companies}, indent=1, allow_nan=False)


def _table(names: Sequence[str], evaluation: Evaluation, baseline: Evaluation) -> list[str]:
    rows = [["company", *names]]
    rows += [_row(company, names, figures) for company, figures in evaluation.companies.items()]
    rows.append(_row(f"mean of {len(evaluation.companies)}", names, {**_totals(evaluation), **evaluation.macro}))
    rows.append(_row("do nothing", names, {**_totals(baseline), **baseline.macro}))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        _GAP.join(
            [row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        )
        for row in rows
    ]
    rule = "-" * len(lines[0])
    return [lines[0], rule, *lines[1:-2], rule, *lines[-2:]]


def _row(title: str, names: Sequence[str], figures: Mapping[str, float | int | None]) -> list[str]:
    return [_short(title), *(_cell(figures.get(name)) for name in names)]


def _totals(evaluation: Evaluation) -> dict[str, int]:
    """Counts are added up over companies: a mean number of leads would tell nothing."""
    return {name: sum(int(figures[name] or 0) for figures in evaluation.companies.values()) for name in COUNTS}


def _cell(value: float | int | None) -> str:
    if value is None:
        return _UNDEFINED
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def _short(title: str) -> str:
    line = " ".join(title.split())
    return line if len(line) <= _NAME_WIDTH else line[: _NAME_WIDTH - 3] + "..."

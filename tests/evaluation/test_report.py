"""The report: aligned, complete, honest about what is not defined, and the same figures as JSON."""

from __future__ import annotations

import json
import math

from ranker.evaluation.evaluate import COUNTS, FIGURES, Prediction, do_nothing, evaluate
from ranker.evaluation.intervals import intervals
from ranker.evaluation.labelled import LabelledLead
from ranker.evaluation.report import as_json, as_text

LABELS = [
    LabelledLead("L1", "Company A", 1.0),
    LabelledLead("L2", "Company A", 2.0),
    LabelledLead("L3", "Company A", math.inf),
    LabelledLead("L4", "A company\nwith a name that no column has room for", 1.0),
]
ANSWER = {
    "L1": Prediction(True, 1, 90.0),
    "L2": Prediction(True, 2, 80.0),
    "L3": Prediction(False, None, 5.0),
}
RESULT = evaluate(LABELS, ANSWER)
FOUND = intervals(RESULT)
TEXT = as_text(RESULT, do_nothing(LABELS), FOUND)


def blocks() -> list[list[str]]:
    """The lines of each table, from its head to its last line."""
    lines = TEXT.splitlines()
    starts = [at for at, line in enumerate(lines) if line.startswith("company ")]
    return [lines[start : start + 9] for start in starts]


def test_the_columns_of_each_table_are_aligned() -> None:
    assert len(blocks()) == 2
    for block in blocks():
        assert len({len(line) for line in block}) == 1


def test_every_figure_company_mean_and_baseline_has_its_place() -> None:
    heads = [name for block in blocks() for name in block[0].split()[1:]]
    assert heads == [*COUNTS, *FIGURES]
    for block in blocks():
        assert [line.split("  ")[0] for line in block if not line.startswith("-")] == [
            "company",
            "Company A",
            "A company with a name tha...",
            "mean of 2",
            "95% from",
            "95% to",
            "do nothing",
        ]


def test_the_lines_hold_the_figures_that_were_computed() -> None:
    _, _, first, second, _, mean, low, high, nothing = (line.split() for line in blocks()[0])
    assert first[2:] == ["3", "2", "2", *["1.000"] * 9]
    assert second[-12:] == ["1", "1", "0", "-", "-", "-", "0.000", "0.000", "0.000", "-", "-", "-"]
    assert mean[3:] == ["4", "3", "2", "1.000", "1.000", "1.000", "0.500", "0.500", "0.500", "1.000", "1.000", "1.000"]
    # One company has pairs, so they have no interval; f1 is 1 and 0 at two.
    assert (low[2], high[2], low[5], high[5]) == ("-", "-", "0.000", "1.000")
    assert nothing[2:] == ["4", "3", "0", "0.500", "0.500", "0.500", *["0.000"] * 5, "1.000"]


def test_coverage_is_shown() -> None:
    assert "75.0% of the labelled leads" in TEXT


def test_few_companies_are_said_to_be_few() -> None:
    assert "2 companies are few" in TEXT
    one = evaluate(LABELS[:3], ANSWER)
    assert "One company: nothing can be said of others" in as_text(one, do_nothing(LABELS[:3]), intervals(one))


def test_json_gives_the_same_figures_and_null_where_not_defined() -> None:
    read = json.loads(as_json(RESULT, do_nothing(LABELS), FOUND, labels={"companies": 2}))
    assert set(read) == {"macro", "companies", "intervals", "do_nothing", "labels"}
    assert {"macro": read["macro"], "companies": read["companies"]} == {
        "macro": RESULT.macro,
        "companies": RESULT.companies,
    }
    assert read["companies"][LABELS[3].company]["pairs"] is None
    assert read["intervals"]["pairs"] == {"mean": 1.0, "low": None, "high": None, "companies": 1}
    assert read["do_nothing"] == do_nothing(LABELS).macro

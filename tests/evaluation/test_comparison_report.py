"""A comparison as text and as JSON: the verdict first, then all that it rests on."""

from __future__ import annotations

import json
import math
from dataclasses import replace

from ranker.evaluation.compare import compare
from ranker.evaluation.comparison_report import SHOWN, comparison_text, comparison_values
from ranker.evaluation.evaluate import Prediction, evaluate
from ranker.evaluation.labelled import LabelledLead
from ranker.evaluation.moves import Judged, moved

COMPANIES = 12
LABELS = [
    LabelledLead(f"L{company}-{lead}", f"Company {company:02}", [1.0, 2.0, math.inf][lead])
    for company in range(COMPANIES)
    for lead in range(3)
]
GOOD = {
    lead.source_id: Judged(Prediction(lead.label < math.inf, int(min(lead.label, 9)), 50.0), "by the book")
    for lead in LABELS
}
# At every company but the last one the lead to contact first is missed.
POOR = {
    key: replace(judged, prediction=Prediction(False, None, 0.0), reason="missed") if key[-2:] == "-0" else judged
    for key, judged in GOOD.items()
} | {"L11-0": GOOD["L11-0"]}


def figures(answers: dict[str, Judged]):
    return evaluate(LABELS, {key: judged.prediction for key, judged in answers.items()})


COMPARISON = compare(figures(POOR), figures(GOOD))
MOVES = moved(LABELS, POOR, GOOD)
TEXT = comparison_text(COMPARISON, MOVES, "poor.md", "good.md")


def test_the_text_says_who_is_compared_and_the_verdict_first() -> None:
    first, second = TEXT.splitlines()[:2]
    assert first == "poor.md against good.md"
    assert second.startswith("Verdict: worse: pairs_f1 is 0.")
    assert " lower over 12 companies (95% interval -" in second


def test_every_figure_has_its_line_and_the_lines_are_aligned() -> None:
    lines = TEXT.splitlines()
    head = next(at for at, line in enumerate(lines) if line.startswith("figure "))
    table = lines[head : lines.index("", head)]
    assert [line.split()[0] for line in table[1:]] == ["pairs_f1", *COMPARISON.figures]
    assert len({len(line) for line in table}) == 1
    assert table[1].split()[2] == "1.000"


def test_companies_and_leads_come_worst_first_and_the_rest_is_counted() -> None:
    assert TEXT.count("… and 2 more companies") == 1
    assert "Company 11" not in TEXT  # the only one without a change is last
    assert "Leads that moved: 11, 11 for the worse and 0 for the better" in TEXT
    assert "L0-0 at Company 00, label 1: rank 1 → not relevant\n  other: by the book\n  this:  missed" in TEXT
    assert TEXT.count("  this:  ") == SHOWN
    assert TEXT.endswith("… and 1 more leads (--json has all)")


def test_json_has_all_of_it_and_no_number_that_json_lacks() -> None:
    values = json.loads(json.dumps(comparison_values(COMPARISON, MOVES, "good.md"), allow_nan=False))
    assert (values["other"], values["outcome"], values["words"]) == ("good.md", "worse", COMPARISON.words)
    assert len(values["companies"]) == COMPANIES
    assert len(values["moved"]) == COMPANIES - 1
    assert values["moved"][0]["label"] == 1
    assert values["moved"][0]["base"]["reason"] == "by the book"
    assert values["difference"]["interval"]["companies"] == COMPANIES

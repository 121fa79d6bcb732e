"""The figures that the standalone scorer also computes are the same to 1e-9.

The scorer is no part of this project: it is looked for in the folder that RANKER_GOLD names, else in
../shared/gold beside the checkout, and without it only these tests are skipped.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from ranker.evaluation.evaluate import COUNTS, MAIN_FIGURES, Prediction, evaluate
from ranker.evaluation.labelled import NOT_RELEVANT, LabelledLead
from tests.evaluation.reference import answered

CHECKOUT = Path(__file__).resolve().parents[2]
SCORER = Path(os.environ.get("RANKER_GOLD") or CHECKOUT.parent / "shared" / "gold") / "score.py"

pytestmark = pytest.mark.skipif(not SCORER.is_file(), reason="the standalone scorer is not on this machine")


@pytest.fixture(scope="module")
def scorer() -> Any:
    spec = importlib.util.spec_from_file_location("standalone_scorer", SCORER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def label_row(lead: LabelledLead) -> dict[str, str]:
    label = "none" if lead.label == NOT_RELEVANT else str(int(lead.label))
    return {"source_id": lead.source_id, "account_name": lead.company, "expected_rank": label}


def answer_row(source_id: str, prediction: Prediction) -> dict[str, str]:
    return {
        "source_id": source_id,
        "qualified": "" if prediction.qualified is None else str(prediction.qualified).lower(),
        "rank": "" if prediction.rank is None else str(prediction.rank),
        "score": "" if prediction.score is None else repr(prediction.score),
    }


@settings(deadline=None, max_examples=300)
@given(case=answered(most_companies=1, most_leads=25))
def test_figures_of_a_company_agree(scorer: Any, case: tuple[list[LabelledLead], dict[str, Prediction]]) -> None:
    labels, predictions = case
    answer = {key: answer_row(key, prediction) for key, prediction in predictions.items()}
    theirs = scorer.company_figures([label_row(lead) for lead in labels], answer)
    (ours,) = evaluate(labels, predictions).companies.values()
    assert set(theirs) == {*COUNTS, *MAIN_FIGURES}
    for name, value in theirs.items():
        assert ours[name] == pytest.approx(value, abs=1e-9), name


@pytest.mark.parametrize("seed", range(3))
def test_means_and_coverage_agree_file_to_file(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    labels = [
        LabelledLead(f"L{at}", f"Company {draw.randint(1, 9)}", draw.choice([NOT_RELEVANT, 1.0, 2.0, 3.0]))
        for at in range(60)
    ]
    predictions = {
        lead.source_id: Prediction(draw.random() < 0.5, draw.choice([None, 1, 2, 3, 4]), round(draw.uniform(0, 100), 1))
        for lead in labels
        if draw.random() < 0.9
    }
    labelled, ranked = tmp_path / "labelled.csv", tmp_path / "ranked.csv"
    write(labelled, [label_row(lead) for lead in labels])
    write(ranked, [answer_row(key, prediction) for key, prediction in predictions.items()])
    done = subprocess.run(
        [sys.executable, str(SCORER), str(labelled), str(ranked), "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    theirs = json.loads(done.stdout)
    ours = evaluate(labels, predictions)
    assert list(ours.companies) == list(theirs["companies"])
    assert {name: ours.macro[name] for name in theirs["macro"]} == pytest.approx(theirs["macro"], abs=1e-9)


def write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)

"""``evaluate`` as a person types it: what is said of the labels, of the figures, and of another persona."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from ranker.cli import main
from tests.cli.test_commands import OUTBOUND, ROOT, refusal, write

SAMPLE = str(ROOT / "eval/sample/labelled.csv")
OTHER = str(ROOT / "prompts/personas/hr-software.md")
HEADER = "Lead ID,Title,Company,Size,expected_rank"
ROWS = [
    "1,CEO,Acme,1-10,1",
    "2,Accountant,Acme,1-10,-",
    "3,Founder,Acme,1-10,",
    "4,Chef,Acme,1-10,0",
    "5,Cook,Acme,1-10,None",
]


def labels(folder: Path, rows: list[str] = ROWS) -> str:
    """A labelled file in the folder."""
    return write(folder, "\n".join([HEADER, *rows]) + "\n")


def test_figures_come_with_their_intervals_beside_those_of_doing_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", SAMPLE, "--persona", OUTBOUND, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert main(["evaluate", SAMPLE, "--persona", OUTBOUND]) == 0
    text = capsys.readouterr().out
    lines = {line.split("  ")[0]: line.split() for line in text.splitlines() if line}
    assert lines["95% from"][-1] == f"{found['intervals']['nmse']['low']:.3f}"
    assert lines["95% to"][-1] == f"{found['intervals']['nmse']['high']:.3f}"
    assert found["do_nothing"]["pairs"] == 0.5
    for name, interval in found["intervals"].items():
        assert interval["low"] <= found["macro"][name] <= interval["high"], name
        assert interval["companies"] == sum(figures[name] is not None for figures in found["companies"].values())
    assert "against" not in found


def test_another_persona_is_compared_on_the_same_leads(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["evaluate", SAMPLE, "--persona", OUTBOUND, "--against", OTHER]
    assert main([*arguments, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    against = found["against"]
    assert against["outcome"] == "better"
    assert against["other"] == OTHER
    assert against["difference"]["candidate"] > against["difference"]["base"]
    assert against["p"] < 0.01
    changes = [company["change"] for company in against["companies"]]
    assert changes == sorted(changes)
    assert {"label", "candidate", "base", "harm"} <= set(against["moved"][0])
    assert main(arguments) == 0
    said = capsys.readouterr().out
    assert f"outbound-sales.md against hr-software.md\nVerdict: {against['words']}." in said
    assert against["moved"][0]["base"]["reason"] in said


def test_turned_round_the_better_persona_is_the_other_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", SAMPLE, "--persona", OTHER, "--against", OUTBOUND, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["against"]["outcome"] == "worse"


def test_a_persona_against_itself_is_not_distinguishable_and_moves_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", SAMPLE, "--persona", OUTBOUND, "--against", OUTBOUND]) == 0
    said = capsys.readouterr().out
    assert "not distinguishable: both have the same pairs_f1 at every company" in said
    assert "Leads that moved: 0" in said


def test_the_order_of_rows_has_no_say(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    header, *rows = Path(SAMPLE).read_text(encoding="utf-8").splitlines()
    found = []
    for at in range(2):
        random.Random(at).shuffle(rows)
        file = write(tmp_path, "\n".join([header, *rows]) + "\n")
        assert main(["evaluate", file, "--persona", OUTBOUND, "--against", OTHER, "--json"]) == 0
        found.append(json.loads(capsys.readouterr().out))
    for part in ("macro", "companies", "intervals", "against"):
        assert found[0][part] == found[1][part], part


def test_what_the_labels_hold_is_said_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", SAMPLE, "--persona", OUTBOUND]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("Labelled leads: 1,769 (")
    assert "Label “none” in " in said.err
    assert "Label “1, 2, 3, …” in " in said.err


def test_a_label_without_a_settled_meaning_is_refused_with_the_ways_to_settle_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["evaluate", labels(tmp_path), "--persona", OUTBOUND]
    said = refusal(arguments, capsys)
    assert "Row 3 has the label “-”" in said.replace('"-"', "“-”")
    assert "in 1 such row: --label none=- (not relevant) or --label skip=- (nobody has judged them)" in said
    assert "--label skip=blank" in refusal([*arguments, "--label", "none=-"], capsys)
    assert "--label skip=0" in refusal([*arguments, "--label", "none=-", "--label", "skip=blank"], capsys)


def test_settled_labels_are_counted_as_was_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["evaluate", labels(tmp_path), "--persona", OUTBOUND, "--json"]
    assert main([*arguments, "--label", "none=-", "--label", "skip=blank", "--label", "none=0"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["labels"]["companies"]["Acme"]["not_relevant"] == 3
    assert json.loads(said.out)["companies"]["Acme"]["leads"] == 4
    assert "Label “blank” in 1 row: nobody has judged it: left out." in said.err
    assert "Label “-” in 1 row: judged, and not relevant." in said.err


@pytest.mark.parametrize("order", [1, -1])
def test_leads_that_are_left_out_still_have_their_place_in_the_ranking(
    order: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # The founder, whom nobody labelled, is ahead of or level with the manager: ranks are those of an export.
    rows = ["1,VP Sales,Acme,51-200,1", "2,Sales Manager,Acme,51-200,none", "3,VP Sales,Acme,51-200,"][::order]
    arguments = ["evaluate", labels(tmp_path, rows), "--persona", OUTBOUND, "--label", "skip=blank", "--json"]
    assert main(arguments) == 0
    figures = json.loads(capsys.readouterr().out)["companies"]["Acme"]
    assert (figures["leads"], figures["recall"], figures["mae"]) == (2, 1.0, 0.0)


def test_an_id_that_occurs_twice_is_refused_even_where_a_row_is_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = ["1,CEO,Acme,1-10,1", "1,Cook,Acme,1-10,"]
    arguments = ["evaluate", labels(tmp_path, rows), "--persona", OUTBOUND, "--label", "skip=blank"]
    assert "Rows 2 and 3 have the same id" in refusal(arguments, capsys)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--label", "-"], "none=CELL"),
        (["--label", "maybe=-"], "none=CELL"),
        (["--label", "skip=3"], "settled"),
        (["--label", "skip=None"], "settled"),
        (["--label", "skip=-", "--label", "none=–"], "two meanings"),
        (["--against", "nowhere.md"], "There is no persona"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    options: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert says in refusal(["evaluate", labels(tmp_path), "--persona", OUTBOUND, *options], capsys)

"""``optimize`` as a person types it: what it says on the way, what it proposes, and what it writes."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import pytest

from ranker.cli import main
from ranker.personas.form import read_form
from tests.cli.test_commands import refusal, write
from tests.optimizer.rules_cases import RIGHT, inputs, labelled

WRONG = RIGHT.replace("- Finance\n", "- Finance\n- Marketing\n")
QUICK = ["--generations", "1", "--variants", "3", "--beam", "1", "--folds", "3"]


def labels(folder: Path, right: str = RIGHT, companies: int = 16) -> str:
    """A file of leads, labelled by the right persona."""
    given = inputs(companies)
    rows = ["Lead ID,Job Title,Company Name,Domain,Company Size,expected_rank"]
    for lead in labelled(right, given):
        one = given[lead.source_id]
        label = "none" if lead.label == math.inf else f"{lead.label:.0f}"
        rows.append(f'{lead.source_id},"{one.title}",{one.company},{one.domain},{one.size},{label}')
    return write(folder, "\n".join(rows) + "\n", "labelled.csv")


def arguments(folder: Path, persona: str | bytes, *more: str, companies: int = 16) -> list[str]:
    """The command line for a persona; it writes best.md."""
    path = write(folder, persona, "persona.md")
    file = labels(folder, companies=companies)
    return ["optimize", file, "--persona", path, "--out", str(folder / "best.md"), *QUICK, *more]


def test_a_planted_error_is_mended_with_its_reason_and_the_gain_is_claimed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments(tmp_path, WRONG)) == 0
    said = capsys.readouterr()
    assert (tmp_path / "best.md").read_text(encoding="utf-8") == RIGHT
    lines = said.out.splitlines()
    at = next(at for at, line in enumerate(lines) if line.endswith("- - Marketing"))
    assert re.search(
        r"\(1\) By “Marketing” \(never to be contacted\) at .+ people, \d+ leads were left out", lines[at + 1]
    )
    assert "Taken out of those who are never contacted: “Marketing”." in lines[at + 2]
    assert "4 of 16 companies are held out until the end" in said.out
    assert (
        "3 of 3 further searches proposed a change; at the companies that they did not see the gain is +0." in said.out
    )
    assert "At 4 companies held out: " in said.out
    assert "A gain at companies that the search did not see: better: pairs_f1 is " in said.out
    assert f"The proposal is in {tmp_path / 'best.md'}." in said.out
    assert "The persona as it is: pairs_f1 0." in said.err
    assert "Generation 1, no. 1 from no. 0: 1.000 (+0." in said.err
    assert "Taken out of those who are never contacted: “Marketing”." in said.err
    assert "The same search without part 3 of 3" in said.err


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_without_a_gain_the_persona_is_written_as_it_was_to_the_last_byte(
    ends: str, mark: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = mark + RIGHT.replace("\n", ends).encode()
    assert main(arguments(tmp_path, given)) == 0
    assert (tmp_path / "best.md").read_bytes() == given
    said = capsys.readouterr().out
    assert "No evidence of a gain. The start stays" in said
    assert "Nothing to change: the text stays as it is." in said
    assert "holds the persona as it was: no gain, no change." in said


def test_a_proposal_keeps_line_ends_and_byte_order_mark(tmp_path: Path) -> None:
    mark = b"\xef\xbb\xbf"
    assert main(arguments(tmp_path, mark + WRONG.replace("\n", "\r\n").encode())) == 0
    assert (tmp_path / "best.md").read_bytes() == mark + RIGHT.replace("\n", "\r\n").encode()


def test_few_companies_show_no_gain_and_nothing_is_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments(tmp_path, WRONG, companies=4)) == 0
    said = capsys.readouterr().out
    assert (tmp_path / "best.md").read_text(encoding="utf-8") == WRONG
    assert "No evidence of a gain" in said
    assert "4 companies can't show any difference, however large; it takes at least 6" in said
    assert "Hold-out: none." in said
    assert "without evidence that they would help elsewhere" in said


def test_json_holds_everything_and_the_same_seed_gives_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = []
    for _ in range(2):
        assert main(arguments(tmp_path, WRONG, "--json")) == 0
        values = json.loads(capsys.readouterr().out)
        del values["seconds"]
        found.append(values)
    assert found[0] == found[1]
    values = found[0]
    assert values["claim"]["gain"] is True
    assert values["proposal"]["text"] == RIGHT
    assert values["proposal"]["pairs_f1"] == values["best"]["pairs_f1"] == 1.0 > values["start"]["pairs_f1"]
    assert [step["critique"] != "" for step in values["proposal"]["steps"]] == [True]
    at = WRONG.split("\n").index("- Marketing") + 1
    assert [line for line in values["proposal"]["lines"] if line["kind"] != "gap"] == [
        {"kind": "gone", "old": at, "new": None, "text": "- Marketing", "steps": [1]}
    ]
    assert values["nested"]["difference"]["interval"]["companies"] == 12
    assert len(values["opening"]["companies"]) == 4
    assert len(values["folds"]) == 3
    assert values["settings"]["seed"] == 1
    assert read_form(values["proposal"]["text"]) == read_form(RIGHT)


def test_neither_input_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = arguments(tmp_path, WRONG)
    at = line.index("--out") + 1
    for name, what in (("persona.md", "the persona itself"), ("labelled.csv", "the file of leads itself")):
        line[at] = str(tmp_path / name)
        assert what in refusal(line, capsys)
    assert (tmp_path / "persona.md").read_text(encoding="utf-8") == WRONG
    assert refusal([*line[: at - 1], *line[at + 1 :]], capsys).endswith("for example --out best.md.\n")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--max-usd", "free"], "not a number of dollars"),
        (["--max-calls", "0"], "whole number from 1 on"),
        (["--folds", "1"], "at least 2"),
        (["--folds", "-1"], "at least 0"),
        (["--beam", "0"], "whole number from 1 on"),
        (["--generations", "none"], "whole number from 1 on"),
        (["--label", "maybe=-"], "can't be used"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    options: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said in refusal(arguments(tmp_path, WRONG, *options), capsys)
    assert not (tmp_path / "best.md").exists()


def test_limits_of_spending_hold_where_nothing_is_spent(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments(tmp_path, RIGHT, "--max-usd", "0", "--max-calls", "1")) == 0
    assert "rules asks no model: no call, no cost." in capsys.readouterr().err


def test_a_label_that_could_mean_two_things_is_asked_about(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = arguments(tmp_path, RIGHT)
    file = Path(line[1])
    file.write_text(file.read_text(encoding="utf-8").replace(",none\n", ",-\n"), encoding="utf-8")
    assert "--label none=-" in refusal(line, capsys)
    assert main([*line, "--label", "none=-"]) == 0


@pytest.mark.parametrize("persona", ["", "Dear all,\n\nplease think of something.\n"])
def test_a_persona_that_says_nothing_is_refused_in_words(
    persona: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "persona" in refusal(arguments(tmp_path, persona), capsys)
    assert not (tmp_path / "best.md").exists()

"""The commands as a person types them: what they write and say, and every kind of input that can't be used."""

import codecs
import csv
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from ranker.cli import main

ROOT = Path(__file__).parents[2]
OUTBOUND = str(ROOT / "prompts/personas/outbound-sales.md")
ADDED = (
    "status,qualified,score,rank,confidence,department_fit,seniority_fit,needs_review,flags,reasoning".split(",")
)  # fmt: skip
HEADER = "Lead ID,Job Title,Company Name,Company Size"
LEADS = [
    "1,CEO,Alpha,1-10",
    "2,Accountant,Alpha,1-10",
    "3,VP Sales,Beta,51-200",
    "4,,Beta,51-200",
    "5,beta.example,Beta,51-200",
    "6,sales@beta.example,Beta,51-200",
    "7,Sales Director,,51-200",
    "8,Sales Director,Gamma,",
    "9,VP  Sales ,Beta,51-200",
    "10,Head of Sales,Delta,1-10",
]
TEXT = "\n".join([HEADER, *LEADS]) + "\n"


def write(folder: Path, content: str | bytes, name: str = "leads.csv") -> str:
    """A file in the folder, by its path."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def rows_of(path: str | Path) -> list[dict[str, str]]:
    """The rows of a CSV file in UTF-8."""
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def ranked(folder: Path, leads: str, *options: str) -> list[dict[str, str]]:
    """The rows that `rank` writes; it must succeed."""
    out = str(folder / "ranked.csv")
    assert main(["rank", leads, "--persona", OUTBOUND, "--out", out, *options]) == 0
    return rows_of(out)


def run(arguments: list[str]) -> int:
    """The exit status of a command line, whether it returns or is refused by the parser."""
    try:
        return main(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)


def refusal(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The one line that a refused command says; it must say nothing else, anywhere."""
    assert run(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("error: ")
    assert said.err.count("\n") == 1
    return said.err


def test_rank_gives_every_row_once_in_order_and_verbatim(tmp_path: Path) -> None:
    rows = ranked(tmp_path, write(tmp_path, TEXT))
    assert list(rows[0]) == [*HEADER.split(","), *ADDED]
    assert [",".join(row[name] for name in HEADER.split(",")) for row in rows] == LEADS


def test_rank_says_of_each_row_what_became_of_it(tmp_path: Path) -> None:
    rows = {row["Lead ID"]: row for row in ranked(tmp_path, write(tmp_path, TEXT))}
    assert {key: (row["status"], row["qualified"]) for key, row in rows.items()} == {
        "1": ("ranked", "true"),
        "2": ("not_relevant", "false"),
        "3": ("ranked", "true"),
        "4": ("not_judged", ""),
        "5": ("not_judged", ""),
        "6": ("not_judged", ""),
        "7": ("rejected", ""),
        "8": ("ranked", "true"),  # a sales director is one to contact at every size
        "9": ("ranked", "true"),
        "10": ("ranked", "true"),
    }
    assert {key: row["flags"] for key, row in rows.items() if row["flags"]} == {
        "4": "title_missing",
        "5": "title_is_url",
        "6": "title_is_email",
        "7": "company_missing",
        "8": "size_missing",
    }
    assert [key for key, row in rows.items() if row["needs_review"] == "true"] == ["4", "5", "6", "7", "8"]
    assert [key for key, row in rows.items() if not row["score"]] == ["4", "5", "6", "7"]


def test_rank_lets_equal_scores_share_a_place(tmp_path: Path) -> None:
    rows = {row["Lead ID"]: row for row in ranked(tmp_path, write(tmp_path, TEXT))}
    assert (rows["3"]["rank"], rows["9"]["rank"]) == ("1", "1")


def test_a_reasoning_quotes_a_line_of_the_persona(tmp_path: Path) -> None:
    rows = ranked(tmp_path, write(tmp_path, TEXT))
    assert "'CEO or Managing Director · 5/5'" in rows[0]["reasoning"]
    assert "'Finance, Accounting and Purchasing'" in rows[1]["reasoning"]


def test_shuffled_rows_get_the_same_verdicts(tmp_path: Path) -> None:
    leads = (ROOT / "eval/sample/leads.csv").read_text(encoding="utf-8")
    before = ranked(tmp_path, write(tmp_path, leads))
    with (tmp_path / "leads.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))
    random.Random(7).shuffle(rows)
    with (tmp_path / "shuffled.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    after = ranked(tmp_path, str(tmp_path / "shuffled.csv"))
    assert [row["lead_id"] for row in after] != [row["lead_id"] for row in before]
    assert sorted(after, key=lambda row: row["lead_id"]) == sorted(before, key=lambda row: row["lead_id"])


@pytest.mark.parametrize("top", [1, 2])
def test_top_keeps_the_rows_to_contact_up_to_that_place(top: int, tmp_path: Path) -> None:
    leads = str(ROOT / "eval/sample/leads.csv")
    everything = ranked(tmp_path, leads)
    kept = ranked(tmp_path, leads, "--top", str(top))
    assert kept == [row for row in everything if row["rank"] and int(row["rank"]) <= top]
    assert 0 < len(kept) < len(everything)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + TEXT.encode(),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.replace(",", ";").encode(),
        TEXT.replace(",", "\t").encode(),
        TEXT.replace("\n", "\r").encode(),
        TEXT.replace("\n", "\r\n").encode(),
    ],
    ids=["bom", "utf-16", "utf-16 be", "utf-16 without bom", "semicolons", "tabs", "cr", "crlf"],
)
def test_the_form_of_the_file_changes_no_verdict(content: bytes, tmp_path: Path) -> None:
    assert ranked(tmp_path, write(tmp_path, content)) == ranked(tmp_path, write(tmp_path, TEXT, "plain.csv"))


def test_windows_1252_comes_out_as_utf_8(tmp_path: Path) -> None:
    content = f"{HEADER}\n1,Geschäftsführer,Müller,1-10\n".encode("cp1252")
    assert ranked(tmp_path, write(tmp_path, content))[0]["Company Name"] == "Müller"


def test_a_header_that_is_taken_gets_a_prefix(tmp_path: Path) -> None:
    leads = write(tmp_path, "Title,Company,Size,Status,score\nCEO,Acme,1-10,old,1\n")
    row = ranked(tmp_path, leads)[0]
    assert (row["Status"], row["score"], row["ranker_status"], row["rank"]) == ("old", "1", "ranked", "1")
    assert float(row["ranker_score"]) > 60


def test_two_columns_of_one_name_both_come_out(tmp_path: Path) -> None:
    leads = write(tmp_path, "Title,Company,Title,Size\nCEO,Acme,Mr,1-10\n")
    ranked(tmp_path, leads)
    lines = (tmp_path / "ranked.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("Title,Company,Title,Size,status,")
    assert lines[1].startswith("CEO,Acme,Mr,1-10,ranked,true,")


def test_one_row_is_enough(tmp_path: Path) -> None:
    assert len(ranked(tmp_path, write(tmp_path, f"{HEADER}\n{LEADS[0]}\n"))) == 1


def test_without_a_column_of_sizes_every_lead_needs_a_look(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = ranked(tmp_path, write(tmp_path, "Title,Company\nSales Director,Acme\nAccountant,Acme\n"))
    assert [(row["status"], row["flags"], row["needs_review"]) for row in rows] == [
        ("ranked", "size_missing", "true"),
        ("not_relevant", "size_missing", "true"),
    ]
    assert "--map size=HEADER" in capsys.readouterr().err


def test_map_says_which_column_a_field_is_in(tmp_path: Path) -> None:
    leads = write(tmp_path, "what they do,Company,Size\nCEO,Acme,1-10\nCFO,Acme,1-10\n")
    assert ranked(tmp_path, leads, "--map", "title=What They Do")[0]["status"] == "ranked"


def test_progress_and_figures_are_on_stderr_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ranked(tmp_path, write(tmp_path, "\n".join([HEADER, *(LEADS * 501)])))
    said = capsys.readouterr()
    assert said.out == ""
    assert "5,000 leads judged" in said.err
    assert "5,010 leads: 2,505 ranked, 501 not relevant, 1,503 not judged, 501 rejected" in said.err
    assert "5,010 rows written" in said.err


BAD_FILES = {
    "empty": (b"", "empty"),
    "blank lines": (b"\n \n", "empty"),
    "headers only": (HEADER.encode() + b"\n", "no leads under it"),
    "no company": (b"Job Title,Name\nCEO,x\n", '--map company="Header"'),
    "no title": (b"Company,Name\nAcme,x\n", '--map title="Header"'),
    "one column": (b"Title\nCEO\n", "one column only"),
    "a PDF": (b"%PDF-1.4\n\x00\x01", "PDF"),
    "a damaged workbook": (b"PK\x03\x04abc", "workbook is damaged"),
    "no text": (bytes(range(256)) * 4, "CSV UTF-8"),
}


@pytest.mark.parametrize("name", BAD_FILES)
@pytest.mark.parametrize("command", ["rank", "evaluate"])
def test_a_file_that_is_no_list_of_leads_is_refused(
    command: str, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content, says = BAD_FILES[name]
    out = ["--out", str(tmp_path / "out.csv")] if command == "rank" else []
    assert says in refusal([command, write(tmp_path, content), "--persona", OUTBOUND, *out], capsys)
    assert not (tmp_path / "out.csv").exists()


def test_a_quote_that_is_never_closed_spoils_one_row_and_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = ranked(tmp_path, write(tmp_path, 'Title,Company\n"CEO,Acme\nCEO,Bcme\n'))
    assert [row["Company"] for row in rows] == ["Acme", "Bcme"]
    said = capsys.readouterr().err
    assert "Row 2" in said
    assert "never closed" in said


@pytest.mark.parametrize(("name", "says"), [("missing.csv", "There is no file"), (".", "is a folder")])
def test_leads_that_are_missing_or_a_folder_are_refused(
    name: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["rank", str(tmp_path / name), "--persona", OUTBOUND, "--out", str(tmp_path / "out.csv")]
    assert says in refusal(arguments, capsys)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "There is no persona"),
        ("", "is empty"),
        ("We sell things.\n", "names nobody"),
        (b"## Targets\n- G\xe9rant\n", "not UTF-8"),
    ],
)
def test_a_persona_that_cannot_be_read_is_refused_by_every_command(
    content: str | bytes | None, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    leads = write(tmp_path, TEXT)
    text = str(tmp_path / "missing.md") if content is None else write(tmp_path, content, "persona.md")
    for arguments in (
        ["rank", leads, "--persona", text, "--out", str(tmp_path / "out.csv")],
        ["evaluate", leads, "--persona", text],
        ["explain", "CEO", "--persona", text],
        ["persona", text],
    ):
        assert says in refusal(arguments, capsys)


@pytest.mark.parametrize("persona", [".", ""])
def test_a_folder_or_nothing_for_a_persona_is_refused(persona: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "is a folder" in refusal(["explain", "CEO", "--persona", persona], capsys)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--top", "0"], "not a whole number from 1 on"),
        (["--top", "-1"], "not a whole number from 1 on"),
        (["--top", "three"], "not a whole number from 1 on"),
        (["--map", "title"], "field=Header"),
        (["--map", "titel=Job Title"], "Did you mean “title”?"),
        (["--map", "title=Job Titel"], "Did you mean “Job Title”?"),
        (["--map", "title="], "No column for title"),
        (["--map", "title=Company Name"], "No column for company"),
        (["--map", "title=Job Title", "--map", "title=Lead ID"], "mapped twice"),
        (["--map", "title=Lead ID", "--map", "company=Lead ID"], "two fields"),
        (["--encoding", "klingon"], "not known"),
        (["--delimiter", "and"], "can't be used"),
        (["--strategy", "stars"], "invalid choice"),
        (["--surprise"], "unrecognized"),
    ],
)
def test_an_option_that_makes_no_sense_is_refused(
    options: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.csv"
    arguments = ["rank", write(tmp_path, TEXT), "--persona", OUTBOUND, "--out", str(out), *options]
    assert says in refusal(arguments, capsys)
    assert not out.exists()


@pytest.mark.parametrize("arguments", [["bogus"], ["rank"], ["explain"], ["persona"]])
def test_a_command_without_what_it_needs_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert "--help" in refusal(arguments, capsys)


@pytest.mark.parametrize(
    ("out", "says"),
    [("", "needs a file name"), (".", "is a folder"), ("nowhere/out.csv", "no folder"), ("leads.csv/x", "no folder")],
)
def test_an_output_that_cannot_be_written_is_refused(
    out: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    leads = write(tmp_path, TEXT)
    assert says in refusal(["rank", leads, "--persona", OUTBOUND, "--out", out], capsys)


def test_an_output_that_would_replace_what_is_read_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    leads, link = write(tmp_path, TEXT), tmp_path / "link.csv"
    link.symlink_to(leads)
    persona = write(tmp_path, Path(OUTBOUND).read_bytes(), "persona.md")
    for out, what in ((leads, "file of leads"), (str(link), "file of leads"), (persona, "persona")):
        arguments = ["rank", leads, "--persona", persona, "--out", out, "--top", "1"]
        assert f"is the {what} itself" in refusal(arguments, capsys)
    assert Path(leads).read_text(encoding="utf-8") == TEXT
    assert Path(persona).read_bytes() == Path(OUTBOUND).read_bytes()


def test_an_older_output_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "ranked.csv").write_text("old", encoding="utf-8")
    assert len(ranked(tmp_path, write(tmp_path, TEXT))) == len(LEADS)


def test_evaluate_as_json_has_macro_and_companies(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["evaluate", str(ROOT / "eval/sample/labelled.csv"), "--persona", OUTBOUND]
    assert main([*arguments, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert {"pairs", "order", "f1", "p_at_3", "ndcg_5"} <= set(result["macro"])
    assert len(result["companies"]) >= 30
    assert main(arguments) == 0
    assert f"{result['macro']['f1']:.3f}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("label", "says"), [("first", 'the label "first"'), ("", "no label"), ("0", "whole number from 1")]
)
def test_a_label_that_is_none_is_refused(
    label: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    leads = write(tmp_path, f"Title,Company,Size,expected_rank\nCEO,Acme,1-10,{label}\n")
    assert says in refusal(["evaluate", leads, "--persona", OUTBOUND], capsys)


def test_evaluate_needs_labels(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "expected_rank" in refusal(["evaluate", write(tmp_path, TEXT), "--persona", OUTBOUND], capsys)


def test_explain_shows_the_words_and_the_verdict_at_a_size(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "VP of Sales", "--size", "51-200", "--persona", OUTBOUND]) == 0
    said = capsys.readouterr().out
    assert "'sales'" in said
    assert "'vp'" in said
    assert "ranked" in said
    assert "'VP of Sales · 5/5'" in said


def test_explain_without_a_size_shows_every_bracket(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "CEO", "--persona", OUTBOUND]) == 0
    said = capsys.readouterr().out
    assert [line.split()[1] for line in said.splitlines() if line.startswith("At ")] == [
        "1-50", "51-200", "201-1000", "1001+",
    ]  # fmt: skip


@pytest.mark.parametrize("title", ["", "  ", "🎨", "acme.example", "x" * 5_000, "CEO\x00\ud800"])
def test_explain_takes_any_title(title: str) -> None:
    assert main(["explain", title, "--persona", OUTBOUND, "--size", "banana"]) == 0


def test_persona_shows_what_was_understood_and_what_was_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = write(tmp_path, "## Targets\n- CEO\n\n## Never contact\nNobody from the moon, please.\n", "persona.md")
    assert main(["persona", text]) == 0
    said = capsys.readouterr().out
    assert "line   2  target    CEO" in said
    assert "Not understood: 1\n  line   5  Nobody from the moon" in said


def test_the_command_line_as_a_process(tmp_path: Path) -> None:
    out = tmp_path / "ranked.csv"
    command = [sys.executable, "-m", "ranker"]
    arguments = ["rank", write(tmp_path, TEXT), "--persona", OUTBOUND, "--out"]
    done = subprocess.run([*command, *arguments, str(out)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
    assert len(rows_of(out)) == len(LEADS)
    refused = subprocess.run(
        [*command, *arguments, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (2, "", 1)


def test_a_terminal_that_lacks_a_sign_fails_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ranker", "explain", "CEO"],
        cwd=ROOT,
        env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "? 'ceo'" in done.stdout

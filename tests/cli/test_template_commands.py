"""``templates`` as a person types it, and the prompts that ``rank`` asks with."""

from pathlib import Path

import pytest

from ranker.cli import main
from tests.llm.fake_server import FakeServer

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "prompts/templates/pointwise.jinja").read_text("utf-8")
MINE = TEXT.replace("You decide whether", "Decide whether")
PERSONA = str(ROOT / "prompts/personas/outbound-sales.md")


@pytest.fixture
def typed(tmp_path, monkeypatch, capsys):
    """A function that runs a command: exit status, and what was printed."""
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "RANKER_PROVIDER", "RANKER_MODEL", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("RANKER_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("RANKER_USER", "Ada")
    monkeypatch.chdir(tmp_path)
    Path("leads.csv").write_text("Job Title,Company Name,Company Size\nHead of Sales,Alpha,51-200\n")
    Path("mine.jinja").write_text(MINE, "utf-8")

    def run(*words):
        end = main(list(words))
        said = capsys.readouterr()
        return end, said.out, said.err

    return run


def rank(typed, monkeypatch, *options):
    """What the model was told."""
    with FakeServer() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        asked = ("rank", "leads.csv", "--persona", PERSONA, "--out", "out.csv", "--strategy", "pointwise")
        assert typed(*asked, "--model", "fake", *options)[0] == 0
        return server.requests[-1]["body"]["messages"][0]["content"]


def test_a_version_travels_out_in_and_to_use(typed):
    assert typed("templates", "export", "pointwise", "out.jinja")[0] == 0
    assert Path("out.jinja").read_text("utf-8") == TEXT
    end, _, said = typed("templates", "import", "pointwise", "mine.jinja", "--note", "Shorter.")
    assert end == 0
    assert "version 2 of “pointwise” and not in use" in said
    assert typed("templates", "show", "pointwise")[1] == TEXT
    assert typed("templates", "show", "pointwise", "--version", "2")[1] == MINE
    assert "from now on" in typed("templates", "activate", "pointwise", "--version", "2")[2]
    assert typed("templates", "show", "pointwise")[1] == MINE
    listed = typed("templates", "list")[1]
    assert "pointwise  version 2 of 2 in use" in listed
    tasks = [line.split()[0] for line in listed.splitlines() if not line.startswith(" ")]
    asking = ["pointwise", "qualify", "rank", "score", "rescore", "final"]
    assert tasks == [*asking, "critique", "edit", "analyse", "write"]  # as on the page Prompts
    assert "chosen by Ada" in listed
    assert "Shorter." in listed
    assert "as the ranker has it; 0 runs" in listed
    assert "in use" in typed("templates", "import", "pointwise", "mine.jinja")[2]


def test_rank_asks_with_the_version_in_use_and_with_a_file_where_one_is_named(typed, monkeypatch):
    Path("other.jinja").write_text(TEXT.replace("You decide whether", "Say whether"), "utf-8")
    assert rank(typed, monkeypatch).startswith("You decide whether")
    typed("templates", "import", "pointwise", "mine.jinja")
    assert rank(typed, monkeypatch).startswith("You decide whether")
    typed("templates", "activate", "pointwise", "--version", "2")
    assert rank(typed, monkeypatch).startswith("Decide whether")
    assert rank(typed, monkeypatch, "--template", "pointwise=other.jinja").startswith("Say whether")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["show"], "Name the task"),
        (["show", "nothing"], "There are: analyse, critique, edit, final, pointwise, qualify, rank"),
        (["show", "rank", "--version", "7"], "no version 7"),
        (["export", "rank"], "Name the file"),
        (["export", "rank", "mine.jinja"], "is there already"),
        (["export", "rank", "nowhere/x.jinja"], "can't be written"),
        (["import", "rank", "nowhere.jinja"], "can't be read"),
        (["import", "rank", "leads.csv"], "is missing"),
        (["activate", "rank"], "--version"),
    ],
)
def test_what_makes_no_sense_is_said_in_one_line(typed, words, said):
    end, out, error = typed("templates", *words)
    assert (end, out) == (2, "")
    *_, last = error.splitlines()  # before it the log may say that the database was made
    assert said in last
    assert last.startswith("error: ")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--strategy", "rules", "--template", "rank=mine.jinja"], "rules asks no model"),
        (["--strategy", "pointwise", "--template", "mine.jinja"], "TASK=FILE"),
        (["--strategy", "pointwise", "--template", "nothing=mine.jinja"], "a task is one of: "),
        (["--strategy", "pointwise", "--template", "rank=leads.csv"], "is missing"),
    ],
)
def test_a_template_that_can_t_be_used_stops_rank_before_anything_is_asked(typed, options, said):
    end, _, error = typed("rank", "leads.csv", "--persona", PERSONA, "--dry-run", *options)
    assert end == 2
    assert said in error
    assert not Path("data").exists()

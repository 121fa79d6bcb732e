"""``optimize`` with a language model, as a person types it, against a server of our own."""

import math

import pytest

from ranker.cli import main
from tests.optimizer.teacher import PERSONA, Teacher, labelled


@pytest.fixture
def typed(tmp_path, monkeypatch, capsys):
    """A function that optimizes the teacher's persona with these options: exit status, and what was said."""
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "RANKER_PROVIDER", "RANKER_MODEL", "RANKER_MAX_USD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("RANKER_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "persona.md").write_text(PERSONA)
    rows = ["Lead ID,Job Title,Company Name,Company Size,Industry,expected_rank"]
    for one in labelled(7, 5):
        label = "none" if one.lead.label == math.inf else "1"
        rows.append(f"{one.lead.source_id},{one.inputs.title},{one.inputs.company},50,{one.industry},{label}")
    (tmp_path / "labelled.csv").write_text("\n".join(rows) + "\n")

    def run(*options, server=None):
        if server is not None:
            monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        quick = ("--generations", "2", "--variants", "3", "--beam", "1", "--folds", "0")
        end = main(["optimize", "labelled.csv", "--persona", "persona.md", "--out", "best.md", *quick, *options])
        said = capsys.readouterr()
        return end, said.out + said.err

    return run


def test_a_model_criticises_and_edits_under_one_limit_of_calls(typed, tmp_path):
    with Teacher() as server:
        end, said = typed("--strategy", "pointwise", "--model", "fake", "--max-calls", "300", server=server)
        calls = len(server.requests)
        assert typed("--strategy", "pointwise", "--model", "fake", "--max-calls", "300", server=server)[0] == 0
        assert len(server.requests) == calls  # every answer was there
        few, short = typed("--strategy", "pointwise", "--model", "other", "--max-calls", "40", server=server)
        assert calls < len(server.requests) <= calls + 40
        asked = len(server.requests)
        none, nothing = typed("--strategy", "pointwise", "--model", "third", "--max-calls", "9", server=server)
        assert len(server.requests) == asked + 9  # not enough for the persona as it is
    assert (end, few, none) == (0, 0, 0)
    assert "not tried live" in said
    assert "4 leads were judged wrongly. → Wanted: " in said
    assert "more kinds in." in said
    assert "nothing can be claimed" in said  # without folds and without a hold-out
    assert (tmp_path / "best.md").read_text() == PERSONA
    assert "The budget is spent" in short
    assert "not known, not even of the text as it is" in nothing
    assert {request["body"]["model"] for request in server.requests} == {"fake", "other", "third"}
    assert "Retail" in str(server.requests[0]["body"])


def test_without_a_key_it_says_what_to_set_and_asks_nothing(typed, tmp_path):
    end, said = typed("--strategy", "cascade")
    assert end == 2
    assert "needs a key" in said
    assert not (tmp_path / "data").exists()

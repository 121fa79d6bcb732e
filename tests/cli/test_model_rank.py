"""``rank`` with a language model, as a person types it, against a server of our own."""

import csv
from pathlib import Path

import pytest

from ranker.cli import main
from tests.llm.fake_answers import points
from tests.llm.fake_server import FakeServer

ROOT = Path(__file__).parents[2]
PERSONA = str(ROOT / "prompts/personas/outbound-sales.md")
LEADS = "Lead ID,Job Title,Company Name,Company Size,Industry\n" + "".join(
    f"{at},Manager of Area {at},Company {at % 3},{['1-10', '51-200', ''][at % 3]},Retail\n" for at in range(30)
)


@pytest.fixture
def ranked(tmp_path, monkeypatch, capsys):
    """A function that ranks the leads with these options: exit status, what was said, the rows."""
    for name in ("OPENAI_API_KEY", "RANKER_PROVIDER", "RANKER_MODEL", "RANKER_MAX_USD", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("RANKER_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "leads.csv").write_text(LEADS)

    def run(*options, server=None, out=True):
        if server is not None:
            monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        end = main(["rank", "leads.csv", "--persona", PERSONA, *(["--out", "ranked.csv"] if out else []), *options])
        said = capsys.readouterr()
        path = tmp_path / "ranked.csv"
        rows = list(csv.DictReader(path.read_text("utf-8").splitlines())) if path.exists() else []
        return end, said.out + said.err, rows

    return run


@pytest.mark.parametrize("strategy", ["pointwise", "two-phase", "cascade"])
def test_a_file_is_ranked_with_a_model(ranked, strategy):
    with FakeServer() as server:
        end, said, rows = ranked("--strategy", strategy, "--model", "fake", server=server)
    assert end == 0
    assert [row["status"] for row in rows] == [
        "ranked" if points(row["Job Title"]) >= 6 else "not_relevant" for row in rows
    ]
    assert {row["rank"] for row in rows if row["status"] == "ranked"} >= {"1", "2"}
    assert all(request["body"]["model"] == "fake" for request in server.requests)
    assert "not tried live" in said
    assert "of unknown cost" in said  # nobody told the price of "fake"
    assert "Retail" in str(server.requests[0]["body"])


def test_a_dry_run_tells_calls_tokens_and_cost_and_asks_nothing(ranked, tmp_path):
    end, said, rows = ranked("--strategy", "two-phase", "--dry-run", "--max-usd", "2", out=False)
    assert (end, rows) == (0, [])
    assert "qualify    3 calls to gpt-5-mini" in said
    assert "at most 3 calls" in said
    assert "stop before it costs more than $2.00" in said
    assert "not tried live" in said
    assert not (tmp_path / "data").exists()


def test_without_a_key_it_says_what_to_set(ranked, monkeypatch):
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    end, said, rows = ranked("--strategy", "pointwise")
    assert (end, rows) == (2, [])
    assert "Set OPENAI_API_KEY" in said
    assert "--strategy rules" in said


def test_a_limit_with_an_unknown_price_is_refused(ranked):
    with FakeServer() as server:
        end, said, rows = ranked("--strategy", "pointwise", "--max-usd", "1", server=server)
    assert (end, rows, server.requests) == (2, [], [])
    assert "RANKER_PRICE_INPUT" in said


def test_a_limit_that_is_reached_leaves_the_rest_visibly_unjudged(ranked, monkeypatch):
    monkeypatch.setenv("RANKER_PRICE_INPUT", "1")
    monkeypatch.setenv("RANKER_PRICE_OUTPUT", "1")
    with FakeServer() as server:
        end, said, rows = ranked("--strategy", "pointwise", "--model", "fake", "--max-usd", "0.02", server=server)
    judged = [row for row in rows if row["status"] != "not_judged"]
    assert end == 1
    assert 0 < len(judged) < 30
    assert all("call_cap" in row["flags"] for row in rows if row["status"] == "not_judged")
    assert "limit of $0.02 is reached" in said


def test_an_account_that_ran_dry_is_said_in_words(ranked):
    with FakeServer(always="quota") as server:
        end, said, rows = ranked("--strategy", "pointwise", server=server)
    assert (end, len(server.requests)) == (1, 1)
    assert {row["status"] for row in rows} == {"not_judged"}
    assert "credit is used up" in said


def test_what_the_gates_did_is_told_before_and_after(ranked, tmp_path):
    more = "".join(f"{100 + at},Welder {at},Company 1,51-200,Retail\n" for at in range(120))
    (tmp_path / "leads.csv").write_text(LEADS + more)
    with FakeServer() as server:
        _, before, _ = ranked("--strategy", "cascade", "--dry-run", server=server, out=False)
        assert not server.requests
        end, after, rows = ranked("--strategy", "cascade", "--model", "fake", server=server)
    gated = sum("gated" in row["flags"].split() for row in rows)
    sampled = [row for row in rows if "gate_sampled" in row["flags"].split()]
    kept = sum(row["status"] == "ranked" for row in sampled)
    assert end == 0
    assert gated + len(sampled) == 120
    assert sampled
    assert f" {gated:,} ruled out by the rules, " in before
    assert f"Gates: {gated:,} leads ruled out by the rules at no cost." in after
    assert f"the model would contact {kept} of {len(sampled)}." in after


@pytest.mark.parametrize("options", [["--model", "x"], ["--max-usd", "1"]])
def test_rules_ask_no_model(ranked, options):
    end, said, _ = ranked(*options)
    assert end == 2
    assert "rules asks no model" in said


def test_an_output_is_needed_unless_nothing_is_written(ranked):
    assert ranked(out=False)[0] == 2
    end, said, rows = ranked("--dry-run", out=False)
    assert (end, rows) == (0, [])
    assert "no call, no cost" in said

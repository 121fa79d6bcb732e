"""The Runs page for runs with a language model: how, what it cost, who failed, and two ways of judging compared."""

from __future__ import annotations

import re

import pytest

from ranker.jobs.job import take
from ranker.llm.failures import POLICIES
from ranker.personas.catalog import list_personas
from ranker.scoring import rank_run
from ranker.scoring.selection import Selection
from ranker.store import run_queries
from ranker.store.ai_calls import Attempt, reserve
from ranker.store.run_costs import RunCost, scope_of
from ranker.store.suppression_list import add_many
from tests.llm.model_runs import LEADS, Declining, bring, choice, ranked

SOME = ("Manager of Area 1", "Manager of Area 2", "Manager of Area 7")
A_LEAD = re.compile(r"\$[\d.]+ a lead")


@pytest.fixture
def server():
    with Declining() as started:
        yield started


@pytest.fixture
def leads(database, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    bring(database, *LEADS)


def words(page):
    found = [*page.markdown, *page.caption, *page.warning, *page.error, *page.info, *page.success]
    return "\n".join(item.value for item in found).replace("\\", "")


def labels(page):
    return [button.label.replace("\\", "") for button in page.button]


def test_the_list_says_how_each_run_judged_and_what_it_cost(database, leads, server, monkeypatch, open_page):
    ranked(database)
    ranked(database, choice(monkeypatch, server, "two-phase"))
    ranked(database, choice(monkeypatch, server, model="other", RANKER_PRICE_INPUT=None, RANKER_PRICE_OUTPUT=None))
    frame = open_page("runs.py").dataframe[0].value
    assert list(frame["How"]) == ["other, one by one", "fake, in batches", "Rules"]
    unknown, paid, free = frame["Cost"]
    assert (unknown, free) == ("unknown", "free")
    assert paid.startswith("$0.0")
    assert float(paid[1:]) > 0


def test_a_run_is_told_in_words_and_its_calls_add_up(database, leads, server, monkeypatch, open_page):
    server.script = ["rate", "invalid_json"]
    run = ranked(database, choice(monkeypatch, server, RANKER_MAX_USD=2))
    told = words(open_page("runs.py", run=run))
    assert "**Model, one by one**: one question a lead" in told
    assert f"Your own address (127.0.0.1:{server.port}): fake" in told
    assert "prompts pointwise " in told
    assert "14 calls = 12 answered + " in told
    assert "1 told to slow down" in told
    assert "1 of the wrong form" in told
    assert "2 calls had to be repeated" in told
    assert "limit $2.00" in told
    assert A_LEAD.search(told)
    assert "Ask only these again" not in labels(open_page("runs.py", run=run))
    again = ranked(database, choice(monkeypatch, server, RANKER_MAX_USD=2))
    told = words(open_page("runs.py", run=again))
    assert "12 answers were there already" in told
    assert "**Cost: $0.00**" in told


def test_failed_leads_are_told_by_reason_with_the_way_to_ask_only_them_again(
    database, leads, server, monkeypatch, open_page
):
    server.declines = SOME
    model = choice(monkeypatch, server)
    run = ranked(database, model)
    page = open_page("runs.py", run=run)
    told = words(page)
    assert "**3 leads could not be judged, because a call failed.** That is no verdict on them." in told
    assert "- 3: The model declined to answer." in told
    server.declines = ()
    again = ranked(database, model, Selection("failed", (run,)))
    assert open_page("runs.py").dataframe[0].value["What"][0] == f"Ranking: 3 leads that failed in run {run}"
    page = open_page("runs.py", run=again)
    assert "3 calls = 3 answered" in words(page)
    assert A_LEAD.search(words(page)) is None  # most of its verdicts were paid for by the other run
    page = open_page("runs.py", run=run)
    assert [link.proto.label for link in page.get("page_link")] == [f"Asked again in run {again}"]
    next(button for button in page.button if button.label == "Ask only these again").click().run()
    assert not page.exception
    assert page.query_params["run"] == str(run)
    assert page.title[0].value == "Rank"


def test_a_run_under_way_says_what_it_cost_so_far(database, leads, server, monkeypatch, open_page):
    model = choice(monkeypatch, server)
    run = rank_run.start(database, Selection("all"), list_personas(database)[0].live_version_id, model=model)
    take(database, run, rank_run.step)
    with database.write() as session:
        reserve(session, Attempt(scope_of(run), "pointwise", "other", "fake", 1, 0.25), None)
    run_queries.tell_live(database, run, {"share": 0.5, "piece": 12})
    page = open_page("runs.py", run=run)
    assert list(page.dataframe[0].value["Cost"]) == ["$0.00 so far"]
    assert "1 call = 1 under way, or lost" in words(page)
    assert page.get("progress")[0].proto.text == "6 of 12"
    assert "Watch it" in labels(page)


def test_a_run_that_reached_its_limit_is_gone_on_with(database, leads, server, monkeypatch, open_page):
    run = ranked(database, choice(monkeypatch, server, RANKER_MAX_USD=0.006, RANKER_CONCURRENCY=1))
    page = open_page("runs.py", run=run)
    assert "The limit of $0.01 is reached" in page.error[0].value.replace("\\", "")
    assert "Go on with the rest on the page Rank" in page.error[0].value
    assert "Start it again" not in labels(page)
    next(button for button in page.button if button.label == "Go on with the rest").click().run()
    assert not page.exception
    assert page.query_params["run"] == str(run)


def test_a_run_offers_to_be_compared_with_another_one_over_the_same_leads(
    database, leads, server, monkeypatch, open_page
):
    first = ranked(database)
    second = ranked(database, choice(monkeypatch, server))
    page = open_page("runs.py", run=second)
    button = next(one for one in page.button if one.label.startswith(f"Compare with run {first}: Rules, "))
    button.click().run()
    assert not page.exception
    assert page.query_params["with"] == str(first)
    table = page.dataframe[1].value.set_index("")
    assert list(table.columns) == [f"Run {first}", f"Run {second}"]
    assert list(table.loc["How"]) == ["Rules", "One by one"]
    assert list(table.loc["Model"]) == ["–", "fake"]
    assert table.loc["Cost"].iloc[0] == "free"
    told = words(page)
    assert "of 12 leads that both judged" in told
    assert "Cohen's kappa" in told
    moves = page.dataframe[2].value
    assert set(moves["What made the difference"]) <= {
        "The lead is the same; first rules judged it, then a model.",
        "The same verdict; others at the company came, went or moved.",
    }
    assert any("points" in said for said in moves["The second run said"])


def test_a_comparison_says_how_held_leads_are_counted(database, leads, server, monkeypatch, open_page):
    first = ranked(database)
    page = open_page("runs.py", **{"run": ranked(database, choice(monkeypatch, server)), "with": first})
    assert "do-not-contact" not in words(page)
    with database.session() as session:
        names = session.connection().exec_driver_sql("SELECT full_name FROM lead").scalars().all()
    add_many(database, [("person", name) for name in names])
    held = [ranked(database), ranked(database, choice(monkeypatch, server))]
    told = words(open_page("runs.py", **{"run": held[1], "with": held[0]}))
    assert "Leads on the do-not-contact list count here as they were judged" in told


def test_a_failure_is_compared_as_no_verdict(database, leads, server, monkeypatch, open_page):
    first = ranked(database, choice(monkeypatch, server))
    server.declines = SOME
    second = ranked(database, choice(monkeypatch, server, model="other"))
    page = open_page("runs.py", **{"run": first, "with": second, "kind": "failed"})
    told = words(page)
    assert "**Agreement: 100.0%**" in told
    assert "3 leads on which a call failed in one of them: that is no verdict" in told
    frame = page.dataframe[2].value
    assert set(frame["What made the difference"]) == {
        "The second run could not judge this lead, because a call failed. That is no verdict."
    }
    assert list(page.dataframe[1].value.set_index("").loc["Failed"]) == ["0", "3"]
    assert len(frame) == 3


def test_a_call_that_never_came_back_makes_the_cost_unknown(database, leads, server, monkeypatch, open_page):
    run = ranked(database, choice(monkeypatch, server))
    with database.write() as session:
        reserve(session, Attempt(scope_of(run), "pointwise", "other", "fake", 1, 0.25), None)
    told = words(open_page("runs.py", run=run))
    assert "and more, unknown" in told
    assert "What 1 call cost is not known, at most $0.25." in told


def test_every_way_that_a_call_can_end_has_words():
    from pages._runs_model import OUTCOMES

    assert set(OUTCOMES) >= {*POLICIES, "ok", "open", "unsupported"}


@pytest.mark.parametrize(
    ("usd", "told"),
    [(0, "$0.00"), (1234.5, "$1,234.50"), (0.42, "$0.42"), (0.1, "$0.10"), (0.042, "$0.042"), (0.00034, "$0.00034")],
)
def test_small_costs_keep_two_digits(usd, told):
    from pages._runs_money import dollars, known

    assert dollars(usd) == told
    assert known(RunCost(1, usd)) == told

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from ranker.ingest.merge import commit
from ranker.ingest.stage import stage_file
from ranker.jobs.job import take
from ranker.scoring import rank_run
from ranker.scoring.llm import report
from ranker.scoring.llm.strategies import PIECE
from ranker.scoring.llm.words import strategies
from ranker.store import run_queries
from ranker.store.ai_calls import Attempt, Settled, reserve, settle
from ranker.store.engine import Database
from ranker.store.home_queries import best_so_far
from ranker.store.overview import overview
from ranker.store.run_costs import scope_of
from tests.llm.fake_answers import points
from tests.llm.fake_server import FakeServer

Page = Callable[..., AppTest]
HEADER = "Name,Company,Website,Employees,Job title,Industry"
LEADS = [
    f"Lead {at:04},Company {at % 3},company{at % 3}.example,51-200,Manager of Area {at},Retail" for at in range(24)
] + ["Lead 0900,Company 1,company1.example,51-200,,Retail", "Lead 0901,Company 1,company1.example,51-200,,Retail"]


@pytest.fixture
def leads(database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Leads are there, and nothing is set up for language models."""
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "RANKER_PROVIDER", "RANKER_MODEL", "RANKER_MAX_USD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    commit(database, stage_file(database, "leads.csv", "\n".join([HEADER, *LEADS]).encode()).id)


@pytest.fixture
def server(leads: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeServer]:
    """A model of known price that can be asked, on a server of our own."""
    with FakeServer() as running:
        settings = {"OPENAI_BASE_URL": running.url, "RANKER_MODEL": "fake", "RANKER_TIMEOUT": "30"}
        for name, value in {**settings, "RANKER_PRICE_INPUT": "1", "RANKER_PRICE_OUTPUT": "2"}.items():
            monkeypatch.setenv(name, value)
        yield running


def texts(app: AppTest) -> str:
    return "\n".join(one.value for one in (*app.markdown, *app.caption))


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def click(app: AppTest, label: str) -> AppTest:
    found = [button for button in app.button if button.label.startswith(label)]
    assert found, f"no button “{label}” among {labels(app)}"
    return found[0].click().run()


def ranked(open_page: Page, work: Callable[[], None], **params: object) -> int:
    """The number of a run with a model that was started on the page, and has ended."""
    app = click(open_page("rank.py", who="all", how="pointwise", **params), "Rank 26 leads")
    assert not app.exception
    work()
    return int(app.query_params["run"])


def test_without_a_key_rules_are_the_only_choice_and_a_line_says_what_a_key_adds(open_page: Page, leads: None) -> None:
    app = open_page("rank.py", who="all")
    assert not app.radio
    assert "Rules" in texts(app)
    assert "With a key, a language model can judge" in texts(app)
    assert labels(app) == ["Rank 26 leads"]
    app = open_page("rank.py", who="all", how="pointwise")
    assert labels(app) == ["Rank 26 leads"], "an old address with a strategy ranks by rules"


def test_a_setting_that_makes_no_sense_is_told_and_rules_work(
    open_page: Page, leads: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RANKER_RPM", "many")
    app = open_page("rank.py", who="all", how="pointwise")
    assert "RANKER\\_RPM has to be a number" in app.warning[0].value
    assert "run" in click(app, "Rank 26 leads").query_params


def test_where_paid_calls_are_switched_off_no_model_is_offered(
    open_page: Page, server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RANKER_CAN_SPEND", "no")
    app = open_page("rank.py", who="all")
    assert not app.radio
    assert "switched off" in app.warning[0].value


def test_what_a_model_would_take_is_told_before_anything_is_asked(
    open_page: Page, server: FakeServer, database: Database
) -> None:
    app = open_page("rank.py", who="all")
    assert app.radio[0].value == "rules", "rules are what is chosen first"
    assert app.radio[0].options[1:] == [option for option in app.radio[0].options if option.startswith("Model")]
    assert len(app.radio[0].options) == len(strategies()) + 1
    app.radio[0].set_value("pointwise").run()
    assert app.query_params["how"] == "pointwise"
    assert "26 leads = 24 to ask about + 2 that nobody can judge, free." in texts(app)
    assert "24 calls to fake" in texts(app)
    assert "nothing leaves it" in texts(app)
    button = next(label for label in labels(app) if label.startswith("Rank 26 leads ("))
    assert "about \\$0.0" in button
    assert button.split("(")[1].rstrip(")") in texts(app), "the sentence has the same sum"
    assert "No limit of money is set" in texts(app)
    assert not server.requests
    assert not run_queries.list_runs(database)


def test_who_would_get_what_is_told_where_it_leaves_the_computer(
    open_page: Page, leads: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-not-to-be-shown")
    app = open_page("rank.py", who="all", how="pointwise")
    assert (
        "OpenAI gets the persona, and of each lead the job title, company name, domain, size and industry; no names of "
        "people, no email addresses. Not tried live yet"
    ) in texts(app)
    assert "gpt-5-mini\\: \\$0.25 for a million tokens in, \\$2 out" in texts(app)
    assert "sk-not" not in texts(app)


def test_the_choice_stands_in_the_address(open_page: Page, server: FakeServer) -> None:
    app = open_page("rank.py", who="all", how="two-phase", model="other", limit="2.5")
    assert app.radio[0].value == "two-phase"
    assert app.text_input[0].value == "other"
    assert app.number_input[0].value == 2.5
    assert "to other" in texts(app)
    assert "Sorting out who is relevant: 1 call" in texts(app)
    app.text_input[0].set_value("third").run()
    app.number_input[0].set_value(0.0).run()
    assert app.query_params["model"] == "third"
    assert app.query_params["limit"] == "0"
    assert "It would stop before its end" in app.warning[0].value
    assert "Rank 26 leads (at most \\$0.00)" in labels(app), "the button promises no more than the limit"
    app.radio[0].set_value("rules").run()
    assert "how" not in app.query_params


def test_the_limit_of_the_settings_is_the_one_to_begin_with(
    open_page: Page, server: FakeServer, monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    monkeypatch.setenv("RANKER_MAX_USD", "3")
    app = open_page("rank.py", who="all", how="pointwise")
    assert app.number_input[0].value == 3
    assert "limit" not in app.query_params
    click(app, "Rank 26 leads")
    assert run_queries.list_runs(database)[0].max_usd == 3


def test_an_unknown_price_is_unknown_and_holds_no_limit(
    open_page: Page, server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RANKER_PRICE_INPUT")
    monkeypatch.delenv("RANKER_PRICE_OUTPUT")
    app = open_page("rank.py", who="all", how="pointwise")
    assert "Rank 26 leads (cost unknown)" in labels(app)
    assert "its price is not known here" in texts(app)
    app.number_input[0].set_value(1.0).run()
    assert "can't be held" in app.error[0].value
    assert not any(label.startswith("Rank") for label in labels(app))


def test_the_estimate_counts_anew_where_leads_have_changed(
    open_page: Page, server: FakeServer, database: Database
) -> None:
    assert "26 leads = 24 to ask about" in texts(open_page("rank.py", who="all", how="pointwise"))
    more = "Lead 0999,Company 2,company2.example,51-200,Director of Area 99,Retail"
    commit(database, stage_file(database, "more.csv", f"{HEADER}\n{more}".encode()).id)
    assert "27 leads = 25 to ask about" in texts(open_page("rank.py", who="all", how="pointwise"))


def test_a_run_with_a_model_is_followed_and_found_again(
    open_page: Page, server: FakeServer, database: Database
) -> None:
    started = click(open_page("rank.py", who="all", how="pointwise", limit="2"), "Rank 26 leads")
    run_id = run_queries.list_runs(database)[0].id
    take(database, run_id, rank_run.step)
    live = {"task": "pointwise", "share": 0.5, "piece": 26, "cached": 2, "retries": 1, "waiting": ["the provider"]}
    run_queries.tell_live(database, run_id, live)
    for app in (started.run(), open_page("rank.py"), open_page("rank.py", run=run_id)):
        said = texts(app)
        assert "13 of 26 leads · 0 answers · \\$0.00 of at most \\$2.00" in said
        assert "2 answers were there from before, free · 1 call had to be repeated · waits for the provider" in said
        assert "calls under way still end, and count" in said
        assert "Cancel" in labels(app)


def test_afterwards_it_says_what_it_cost_and_is_never_called_free(
    open_page: Page, server: FakeServer, database: Database, work: Callable[[], None]
) -> None:
    run_id = ranked(open_page, work)
    app = open_page("rank.py", run=run_id)
    used, run = report.cost_of(database, run_id), run_queries.get_run(database, run_id)
    assert f"\\${used.spent:,.4f}, \\${used.spent / 24:,.4f} a lead." in texts(app), "of those with a verdict"
    assert "24 calls" in texts(app)
    assert f"{used.tokens_in:,} tokens in and {used.tokens_out:,} out" in texts(app)
    assert "free" not in texts(app)
    counts = run.counts
    assert f"26 leads = {counts['ranked']} to contact + {counts['not_relevant']} not to contact + 2 could" in texts(app)
    assert not any(label.startswith("Ask again") for label in labels(app))
    again = ranked(open_page, work)
    assert "free: all answers were there from before" in texts(open_page("rank.py", run=again))


def test_calls_of_unknown_cost_are_not_called_free_afterwards(
    open_page: Page, server: FakeServer, work: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RANKER_PRICE_INPUT")
    monkeypatch.delenv("RANKER_PRICE_OUTPUT")
    said = texts(open_page("rank.py", run=ranked(open_page, work)))
    assert "24 calls of unknown cost." in said
    assert "free" not in said


def test_results_do_not_open_by_themselves_over_the_bill(
    open_page: Page, server: FakeServer, work: Callable[[], None]
) -> None:
    app = click(open_page("rank.py", who="all", how="pointwise"), "Rank 26 leads")
    work()
    app = app.run()
    assert app.title[0].value == "Rank"
    assert click(app, "See results").title[0].value == "Results"


def test_what_failed_is_told_by_reason_and_only_that_is_asked_again(
    open_page: Page, server: FakeServer, database: Database, work: Callable[[], None]
) -> None:
    server.faults, server.share = ("refusal",), 0.6
    run_id = ranked(open_page, work)
    lost = sum(one.leads for one in report.failures(database, run_id))
    assert 0 < lost < 24
    app = open_page("rank.py", run=run_id)
    assert f"- {lost}: The model declined to answer." in texts(app)
    assert overview(database).unanswered == lost
    assert overview(database).unjudged == 2, "a blank title is another matter"
    assert any(f"{lost} that a model gave no answer for" in link.proto.label for link in links(open_page()))
    reasons = list(open_page("results.py", flag="call_failed").dataframe[0].value["why"])
    assert len(reasons) == lost
    assert all(why.startswith("Not judged: The model declined to answer.") for why in reasons)
    server.share, asked = 0.0, len(server.requests)
    app = click(app, f"Ask again for {lost} lead")
    work()
    assert len(server.requests) - asked == lost
    ended = open_page("rank.py", run=app.query_params["run"])
    assert not any(label.startswith("Ask again") for label in labels(ended))
    assert overview(database).unanswered == 0
    before = open_page("rank.py", run=run_id)
    assert not any(label.startswith("Ask again") for label in labels(before)), "an old verdict replaces no newer one"
    assert "Run 2 took up what was left here" in [link.proto.label for link in links(before)]


def links(app: AppTest) -> list[object]:
    return list(app.get("page_link"))


def test_a_run_that_a_limit_stopped_is_gone_on_with_under_a_higher_one(
    open_page: Page, server: FakeServer, database: Database, work: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RANKER_CONCURRENCY", "2")
    run_id = ranked(open_page, work, limit="0.02")
    run = run_queries.get_run(database, run_id)
    assert run.state == "failed"
    left = report.left_of(database, run)
    assert 0 < left < 24
    assert overview(database).failed_run == run_id
    assert "1 run that failed" in [link.proto.label for link in links(open_page())]
    app = open_page("rank.py", run=run_id)
    assert "limit of \\$0.02 is reached" in app.error[0].value
    assert app.number_input[0].value > 0.02, "the rest takes more than that"
    app.number_input[0].set_value(1.0).run()
    asked = len(server.requests)
    app = click(app, f"Go on with {left} leads (about")
    work()
    after = run_queries.get_run(database, int(app.query_params["run"]))
    assert (after.state, after.max_usd) == ("done", 1.0)
    assert len(server.requests) - asked <= left
    assert not any(label.startswith("Go on") for label in labels(open_page("rank.py", run=run_id)))
    assert sum(after.counts[name] for name in ("ranked", "held", "not_relevant", "not_judged")) == 26


def test_a_cancelled_run_can_be_gone_on_with_or_chosen_again_as_it_was(
    open_page: Page, server: FakeServer, database: Database
) -> None:
    app = click(open_page("rank.py", who="all", how="two-phase"), "Rank 26 leads")
    take(database, run_queries.list_runs(database)[0].id, rank_run.step)
    app = click(app, "Cancel")
    assert any(label.startswith("Go on with 26 leads") for label in labels(app))
    assert "It takes less" not in texts(app), "nothing had been answered"
    run_id = run_queries.list_runs(database)[0].id
    assert click(open_page("runs.py", run=run_id), "Go on with the rest").query_params["run"] == str(run_id)
    app = click(app, "Choose again")
    assert app.radio[0].value == "two-phase"
    assert app.selectbox[0].value == "all"


def test_nobody_is_told_how_sure_a_verdict_is_that_is_not_there(
    open_page: Page, server: FakeServer, database: Database, work: Callable[[], None]
) -> None:
    server.always = "refusal"
    run_id = ranked(open_page, work)
    with database.session() as session:
        lead = session.connection().execute(text("SELECT min(id) FROM lead")).scalar_one()
    said = texts(open_page("results.py", lead=lead))
    assert "Could not be judged" in said
    assert "% sure" not in said
    assert f"Run {run_id}, for " in said


def test_answers_before_a_stop_that_judged_nobody_are_said_to_be_kept(
    open_page: Page, server: FakeServer, database: Database
) -> None:
    app = click(open_page("rank.py", who="all", how="cascade"), "Rank 26 leads")
    run_id = run_queries.list_runs(database)[0].id
    take(database, run_id, rank_run.step)
    with database.write() as session:
        call = reserve(session, Attempt(scope_of(run_id), "score", "own", "fake", 1, 0.25), None)
        assert call is not None
        settle(session, call, Settled("ok", 0.02, 900))
        reserve(session, Attempt(scope_of(run_id), "score", "own", "fake", 1, 0.25), None)
    said = texts(click(app, "Cancel"))
    assert "\\$0.2700, with 1 call without an end so far, counted at the most it can cost." in said
    assert "0 of 26 leads done; 26 left:" in said
    assert "It takes less: 1 answer came before the stop, and was kept." in said


def test_without_its_provider_a_run_says_why_it_cant_be_gone_on_with(
    open_page: Page, server: FakeServer, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = click(open_page("rank.py", who="all", how="pointwise"), "Rank 26 leads")
    run_id = run_queries.list_runs(database)[0].id
    take(database, run_id, rank_run.step)
    click(app, "Cancel")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    app = open_page("rank.py", run=run_id)
    assert not app.exception
    assert "is not set up now" in app.info[1].value
    assert labels(app) == ["Choose again"]


def test_the_best_leads_so_far_are_shown_whatever_order_they_are_judged_in(
    open_page: Page, server: FakeServer, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ranker.scoring.llm.watch.LOOK_SECONDS", 0.01)
    monkeypatch.setitem(PIECE, "pointwise", 8)
    server.latency = 0.03
    click(open_page("rank.py", who="all", how="pointwise"), "Rank 26 leads")
    run_id = run_queries.list_runs(database)[0].id
    for _ in range(3):
        take(database, run_id, rank_run.step)
    run = run_queries.get_run(database, run_id)
    assert run.phase == "judging"
    found = best_so_far(database, run.live["best"])
    assert found
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert all(one.score == points(one.title) * 10 >= 50 for one in found)
    app = open_page("rank.py", run=run_id)
    assert "the best so far" in texts(app)
    assert list(app.dataframe[0].value["Score"]) == [one.score for one in found]

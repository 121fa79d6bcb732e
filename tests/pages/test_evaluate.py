"""The Evaluate page: start an evaluation, see how the variants of a set stand, and why."""

from __future__ import annotations

import json

import pytest

from ranker.evaluation import eval_run
from ranker.evaluation.leaderboard import leaderboard
from ranker.ingest.sample import sample_persona_hash
from ranker.jobs.job import take
from ranker.personas.catalog import get_version
from ranker.scoring import rules_piece
from ranker.store import run_queries
from ranker.store.evaluations import dismiss
from ranker.templates.catalog import get_version as get_prompt
from ranker.templates.catalog import list_templates
from ranker.templates.shipped import seed_templates
from ranker.templates.versions import add_version
from tests.evaluation.labelled_sets import edited, evaluated, harsh, keep_set, persona, sample
from tests.llm.fake_server import FakeServer
from tests.llm.model_runs import Declining, choice
from tests.pages.opening import click, open_at, words


@pytest.fixture
def number(database):
    """A set of 400 leads of the sample."""
    return keep_set(database, sample(400), "Our labels")


def test_a_version_is_evaluated_by_a_click_and_stands_in_the_table(database, number, work):
    page = open_at("evaluate.py", set=number)
    assert "Nothing is evaluated on these leads yet" in words(page)
    page.multiselect(key="evaluate_versions").set_value([persona(database)]).run()
    page = click(page, "Evaluate 1 version on 400 leads")
    assert not page.exception
    assert "You can leave this page" in words(page)
    assert [button.label for button in page.button if button.label == "Cancel"] == ["Cancel"]
    work()
    page.run()
    frame = page.dataframe[0].value
    kept = leaderboard(database, number).entries[0].figures
    assert len(frame) == 1
    row = frame.iloc[0]
    assert row["Persona"] == get_version(database, persona(database)).name
    assert (row["How"], row["In use"], row["Cost"], row["Failed"]) == ("Rules", "✓ yes", "free", "0")
    assert row["Pairs and f1"] == f"{kept.macro['pairs_f1']:.3f}"
    assert f"pairs {kept.nothing['pairs']:.3f}, f1 0.000" in words(page)


def test_several_versions_are_started_at_once_and_the_best_stands_first(database, number, work):
    other = edited(database, harsh)
    page = open_at("evaluate.py", set=number)
    page.multiselect(key="evaluate_versions").set_value([other, persona(database)]).run()
    click(page, "Evaluate 2 versions")
    assert len(run_queries.active_runs(database, "evaluate")) == 2
    work()
    frame = open_at("evaluate.py", set=number).dataframe[0].value
    assert list(frame["Version"]) == ["1", "2"]
    assert list(frame["In use"]) == ["✓ yes", ""]
    best, second = frame["Pairs and f1"]
    assert float(best) > float(second)


def test_what_was_evaluated_is_not_run_a_second_time(database, number, work):
    evaluated(database, number, persona(database))
    page = open_at("evaluate.py", set=number)
    page.multiselect(key="evaluate_versions").set_value([persona(database)]).run()
    assert "Evaluated this way already, see below: Who buys from Ladderline, version 1 (in use) (number 1)" in words(
        page
    )
    assert not any(button.label.startswith("Evaluate 1") for button in page.button)
    page = open_at("evaluate.py", set=number, versions=f"{persona(database)},{edited(database, harsh)}")
    click(page, "Evaluate 1 version on 400 leads")
    assert len(run_queries.list_runs(database)) == 2


def test_a_page_opened_in_the_middle_of_a_run_follows_it_and_can_cancel_it(database, number, monkeypatch):
    monkeypatch.setattr(rules_piece, "BATCH", 100)
    run_id = eval_run.start(database, number, persona(database))
    for _ in range(3):
        take(database, run_id, eval_run.step)
    page = open_at("evaluate.py", set=number)
    assert "200 of 400 leads" in words(page)
    page = click(page, "Cancel")
    assert run_queries.get_run(database, run_id).state == "cancelled"
    page = click(open_at("evaluate.py", set=number), "Go on")
    assert not page.exception
    assert len(run_queries.active_runs(database, "evaluate")) == 1


def test_one_that_was_cancelled_can_be_put_aside_and_stays_among_the_runs(database, number):
    run_id = eval_run.start(database, number, persona(database))
    assert not dismiss(database, run_id)  # it still waits
    eval_run.cancel(database, run_id)
    page = click(open_at("evaluate.py", set=number), "Put aside")
    assert not page.exception
    assert not any(button.label == "Go on" for button in page.button)
    assert "cancelled" not in words(page)
    assert run_queries.get_run(database, run_id).state == "cancelled"
    assert eval_run.start(database, number, persona(database)) != run_id


def test_one_that_failed_says_why_and_goes_on_once_that_is_mended(database, number, monkeypatch, tmp_path, work):
    monkeypatch.chdir(tmp_path)
    small = keep_set(database, sample(30), "Few")
    with FakeServer() as server:
        evaluated(database, small, persona(database), model=choice(monkeypatch, server, RANKER_MAX_USD=0.008))
        page = open_at("evaluate.py", set=small)
        assert "The limit of $0.01 is reached" in words(page).replace("\\", "")
        assert "Answers that came are kept" in words(page)
        page = page.number_input(key=f"evaluate_limit_{run_queries.list_runs(database)[0].id}").set_value(5.0).run()
        page = click(page, "Ask the rest (")
        assert not page.exception
        work()
        assert run_queries.list_runs(database)[0].state == "done"
        assert len(server.requests) == len({json.dumps(one["body"], sort_keys=True) for one in server.requests})


def test_a_model_is_estimated_before_it_is_asked_and_what_it_cost_is_in_the_table(
    database, monkeypatch, tmp_path, work
):
    monkeypatch.chdir(tmp_path)
    small = keep_set(database, sample(30), "Few")
    with FakeServer() as server:
        choice(monkeypatch, server, RANKER_MODEL="fake")
        page = open_at("evaluate.py", set=small, how="pointwise", versions=persona(database))
        assert "calls to fake" in words(page)
        page = click(page, "Evaluate 1 version on 30 leads (")
        assert not page.exception
        work()
        frame = open_at("evaluate.py", set=small).dataframe[0].value
    assert list(frame["How"]) == ["One by one, fake"]
    assert frame["Cost"][0].startswith("$0.0")


def test_the_list_of_runs_tells_an_evaluation_and_leads_to_it(database, number):
    run_id = evaluated(database, number, persona(database))
    page = open_at("runs.py", run=run_id)
    assert page.dataframe[0].value["What"][0] == "Evaluation: “Our labels”"
    assert "**400 labelled leads** = " in words(page)
    assert "Open it on Evaluate" in [button.label for button in page.button]


def test_a_repeat_of_a_model_tells_what_it_costs_before_it_asks(database, monkeypatch, tmp_path, work):
    monkeypatch.chdir(tmp_path)
    small = keep_set(database, sample(30), "Few")
    with FakeServer() as server:
        run_id = evaluated(database, small, persona(database), model=choice(monkeypatch, server))
        asked = len(server.requests)
        page = open_at("evaluate.py", set=small, runs=run_id)
        assert "The model is asked anew" in words(page)
        assert "cost nothing again" not in words(page)
        page = click(page, "Ask again (")
        assert not page.exception
        assert len(server.requests) == asked
        work()
        assert len(server.requests) == 2 * asked
        newest = run_queries.list_runs(database, "evaluate")[0].id
        assert "Evaluated 2 times" in words(open_at("evaluate.py", set=small, runs=newest))


def test_leads_without_an_answer_are_told_with_the_reason(database, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    rows = sample(30)
    small = keep_set(database, rows, "Few")
    with Declining() as server:
        server.declines = (rows[0][2],)
        run_id = evaluated(database, small, persona(database), model=choice(monkeypatch, server))
    told = words(open_at("evaluate.py", set=small, runs=run_id))
    assert "1 lead without a verdict, because a call failed. That is no “no”" in told
    assert "- 1: The model declined to answer." in told


def test_the_usual_persona_is_offered_first_so_that_the_first_evaluation_takes_one_click(database, number):
    page = open_at("evaluate.py", set=number)
    usual = page.multiselect(key="evaluate_versions").value
    assert [get_version(database, one).hash for one in usual] == [sample_persona_hash()]
    page = click(page, "Evaluate 1 version on 400 leads")
    assert not page.exception
    assert [run.kind for run in run_queries.active_runs(database)] == ["evaluate"]


def test_another_version_of_a_prompt_is_evaluated_without_being_in_use(database, monkeypatch, tmp_path, work):
    monkeypatch.chdir(tmp_path)
    small = keep_set(database, sample(30), "Few")
    seed_templates(database)
    shipped = next(one for one in list_templates(database) if one.task == "pointwise")
    text = get_prompt(database, shipped.live_version_id).content.replace("{{ persona }}", "The persona:\n{{ persona }}")
    tried = add_version(database, "pointwise", text)
    with FakeServer() as server:
        choice(monkeypatch, server, RANKER_MODEL="fake")
        page = open_at("evaluate.py", set=small, how="pointwise", versions=persona(database))
        prompt = page.selectbox(key="evaluate_prompt_pointwise")
        assert prompt.options[prompt.index].startswith("version 1 (in use)")
        prompt.select_index(0).run()
        assert not page.exception
        page = click(page, "Evaluate 1 version on 30 leads (")
        work()
    decided = leaderboard(database, small).entries[0].line.run.decided
    assert decided.templates == {"pointwise": tried.hash}

"""The Optimize page: what is told before, while and after a search, and that no gain stands without the honest one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from ranker.evaluation.set_list import list_sets
from ranker.jobs.job import drive
from ranker.llm.settings import load_settings
from ranker.optimizer import optimize_run
from ranker.optimizer.optimization_list import get_optimization, list_optimizations
from ranker.optimizer.optimization_read import text_of
from ranker.optimizer.settings import Settings
from ranker.personas.catalog import live_version, seed_personas
from ranker.personas.versions import add_version
from ranker.scoring.llm.variants import ModelChoice
from ranker.store.engine import Database
from ranker.store.run_queries import get_run
from tests.llm.model_runs import VARIABLES
from tests.optimizer.optimizations import keep, live_persona, make_set
from tests.optimizer.optimizing import taught_set
from tests.optimizer.teacher import PERSONA, Teacher
from tests.pages.opening import click, open_at, words

opened = partial(open_at, "optimize.py")
FLATTERS = "it was optimized on"


@pytest.fixture
def database(database: Database) -> Database:
    seed_personas(database)
    return database


def labels(page: AppTest) -> list[str]:
    return [button.label for button in page.button]


def links(page: AppTest) -> list[str]:
    return [link.proto.label for link in page.get("page_link")]


def table(page: AppTest, at: int = 0):
    return page.dataframe[at].value


# Before


def test_the_first_visit_says_what_to_do_next_and_has_the_button(database):
    page = opened()
    assert labels(page) == ["Upload labelled leads", "Try it with the labelled sample"]
    assert "labelled leads" in words(page)


def test_the_sample_set_is_one_click_and_then_the_form_is_there(database):
    page = click(opened(), "Try it with the labelled sample")
    assert not page.exception
    (found,) = list_sets(database)
    assert page.query_params["set"] == str(found.id)
    assert "Optimize, free" in labels(page)


def test_before_it_starts_the_split_the_work_and_what_can_show_are_told(database):
    make_set(database)
    told = words(opened())
    assert "4 of 16 companies are held out until the end; the search sees 12." in told
    assert "At most 240 texts, each judged by rules on 64 labelled leads" in told
    assert "free, and nothing leaves this computer" in told
    assert "16 companies can show a gain that about 80% of companies have" in told


def test_a_set_that_can_show_nothing_says_so_and_has_no_button_to_start(database):
    make_set(database, companies=5)
    page = opened()
    assert "5 companies can't show any gain, however large" in page.warning[0].value
    assert "Label leads of 1 more first" in page.warning[0].value
    assert "Optimize, free" not in labels(page)
    assert "Label more leads" in links(page)


def test_without_checks_and_hold_out_there_is_nothing_to_claim_and_no_button(database):
    make_set(database, companies=8)
    page = opened()
    page.number_input(key="optimize_folds").set_value(0).run()
    assert "no gain can be claimed" in words(page)
    assert "Optimize, free" not in labels(page)


def test_the_button_starts_what_the_form_says(database):
    set_id = make_set(database)
    version = live_persona(database)
    page = opened(version=version.id)
    page.number_input(key="optimize_generations").set_value(2).run()
    page.number_input(key="optimize_variants").set_value(3).run()
    page.number_input(key="optimize_folds").set_value(2).run()
    click(page, "Optimize, free")
    (line,) = list_optimizations(database)
    assert (line.set_id, line.start.id, line.active) == (set_id, version.id, True)
    assert line.settings == Settings(generations=2, variants=3, folds=2)
    assert page.query_params["run"] == str(line.id)


# During


def test_while_it_runs_a_refresh_shows_what_was_just_tried_and_cancel_stops_it(database):
    run = keep(database, make_set(database), state="running", upto=9)
    page = opened(run=run)
    told = words(page)
    assert "8 texts tried, at most 48" in told
    assert "free" in told
    assert "Just now" in told
    assert "Place " in told
    assert "What it gains at companies that it did not see is told at the end." in told
    assert len(table(page)) == 8
    page.button(key="optimize_cancel").click().run()
    assert not page.exception
    assert get_run(database, run).state == "cancelled"


def test_a_run_that_only_waits_says_so(database):
    run = keep(database, make_set(database), state="queued", upto=0)
    page = opened(run=run)
    assert "none" not in words(page)
    assert "The first figures come in a moment." in words(page)


def test_a_running_one_is_found_in_the_list(database):
    keep(database, make_set(database), state="running", upto=9)
    page = opened()
    assert list(table(page)["Ended"]) == ["▶ running"]


# Texts


def test_a_text_shows_critique_edit_difference_and_its_companies_with_the_honest_gain_beside(database):
    run = keep(database, make_set(database))
    line = get_optimization(database, run)
    chosen = line.result.best
    page = opened(run=run, text=chosen)
    told = words(page)
    assert "**What was wrong:**" in told
    assert "**What was changed:** " in told
    assert "two stars instead of" in told
    assert "/5" in told
    assert "At companies that the search did not see: **+0." in told
    assert FLATTERS in told
    assert len(table(page, -1)) == 16
    assert set(table(page, -1)["Part"]) == {"searched", "held out"}


def test_what_a_model_wrote_is_no_html_in_the_pictures(database):
    run = keep(database, make_set(database))
    with database.write() as session:
        session.connection().execute(text("UPDATE candidate SET edit='<b>Bold</b>' WHERE search=0 AND number=1"))
    charts = [json.loads(one.proto.spec) for one in opened(run=run, view="search").get("plotly_chart")]
    told = json.dumps(charts)
    assert "&lt;b&gt;Bold" in told
    assert "<b>Bold" not in told


def ticks(run: int) -> list[str]:
    """What stands below the picture by generation."""
    chart = next(one for one in opened(run=run, view="search").get("plotly_chart") if "Generation" in one.proto.spec)
    return json.loads(chart.proto.spec)["layout"]["xaxis"]["ticktext"]


def test_what_was_held_out_stands_at_the_end_of_the_picture_once_it_was_looked_at(database):
    run = keep(database, make_set(database))
    assert ticks(run)[-2:] == ["Not seen", "Held out"]
    with database.write() as session:
        session.connection().execute(text("UPDATE optimization SET openings='[]'"))
    assert ticks(run)[-1] == "Not seen"


def test_a_text_can_be_chosen_without_a_mouse_and_stands_in_the_address(database):
    run = keep(database, make_set(database))
    page = opened(run=run, view="search")
    page.selectbox(key=f"optimize_text_{run}").set_value(5).run()
    assert page.query_params["text"] == "5"
    assert "Text 5" in [head.value for head in page.subheader]


def test_a_text_of_a_later_generation_is_shown_against_its_parent_and_against_the_start(database):
    run = keep(database, make_set(database))
    page = opened(run=run, text=get_optimization(database, run).result.best)
    assert page.query_params.get("against") is None
    assert page.button_group(key="optimize_against").value == "parent"
    page.button_group(key="optimize_against").set_value("start").run()
    assert page.query_params["against"] == "start"
    assert not page.exception


# After


def test_a_gain_is_told_with_its_interval_and_where_it_was_searched_comes_last(database):
    run = keep(database, make_set(database))
    page = opened(run=run)
    assert "A gain of +0." in page.success[0].value
    assert "16 companies) at companies that the search did not see" in page.success[0].value
    figures = table(page)
    assert list(figures["Companies"]) == ["16", "12", "4", "12"]
    assert figures["Where"].iloc[-1] == "Searched: it was optimized on these"
    assert figures["95% sure"].iloc[-1] == "it flatters"
    assert "Why: Whom place" in words(page)
    assert {"Make it live", "Keep the old one"} <= set(labels(page))


def test_no_evidence_of_a_gain_is_a_normal_end_in_calm_words(database):
    run = keep(database, make_set(database), good=0, luck=0.06)
    page = opened(run=run)
    assert not page.success
    assert not page.error
    assert page.info[0].value.startswith("**No evidence of a gain")
    assert "That is a normal end" in page.info[0].value


def test_where_the_start_stays_there_is_nothing_to_decide(database):
    run = keep(database, make_set(database), good=0, luck=0.0)
    page = opened(run=run)
    assert "The version that is there stays." in page.info[0].value
    assert "Make it live" not in labels(page)


def test_making_it_live_is_recorded_and_leads_on_to_ranking(database):
    run = keep(database, make_set(database))
    line = get_optimization(database, run)
    page = opened(run=run)
    page.text_input(key="optimize_who").set_value("Ada").run()
    click(page, "Make it live")
    assert not page.exception
    assert live_version(database, line.start.owner_id).content == text_of(database, run, line.result.proposal)
    decided = get_optimization(database, run)
    assert (decided.decision, decided.decided_by) == ("live", "Ada")
    again = opened(run=run)
    assert "Made live just now by Ada." in again.success[-1].value
    assert "Rank again" in labels(again)
    assert "Make it live" not in labels(again)


def test_what_was_cancelled_and_decided_does_not_go_on(database):
    run = keep(database, make_set(database))
    with database.write() as session:
        session.connection().execute(text("UPDATE run SET state='cancelled' WHERE id=:id"), {"id": run})
    assert "Go on" in labels(opened(run=run))
    click(opened(run=run), "Keep the old one")
    assert "Go on" not in labels(opened(run=run))


def test_keeping_the_old_one_is_recorded_and_changes_nothing(database):
    run = keep(database, make_set(database))
    line = get_optimization(database, run)
    click(opened(run=run), "Keep the old one")
    assert get_optimization(database, run).decision == "discarded"
    assert live_version(database, line.start.owner_id).version == 1


def test_another_version_in_use_meanwhile_is_told_before_the_decision(database):
    run = keep(database, make_set(database))
    now = live_persona(database)
    add_version(database, now.name, f"{now.content}\n", live=True)
    assert "Another version is in use by now than version 1" in words(opened(run=run))


def test_a_second_look_at_the_hold_out_is_recorded_and_shown(database):
    run = keep(database, make_set(database))
    with database.write() as session:
        found = session.connection().execute(text("SELECT openings FROM optimization")).scalar_one()
        (look,) = json.loads(found)
        twice = json.dumps([look, {**look, "number": 2}])
        session.connection().execute(text("UPDATE optimization SET openings=:said"), {"said": twice})
    page = opened(run=run)
    assert "looked at more than once" in words(page)
    assert list(table(page)["Where"])[-2] == "Held out to the end, this very text, look 2"


def test_a_failed_one_says_why_and_goes_on_from_where_it_stopped(database):
    run = keep(database, make_set(database), upto=9, state="failed", error="OpenAI does not answer.")
    page = opened(run=run)
    assert page.error[0].value == "OpenAI does not answer."
    assert "The version in use is the one from before." in words(page)
    click(page, "Go on")
    assert get_run(database, run).state == "queued"


def test_a_cancelled_one_shows_what_was_tried_until_then(database):
    run = keep(database, make_set(database), upto=9, state="cancelled")
    page = opened(run=run)
    assert "was cancelled" in page.info[0].value
    assert "is not known, because it did not come to its end" in words(page)
    assert len(table(page)) == 8


# Compared


def test_the_list_has_the_honest_gain_before_the_one_that_was_optimized(database):
    set_id = make_set(database)
    keep(database, set_id)
    keep(database, set_id, good=0, luck=0.06)
    keep(database, set_id, upto=9, state="cancelled")
    frame = table(opened())
    columns = list(frame.columns)
    assert columns.index("Gain, not seen") < columns.index("Gain, searched")
    assert list(frame["Ended"]) == ["– cancelled", "= no evidence", "▲ a gain"]
    assert frame["Gain, not seen"].iloc[0] == "–"
    assert frame["Gain, searched"].iloc[0] == "–"
    assert frame["Gain, not seen"].iloc[2].startswith("+0.")


def test_two_optimizations_stand_beside_each_other(database):
    set_id = make_set(database)
    first, second = keep(database, set_id), keep(database, set_id, good=1, gain=0.02)
    page = opened(**{"run": second, "with": first})
    facts = table(page)
    assert list(facts.columns) == ["", f"Optimization {first}", f"Optimization {second}"]
    assert "Gain where it was searched (it flatters)" in list(facts[""])
    assert "Both are on the same labelled leads." in words(page)


def test_one_that_is_not_there_is_answered_in_words(database):
    assert opened(run=99).error[0].value == "There is no optimization 99. Choose one from the list."


def test_its_choices_are_taken_over_by_another_one_like_it(database):
    run = keep(database, make_set(database))
    page = opened(like=run)
    assert page.number_input(key="optimize_generations").value == 3
    assert page.selectbox[1].value.id == live_persona(database).id


def test_a_real_search_by_rules_ends_on_the_page(database):
    set_id = make_set(database, companies=8)
    run = optimize_run.start(
        database, set_id, live_persona(database).id, settings=Settings(generations=1, variants=2, folds=2)
    )
    drive(database, run, optimize_run.step)
    page = opened(run=run)
    assert not page.error
    assert "That is a normal end" in words(page) or "A gain of" in words(page)


def test_the_list_of_runs_names_it_and_leads_to_it(database):
    run = keep(database, make_set(database), upto=9, state="cancelled")
    page = open_at("runs.py", run=run)
    assert list(table(page)["What"]) == ["Optimization: “Made labels”"]
    assert "Go on with it on the page Optimize" in page.info[0].value
    click(page, "Open it on Optimize")
    assert not page.exception


# With a model


@pytest.fixture
def server(database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Teacher]:
    """A model of known price that can be asked, on a server of our own."""
    monkeypatch.chdir(tmp_path)
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    with Teacher() as running:
        settings = {"OPENAI_BASE_URL": running.url, "RANKER_MODEL": "fake", "RANKER_TIMEOUT": "30"}
        for name, value in {**settings, "RANKER_PRICE_INPUT": "1", "RANKER_PRICE_OUTPUT": "2"}.items():
            monkeypatch.setenv(name, value)
        yield running


def test_without_a_key_a_line_says_what_one_would_add(database, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    make_set(database)
    assert "With a key, a language model can judge instead" in words(opened())


def test_with_a_model_calls_and_cost_are_told_before_and_nothing_is_asked(database, server):
    taught_set(database)
    page = opened(how="pointwise")
    assert not page.exception
    told = words(page)
    assert "for one text at all companies" in told
    assert "**About \\$" in told
    assert any(label.startswith("Optimize (at most about") for label in labels(page))
    assert not server.requests


def test_a_limit_that_may_end_it_is_told_with_what_that_means(database, server):
    taught_set(database)
    page = opened(how="pointwise")
    assert "may end it early" not in words(page)
    page.number_input(key="optimize_calls").set_value(20).run()
    assert "If nobody has looked at them, it can go on with a higher limit." in words(page)


def test_a_prompt_can_be_what_changes(database, server):
    set_id = taught_set(database)
    page = opened(how="pointwise", slot="template:pointwise")
    assert page.selectbox(key="optimize_slot-pointwise-template:pointwise").value == "template:pointwise"
    page.number_input(key="optimize_calls").set_value(500).run()
    click(page, "Optimize (")
    (line,) = list_optimizations(database)
    assert (line.set_id, line.slot, line.said["max_calls"]) == (set_id, "template:pointwise", 500)
    assert line.start.name == "pointwise"
    assert not server.requests


def test_a_price_that_is_not_known_starts_nothing_under_a_limit(database, server, monkeypatch):
    taught_set(database)
    monkeypatch.delenv("RANKER_PRICE_INPUT")
    monkeypatch.delenv("RANKER_PRICE_OUTPUT")
    page = opened(how="pointwise", limit="2")
    assert page.error
    assert not [label for label in labels(page) if label.startswith("Optimize")]


def test_a_prompt_that_was_found_has_no_preview_for_free_and_its_spend_is_shown(database, server):
    version = add_version(database, "Somebody", PERSONA)
    model = ModelChoice("pointwise", load_settings())
    run = optimize_run.start(
        database, taught_set(database, 6), version.id, settings=Settings(1, 1, 1, folds=0, hold_out_from=6),
        model=model, max_calls=5_000, max_usd=3.0,
    )  # fmt: skip
    drive(database, run, optimize_run.step)
    page = opened(run=run)
    assert not page.error
    told = words(page)
    assert "of at most 5,000" in told
    assert "of at most \\$3.00" in told
    if get_optimization(database, run).result.proposal:
        assert "Only the model could tell" in told

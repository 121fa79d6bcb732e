"""The Runs page: a run with what it did and what to do next, and two runs compared."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from ranker.ingest.sample import import_sample
from ranker.jobs.job import drive
from ranker.personas.catalog import list_personas, seed_personas
from ranker.scoring import rank_run
from ranker.scoring.selection import Selection
from ranker.store.engine import Database
from ranker.store.suppression_list import add_many
from tests.pages.opening import open_at, words

opened = partial(open_at, "runs.py")


@pytest.fixture
def database(database: Database) -> Database:
    seed_personas(database)
    return database


def ranked(database: Database, persona: int = 0) -> int:
    version = list_personas(database)[persona].live_version_id
    run = rank_run.start(database, Selection("all"), version)
    drive(database, run, rank_run.step)
    return run


def labels(page: AppTest) -> list[str]:
    return [button.label for button in page.button]


def test_without_a_run_the_page_says_what_to_do_next(database):
    page = opened()
    assert labels(page) == ["Import leads"]


def test_a_run_shows_persona_and_counts_that_add_up(database):
    import_sample(database)
    add_many(database, [("company", "Skylatch")])
    run = ranked(database)
    page = opened(run=run)
    told = words(page)
    total = next(line for line in told.split("\n") if " leads** = " in line)
    parts = [int(part.split()[0].replace(",", "")) for part in total.split(" = ")[1].split(" + ")]
    assert sum(parts) == 1756
    assert "on the do-not-contact list" in total
    assert list_personas(database)[0].name.split()[0] in told
    assert "See results" in labels(page)
    frame = page.dataframe[0].value
    assert list(frame["State"]) == ["✓ done"]
    assert list(frame["What"]) == ["Ranking: all leads"]


def test_a_failed_run_says_what_happened_and_what_to_do(database):
    import_sample(database)
    run = rank_run.start(database, Selection("all"), list_personas(database)[0].live_version_id)
    with database.write() as session:
        session.connection().execute(text("UPDATE variant SET persona_version_id=NULL"))
    drive(database, run, rank_run.step)
    page = opened(run=run, state="failed")
    assert "The ranks from before are still in use." in page.error[0].value
    assert "Start it again" in labels(page)


def test_a_run_can_be_compared_without_a_mouse(database):
    import_sample(database)
    first, second = ranked(database), ranked(database, 1)
    page = opened(run=second)
    page.selectbox(key=f"runs_with_{second}").set_value(first).run()
    assert not page.exception
    assert page.query_params["with"] == str(first)
    assert f"Run {first} → run {second}" in [head.value for head in page.subheader]


def test_two_runs_show_who_came_in_went_out_and_moved_with_both_reasons(database):
    import_sample(database)
    first, second = ranked(database), ranked(database, 1)
    page = opened(**{"run": second, "with": first})
    assert "came in" in words(page)
    assert "in both runs, the rest: " in words(page)
    frame = page.dataframe[2].value
    assert len(frame) == 50
    assert all(frame["The first run said"])
    assert all(frame["The second run said"])
    assert set(frame["What made the difference"]) == {"The lead is the same; the persona differs."}
    page.button(key="runs_moves_Next").click().run()
    assert page.query_params["moves"] == "2"
    assert not set(page.dataframe[2].value["Person"]) & set(frame["Person"])


def test_the_kind_of_move_stands_in_the_address(database):
    import_sample(database)
    page = opened(**{"run": ranked(database), "with": ranked(database, 1), "kind": "out"})
    assert page.button_group(key="runs_kind").value == "out"
    assert all(after.startswith(("not to", "could not")) for after in page.dataframe[2].value["After"])


def test_the_same_verdicts_are_said_to_be_the_same(database):
    import_sample(database)
    page = opened(**{"run": ranked(database), "with": ranked(database)})
    assert page.success[0].value == "Nobody came in, went out or moved."


def test_a_run_that_is_not_there_is_answered_in_words(database):
    import_sample(database)
    ranked(database)
    assert opened(run=99).error[0].value == "There is no run 99. Choose one from the list."


def test_a_filter_without_runs_says_so(database):
    import_sample(database)
    ranked(database)
    assert opened(state="failed").info[0].value == "No run is failed."

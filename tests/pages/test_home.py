from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from pages import _ui
from ranker.ingest.sample import import_sample
from ranker.ingest.stage import stage_file
from ranker.store import run_queries
from ranker.store.engine import Database
from tests.outreach.sequences_by_hand import add_prospect, add_sequence
from tests.pages.opening import click
from tests.store.ranked import ranked_world

Page = Callable[..., AppTest]


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def test_a_first_visit_offers_the_sample_and_an_import_and_nothing_else(open_page: Page) -> None:
    app = open_page()
    assert not app.exception
    assert labels(app) == ["Try it with sample leads", "Import my own"]
    assert not app.subheader


def test_one_click_imports_the_sample_and_stands_before_its_ranking(open_page: Page) -> None:
    app = click(open_page(), "Try it with sample leads")
    assert not app.exception
    assert app.title[0].value == "Rank"
    assert app.query_params["batch"] == "1"
    assert app.selectbox[0].value == 1, "the import just made is who is ranked"
    assert "Ladderline" in app.selectbox[1].value.name, "the persona that the sample is meant for"


def test_two_clicks_from_the_first_page_reach_the_results(open_page: Page, work: Callable[[], None]) -> None:
    app = click(click(open_page(), "Try it with sample leads"), "Rank 1,7")
    work()
    app = app.run()
    assert not app.exception
    assert app.title[0].value == "Results"


def test_each_card_tells_its_state(open_page: Page, database: Database, work: Callable[[], None]) -> None:
    done = import_sample(database)
    app = open_page()
    leads = f"**{done.counts['new']:,}**"
    assert [one.value for one in app.subheader[:3]] == ["Leads", "Ranking", "To contact"]
    assert leads in app.markdown[1].value
    assert app.markdown[2].value.startswith("Never ranked: **1,")
    assert "since" not in app.markdown[2].value
    app = click(app, "Rank the new ones")
    assert app.selectbox[0].value == "changed"
    click(app, "Rank 1,")
    app = open_page()
    assert "Watch it" in labels(app), "a run that waits or runs is shown"
    work()
    app = open_page()
    assert "Last run just now" in app.markdown[2].value
    assert "See and export" in labels(app)


def test_a_file_left_half_way_is_found_again(open_page: Page, database: Database) -> None:
    import_sample(database)
    stage_file(database, "later *.csv", b"Company,Title\nA,CEO\n")
    links = [link.label for link in open_page().page_link]
    assert any(label.startswith("later \\*.csv: 1 row") for label in links)


def test_messages_that_wait_for_a_person_are_told_and_lead_to_them(open_page: Page, database: Database) -> None:
    world = ranked_world(database)
    for at, (name, cells) in enumerate(
        {"Lead 0001": {}, "Lead 0002": {}, "Lead 0003": {"state": "failed", "messages": 0}}.items(), start=1
    ):
        add_sequence(database, add_prospect(database, world.leads[name]), at, **cells)
    approved = add_prospect(database, world.leads["Lead 0005"])
    add_sequence(database, approved, 4, approved_at="2026-11-20T10:00:00+00:00")
    add_sequence(database, approved, 5)  # a person has approved the one before: nothing waits
    with database.write() as session:
        run = run_queries.ask(session, "outreach", "a run", {"kind": "outreach"}, total=1)
    add_sequence(database, add_prospect(database, world.leads["Lead 0007"]), 6, state="waiting", run_id=run, messages=0)
    begun = "Messages to 1 person were begun and not written: go on"
    assert begun not in [link.label for link in open_page().page_link], "its run is under way"
    run_queries.end(database, run, "cancelled")
    links = [link.label for link in open_page().page_link]
    assert begun in links
    assert "Messages to 2 people wait for approval" in links
    assert "Nothing could be written to 1 person" in links


@pytest.mark.parametrize(
    ("past", "said"),
    [(3, "just now"), (60, "1 minute ago"), (7200, "2 hours ago"), (90_000, "1 day ago"), (5 * 86_400, "5 days ago")],
)
def test_a_moment_is_told_in_words(past: int, said: str) -> None:
    moment = datetime.now(UTC) - timedelta(seconds=past)
    assert _ui.ago(moment.strftime("%Y-%m-%dT%H:%M:%SZ")) == said


def test_numbers_are_told_with_their_unit() -> None:
    assert _ui.plural(1, "lead") == "1 lead"
    assert _ui.plural(3412, "company", "companies") == "3,412 companies"
    assert _ui.duration(0.4) == "less than a second"
    assert _ui.duration(13.2) == "about 13 seconds"
    assert _ui.duration(170) == "about 3 minutes"
    assert _ui.duration(150_000) == "about 42 hours"
    assert _ui.duration(900_000) == "about 10 days"


def test_an_error_is_told_in_words_and_no_value_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    def script() -> None:
        from pages import _ui
        from ranker.errors import UsageError

        with _ui.errors_shown():
            raise UsageError("Choose a file first.")
        with _ui.errors_shown():
            raise ValueError("Lead 0001 at Nordlicht")

    app = AppTest.from_function(script).run()
    assert not app.exception
    assert app.error[0].value == "Choose a file first."
    assert "reload" in app.error[1].value
    assert "ValueError" in caplog.text
    assert "Nordlicht" not in caplog.text
    assert "Nordlicht" not in app.error[1].value

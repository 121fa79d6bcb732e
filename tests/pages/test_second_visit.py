"""Whoever comes back: what is new, the one next thing, and an inbox that can be emptied."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

from ranker.export.leads import Request, export_leads
from ranker.ingest.merge import commit
from ranker.ingest.stage import stage_file
from ranker.personas.catalog import list_personas, seed_personas
from ranker.personas.drafts import keep, save, start_draft
from ranker.personas.versions import make_live
from ranker.scoring import rank_run
from ranker.scoring.selection import Selection
from ranker.store.engine import Database
from ranker.store.exports import Selection as Chosen
from ranker.store.filters import Filters
from ranker.store.overview import overview
from tests.pages.opening import click
from tests.pages.test_home import labels

Page = Callable[..., AppTest]
Work = Callable[[], None]
FILE = """\
Company,Size,Name,Title
Alpha,51-200,Lead 0001,Head of Sales
Alpha,51-200,Lead 0002,Olant
Alpha,51-200,Lead 0003,
Alpha,51-200,Lead 0004,Software Engineer
"""


def ranked(database: Database, work: Work, text: str = FILE) -> None:
    commit(database, stage_file(database, "leads.csv", text.encode()).id)
    seed_personas(database)
    rank(database, work)


def rank(database: Database, work: Work) -> None:
    rank_run.start(database, Selection("all"), list_personas(database)[-1].live_version_id)
    work()


def primary(app: AppTest) -> list[str]:
    return [button.label for button in app.button if button.proto.type == "primary"]


def test_the_next_thing_is_to_rank_then_to_export_then_to_import(
    open_page: Page, database: Database, work: Work
) -> None:
    commit(database, stage_file(database, "leads.csv", FILE.encode()).id)
    assert primary(open_page()) == ["Rank the new ones"]
    seed_personas(database)
    rank(database, work)
    assert primary(open_page()) == ["See and export"]
    export_leads(database, Request(Chosen(Filters(), 1), (), "csv", "Ada"))
    app = open_page()
    assert primary(app) == ["Import"]
    assert any("**1** of them exported" in one.value for one in app.markdown)


def test_after_another_ranking_home_leads_to_those_not_exported_yet(
    open_page: Page, database: Database, work: Work
) -> None:
    ranked(database, work)
    export_leads(database, Request(Chosen(Filters(), 1), (), "csv", "Ada"))
    with database.write() as session:  # as if it were yesterday
        session.connection().exec_driver_sql("UPDATE export SET created_at='2026-01-01T00:00:00Z'")
    ranked(database, work, FILE.replace("Alpha", "Beta").replace("Lead 000", "Lead 100"))
    app = open_page()
    assert primary(app) == ["See and export"]
    app = click(app, "See and export")
    assert list(app.dataframe[0].value["company"]) == ["Beta"]


def test_an_import_that_is_ranked_offers_its_results_and_not_its_ranking(
    open_page: Page, database: Database, work: Work
) -> None:
    batch = stage_file(database, "leads.csv", FILE.encode()).id
    commit(database, batch)
    assert primary(open_page("import_leads.py", batch=batch)) == ["Rank them"]
    seed_personas(database)
    rank(database, work)
    app = open_page("import_leads.py", batch=batch)
    assert primary(app) == ["See results"]
    assert "Rank them again" in labels(app)


def test_what_home_counts_is_what_its_link_opens(open_page: Page, database: Database, work: Work) -> None:
    ranked(database, work)
    found = overview(database)
    assert (found.needs_review, found.unjudged) == (2, 1)
    assert len(open_page("results.py", review=1).dataframe[0].value) == found.needs_review
    assert len(open_page("results.py", status="unjudged", overruled=0).dataframe[0].value) == found.unjudged


def test_who_agrees_with_an_unsure_verdict_can_say_so_and_is_not_asked_again(
    open_page: Page, database: Database, work: Work
) -> None:
    ranked(database, work)
    app = open_page("results.py", review=1, lead=2)
    assert app.subheader[-1].value == "Lead 0002"
    click(app, "Should not be contacted")
    assert overview(database).needs_review == 1
    assert list(app.dataframe[0].value["name"]) == ["Lead 0003"]
    click(app, "Next")
    assert app.subheader[-1].value == "Lead 0003", "from one who left the list, the next is its first"
    click(app, "Should be contacted")
    assert overview(database).needs_review == 0


def test_the_people_of_a_table_are_walked_through_in_its_order(open_page: Page, database: Database, work: Work) -> None:
    ranked(database, work)
    app = open_page("results.py", sort="name", lead=1)
    walk = []
    while True:
        walk.append(app.subheader[-1].value)
        following = next(button for button in app.button if button.label == "Next")
        if following.disabled:
            break
        following.click().run()
    assert walk == ["Lead 0001", "Lead 0002", "Lead 0003", "Lead 0004"]
    click(app, "Previous")
    assert app.subheader[-1].value == "Lead 0003"


def test_one_page_of_results_offers_no_other_pages(open_page: Page, database: Database, work: Work) -> None:
    ranked(database, work)
    assert not [label for label in labels(open_page("results.py")) if label.endswith("page")]


def test_after_a_persona_has_changed_home_says_to_rank_again(open_page: Page, database: Database, work: Work) -> None:
    ranked(database, work)
    persona = list_personas(database)[-1]
    draft = start_draft(database, persona.live_version_id)
    draft = keep(database, draft.id, draft.revision, draft.content + "\n\nA last word.\n")
    make_live(database, save(database, draft.id, draft.revision).id)
    app = open_page()
    assert any("**4 leads** by an older version of the persona" in one.value for one in app.markdown)
    assert primary(app) == ["Rank again"]
    rank(database, work)
    assert primary(open_page()) == ["See and export"]


def test_what_the_check_found_stays_while_other_things_are_done(open_page: Page) -> None:
    app = click(open_page("settings.py"), "Check this installation")
    found = [one.value for one in app.markdown if "Python" in one.value]
    assert found
    app = click(app, "Make a backup now")
    assert [one.value for one in app.markdown if "Python" in one.value] == found

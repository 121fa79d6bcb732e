from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from ranker.ingest.merge import commit
from ranker.ingest.sample import import_sample
from ranker.ingest.stage import stage_file
from ranker.personas.catalog import list_personas
from ranker.scoring import rank_run
from ranker.store import run_queries
from ranker.store.engine import Database
from ranker.store.home_queries import company_names, find_companies, first_results
from ranker.store.overview import overview
from tests.pages.opening import click

Page = Callable[..., AppTest]


def texts(app: AppTest) -> str:
    return "\n".join(one.value for one in app.markdown)


@pytest.fixture
def sample(database: Database) -> int:
    return import_sample(database).id


def import_only(database: Database, data: str) -> int:
    return commit(database, stage_file(database, "few.csv", data.encode()).id).id


def test_without_leads_it_leads_to_the_import(open_page: Page) -> None:
    app = click(open_page("rank.py"), "Import leads")
    assert app.title[0].value == "Import"


def test_it_says_what_it_will_do_before_it_does_it(open_page: Page, database: Database, sample: int) -> None:
    app = open_page("rank.py", batch=sample)
    figures = overview(database)
    assert f"**{figures.leads:,} leads at {figures.companies:,} companies" in texts(app)
    assert "free" in texts(app)
    assert not run_queries.list_runs(database)


def test_the_sentence_changes_with_the_choice(open_page: Page, database: Database, sample: int) -> None:
    app = open_page("rank.py", batch=sample)
    app.selectbox[0].select("companies").run()
    assert app.info[0].value.startswith("Choose at least one company")
    one = next(iter(find_companies(database, "")))
    app.multiselect[0].select(one).run()
    assert "at 1 company," in texts(app)


def test_a_refresh_keeps_who_and_for_which_persona(open_page: Page, database: Database, sample: int) -> None:
    app = open_page("rank.py", batch=sample)
    app.selectbox[0].select("companies").run()
    two = list(find_companies(database, ""))[:2]
    for company in two:
        app.multiselect[0].select(company).run()
    other = next(one for one in list_personas(database) if one.id != app.selectbox[1].value.id)
    app.selectbox[1].set_value(other).run()
    again = open_page("rank.py", **dict(app.query_params))
    assert again.multiselect[0].value == app.multiselect[0].value == two
    assert again.selectbox[1].value.id == other.id
    assert "batch" not in app.query_params


def test_companies_in_the_address_are_chosen(open_page: Page, database: Database, sample: int) -> None:
    two = list(find_companies(database, ""))[:2]
    app = open_page("rank.py", who="companies", companies=",".join(map(str, two)))
    assert app.multiselect[0].value == two
    assert "at 2 companies," in texts(app)


def test_the_colleagues_of_a_new_lead_are_ranked_with_it(open_page: Page, database: Database, sample: int) -> None:
    name = next(iter(find_companies(database, "").values()))
    app = open_page("rank.py", batch=import_only(database, f"Company,Title\n{name},Chief Revenue Officer\n"))
    assert "work at the same companies" in texts(app)


def test_a_run_is_followed_left_and_found_again(
    open_page: Page, database: Database, sample: int, work: Callable[[], None]
) -> None:
    app = click(open_page("rank.py", batch=sample), "Rank 1,7")
    assert not app.exception
    run_id = run_queries.list_runs(database)[0].id
    assert app.query_params["run"] == str(run_id)
    assert "Cancel" in [button.label for button in app.button]
    rank_run.step(database, run_id)
    assert "of 1,7" in texts(open_page("rank.py", run=run_id)), "a refresh shows how far it is"
    second = open_page("rank.py")
    assert "of 1,7" in texts(second), "without its number in the address it is found too"
    work()
    assert second.run().title[0].value == "Results", "a second window sees its end, and no empty form"
    app = open_page("rank.py", run=run_id)
    counts = run_queries.get_run(database, run_id).counts
    nobody = counts["companies_without"]
    assert app.success[0].value == (
        f"**{counts['ranked']} to contact at {counts['companies_with']} companies**; {nobody} companies with nobody"
    )
    parts = counts["ranked"] + counts["not_relevant"] + counts["not_judged"] + counts["held"]
    assert parts == counts["leads"], "the sentence adds up"


def test_results_open_by_themselves_for_whoever_waited(
    open_page: Page, database: Database, sample: int, work: Callable[[], None]
) -> None:
    app = click(open_page("rank.py", batch=sample), "Rank 1,7")
    work()
    app = app.run()
    assert app.title[0].value == "Results"
    assert app.query_params["status"] == "contact"
    assert "to contact at" in app.toast[0].value
    run_id = run_queries.list_runs(database)[0].id
    assert open_page("rank.py", run=run_id).title[0].value == "Rank", "who comes later finds how it ended"


def test_a_run_in_which_nobody_is_to_contact_says_so_instead_of_opening_an_empty_list(
    open_page: Page, database: Database, work: Callable[[], None]
) -> None:
    import_only(database, "Company,Title\nAcorn,Intern\n")
    app = click(open_page("rank.py", who="all"), "Rank 1 lead")
    work()
    app = app.run()
    assert app.title[0].value == "Rank"
    assert "0 to contact" in app.success[0].value


def test_the_address_names_the_persona_and_the_import(open_page: Page, database: Database, sample: int) -> None:
    for persona in list_personas(database):
        app = open_page("rank.py", persona=persona.id, **{"import": sample})
        assert app.selectbox[0].value == sample
        assert app.selectbox[1].value.id == persona.id


def test_two_windows_start_one_run(open_page: Page, database: Database, sample: int) -> None:
    first, second = open_page("rank.py", batch=sample), open_page("rank.py", batch=sample)
    first, second = click(first, "Rank 1,7"), click(second, "Rank 1,7")
    assert first.query_params["run"] == second.query_params["run"]
    assert len(run_queries.list_runs(database)) == 1


def test_a_cancelled_run_changes_nothing_and_the_same_can_be_chosen_again(
    open_page: Page, database: Database, sample: int
) -> None:
    app = click(click(open_page("rank.py", batch=sample), "Rank 1,7"), "Cancel")
    assert "cancelled" in app.info[0].value
    assert overview(database).companies_judged == 0
    app = click(app, "Choose again")
    assert app.selectbox[0].value == sample


def test_a_failed_run_says_why(open_page: Page, database: Database, sample: int) -> None:
    click(open_page("rank.py", batch=sample), "Rank 1,7")
    run_id = run_queries.list_runs(database)[0].id
    run_queries.end(database, run_id, "failed", "The persona of this run was removed.")
    app = open_page("rank.py", run=run_id)
    assert app.error[0].value == "The persona of this run was removed."


def test_a_run_that_is_not_there_is_told(open_page: Page, sample: int) -> None:
    app = open_page("rank.py", run=77)
    assert not app.exception
    assert "no run 77" in app.error[0].value
    assert click(app, "Choose whom to rank").selectbox[0].label == "Who"


def test_the_persona_used_last_is_offered_first(
    open_page: Page, database: Database, sample: int, work: Callable[[], None]
) -> None:
    app = open_page("rank.py", batch=sample)
    other = next(name for name in app.selectbox[1].options if "Ladderline" not in name)
    app.selectbox[1].select_index(app.selectbox[1].options.index(other)).run()
    click(app, "Rank 1,7")
    work()
    assert other.startswith(open_page("rank.py", batch=sample).selectbox[1].value.name)


def test_first_results_appear_while_the_rest_is_judged(open_page: Page, database: Database, sample: int) -> None:
    click(open_page("rank.py", batch=sample), "Rank 1,7")
    run_id = run_queries.list_runs(database)[0].id
    while run_queries.get_run(database, run_id).phase in {"", "reading", "judging"}:
        rank_run.step(database, run_id)
    last = run_queries.get_run(database, run_id).total * 10
    found = first_results(database, run_id, last)
    assert len(found) == 5
    assert all(one.score is not None and one.title for one in found)


def test_companies_are_found_by_any_part_of_their_name(database: Database, sample: int) -> None:
    everyone = find_companies(database, "", limit=500)
    name = next(iter(everyone.values()))
    assert name in find_companies(database, name[1:].upper()).values()
    assert find_companies(database, "%") == {}
    assert company_names(database, list(everyone)[:3]) == dict(list(everyone.items())[:3])

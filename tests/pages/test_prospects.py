"""The Prospects page: the list at an address, one person with all that was written, and what to do where nothing is."""

from __future__ import annotations

from functools import partial

import pytest

from ranker.store.suppression_list import add_many
from tests.outreach.sequences_by_hand import add_analysis, add_prospect, add_sequence
from tests.pages.opening import click, open_at, words
from tests.store.ranked import World, ranked_world

opened = partial(open_at, "prospects.py")
PROFILE = "https://www.linkedin.com/in/ada-example"


@pytest.fixture
def world(database) -> World:
    return ranked_world(database)


def names(page) -> list[str]:
    return list(page.dataframe[0].value["name"])


def test_before_anything_is_written_the_page_says_what_comes_first(database):
    assert [button.label for button in opened().button] == ["Import leads"]
    ranked_world(database)
    page = opened()
    assert "Nothing has been written to anybody yet." in words(page)
    assert [button.label for button in page.button] == ["Write to the best"]


def test_the_list_is_filtered_and_sorted_by_its_address(world):
    for name in ("Lead 0001", "Lead 0002", "Lead 0005"):
        add_sequence(world.database, add_prospect(world.database, world.leads[name]), state="complete")
    add_sequence(world.database, add_prospect(world.database, profile_url=PROFILE), state="failed", messages=0)
    assert "**4 of 4 prospects**" in words(opened())
    assert names(opened(sort="name")) == ["Lead 0001", "Lead 0002", "Lead 0005", PROFILE]
    assert names(opened(sort="name", way="down", q="alpha")) == ["Lead 0002", "Lead 0001"]
    page = opened(state="failed")
    assert (names(page), list(page.dataframe[0].value["standing"])) == ([PROFILE], ["✕ Failed"])
    page = opened(q="nobody of this name")
    assert page.info[0].value == "No prospect matches."
    page = click(page, "Clear filters")
    assert len(names(page)) == 4


def test_one_prospect_shows_every_sequence_with_what_became_of_it(world):
    prospect = add_prospect(world.database, world.leads["Lead 0001"])
    analysis = add_analysis(world.database, prospect, summary="Leads sales; *really*.")
    add_sequence(world.database, prospect, 1, origin="model", calls=2, cost_usd=0.0123, analysis_id=analysis)
    add_sequence(world.database, prospect, 2, origin="fallback", reason="The model did not answer.")
    page = opened(prospect=prospect)
    assert page.title[0].value == "Lead 0001"
    told = words(page)
    assert "Now: **✓ To contact** · number **1** in the company" in told
    plain = told.replace("\\", "")
    assert plain.index("**Number 2** · ● to approve · a fallback: a template") < plain.index("**Number 1**")
    assert "The model did not answer." in plain
    assert "professional, warm, clear · 3 messages · $0.01 · " in plain
    assert "Leads sales; *really*." in [one.value for one in page.text]  # a model's words are no Markdown
    assert "used by sequence 1" in told
    assert "prospect" not in click(page, "All prospects").query_params


def test_an_address_alone_is_said_to_be_one(world):
    prospect = add_prospect(world.database, profile_url=PROFILE)
    add_sequence(world.database, prospect)
    told = words(opened(prospect=prospect))
    assert "Only the address of a profile is known of this person" in told


def test_whoever_is_not_to_be_contacted_now_is_marked(world):
    out, held = (add_prospect(world.database, world.leads[name]) for name in ("Lead 0004", "Lead 0001"))
    add_sequence(world.database, out)
    add_sequence(world.database, held)
    add_many(world.database, [("email", "one@alpha.example")])
    assert "By the ranking of today this person is not to be contacted." in words(opened(prospect=out))
    assert "On the do-not-contact list" in words(opened(prospect=held))
    assert "⛔ Lead 0001" in names(opened())


def test_a_prospect_that_is_gone_says_so(database):
    assert "There is no prospect 7 any more" in words(opened(prospect=7))


def test_beside_a_lead_on_results_stands_what_was_written_to_them(world):
    prospect = add_prospect(world.database, world.leads["Lead 0001"])
    add_sequence(world.database, prospect, approved_at="2026-11-20T10:00:00+00:00")
    page = open_at("results.py", lead=world.leads["Lead 0001"])
    assert "1 sequence of messages" in words(page)
    assert "Number 1\\: ✓ approved, template, professional, warm, clear" in words(page)
    assert "sequence of messages" not in words(open_at("results.py", lead=world.leads["Lead 0002"]))


def test_from_results_one_comes_to_outreach_with_the_same_people(world):
    page = open_at("results.py", q="alpha", rank=2)
    page = page.button(key="results_write").click().run()
    assert not page.exception
    assert page.title[0].value == "Outreach"
    assert dict(page.query_params) == {"who": "filter", "q": "alpha", "rank": "2"}
    assert "= 3 people at 1 company" in words(page)  # two share the second place
    assert "Also narrowed by 1 filter of Results." in words(page)
    assert open_at("results.py", status="not").button(key="results_write").disabled
    ids = [world.leads[name] for name in ("Lead 0005", "Lead 0002", "Lead 0004")]
    page = open_at("results.py", pick=",".join(map(str, ids)))
    page = page.button(key="results_write").click().run()
    assert "= 2 people at 2 companies" in words(page)
    assert "3 leads = 2 chosen + 1 not relevant." in words(page)


def test_the_way_from_a_prospect_to_reading_and_writing(world):
    prospect = add_prospect(world.database, world.leads["Lead 0001"])
    sequence = add_sequence(world.database, prospect)
    page = open_at("prospects.py", prospect=prospect)
    assert "Read" in [link.label for link in page.page_link]
    page = page.button(key="prospects_write").click().run()
    assert page.query_params["lead"] == str(world.leads["Lead 0001"])
    assert "Fill templates for 1 person" in [button.label for button in page.button]
    assert not open_at("outreach.py", sequence=sequence).exception

"""Prospects listed, searched, sorted, counted; one with all that was written to them."""

from __future__ import annotations

import pytest

from ranker.errors import UsageError
from ranker.ingest.corrections import update_lead
from ranker.outreach.prospect_detail import prospect_detail, sequences_of_lead
from ranker.outreach.prospect_list import SORTS, ProspectFilters, page_prospects
from ranker.outreach.tone import Tone
from ranker.store.overview import overview
from ranker.store.suppression_list import add_many
from tests.outreach.sequences import prospect_of, write
from tests.outreach.sequences_by_hand import add_analysis, add_prospect, add_sequence
from tests.store.databases import KINDS, fresh
from tests.store.ranked import World, ranked_world

PROFILE = "https://www.linkedin.com/in/ada-example"
AT = "2026-11-20T10:00:00+00:00"


@pytest.fixture(params=KINDS)
def world(request, tmp_path):
    with fresh(request.param, tmp_path) as database:
        yield ranked_world(database)


def listed(world: World, **how) -> list[str]:
    filters = ProspectFilters(**{name: how.pop(name) for name in ("search", "standing", "origin") if name in how})
    return [row.name or row.profile_url for row in page_prospects(world.database, filters, **how).rows]


@pytest.fixture
def written(world):
    """Lead 0001: approved, then written again; 0005: failed; 0007: waiting; 0002: to approve; and an address alone."""
    first, failed, waits, fresh_one = (
        add_prospect(world.database, world.leads[name]) for name in ("Lead 0001", "Lead 0005", "Lead 0007", "Lead 0002")
    )
    add_sequence(world.database, first, 1, origin="model", approved_at=AT, approved_by="Ada")
    add_sequence(world.database, first, 2, origin="fallback", reason="No answer.")
    add_sequence(world.database, failed, 3, state="failed", reason="No answer.", messages=0)
    add_sequence(world.database, waits, 4, state="waiting", messages=0)
    add_sequence(world.database, fresh_one, 5)
    add_sequence(world.database, add_prospect(world.database, profile_url=PROFILE), 6)
    return world


def test_each_prospect_stands_by_its_newest_sequence_and_by_an_approval_of_any(written):
    found = page_prospects(written.database)
    standings = {row.name or row.profile_url: row.standing for row in found.rows}
    assert standings == {
        "Lead 0001": "approved", "Lead 0005": "failed", "Lead 0007": "waiting", "Lead 0002": "to_approve",
        PROFILE: "to_approve",
    }  # fmt: skip
    assert (found.matching, found.total) == (5, 5)
    assert found.standings == {"to_approve": 2, "approved": 1, "failed": 1, "waiting": 1, "refused": 0, "nothing": 0}
    row = next(row for row in found.rows if row.name == "Lead 0001")
    assert (row.sequences, row.origin, row.approved, row.approved_at) == (2, "fallback", 1, AT)


def test_who_must_not_be_contacted_any_more_waits_for_nobody_s_approval(written):
    assert overview(written.database).to_approve == 2
    add_many(written.database, [("person", "Lead 0002")])
    (row,) = page_prospects(written.database, ProspectFilters(standing="refused")).rows
    assert (row.name, row.standing) == ("Lead 0002", "refused")
    assert listed(written, standing="to_approve") == [PROFILE]
    assert overview(written.database).to_approve == 1


def test_what_is_approved_stays_approved_while_another_one_waits(written):
    prospect = next(row.id for row in page_prospects(written.database).rows if row.name == "Lead 0001")
    add_sequence(written.database, prospect, 9, state="waiting", messages=0)
    (row,) = page_prospects(written.database, ProspectFilters("0001", "approved")).rows
    assert (row.standing, row.state, row.approved) == ("approved", "waiting", 1)


def test_filters_hold_together_and_say_how_many_stand_otherwise(written):
    assert listed(written, standing="to_approve", search="EXAMPLE") == [PROFILE]
    assert listed(written, search="alpha sales") == ["Lead 0002", "Lead 0001"]
    assert listed(written, search="100%") == []
    assert listed(written, origin="fallback") == ["Lead 0001"]
    assert page_prospects(written.database, ProspectFilters("alpha", "approved")).standings["to_approve"] == 1
    assert page_prospects(written.database, ProspectFilters("alpha", "approved")).matching == 1


@pytest.mark.parametrize("sort", SORTS)
def test_every_order_sorts_the_whole_list_and_pages_through_it_once(written, sort):
    for descending in (True, False):
        whole = listed(written, sort=sort, descending=descending)
        pages = [listed(written, sort=sort, descending=descending, offset=at, limit=2) for at in (0, 2, 4)]
        assert [name for page in pages for name in page] == whole
        assert len(set(whole)) == 5


def test_what_is_blank_comes_last_in_either_direction(written):
    assert listed(written, sort="name", descending=False) == [
        "Lead 0001", "Lead 0002", "Lead 0005", "Lead 0007", PROFILE,
    ]  # fmt: skip
    assert listed(written, sort="name", descending=True)[-1] == PROFILE
    assert listed(written, sort="written")[0] == PROFILE


def test_unknown_orders_and_kinds_are_refused_in_words(world):
    with pytest.raises(UsageError, match="can't be sorted by “age”"):
        page_prospects(world.database, sort="age")
    with pytest.raises(UsageError, match="of the kind “odd”"):
        page_prospects(world.database, ProspectFilters(standing="odd"))


def test_one_prospect_has_all_sequences_with_their_tone_and_the_analyses_they_rest_on(world):
    prospect = add_prospect(world.database, world.leads["Lead 0001"])
    analysis = add_analysis(world.database, prospect)
    add_sequence(world.database, prospect, 1, analysis_id=analysis, cost_usd=None, calls=2, origin="model")
    parent = add_sequence(world.database, prospect, 2, tone='{"formality": 0.9, "preset": "Formal"}')
    add_sequence(world.database, prospect, 3, parent_id=parent, edited=1, messages=2, wanted=2)
    found = prospect_detail(world.database, prospect)
    assert [one.number for one in found.sequences] == [3, 2, 1]
    edited, formal, first = found.sequences
    assert (edited.parent, edited.edited, edited.messages) == (2, True, 2)
    assert (formal.tone, formal.preset) == (Tone(0.9), "Formal")
    assert first.usd is None
    (kept,) = found.analyses
    assert kept.sequences == (1,)
    assert [signal.rests for signal in kept.analysis.signals] == ["title", "inferred"]
    assert sequences_of_lead(world.database, world.leads["Lead 0001"]) == (prospect, list(found.sequences))
    assert sequences_of_lead(world.database, world.leads["Lead 0002"]) == (None, [])


def test_a_sequence_says_that_something_of_the_lead_changed_since_it_was_written(world):
    lead = world.leads["Lead 0001"]
    prospect = prospect_of(world.database, lead)
    write(world.database, prospect)
    assert not prospect_detail(world.database, prospect).sequences[0].outdated
    update_lead(world.database, lead, "title", "Chief Revenue Officer")
    assert prospect_detail(world.database, prospect).sequences[0].outdated


def test_a_prospect_that_is_gone_says_so(world):
    with pytest.raises(UsageError, match="no prospect 77"):
        prospect_detail(world.database, 77)

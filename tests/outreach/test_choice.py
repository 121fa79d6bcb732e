from sqlalchemy import text

from ranker.ingest.corrections import update_lead
from ranker.ingest.merge import commit
from ranker.ingest.stage import stage_file
from ranker.outreach.choice import Choice, Chosen, by_url, choose, chosen, make
from ranker.outreach.sequence import Written
from ranker.outreach.stored import begin
from ranker.store import run_queries
from ranker.store.filters import Filters
from ranker.store.results import page
from ranker.store.reviews import review_lead
from ranker.store.suppression_list import add_many
from tests.outreach.sequences import REQUEST, TEMPLATE, URL, prospect_of, write
from tests.store.ranked import World


def names(world: World, found: Chosen) -> list[str]:
    by_id = {lead: name for name, lead in world.leads.items()}
    return [by_id[lead] for lead in found.lead_ids]


def test_the_top_of_each_company_and_why_the_others_are_not_among_them(world: World) -> None:
    found = choose(world.database, Choice(top=1))
    assert names(world, found) == ["Lead 0001", "Lead 0005"]
    assert found.left_out == {"below": 2, "not_relevant": 3}
    assert found.looked_at == 7
    both = choose(world.database, Choice(top=2))
    assert names(world, both) == ["Lead 0001", "Lead 0002", "Lead 0003", "Lead 0005"]
    assert (found.companies, both.companies) == (2, 2)
    assert choose(world.database, Choice(lead_ids=both.lead_ids[:2])).companies == 1


def test_everybody_that_a_filter_leaves_is_looked_at_and_only_who_ranks_is_chosen(world: World) -> None:
    for filters in (Filters(search="sales"), Filters(company="beta"), Filters(score_to=85), Filters(search="nobody")):
        found = choose(world.database, Choice(filters))
        on_page = page(world.database, filters)
        assert found.looked_at == on_page.matching
        assert set(found.lead_ids) == {row.lead_id for row in on_page.rows if row.rank is not None}


def test_a_held_lead_is_counted_and_the_next_one_takes_the_place(world: World) -> None:
    add_many(world.database, [("email", "one@alpha.example"), ("email", "four@alpha.example")])
    found = choose(world.database, Choice(top=1))
    assert names(world, found) == ["Lead 0002", "Lead 0003", "Lead 0005"]
    assert found.left_out == {"held": 1, "not_relevant": 3}


def test_a_persons_word_counts(world: World) -> None:
    review_lead(world.database, world.leads["Lead 0004"], "in", "")
    review_lead(world.database, world.leads["Lead 0001"], "out", "")
    found = choose(world.database, Choice())
    assert names(world, found) == ["Lead 0002", "Lead 0003", "Lead 0004", "Lead 0005"]
    assert found.left_out == {"not_relevant": 3}


def test_picked_leads_are_chosen_if_they_rank_and_counted_if_not(world: World) -> None:
    file = "Company,Website,Person,Job title,Email\nNew,new.example,Lead 0008,VP Sales,eight@new.example\n"
    commit(world.database, stage_file(world.database, "more.csv", file.encode()).id)
    with world.database.session() as session:
        late = session.connection().execute(text("SELECT id FROM lead WHERE full_name='Lead 0008'")).scalar_one()
    picked = (world.leads["Lead 0005"], world.leads["Lead 0006"], late, 999, world.leads["Lead 0001"], late)
    found = choose(world.database, Choice(lead_ids=picked))
    assert names(world, found) == ["Lead 0001", "Lead 0005"]
    assert found.left_out == {"not_relevant": 1, "not_judged": 1, "gone": 1}
    assert found.looked_at == len(set(picked))
    assert choose(world.database, Choice(lead_ids=())).looked_at == 0


def test_who_was_written_to_can_be_left_out(world: World) -> None:
    one, two = (prospect_of(world.database, world.leads[name]) for name in ("Lead 0001", "Lead 0002"))
    write(world.database, one)
    write(world.database, two, Written("failed", "model", reason="Out of order."))
    approved = write(world.database, prospect_of(world.database, world.leads["Lead 0005"]), TEMPLATE)
    with world.database.write() as session:
        session.connection().execute(text("UPDATE sequence SET approved_at='2026' WHERE id=:id"), {"id": approved})
    assert names(world, choose(world.database, Choice(skip="any"))) == ["Lead 0002", "Lead 0003"]
    found = choose(world.database, Choice(skip="approved"))
    assert names(world, found) == ["Lead 0001", "Lead 0002", "Lead 0003"]
    assert found.left_out == {"not_relevant": 3, "has_sequence": 1}
    assert found.looked_at == 7
    for skip in ("", "any", "approved"):
        for top in (None, 1, 2):
            for picked in (None, tuple(world.leads.values())):
                assert choose(world.database, Choice(top=top, lead_ids=picked, skip=skip)).looked_at == 7


def test_prospects_are_made_in_the_order_of_the_choice_and_one_for_a_profile(world: World) -> None:
    for name in ("Lead 0002", "Lead 0003"):
        update_lead(world.database, world.leads[name], "linkedin_url", f"https://{URL}")
    found = choose(world.database, Choice())
    with world.database.write() as session:
        made = make(session, found.lead_ids)
    assert len(found.lead_ids) == 4
    assert made == tuple(prospect_of(world.database, world.leads[n]) for n in ("Lead 0001", "Lead 0002", "Lead 0005"))
    assert by_url(world.database, f"de.{URL}/?x").id == made[1]


def test_who_waits_in_a_run_that_goes_on_counts_as_written_to_and_one_that_ended_does_not(world: World) -> None:
    prospect = prospect_of(world.database, world.leads["Lead 0001"])
    with world.database.write() as session:
        run = run_queries.ask(session, "outreach", "test", {})
        begin(session, [prospect], REQUEST, run_id=run)
    assert choose(world.database, Choice(skip="any")).left_out == {"not_relevant": 3, "has_sequence": 1}
    run_queries.end(world.database, run, "cancelled")
    assert choose(world.database, Choice(skip="any")).left_out == {"not_relevant": 3}


def test_picked_leads_come_in_the_same_order_in_however_many_statements(world: World) -> None:
    review_lead(world.database, world.leads["Lead 0007"], "in", "")
    choice = Choice(lead_ids=tuple(reversed(world.leads.values())))
    with world.database.session() as session:
        whole, single = chosen(session, choice), chosen(session, choice, at_once=1)
    assert whole == single
    assert names(world, whole) == ["Lead 0001", "Lead 0002", "Lead 0003", "Lead 0005", "Lead 0007"]

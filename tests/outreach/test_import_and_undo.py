"""Imports bring the lead of somebody who was known by address alone, and taken back they leave what was written."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from ranker.errors import ProspectRefused
from ranker.ingest.corrections import update_lead
from ranker.ingest.merge import commit
from ranker.ingest.stage import stage_file
from ranker.ingest.undo import undo
from ranker.ingest.undo_plan import WRITTEN as KEPT_FOR_MESSAGES
from ranker.ingest.undo_plan import plan_undo
from ranker.outreach import refusals
from ranker.outreach.approvals import approve
from ranker.outreach.prospects import prospect_of_url
from ranker.outreach.stored import load_sequence
from tests.outreach.sequences import TEMPLATE, URL, prospect_of, write
from tests.store.ranked import FILE, World


def bring(world: World, title: str = "VP Sales", url: str = f"https://de.{URL}/", name: str = "more.csv") -> int:
    """Import two leads, one with the address; the import's number."""
    head = "Company,Website,Person,Job title,Email,LinkedIn URL\n"
    rows = f"Delta,delta.example,Lead 0009,{title},nine@delta.example,{url}\n"
    rows += "Delta,delta.example,Lead 0010,Nurse,ten@delta.example,\n"
    return commit(world.database, stage_file(world.database, name, (head + rows).encode()).id).id


def lead(world: World, name: str) -> int | None:
    with world.database.session() as session:
        return session.connection().execute(text("SELECT id FROM lead WHERE full_name=:name"), {"name": name}).scalar()


def owner(world: World, prospect: int) -> int | None:
    with world.database.session() as session:
        found = session.connection().execute(text("SELECT lead_id FROM prospect WHERE id=:id"), {"id": prospect})
        return found.scalar_one()


@pytest.fixture
def alone(world: World) -> int:
    with world.database.write() as session:
        return prospect_of_url(session, URL).id


def test_an_import_that_brings_the_lead_lets_the_ranking_speak_at_once(world: World, alone: int) -> None:
    number = write(world.database, alone, TEMPLATE)
    approve(world.database, number)
    bring(world, "Nurse")
    assert owner(world, alone) == lead(world, "Lead 0009")
    with world.database.session() as session:
        assert refusals.of_prospects(session, [alone]) == {alone: "not_judged"}
    world.rank()
    with pytest.raises(ProspectRefused, match="not to be contacted"):
        approve(world.database, write(world.database, alone, TEMPLATE))


def test_a_lead_that_gets_its_address_later_is_met_too(world: World, alone: int) -> None:
    update_lead(world.database, world.leads["Lead 0001"], "linkedin_url", f"https://www.{URL}/de")
    assert owner(world, alone) == world.leads["Lead 0001"]


def test_a_file_that_adds_the_address_to_a_lead_known_by_email_meets_it(world: World, alone: int) -> None:
    bring(world, url="")
    assert owner(world, alone) is None
    update_lead(world.database, lead(world, "Lead 0009"), "linkedin_url", URL)
    assert owner(world, alone) == lead(world, "Lead 0009")


def test_a_lead_that_was_written_to_stays_when_its_import_is_taken_back(world: World) -> None:
    batch = bring(world)
    world.rank()
    written = lead(world, "Lead 0009")
    number = write(world.database, prospect_of(world.database, written))
    plan = plan_undo(world.database, batch)
    assert [(one.lead_id, one.reason) for one in plan.kept] == [(written, KEPT_FOR_MESSAGES)]
    undo(world.database, batch)
    assert (lead(world, "Lead 0009"), lead(world, "Lead 0010")) == (written, None)
    assert load_sequence(world.database, number).lead_id == written


def test_who_was_written_to_by_address_before_the_import_stays_by_address_after_its_undo(
    world: World, alone: int
) -> None:
    number = write(world.database, alone, TEMPLATE)
    undo(world.database, bring(world))
    assert (lead(world, "Lead 0009"), owner(world, alone)) == (None, None)
    assert load_sequence(world.database, number).prospect_id == alone


def test_a_prospect_without_a_word_goes_with_the_lead_that_is_taken_back(world: World) -> None:
    batch = bring(world)
    prospect_of(world.database, lead(world, "Lead 0009"))
    undo(world.database, batch)
    with world.database.session() as session:
        assert session.connection().execute(text("SELECT count(*) FROM prospect")).scalar_one() == 0


def test_a_change_to_a_lead_that_was_written_to_since_stays(world: World) -> None:
    prospect = prospect_of(world.database, world.leads["Lead 0001"])
    write(world.database, prospect)
    changed = FILE.replace("Lead 0001,VP Sales", "Lead 0001,Chief Sales Officer")
    before = commit(world.database, stage_file(world.database, "changed.csv", changed.encode()).id).id
    assert plan_undo(world.database, before).whole  # written before the file came
    write(world.database, prospect)
    plan = plan_undo(world.database, before)
    assert [(one.lead_id, one.reason) for one in plan.kept] == [(world.leads["Lead 0001"], KEPT_FOR_MESSAGES)]

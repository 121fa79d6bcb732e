from dataclasses import replace

import pytest
from sqlalchemy import text

from ranker.errors import UsageError
from ranker.ingest.corrections import update_lead
from ranker.outreach.known import known_of
from ranker.outreach.prospects import prospect_of_url, prospects_of_leads
from ranker.outreach.sequence import Request, Usage, Written
from ranker.outreach.stored import (
    analysis_of,
    begin,
    end_waiting,
    keep,
    keep_analysis,
    load_sequence,
    waiting_of,
)
from ranker.outreach.tone import Tone
from ranker.store import run_queries
from ranker.store.reviews import review_lead
from ranker.store.suppression_list import add_many
from tests.outreach.sequences import MESSAGES, REQUEST, TEMPLATE, URL, WRITTEN, prospect_of, write
from tests.store.ranked import World


def a_run(world: World) -> int:
    with world.database.write() as session:
        return run_queries.ask(session, "outreach", "test", {})


def test_what_was_written_comes_back_as_it_was(world: World) -> None:
    prospect = prospect_of(world.database, world.leads["Lead 0001"])
    found = load_sequence(world.database, write(world.database, prospect))
    assert (found.prospect_id, found.number, found.state, found.origin, found.wanted) == (
        prospect,
        1,
        "complete",
        "model",
        2,
    )
    assert (found.name, found.title, found.company) == ("Lead 0001", "VP Sales", "Alpha")
    assert (found.tone, found.preset, found.context) == (REQUEST.tone, "Brisk", REQUEST.context)
    assert found.messages == MESSAGES
    assert found.analysis == replace(WRITTEN.analysis, id=found.analysis.id)
    assert (found.usage, found.asked_again, found.summary) == (Usage(2, 900, 120, 0.0031), 1, "I kept it short.")
    assert (found.provider, found.model, found.who, found.made_by) == ("fake", "m-1", "me", "page")
    assert found.sources[0].value == "VP Sales"
    assert (found.approved, found.edited, found.outdated, found.marked) == (False, False, False, True)
    assert found.ended_at >= found.created_at > ""


def test_each_sequence_of_a_prospect_has_the_next_number_and_the_first_stays(world: World) -> None:
    prospect = prospect_of(world.database, world.leads["Lead 0001"])
    numbers = [load_sequence(world.database, write(world.database, prospect, TEMPLATE)).number for _ in range(3)]
    assert numbers == [1, 2, 3]


def test_of_a_run_there_is_one_for_a_prospect_however_often_it_is_begun(world: World) -> None:
    run = a_run(world)
    with world.database.write() as session:
        prospects = list(prospects_of_leads(session, list(world.leads.values())).values())
        first = begin(session, prospects[:3], REQUEST, run_id=run)
        again = begin(session, prospects, REQUEST, run_id=run)
        assert begin(session, [prospects[0], prospects[0]], REQUEST, run_id=run) == {prospects[0]: first[prospects[0]]}
        waiting = waiting_of(session, run)
        assert list(waiting_of(session, run, most=2)) == prospects[:2]
    assert first.items() <= again.items() == waiting.items()
    assert list(waiting) == prospects


def test_without_a_run_each_is_new(world: World) -> None:
    with world.database.write() as session:
        prospect = prospects_of_leads(session, [world.leads["Lead 0001"]])[world.leads["Lead 0001"]]
        first = begin(session, [prospect], REQUEST, made_by="api", client="crm")
        second = begin(session, [prospect], REQUEST)
    assert first != second
    found = load_sequence(world.database, first[prospect])
    assert (found.state, found.origin, found.made_by, found.client, found.outdated) == (
        "waiting",
        None,
        "api",
        "crm",
        False,
    )


def test_nothing_is_kept_twice_and_nothing_for_who_is_gone(world: World) -> None:
    lead = world.leads["Lead 0001"]
    prospect = prospect_of(world.database, lead)
    number = write(world.database, prospect)
    with world.database.write() as session:
        known = known_of(session, [prospect])[prospect]
        assert not keep(session, number, TEMPLATE, known)
        waiting = begin(session, [prospect], REQUEST)[prospect]
        session.connection().execute(text("DELETE FROM lead WHERE id=:id"), {"id": lead})
        assert not keep(session, waiting, TEMPLATE, known)
    with pytest.raises(UsageError, match="no sequence"):
        load_sequence(world.database, number)


def test_a_failure_is_kept_with_its_reason_and_no_message(world: World) -> None:
    prospect = prospect_of(world.database, world.leads["Lead 0001"])
    failed = Written("failed", "model", reason="The model was out of order.", usage=Usage(3, 10, 0, None))
    found = load_sequence(world.database, write(world.database, prospect, failed))
    assert (found.state, found.reason, found.messages, found.analysis, found.usage.usd) == (
        "failed", "The model was out of order.", (), None, None,
    )  # fmt: skip


def test_what_still_waits_when_a_run_ends_fails_for_its_reason(world: World) -> None:
    run = a_run(world)
    with world.database.write() as session:
        prospects = list(prospects_of_leads(session, list(world.leads.values())).values())
        made = begin(session, prospects, REQUEST, run_id=run)
        known = known_of(session, prospects[:1])[prospects[0]]
        keep(session, made[prospects[0]], TEMPLATE, known)
        assert end_waiting(session, run, "Stopped.") == len(prospects) - 1
        assert waiting_of(session, run) == {}
    assert load_sequence(world.database, made[prospects[0]]).state == "complete"
    assert load_sequence(world.database, made[prospects[1]]).reason == "Stopped."


def test_an_analysis_is_kept_once_under_its_hash_and_shared(world: World) -> None:
    prospect = prospect_of(world.database, world.leads["Lead 0001"])
    with world.database.write() as session:
        kept = keep_analysis(session, prospect, WRITTEN.analysis, "fake")
        assert keep_analysis(session, prospect, replace(WRITTEN.analysis, summary="Other."), "fake") == kept
        assert analysis_of(session, prospect, "h1") == kept
        assert analysis_of(session, prospect, "h2") is None
        assert analysis_of(session, prospect + 1, "h1") is None
    first, second = (load_sequence(world.database, write(world.database, prospect)) for _ in range(2))
    assert first.analysis == second.analysis == kept


def test_a_sequence_is_outdated_once_what_is_known_or_the_verdict_is_another(world: World) -> None:
    lead = world.leads["Lead 0001"]
    prospect = prospect_of(world.database, lead)
    number = write(world.database, prospect)
    world.rank()
    assert not load_sequence(world.database, number).outdated
    update_lead(world.database, lead, "title", "Chief Sales Officer")
    assert load_sequence(world.database, number).outdated
    update_lead(world.database, lead, "title", "VP Sales")
    assert not load_sequence(world.database, number).outdated
    assert load_sequence(world.database, number).refused == ""
    review_lead(world.database, lead, "out", "left")
    found = load_sequence(world.database, number)
    assert (found.outdated, found.refused) == (True, "not_relevant")
    assert found.sources[0].value == "VP Sales"


def test_a_sequence_says_that_its_person_must_not_be_contacted_any_more(world: World) -> None:
    number = write(world.database, prospect_of(world.database, world.leads["Lead 0001"]))
    add_many(world.database, [("domain", "alpha.example")])
    found = load_sequence(world.database, number)
    assert (found.refused, found.outdated) == ("held", False)


def test_any_text_is_kept_sign_for_sign(world: World) -> None:
    strange = '\'); DROP TABLE prospect; -- ? :id %s \u00e9\U0001f680\n"quoted" {braces}'
    with world.database.write() as session:
        prospect = prospect_of_url(session, URL).id
    message = replace(MESSAGES[0], content=strange, reasoning=strange)
    written = Written("complete", "model", (message,), strange, model=strange, provider=strange)
    request = Request(Tone(), strange, 1, preset=strange)
    found = load_sequence(world.database, write(world.database, prospect, written, request))
    assert (found.messages[0], found.context, found.preset, found.summary) == (message, strange, strange, strange)


def test_signs_that_no_database_keeps_are_replaced_one_by_one(world: World) -> None:
    with world.database.write() as session:
        prospect = prospect_of_url(session, URL).id
    broken, mended = "a\0b\ud83d c\U0001f680", "a\ufffdb\ufffd c\U0001f680"
    message = replace(MESSAGES[0], content=broken, reasoning=broken)
    analysis = replace(WRITTEN.analysis, summary=broken, model="m", hash="h2")
    written = replace(WRITTEN, messages=(message,), summary=broken, analysis=analysis, reason=broken)
    found = load_sequence(
        world.database, write(world.database, prospect, written, Request(Tone(), broken, 1, preset=broken))
    )
    assert (found.messages[0].content, found.messages[0].reasoning, found.summary) == (mended,) * 3
    assert (found.reason, found.context) == (mended, mended)
    assert len(found.messages[0].content) == len(broken)

import pytest
from sqlalchemy import text

from ranker.care.deletion import delete_people
from ranker.errors import ProfileRefused, ProspectRefused
from ranker.ingest.corrections import update_lead
from ranker.ingest.merge import commit
from ranker.ingest.stage import stage_file
from ranker.outreach import refusals
from ranker.outreach.prospects import Prospect, prospect_of_url, prospects_of_leads
from ranker.store.reviews import review_lead
from ranker.store.suppression_list import add_many
from tests.outreach.sequences import URL, WRITTEN, prospect_of, write
from tests.store.ranked import World


def rows(world: World, sql: str) -> list[tuple[object, ...]]:
    with world.database.session() as session:
        return [tuple(row) for row in session.connection().execute(text(sql))]


def by_url(world: World, url: str = URL) -> Prospect:
    with world.database.write() as session:
        return prospect_of_url(session, url)


def bring(world: World, url: str, name: str = "Lead 0009", email: str = "nine@delta.example") -> int:
    """Import a lead with this address; its number."""
    file = f"Company,Website,Person,Job title,Email,LinkedIn URL\nDelta,delta.example,{name},VP Sales,{email},{url}\n"
    commit(world.database, stage_file(world.database, "more.csv", file.encode()).id)
    with world.database.session() as session:
        found = session.connection().execute(text("SELECT id FROM lead WHERE linkedin_url=:url"), {"url": url})
        return found.scalar_one()


def test_a_lead_is_one_prospect_however_often_it_is_asked_for(world: World) -> None:
    leads = [world.leads["Lead 0001"], world.leads["Lead 0002"], world.leads["Lead 0001"], 999]
    with world.database.write() as session:
        first = prospects_of_leads(session, leads)
        assert prospects_of_leads(session, leads) == first
    assert set(first) == set(leads[:2])
    assert len(set(first.values())) == 2
    assert {row[0] for row in rows(world, "SELECT key FROM prospect")} == {
        "lead:email:one@alpha.example", "lead:email:two@alpha.example",
    }  # fmt: skip


def test_two_leads_of_one_profile_are_one_prospect(world: World) -> None:
    one, two = world.leads["Lead 0001"], world.leads["Lead 0002"]
    update_lead(world.database, one, "linkedin_url", "https://de.linkedin.com/in/Ada-Example/")
    update_lead(world.database, two, "linkedin_url", "linkedin.com/in/ada-example?x=1")
    with world.database.write() as session:
        found = prospects_of_leads(session, [one, two])
    assert found[one] == found[two]
    assert rows(world, "SELECT key, profile_url, lead_id FROM prospect") == [(f"url:{URL}", URL, one)]


def test_a_lead_that_gets_an_address_keeps_its_prospect_under_the_address(world: World) -> None:
    lead = world.leads["Lead 0001"]
    before = prospect_of(world.database, lead)
    update_lead(world.database, lead, "linkedin_url", f"https://www.{URL}")
    assert prospect_of(world.database, lead) == before
    update_lead(world.database, lead, "linkedin_url", "https://linkedin.com/in/ada-other")
    assert prospect_of(world.database, lead) == before
    assert rows(world, "SELECT key, profile_url FROM prospect") == [
        ("url:linkedin.com/in/ada-other", "linkedin.com/in/ada-other")
    ]
    update_lead(world.database, lead, "linkedin_url", "")
    assert prospect_of(world.database, lead) == before


def test_a_lead_whose_address_has_a_prospect_already_becomes_one_with_it_and_nothing_is_lost(world: World) -> None:
    lead = world.leads["Lead 0001"]
    alone = by_url(world)
    first = write(world.database, alone.id)
    own = prospect_of(world.database, lead)
    second, third = write(world.database, own), write(world.database, own)
    with world.database.write() as session:
        for sequence, at in ((first, "2026-01-01T00:00:00Z"), (third, "2026-01-02T00:00:00Z")):
            session.connection().execute(
                text("UPDATE sequence SET approved_at=:at WHERE id=:id"), {"at": at, "id": sequence}
            )
    update_lead(world.database, lead, "linkedin_url", f"https://{URL}/")
    assert prospect_of(world.database, lead) == alone.id
    assert rows(world, "SELECT id, lead_id FROM prospect") == [(alone.id, lead)]
    assert rows(world, "SELECT id, prospect_id, number, approved_at<>'' FROM sequence ORDER BY id") == [
        (first, alone.id, 1, False), (second, alone.id, 2, False), (third, alone.id, 3, True),
    ]  # fmt: skip
    analyses = rows(world, "SELECT a.prospect_id, count(*) FROM sequence AS s JOIN prospect_analysis AS a "
                           "ON a.id=s.analysis_id GROUP BY 1")  # fmt: skip
    assert analyses == [(alone.id, 3)]
    assert rows(world, "SELECT count(*) FROM prospect_analysis") == [(1,)]
    assert rows(world, "SELECT count(*) FROM sequence_message") == [(3 * len(WRITTEN.messages),)]


@pytest.mark.parametrize("written", ["https://uk.linkedin.com/in/jos%C3%A9-example", "linkedin.com/in/JOSÉ-example/de"])
def test_a_profile_that_nobody_had_is_taken_unjudged_and_joined_to_the_lead_that_an_import_brings(
    world: World, written: str
) -> None:
    alone = by_url(world, "https://linkedin.com/in/josé-example")
    assert (alone.judged, alone.lead_id, alone.profile_url) == (False, None, "linkedin.com/in/josé-example")
    assert by_url(world, written) == alone
    sequence = write(world.database, alone.id)
    lead = bring(world, written)
    with pytest.raises(ProspectRefused, match="not judged yet") as refused:
        by_url(world, written)
    assert refused.value.reason == "not_judged"
    world.rank()
    found = by_url(world, "https://linkedin.com/in/josé-example")
    assert (found.id, found.lead_id, found.judged) == (alone.id, lead, True)
    assert rows(world, "SELECT id, prospect_id FROM sequence") == [(sequence, alone.id)]
    assert prospect_of(world.database, lead) == alone.id


def test_an_address_is_found_by_a_lead_that_was_known_by_its_email_first(world: World) -> None:
    lead = world.leads["Lead 0001"]
    update_lead(world.database, lead, "linkedin_url", "https://www.linkedin.com/in/%D0%B0%D0%B4%D0%B0/details/skills")
    assert by_url(world, "linkedin.com/in/ада").lead_id == lead


def test_who_does_not_fit_is_refused_unless_a_person_said_otherwise(world: World) -> None:
    fits, does_not = world.leads["Lead 0001"], world.leads["Lead 0004"]
    update_lead(world.database, does_not, "linkedin_url", f"https://{URL}")
    with pytest.raises(ProspectRefused, match="not to be contacted") as refused:
        by_url(world)
    assert refused.value.reason == "not_relevant"
    review_lead(world.database, does_not, "in", "knows us")
    assert by_url(world).lead_id == does_not
    review_lead(world.database, fits, "out", "left")
    update_lead(world.database, fits, "linkedin_url", "linkedin.com/in/ada-other")
    with pytest.raises(ProspectRefused):
        by_url(world, "linkedin.com/in/ada-other")
    assert rows(world, "SELECT lead_id FROM prospect") == [(does_not,)]


@pytest.mark.parametrize(
    ("entry", "asked"),
    [
        ("https://www.linkedin.com/in/Ada-Example/", "linkedin.com/in/ada-example"),
        ("https://linkedin.com/in/jos%C3%A9-example", "linkedin.com/in/josé-example"),
        ("linkedin.com/in/josé-example", "https://fr.linkedin.com/in/jos%c3%a9-example/?x"),
        ("https://de.linkedin.com/in/ada-example/de", "linkedin.com/in/ada-example"),
    ],
)
def test_who_is_on_the_do_not_contact_list_by_address_is_refused_however_it_is_written(
    world: World, entry: str, asked: str
) -> None:
    before = by_url(world, asked)
    add_many(world.database, [("person", entry)])
    with pytest.raises(ProspectRefused, match="do-not-contact") as refused:
        by_url(world, asked)
    assert refused.value.reason == "held"
    with world.database.session() as session:
        assert refusals.of_prospects(session, [before.id]) == {before.id: "held"}


def test_a_lead_on_the_do_not_contact_list_by_its_domain_is_refused_by_its_address(world: World) -> None:
    lead = world.leads["Lead 0001"]
    update_lead(world.database, lead, "linkedin_url", URL)
    add_many(world.database, [("domain", "alpha.example")])
    with pytest.raises(ProspectRefused, match="do-not-contact"):
        by_url(world)


def test_a_deleted_person_is_refused_by_any_spelling_of_their_address(world: World) -> None:
    lead = world.leads["Lead 0001"]
    update_lead(world.database, lead, "linkedin_url", "https://linkedin.com/in/jos%C3%A9-example")
    delete_people(world.database, [lead])
    for asked in ("linkedin.com/in/josé-example", "https://de.linkedin.com/in/JOS%c3%89-example/de?x=1"):
        with pytest.raises(ProspectRefused, match="deleted here") as refused:
            by_url(world, asked)
        assert refused.value.reason == "deleted"
    assert rows(world, "SELECT count(*) FROM prospect") == [(0,)]


def test_what_is_no_profile_makes_no_prospect(world: World) -> None:
    with pytest.raises(ProfileRefused):
        by_url(world, "https://linkedin.com.evil.example/in/ada")
    assert rows(world, "SELECT count(*) FROM prospect") == [(0,)]


def test_many_leads_take_few_queries(world: World) -> None:
    header = "Company,Website,Person,Job title,Email,LinkedIn URL\n"
    lines = [
        f"Acme {n},a{n}.example,Lead {n:04},VP Sales,p{n}@a{n}.example,linkedin.com/in/lead-{n:04}\n"
        for n in range(100, 400)
    ]
    commit(world.database, stage_file(world.database, "many.csv", (header + "".join(lines)).encode()).id)
    leads = [row[0] for row in rows(world, "SELECT id FROM lead ORDER BY id")]
    with world.database.write() as session:
        found = prospects_of_leads(session, leads)
        assert prospects_of_leads(session, leads) == found
    assert len(set(found.values())) == len(leads) == 307


def test_an_entry_of_the_list_from_before_holds_however_it_was_kept_and_goes_with_its_person(world: World) -> None:
    with world.database.write() as session:
        session.connection().execute(
            text("INSERT INTO suppression (kind, value) VALUES ('person', 'linkedin.com/in/jos%c3%a9-example/de')")
        )
    with pytest.raises(ProspectRefused, match="do-not-contact"):
        by_url(world, "linkedin.com/in/josé-example")
    lead = world.leads["Lead 0001"]
    update_lead(world.database, lead, "linkedin_url", "https://linkedin.com/in/josé-example")
    with world.database.session() as session:
        assert refusals.of_leads(session, [lead]) == {lead: "held"}
    delete_people(world.database, [lead])
    assert rows(world, "SELECT count(*) FROM suppression") == [(0,)]

import pytest
from sqlalchemy import event, text

from ranker.ingest.corrections import update_lead
from ranker.jobs.job import drive
from ranker.outreach.known import OVERRULED, input_hash, known_of, words_of
from ranker.outreach.prospects import prospect_of_url, prospects_of_leads
from ranker.outreach.sequence import Known, Source
from ranker.personas.catalog import FOLDER, list_personas, seed_personas
from ranker.scoring import rank_run
from ranker.scoring.selection import Selection
from ranker.store.reviews import review_lead
from tests.outreach.sequences import URL, prospect_of
from tests.store.ranked import SCORES, World


def known(world: World, lead: str) -> Known:
    number = prospect_of(world.database, world.leads[lead])
    with world.database.session() as session:
        return known_of(session, [number, 999])[number]


def test_what_is_known_is_the_leads_columns_and_what_the_ranking_said_and_nothing_else(world: World) -> None:
    found = known(world, "Lead 0001")
    assert found.sources == (
        Source("lead", "title", "VP Sales"),
        Source("lead", "company", "Alpha"),
        Source("lead", "domain", "alpha.example"),
        Source("lead", "size", "51-200"),
        Source("lead", "full_name", "Lead 0001"),
        Source("verdict", "reasoning", "First choice: '90.0'."),
        Source("persona", "12", "VP Sales · 5/5"),
    )
    assert (found.lead_id, found.profile_url, found.seniority, found.department) == (
        world.leads["Lead 0001"], "", "Vice President", "Sales",
    )  # fmt: skip
    said = str(found)
    assert not [secret for secret in ("one@alpha.example", "010", "SUM") if secret in said]


def test_a_profile_without_lead_is_known_by_its_address_alone_not_even_by_the_name_in_it(world: World) -> None:
    with world.database.write() as session:
        number = prospect_of_url(session, URL).id
        assert known_of(session, [number]) == {number: Known(number, URL, None, ())}


def test_a_lead_that_was_never_judged_has_its_columns_only(world: World) -> None:
    with world.database.write() as session:
        session.connection().execute(text("DELETE FROM current_assessment"))
    assert {one.kind for one in known(world, "Lead 0001").sources} == {"lead"}


def test_where_a_person_overruled_the_ranking_its_reasons_are_not_told(world: World) -> None:
    review_lead(world.database, world.leads["Lead 0004"], "in", "a note that is nobody's business")
    found = known(world, "Lead 0004")
    assert [one.value for one in found.sources if one.kind != "lead"] == [OVERRULED]
    assert "nobody's business" not in str(found)


def test_what_a_row_leaves_out_is_taken_from_its_company(world: World) -> None:
    with world.database.write() as session:
        session.connection().execute(text("UPDATE company SET industry='Maps'"))
    assert known(world, "Lead 0001").value("industry") == "Maps"


def test_the_persona_is_the_part_for_the_size_of_the_company(world: World) -> None:
    seed_personas(world.database)
    persona = next(one for one in list_personas(world.database) if one.name == "Who buys from Ladderline")
    drive(world.database, rank_run.start(world.database, Selection("all"), persona.live_version_id), rank_run.step)
    middle, small = known(world, "Lead 0001"), known(world, "Lead 0005")
    assert middle.persona_version_id == small.persona_version_id == persona.live_version_id
    assert "Signs without asking anybody" in small.persona or "Founder or Co-Founder" in small.persona
    assert "Founder or Co-Founder · 5/5" not in middle.persona
    assert middle.persona != small.persona
    lines = [one for one in small.sources if one.kind == "persona"]
    assert lines
    content = (FOLDER / "outbound-sales.md").read_text(encoding="utf-8").splitlines()
    for one in lines:
        assert one.value.split(" · ")[0].split()[0] in content[int(one.name) - 1]


def test_a_size_that_is_not_known_gets_the_persona_of_every_size(world: World) -> None:
    seed_personas(world.database)
    persona = next(one for one in list_personas(world.database) if one.name == "Who buys from Ladderline")
    drive(world.database, rank_run.start(world.database, Selection("all"), persona.live_version_id), rank_run.step)
    assert known(world, "Lead 0007").persona.count("# At ") >= 3


def test_the_hash_is_of_all_that_is_known_and_of_nothing_else(world: World) -> None:
    before = input_hash(known(world, "Lead 0001"))
    update_lead(world.database, world.leads["Lead 0001"], "phone", "+1 555 010 42")
    assert input_hash(known(world, "Lead 0001")) == before
    update_lead(world.database, world.leads["Lead 0001"], "location", "Oslo")
    moved = input_hash(known(world, "Lead 0001"))
    assert moved != before
    world.rank({**dict.fromkeys(SCORES, 0.0), "VP Sales": 70.0})
    assert input_hash(known(world, "Lead 0001")) not in {before, moved}


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("VP Sales", ("Vice President", "Sales")),
        ("Founder", ("Founder", "Executive")),
        ("Former Head of HR, now Sales Director", ("Director", "Sales")),
        ("", ("", "")),
        ("acme.example", ("", "")),
    ],
)
def test_seniority_and_department_are_words_of_the_title(title: str, said: tuple[str, str]) -> None:
    assert words_of(title) == said


def test_many_are_known_in_few_queries(world: World) -> None:
    with world.database.write() as session:
        numbers = list(prospects_of_leads(session, list(world.leads.values())).values())
    asked: list[str] = []
    event.listen(world.database.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    with world.database.session() as session:
        assert len(known_of(session, numbers)) == len(world.leads)
    assert len([sql for sql in asked if sql.startswith("SELECT")]) == 1

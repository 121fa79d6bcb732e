"""The preview of a persona's new version says what two real runs say, and leaves nothing behind."""

import pytest

from ranker.ingest.sample import import_sample
from ranker.jobs.job import drive
from ranker.personas.catalog import get_version, list_personas, live_version, seed_personas
from ranker.personas.versions import add_version
from ranker.scoring import rank_run
from ranker.scoring.persona_preview import leads_state, preview
from ranker.scoring.selection import Selection
from ranker.scoring.variants import engine_of, engine_of_text
from ranker.store.compare_runs import count_moves, list_moves
from ranker.store.reviews import review_lead
from ranker.store.suppression_list import add_many
from tests.store.databases import KINDS, fresh


@pytest.fixture(params=KINDS)
def world(request, tmp_path):
    with fresh(request.param, tmp_path) as database:
        import_sample(database)
        seed_personas(database)
        persona = next(one for one in list_personas(database) if "Ladderline" in one.name)
        yield database, live_version(database, persona.id)


def other(text: str) -> str:
    """Sales directors count less, developers of business more; the bar is a little higher."""
    new = text.replace("| Sales Director | 5/5 |", "| Sales Director | 2/5 |")
    new = new.replace("| Business Development | 4/5 |", "| Business Development | 5/5 |")
    new = new.replace("| HR and Legal | All sizes | |\n", "").replace("score 60 or", "score 65 or")
    return new.replace("## Teams that matter\n", "## Teams that matter\n\n- Human Resources: 5/5\n")


def test_it_says_what_two_runs_would_say(world):
    database, old = world
    add_many(database, [("company", "Skylatch")], "Asked us not to write")
    new = add_version(database, old.name, other(old.content))
    runs = []
    for version in (old, new):
        runs.append(rank_run.start(database, Selection("all"), version.id))
        drive(database, runs[-1], rank_run.step)
    told = preview(database, engine_of(old), engine_of_text(new.content, new.name))
    counts = count_moves(database, *runs).counts
    assert {kind: len(told.of(kind)) for kind in ("in", "out", "moved")} == {
        kind: counts[kind] for kind in ("in", "out", "moved")
    }
    assert all(counts[kind] for kind in ("in", "out", "moved"))
    assert told.held > 0
    assert told.judged + told.held == told.leads == sum(counts.values())
    assert told.same + len(told.shifts) == told.judged
    for kind in ("in", "out", "moved"):
        shown = {one.lead_id: one for one in told.of(kind)}
        moves = list_moves(database, *runs, kind, limit=10_000)
        assert set(shown) == {one.lead_id for one in moves}
        for move in moves:
            one = shown[move.lead_id]
            assert (one.old.reasoning, one.new.reasoning) == (move.old.reasoning, move.new.reasoning)
            if kind == "moved":
                assert (one.old.rank, one.new.rank) == (move.old.rank, move.new.rank)


def test_a_persons_own_verdict_overrules_both(world):
    database, old = world
    same = preview(database, engine_of(old), engine_of(get_version(database, old.id)))
    assert (same.shifts, same.same, same.whole) == ((), same.judged, True)
    new = engine_of_text(other(old.content), old.name)
    drive(database, rank_run.start(database, Selection("all"), old.id), rank_run.step)
    told = preview(database, engine_of(old), new)
    came, went = told.of("in")[0], told.of("out")[0]
    before = leads_state(database)
    review_lead(database, came.lead_id, "out")
    review_lead(database, went.lead_id, "in")
    assert leads_state(database) != before
    now = preview(database, engine_of(old), new)
    assert not {came.lead_id, went.lead_id} & {one.lead_id for one in (*now.of("in"), *now.of("out"))}


def test_of_too_many_leads_whole_companies_are_judged_the_same_ones_every_time(world):
    database, old = world
    new = engine_of_text(other(old.content), old.name)
    told = preview(database, engine_of(old), new, most=300)
    assert told == preview(database, engine_of(old), new, most=300)
    assert 0 < told.judged + told.held <= 300 < told.leads
    assert told.companies < told.all_companies
    assert not told.whole
    whole = {one.lead_id: one for one in preview(database, engine_of(old), new).shifts}
    for one in told.shifts:
        assert whole[one.lead_id] == one

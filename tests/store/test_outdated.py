"""Rankings by a version of a persona that is not in use any more, and what ranking them again would move."""

import pytest
from sqlalchemy import text

from ranker.ingest.sample import import_sample
from ranker.jobs.job import drive
from ranker.personas.catalog import get_version, list_personas, seed_personas
from ranker.personas.versions import make_live
from ranker.scoring import rank_run
from ranker.scoring.persona_preview import preview
from ranker.scoring.selection import Selection
from ranker.scoring.variants import engine_of
from ranker.store.compare_runs import count_moves
from ranker.store.outdated import companies_judged_by, outdated
from tests.evaluation.labelled_sets import edited, persona
from tests.store.databases import KINDS, fresh


@pytest.fixture(params=KINDS)
def database(request, tmp_path):
    with fresh(request.param, tmp_path) as opened:
        import_sample(opened)
        seed_personas(opened)
        yield opened


def harsh(told):
    return told.replace("| Sales Director | 5/5 |", "| Sales Director | 2/5 |")


def ranked(database, selection, version):
    run_id = rank_run.start(database, selection, version)
    drive(database, run_id, rank_run.step)
    return run_id


def test_a_ranking_by_the_version_in_use_is_not_outdated_and_one_by_another_is(database):
    assert outdated(database) is None
    old = persona(database)
    ranked(database, Selection("all"), old)
    assert outdated(database) is None
    new = edited(database, harsh)
    make_live(database, new)
    found = outdated(database)
    assert (found.old_id, found.live_id, found.old, found.live) == (old, new, 1, 2)
    assert (found.leads, found.all_leads, found.with_model) == (1756, 1756, False)
    assert found.persona == list_personas(database)[2].name
    ranked(database, Selection("all"), new)
    assert outdated(database) is None
    make_live(database, old)  # going back makes the newer ranking the outdated one
    assert (outdated(database).old, outdated(database).live) == (2, 1)


def test_what_would_move_is_told_of_the_companies_that_the_old_version_ranked(database):
    old, new = persona(database), edited(database, harsh)
    first = ranked(database, Selection("all"), old)
    ranked(database, Selection("companies", (1, 2, 3)), persona(database, 0))
    make_live(database, new)
    found = outdated(database)
    companies = companies_judged_by(database, old)
    assert not companies & {1, 2, 3}
    assert found.leads < found.all_leads == 1756
    engines = [engine_of(get_version(database, one)) for one in (old, new)]
    told = preview(database, *engines, only=companies)
    assert told.judged + told.held == found.leads
    second = ranked(database, Selection("companies", tuple(companies)), new)
    counts = count_moves(database, first, second).counts
    assert {kind: len(told.of(kind)) for kind in ("in", "out", "moved")} == {
        kind: counts[kind] for kind in ("in", "out", "moved")
    }
    assert counts["moved"]


def test_companies_that_a_model_judged_by_the_same_version_are_not_counted_by_rules(database):
    old = persona(database)
    ranked(database, Selection("all"), old)
    asked = ranked(database, Selection("companies", (1, 2, 3)), old)
    assert {1, 2, 3} <= companies_judged_by(database, old)
    with database.write() as session:  # as if that run had asked a model
        session.connection().execute(
            text("INSERT INTO variant (hash, engine, persona_version_id) VALUES ('asked', 'llm', :id)"), {"id": old}
        )
        session.connection().execute(
            text("UPDATE run SET variant_id=(SELECT id FROM variant WHERE hash='asked') WHERE id=:id"), {"id": asked}
        )
    found = companies_judged_by(database, old)
    assert found
    assert not found & {1, 2, 3}

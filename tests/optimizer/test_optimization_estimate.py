"""What an optimization with a model is told to take is at least what it takes, and what it takes once is known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ranker.errors import PriceUnknown, UsageError
from ranker.optimizer.optimization_estimate import check, decided_by, estimate_search, with_prompt
from ranker.optimizer.optimization_list import get_optimization
from ranker.optimizer.optimization_plan import plan
from ranker.optimizer.settings import Settings
from ranker.personas.versions import add_version
from ranker.templates import catalog as templates
from ranker.templates.shipped import seed_templates
from tests.llm.model_runs import choice
from tests.optimizer.optimizing import SMALL, finished, model_run, taught_set
from tests.optimizer.teacher import PERSONA, Teacher
from tests.store.databases import fresh


@pytest.fixture
def database(tmp_path):
    with fresh("sqlite", tmp_path) as opened:
        seed_templates(opened)
        yield opened


def estimated(database, model, settings=SMALL, slot="persona", set_id=None, parts=None):
    set_id = set_id or taught_set(database)
    version = add_version(database, "Somebody", PERSONA).id
    parts = parts or plan_parts(database, set_id, settings)
    return estimate_search(database, set_id, version, model, slot, settings, parts)


def plan_parts(database, set_id, settings):
    return plan(database, set_id, settings).split


def test_a_search_makes_no_more_calls_and_costs_no_more_than_was_told(database, monkeypatch):
    with Teacher() as server:
        small = Settings(1, 2, 1, folds=2, hold_out_from=6)
        run = model_run(database, monkeypatch, server, small, leads=taught_set(database, 6))
        line = get_optimization(database, run)
        told = estimated(database, choice(monkeypatch, server), small, set_id=line.set_id, parts=line.split)
        finished(database, run)
    cost = get_optimization(database, run).run.cost
    assert 0 < cost.calls <= told.calls
    assert 0 < cost.known <= told.usd
    assert told.a_text == 30  # a question a lead


def test_more_generations_texts_and_checks_take_more(database, monkeypatch):
    with Teacher() as server:
        model, set_id = choice(monkeypatch, server), taught_set(database)
        sizes = [
            estimated(database, model, settings, set_id=set_id)
            for settings in (
                SMALL,
                replace(SMALL, generations=4),
                replace(SMALL, variants=9),
                replace(SMALL, folds=4),
            )
        ]
    for more in sizes[1:]:
        assert more.calls > sizes[0].calls
        assert more.usd > sizes[0].usd


def test_an_unknown_price_is_not_nothing_and_is_refused_under_a_limit(database, monkeypatch):
    with Teacher() as server:
        model = choice(monkeypatch, server, RANKER_PRICE_INPUT=None, RANKER_PRICE_OUTPUT=None)
        assert estimated(database, model).usd is None
        check(model)
        with pytest.raises(PriceUnknown):
            check(replace(model, settings=model.settings.with_cap(1.0)))


def test_a_prompt_that_may_change_is_counted_in_its_own_version(database, monkeypatch):
    with Teacher() as server:
        model = choice(monkeypatch, server)
        with database.session() as session:
            live = templates.live_texts(session)["pointwise"]
        chosen = with_prompt(database, model, live.id)
        assert chosen.texts[live.task].id == live.id
        with pytest.raises(UsageError):
            with_prompt(database, model, 999)


def test_another_depth_or_slot_is_another_estimate(database, monkeypatch):
    with Teacher() as server:
        model, set_id = choice(monkeypatch, server), taught_set(database)
        version = add_version(database, "Somebody", PERSONA).id
        keys = {
            decided_by(database, set_id, version, model, slot, settings)
            for slot, settings in (("persona", SMALL), ("persona", Settings()), ("template:pointwise", SMALL))
        }
        assert len(keys) == 3
        assert decided_by(database, set_id, version, model, "persona", SMALL) in keys

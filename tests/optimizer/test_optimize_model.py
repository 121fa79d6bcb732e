"""An optimization with a model as a durable run: one budget for every call, failures that end it, prompts that last."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from ranker.errors import NoKey, PriceUnknown
from ranker.llm.providers import PRESETS
from ranker.optimizer import decision, optimize_run
from ranker.optimizer.optimization_list import list_optimizations
from ranker.optimizer.settings import Settings
from ranker.store.run_costs import scope_of
from ranker.store.template_usage import template_usage
from ranker.templates import catalog as templates
from ranker.templates.versions import add_version, make_live
from tests.llm.model_runs import choice
from tests.optimizer.optimizing import SMALL, finished, model_run, rows_of, taught_set
from tests.optimizer.seen import seen
from tests.optimizer.teacher import Teacher

PLAIN = replace(SMALL, folds=0)


def calls(database, columns="purpose, model, outcome"):
    with database.session() as session:
        return session.connection().execute(text(f"SELECT {columns} FROM ai_call ORDER BY id")).all()


def test_it_finds_what_the_leads_have_in_common_and_every_call_is_the_run_s(database, monkeypatch):
    with Teacher() as server:
        run_id = model_run(database, monkeypatch, server, asks={"RANKER_MODEL_EDIT": "fake-editor"})
        view = finished(database, run_id)
        requests = len(server.requests)
    assert (view.run.state, view.run.error) == ("done", "")
    assert view.proposal.value > view.start.value + 0.2
    assert view.proposal.held_out > view.start.held_out + 0.2
    assert view.row.result["nested"]["difference"] > 0.1
    assert len(view.looks) == 1
    assert view.spending.calls == requests == len(calls(database))
    assert {row[0] for row in calls(database, "scope")} == {scope_of(run_id)}
    used = {(purpose, model) for purpose, model, _ in calls(database)}
    assert used == {("pointwise", "fake"), ("critique", "fake"), ("edit", "fake-editor")}
    usage = template_usage(database)
    with database.session() as session:
        assert {task for task, one in templates.live_texts(session).items() if usage.get((task, one.hash))} == {
            "pointwise", "critique", "edit",
        }  # fmt: skip
    (line,) = list_optimizations(database)
    assert (line.run.decided.strategy, line.start.name, len(line.looks)) == ("pointwise", "Somebody", 1)
    assert line.result.gain == view.row.result["claim"]["gain"]
    assert line.run.cost.calls == requests
    assert line.run.cost.usd == pytest.approx(view.spending.spent)


@pytest.mark.parametrize("most", [35, 100])
def test_a_limit_of_calls_is_never_passed_and_ends_it_with_the_best_so_far(database, monkeypatch, most):
    with Teacher(latency=0.002) as server:
        run_id = model_run(database, monkeypatch, server, PLAIN, max_calls=most)
        view = finished(database, run_id)
        assert len(server.requests) <= most
    assert view.spending.calls == len(server.requests)
    assert view.run.state == "done"
    assert view.row.result["ended"] == "budget"
    assert view.row.result["ended_words"].count("budget is spent") == 1
    if view.proposal is not None:  # what was left was kept for this
        assert len(view.looks) == 1


def test_a_limit_of_money_is_never_passed(database, monkeypatch):
    with Teacher() as server:
        whole = finished(database, model_run(database, monkeypatch, server, PLAIN)).spending.spent
        run_id = model_run(database, monkeypatch, server, replace(PLAIN, seed=2), max_usd=whole / 3, strategy="cascade")
        view = finished(database, run_id)
    assert 0 < view.spending.spent <= whole / 3
    assert (view.run.state, view.run.max_usd) == ("done", whole / 3)


def test_with_a_larger_budget_it_goes_on_and_asks_nothing_twice(database, monkeypatch):
    with Teacher() as server:
        run_id = model_run(database, monkeypatch, server, PLAIN, max_calls=60, open_at_end=False)
        short = finished(database, run_id)
        assert short.row.result["ended"] == "budget"
        assert optimize_run.go_on(database, run_id, max_calls=5_000)
        view = finished(database, run_id)
        asked = [one["body"]["messages"] for one in server.requests]
    assert view.row.result["ended"] in {"finished", "plateau", "nothing"}
    assert len(asked) == len({str(one) for one in asked})
    known = [one.candidate for one in short.candidates]
    assert [one.candidate.hash for one in view.candidates][: len(known)] == [one.hash for one in known]
    assert not optimize_run.go_on(database, run_id, max_calls=9_000)  # it came to its end


def test_checks_that_the_budget_did_not_reach_are_said_and_made_up_for(database, monkeypatch):
    with Teacher() as server:
        plain = finished(database, model_run(database, monkeypatch, server, PLAIN, open_at_end=False))
        with database.write() as session:
            session.connection().execute(text("DELETE FROM cache_entry"))
        most = plain.spending.calls + 40
        run_id = model_run(database, monkeypatch, server, max_calls=most, open_at_end=False, leads=1)
        short = finished(database, run_id)
        assert short.row.result["ended"] == "budget"
        assert "before the cross-validation was through" in short.row.result["ended_words"]
        assert optimize_run.go_on(database, run_id, max_calls=5_000)
        view = finished(database, run_id)
    assert view.row.result["ended"] == plain.row.result["ended"]
    assert len(short.row.result["folds"]) < len(view.row.result["folds"]) == 2


def test_a_provider_that_goes_down_ends_it_with_the_reason_and_it_goes_on_later(database, monkeypatch):
    with Teacher() as server:
        whole = rows_of(finished(database, model_run(database, monkeypatch, server, PLAIN, open_at_end=False)))
    with database.write() as session:
        for table in ("cache_entry", "candidate_score", "candidate", "optimization"):
            session.connection().execute(text(f"DELETE FROM {table}"))
    with Teacher(script=["ok"] * 45 + ["quota"]) as server:
        run_id = model_run(database, monkeypatch, server, PLAIN, open_at_end=False, leads=1)
        view = finished(database, run_id)
        assert view.run.state == "failed"
        assert "credit is used up" in view.run.error
        assert {one.candidate.state for one in view.candidates} <= {"evaluated", "proposed"}
        assert optimize_run.go_on(database, run_id)
        view = finished(database, run_id)
    assert view.run.state == "done"
    assert [row[0] for row in rows_of(view)[0]] == [row[0] for row in whole[0]]


def test_the_prompts_of_the_start_are_used_to_the_end_whatever_goes_live_meanwhile(database, monkeypatch):
    with Teacher() as server:
        run_id = model_run(database, monkeypatch, server, PLAIN)
        with database.session() as session:
            live = dict(templates.live_texts(session))
        for task in ("critique", "edit", "pointwise"):
            changed = live[task].content.replace("=== user ===", "Be brief.\n=== user ===")
            make_live(database, add_version(database, task, changed).id)
        monkeypatch.setenv("RANKER_MODEL", "another")
        monkeypatch.setenv("RANKER_MODEL_CRITIQUE", "another")
        view = finished(database, run_id)
        told = "".join(one["body"]["messages"][0]["content"] for one in server.requests)
    assert view.run.state == "done"
    assert "Be brief." not in told
    assert {row[1] for row in calls(database)} == {"fake"}


def test_a_prompt_is_optimized_and_goes_live_by_a_click(database, monkeypatch):
    with Teacher() as server:
        run_id = prompt_run(database, monkeypatch, server)
        view = finished(database, run_id)
        templates_before = templates.get_version(database, view.row.template_version_id)
    assert view.proposal.value > view.start.value
    assert view.start.candidate.text == templates_before.content
    went = decision.make_live(database, run_id, "Grace")
    new = templates.get_version(database, went.version_id)
    assert (went.name, new.live, new.parent_id) == ("pointwise", True, templates_before.id)
    assert new.content.rstrip() == view.proposal.candidate.text.rstrip()
    assert new.note.startswith(f"Optimization {run_id}: ")


def prompt_run(database, monkeypatch, server):
    """A queued optimization of the prompt ``pointwise``."""
    run_id = model_run(database, monkeypatch, server, PLAIN)
    optimize_run.cancel(database, run_id)
    row = seen(database, run_id).row
    model = choice(monkeypatch, server, "pointwise", None, RANKER_MODEL="fake")
    with database.session() as session:
        version = templates.live_texts(session)["pointwise"].id
    return optimize_run.start(
        database, row.set_id, row.persona_version_id, slot="template:pointwise", template_version_id=version,
        settings=PLAIN, model=model,
    )  # fmt: skip


def test_a_model_that_can_t_be_asked_is_said_before_anything_is_written(database, monkeypatch):
    number = taught_set(database)
    with Teacher() as server:
        model = choice(monkeypatch, server, "pointwise", None, RANKER_PRICE_INPUT=None, RANKER_PRICE_OUTPUT=None)
        with pytest.raises(PriceUnknown):
            optimize_run.start(database, number, 1, model=model, max_usd=1.0)
        first = replace(model.settings.providers[0], preset=PRESETS["openai"])
        with pytest.raises(NoKey):
            optimize_run.start(
                database, number, 1, model=replace(model, settings=replace(model.settings, providers=(first,)))
            )
    with database.session() as session:
        assert session.connection().execute(text("SELECT count(*) FROM run")).scalar() == 0


def test_how_calls_under_way_stand_is_told_and_a_cancelled_run_stops_them(database, monkeypatch):
    with Teacher(latency=0.3) as server:
        run_id = model_run(
            database, monkeypatch, server, Settings(1, 2, folds=0, hold_out=0), asks={"RANKER_CONCURRENCY": 2}
        )
        seen = []
        tell = optimize_run.run_queries.tell_live

        def told(database, number, live):
            seen.append(live)
            optimize_run.cancel(database, number)
            return tell(database, number, live)

        monkeypatch.setattr(optimize_run.run_queries, "tell_live", told)
        view = finished(database, run_id)
    assert view.run.state == "cancelled"
    assert seen[0]["task"] == "evaluate"
    assert (seen[0]["total"], seen[0]["piece"]) == (30, 1)
    assert 0 < len(server.requests) < 25
    assert view.candidates[0].candidate.state == "proposed"  # nothing was recorded of what was not finished

"""The end of an optimization: the hold-out is opened once, further looks are recorded, and so is what is decided."""

from dataclasses import replace

import pytest

from ranker.errors import UsageError
from ranker.optimizer import decision, optimize_run, stored
from ranker.optimizer.optimization_list import list_optimizations
from ranker.personas.catalog import get_version, list_versions
from tests.optimizer.optimizing import SMALL, count, finished, planted_persona, rules_run, run_of
from tests.optimizer.seen import seen
from tests.store.databases import KINDS, fresh


@pytest.fixture(params=KINDS)
def database(request, tmp_path):
    with fresh(request.param, tmp_path) as opened:
        yield opened


def test_the_hold_out_is_opened_once_at_the_end_and_each_further_look_is_recorded(database):
    run_id = rules_run(database)
    view = finished(database, run_id)
    (look,) = view.looks
    assert (look["number"], look["who"], look["text_hash"]) == (1, "Ada", view.proposal.candidate.hash)
    assert look["at"] >= look["asked_at"]
    assert view.proposal.held_out is not None
    assert view.start.held_out is not None
    assert optimize_run.ask_opening(database, run_id, "Grace")
    assert not optimize_run.ask_opening(database, run_id, "Grace")  # it is asked for already
    again = finished(database, run_id)
    assert [(one["number"], one["who"]) for one in again.looks] == [(1, "Ada"), (2, "Grace")]
    assert "no. 2" in again.looks[1]["words"]
    other = optimize_run.start(database, 1, planted_persona(database), settings=replace(SMALL, variants=2), who="Ada")
    if finished(database, other).looks:  # the same companies, held out by another optimization
        assert seen(database, other).looks[0]["number"] == 3


def test_companies_that_were_looked_at_in_another_set_are_no_first_look(database):
    (first,) = finished(database, rules_run(database)).looks
    (again,) = finished(database, rules_run(database)).looks  # the same leads, uploaded once more
    assert (first["number"], again["number"]) == (1, 2)


def test_the_hold_out_can_wait_for_a_click(database):
    run_id = rules_run(database, open_at_end=False)
    view = finished(database, run_id)
    assert (view.run.state, view.looks) == ("done", ())
    assert view.proposal.held_out is None
    held = frozenset(view.row.split["held_out"])
    with database.session() as session:
        known = {company for _, company in stored.scores(session, run_id)}
    assert not held & known  # nobody has looked, not even the computer
    optimize_run.ask_opening(database, run_id, "Grace")
    assert finished(database, run_id).looks[0]["who"] == "Grace"


def test_where_nothing_is_held_out_there_is_nothing_to_look_at(database):
    run_id = rules_run(database, replace(SMALL, hold_out=0.0))
    view = finished(database, run_id)
    assert (view.run.state, view.looks, view.row.split["held_out"]) == ("done", (), [])
    with pytest.raises(UsageError, match="nothing to look at"):
        optimize_run.ask_opening(database, run_id)


def test_a_proposal_goes_live_as_a_version_with_its_parent_and_note_and_that_is_recorded(database):
    run_id = rules_run(database)
    with pytest.raises(UsageError, match="still under way"):
        decision.make_live(database, run_id, "Grace")
    view = finished(database, run_id)
    start = get_version(database, view.row.persona_version_id)
    assert not decision.is_behind(database, view.row)
    went = decision.make_live(database, run_id, "Grace")
    new = get_version(database, went.version_id)
    assert (new.content, new.parent_id, new.live, new.who) == (view.proposal.candidate.text, start.id, True, "Grace")
    assert new.note.startswith(f"Optimization {run_id}: ")
    assert view.row.result["claim"]["words"] in new.note
    assert [one.live for one in list_versions(database, start.persona_id)] == [True, False]
    row = seen(database, run_id).row
    assert (row.decision, row.decided_by, row.result["version_id"]) == ("live", "Grace", new.id)
    assert decision.is_behind(database, row)
    decision.make_live(database, run_id, "Grace")  # a second click makes no further version
    assert len(list_versions(database, start.persona_id)) == 2


def test_a_second_window_can_t_decide_otherwise(database):
    first = rules_run(database)
    second = optimize_run.start(database, 1, planted_persona(database), settings=replace(SMALL, seed=5))
    for run_id in (first, second):
        finished(database, run_id)
    decision.make_live(database, first, "Grace")
    with pytest.raises(UsageError, match="was made live"):
        decision.discard(database, first, "Ada")
    decision.discard(database, second, "Grace")
    versions = count(database, "persona_version")
    with pytest.raises(UsageError, match="the old text was kept"):
        decision.make_live(database, second, "Ada")
    assert [seen(database, one).row.decision for one in (first, second)] == ["live", "discarded"]
    assert seen(database, first).row.decided_by == "Grace"
    assert count(database, "persona_version") == versions


def test_what_was_decided_is_neither_searched_nor_looked_at_further(database):
    run_id = rules_run(database)
    while run_of(database, run_id).phase != "opening":
        optimize_run.step(database, run_id)
    optimize_run.cancel(database, run_id)
    went = decision.make_live(database, run_id, "Grace")
    assert not optimize_run.go_on(database, run_id)
    with pytest.raises(UsageError, match="decided already"):
        optimize_run.ask_opening(database, run_id)
    assert seen(database, run_id).row.result["version_id"] == went.version_id


def test_the_old_text_can_be_kept(database):
    run_id = rules_run(database)
    before = count(database, "persona_version")
    finished(database, run_id)
    decision.discard(database, run_id, "Grace")
    assert seen(database, run_id).row.decision == "discarded"
    assert list_optimizations(database)[0].decided_by == "Grace"
    assert count(database, "persona_version") == before


def test_one_that_was_stopped_while_the_hold_out_is_opened_opens_it_once(database, monkeypatch):
    run_id = rules_run(database)
    while run_of(database, run_id).phase != "opening":
        optimize_run.step(database, run_id)
    optimize_run.cancel(database, run_id)
    assert seen(database, run_id).looks == ()
    assert optimize_run.go_on(database, run_id)
    view = finished(database, run_id)
    assert (view.run.state, [look["number"] for look in view.looks]) == ("done", [1])

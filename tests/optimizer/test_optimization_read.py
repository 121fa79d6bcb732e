"""What a page reads of optimizations: standings, beams and lineage are those of the search, whoever asks and when."""

import math

import pytest

from ranker.errors import UsageError
from ranker.optimizer.optimization_list import count_optimizations, get_optimization, list_optimizations
from ranker.optimizer.optimization_read import company_changes, read_progress, read_tree, text_of
from ranker.optimizer.settings import Settings
from ranker.optimizer.subject import text_hash
from tests.optimizer.optimizations import QUICK, Stars, keep, live_persona, make_set
from tests.store.databases import KINDS, fresh


@pytest.fixture(params=KINDS)
def database(request, tmp_path):
    with fresh(request.param, tmp_path) as opened:
        yield opened


def test_an_optimization_is_listed_with_its_set_its_start_and_both_gains(database):
    set_id = make_set(database)
    run = keep(database, set_id, who="Ada")
    (line,) = list_optimizations(database)
    assert count_optimizations(database) == 1
    assert (line.id, line.set_name, line.slot, line.run.who) == (run, "Made labels", "persona", "Ada")
    assert (line.start.name, line.start.version, line.start.live) == ("Rosterleaf: our buyers", 1, True)
    assert line.settings == QUICK
    assert line.result.gain
    assert len(line.result.unseen.companies) == 16
    assert line.training_gain > 0.1
    assert len(line.looks) == 1
    assert line.run.cost is None
    assert not line.active


def test_the_training_gain_is_the_mean_over_the_companies_that_the_search_saw(database):
    run = keep(database, make_set(database))
    line = get_optimization(database, run)
    subject = Stars(live_persona(database).content, [f"Company {at:02}" for at in range(16)])
    seen = line.split.training
    assert len(seen) == 12
    new = subject.evaluate(text_of(database, run, line.result.proposal), seen)
    old = subject.evaluate(subject.start, seen)
    expected = math.fsum(new[one]["pairs"] - old[one]["pairs"] for one in seen) / 12
    assert line.training_gain == pytest.approx(expected)
    assert read_tree(database, line).tried[line.result.proposal].gain == pytest.approx(expected)


def test_order_beams_and_lineage_are_those_of_the_search(database):
    run = keep(database, make_set(database))
    line = get_optimization(database, run)
    tree = read_tree(database, line)
    assert tree.order[0] == line.result.best
    assert tree.beam(0) == [0]
    assert 0 in tree.tried[0].beams
    for generation in range(1, tree.generations + 1):
        beam = tree.beam(generation)
        assert beam[:3] == [one for one in tree.order if tree.tried[one].generation <= generation][:3]
        assert 0 in beam
    way = tree.lineage(tree.order[0])
    assert way[0] == 0
    assert [tree.tried[one].parent for one in way[1:]] == way[:-1]
    generations = [tree.tried[one].generation for one in way]
    assert generations == sorted(generations)  # two changes put together come from a text of the same generation


def test_in_the_middle_of_a_search_its_texts_are_there_and_no_result(database):
    run = keep(database, make_set(database), state="running", upto=7)
    line = get_optimization(database, run)
    assert line.result is None
    assert line.training_gain is None
    tree, progress = read_tree(database, line), read_progress(database, line)
    assert len(tree.tried) == 7
    assert (progress.search, progress.searches, progress.evaluated, progress.generation) == (0, 4, 6, 2)
    assert progress.newest.number == 6
    assert progress.newest.edit.startswith("Place ")
    assert progress.share == pytest.approx(6 / 48)


def test_the_progress_counts_the_searches_that_leave_companies_out(database):
    run = keep(database, make_set(database), state="running", upto=20)
    progress = read_progress(database, get_optimization(database, run))
    assert progress.search == 1
    assert progress.newest.search == 1
    assert progress.evaluated == 18


def test_a_candidate_has_its_whole_text_and_its_companies_beside_the_start(database):
    run = keep(database, make_set(database))
    line = get_optimization(database, run)
    tree = read_tree(database, line)
    best = tree.order[0]
    assert text_hash(text_of(database, run, best)) == tree.tried[best].hash
    assert text_of(database, run, 0) == live_persona(database).content
    changes = company_changes(tree, best, line.split.training)
    assert {one.company for one in changes} == set(line.split.training)
    assert [one.change for one in changes] == sorted(one.change for one in changes)
    assert math.fsum(one.change for one in changes) / 12 == pytest.approx(tree.tried[best].gain)
    assert len(company_changes(tree, line.result.proposal, line.split.held_out)) == 4


def test_a_search_that_finds_nothing_keeps_the_start_and_gains_nothing(database):
    run = keep(database, make_set(database), good=0, luck=0.02)
    line = get_optimization(database, run)
    assert not line.result.gain
    assert line.result.words.startswith("No evidence of a gain")


def test_a_search_without_any_candidate_yet_reads_as_empty(database):
    run = keep(database, make_set(database), state="queued", upto=0)
    line = get_optimization(database, run)
    assert read_tree(database, line).order == ()
    progress = read_progress(database, line)
    assert (progress.evaluated, progress.newest, progress.share) == (0, None, 0.0)


def test_the_newest_come_first_and_others_are_left_out(database):
    set_id = make_set(database)
    runs = [keep(database, set_id, settings=Settings(generations=1, variants=2, folds=0)) for _ in range(3)]
    assert [one.id for one in list_optimizations(database)] == runs[::-1]
    assert [one.id for one in list_optimizations(database, offset=1, limit=1)] == [runs[1]]


def test_what_is_not_there_is_answered_in_words(database):
    with pytest.raises(UsageError, match="no optimization 9"):
        get_optimization(database, 9)
    run = keep(database, make_set(database), upto=3)
    with pytest.raises(UsageError, match="no text 40"):
        text_of(database, run, 40)

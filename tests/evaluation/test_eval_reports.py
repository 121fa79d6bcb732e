"""What is told of evaluations that were kept: the leaderboard, mistakes, two beside each other, repeats, the files."""

import csv
import io
import json
from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy import text

from ranker.errors import LabelError, UsageError
from ranker.evaluation import eval_run
from ranker.evaluation import leaderboard as boards
from ranker.evaluation.answers import answers_of, mistakes, places
from ranker.evaluation.compare import compare
from ranker.evaluation.eval_export import LEAD_COLUMNS, figures_csv, leads_csv
from ranker.evaluation.leaderboard import leaderboard
from ranker.evaluation.set_list import delete_set
from ranker.evaluation.stability import stability
from ranker.evaluation.versus import compare_runs, evaluation_of, moved_leads
from ranker.jobs.job import drive
from ranker.personas.versions import make_live
from ranker.store.evaluations import companies_of, get_evaluation, list_evaluations
from ranker.store.run_costs import ledger_state
from ranker.store.run_list import get_run_line
from tests.evaluation.labelled_sets import edited, keep_set, made, persona, sample
from tests.llm.fake_server import FakeServer
from tests.llm.model_runs import Declining, choice
from tests.store.databases import KINDS, fresh


@pytest.fixture(params=KINDS)
def database(request, tmp_path, monkeypatch):
    monkeypatch.setenv("RANKER_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    with fresh(request.param, tmp_path) as opened:
        yield opened


def evaluated(database, number, version=None, **more):
    run_id = eval_run.start(database, number, version or persona(database), **more)
    drive(database, run_id, eval_run.step)
    return run_id


def harsh(told):
    return told.replace("| 5/5 |", "| 2/5 |")


def test_the_leaderboard_has_the_newest_finished_run_of_each_variant_the_best_first(database):
    number = keep_set(database, sample(300))
    first = evaluated(database, number)
    worse = evaluated(database, number, edited(database, harsh))
    again = evaluated(database, number, again=True)
    eval_run.cancel(database, eval_run.start(database, number, persona(database), again=True))
    board = leaderboard(database, number)
    assert [(one.line.run.id, one.runs, one.line.live) for one in board.entries] == [
        (again, (again, first), True),
        (worse, (worse,), False),
    ]
    assert board.entries[0].figures.macro == leaderboard(database, number).entries[0].figures.macro
    assert board.nothing["f1"] == 0
    assert [line.run.state for line in board.open] == ["cancelled"]
    assert first not in {one.line.run.id for one in board.entries}
    make_live(database, get_evaluation(database, worse).run.version_id)
    assert [one.line.live for one in leaderboard(database, number).entries] == [False, True]


def test_the_leaderboard_computes_nothing(database, monkeypatch):
    number = keep_set(database, made())
    evaluated(database, number)
    with database.write() as session:
        figures = json.loads(session.connection().execute(text("SELECT figures FROM eval_run")).scalar_one())
        figures["macro"]["pairs"] = 0.125
        session.connection().execute(text("UPDATE eval_run SET figures=:told"), {"told": json.dumps(figures)})
    assert leaderboard(database, number).entries[0].figures.macro["pairs"] == 0.125


def test_an_evaluation_whose_labels_have_gone_is_marked_and_stands_last(database):
    number = keep_set(database, sample(300))
    best = evaluated(database, number)
    with database.write() as session:
        session.connection().execute(
            text("DELETE FROM eval_item WHERE id=(SELECT max(id) FROM eval_item WHERE label IS NULL)")
        )
    worse = evaluated(database, number, edited(database, harsh))
    found = [(one.line.run.id, one.outdated) for one in leaderboard(database, number).entries]
    assert found == [(worse, False), (best, True)]
    with pytest.raises(LabelError, match="not evaluated on the same labelled leads"):
        compare_runs(database, [worse], best)


def test_two_variants_compared_from_what_was_kept_give_the_verdict_of_the_plain_functions(database):
    number = keep_set(database, sample(1769))
    base, other = evaluated(database, number), evaluated(database, number, persona(database, 0))
    third = evaluated(database, number, edited(database, harsh))
    found = compare_runs(database, [other], base)[other]
    assert found == compare(evaluation_of(database, other), evaluation_of(database, base))
    assert found.outcome == "worse"
    changes = [one.change for one in found.companies]
    assert changes == sorted(changes)
    both = compare_runs(database, [other, third], base)
    assert both[other].p >= found.p  # Holm: with more candidates it takes more
    assert both[other].difference == found.difference


def test_leads_that_moved_have_both_reasons_and_their_label_the_most_harmed_first(database):
    leads = sample(600)
    number = keep_set(database, leads)
    base, other = evaluated(database, number), evaluated(database, number, edited(database, harsh))
    found = moved_leads(database, other, base)
    labels = {lead[0]: lead[6] for lead in leads}
    assert found
    for one in found:
        told = one.candidate.judged.prediction, one.base.judged.prediction
        assert (told[0].qualified, told[0].rank) != (told[1].qualified, told[1].rank)
        assert one.candidate.item == one.base.item
        label = labels[one.candidate.item.source_id]
        assert one.candidate.item.label == (float("inf") if label is None else label)
        assert one.candidate.judged.reason
        assert one.base.judged.reason
    harms = [round(one.move.harm, 9) for one in found]
    assert harms == sorted(harms, reverse=True)
    assert harms[0] > 0
    back = moved_leads(database, base, other)
    assert sorted(round(one.move.harm, 9) for one in back) == sorted(-harm for harm in harms)


def test_mistakes_are_verdicts_and_places_against_the_label_and_agree_with_the_figures(database):
    number = keep_set(database, sample(600))
    run = evaluated(database, number)
    answers = answers_of(database, run, number)
    wrong = mistakes(answers)
    kinds = Counter(one.mistake for one in wrong)
    missed = sum(one.judged.prediction.qualified is False and one.item.label < 1e9 for one in answers)
    added = sum(one.judged.prediction.qualified is True and one.item.label > 1e9 for one in answers)
    assert (kinds["left out"], kinds["would be contacted"]) == (missed, added)
    assert [one.wrong for one in wrong] == sorted((one.wrong for one in wrong), reverse=True)
    figures = companies_of(database, run)
    perfect = {key for key, one in figures.items() if one["pairs"] == 1 == one["f1"] and one["left_out"] in {1, None}}
    assert perfect
    assert not perfect & {one.item.company_key for one in wrong if one.mistake != "not judged"}
    assert sum(places(answers).values()) == 600
    assert sum(count for (label, _), count in places(answers).items() if label == "none") == sum(
        lead[6] is None for lead in sample(600)
    )


def test_rules_are_identical_each_time(database):
    number = keep_set(database, sample(300))
    evaluated(database, number)
    assert stability(database, list_evaluations(database, number)[0]) is None
    for _ in range(2):
        evaluated(database, number, again=True)
    found = stability(database, list_evaluations(database, number)[0])
    assert found.identical
    assert len(found.runs) == 3
    assert found.same == found.judged > 0
    assert found.spreads["f1"].deviation == 0
    with database.write() as session:  # as if a call had failed once, of a lead that changes no figure
        one = "SELECT min(item_id) FROM eval_prediction WHERE qualified=0"
        session.connection().execute(
            text(f"UPDATE eval_prediction SET qualified=NULL WHERE run_id=:run AND item_id=({one})"),
            {"run": found.runs[1]},
        )
    failed_once = stability(database, list_evaluations(database, number)[0])
    assert (failed_once.partly, failed_once.failed) == (1, found.failed + 1)
    assert not failed_once.identical


def test_a_model_that_changes_its_mind_is_seen_and_a_failure_is_no_change_of_mind(database, monkeypatch):
    with Declining() as server:
        model = choice(monkeypatch, server)
        number = keep_set(database, made(6, 4))
        first = evaluated(database, number, model=model)
        server.declines = ("Intern",)
        evaluated(database, number, model=model, again=True)
        lost = sum(lead[2] == "Intern" for lead in made(6, 4))
        found = stability(database, get_evaluation(database, first))
        assert (found.failed, found.judged, found.same) == (lost, 24 - lost, 24 - lost)
        with database.write() as session:  # as if it had said the opposite of one that it contacted the first time
            item = session.connection().execute(
                text("SELECT min(item_id) FROM (SELECT item_id FROM eval_prediction WHERE qualified=1 "
                     "GROUP BY item_id HAVING count(*)=2) AS both_times")
            ).scalar_one()  # fmt: skip
            session.connection().execute(
                text("UPDATE eval_prediction SET qualified=0, rank=NULL WHERE run_id=:run AND item_id=:item"),
                {"run": first, "item": item},
            )
        moved = stability(database, get_evaluation(database, first))
    assert moved.same == found.same - 1
    assert not moved.identical


def test_a_set_that_is_deleted_leaves_what_its_runs_cost_and_no_other_run_inherits_that(database, monkeypatch):
    number = keep_set(database, made(3, 3))
    with FakeServer() as server:
        run = evaluated(database, number, model=choice(monkeypatch, server))
    cost = get_run_line(database, run).cost
    delete_set(database, number)
    assert list_evaluations(database, number) == []
    later = evaluated(database, keep_set(database, made(3, 3, 1)))
    assert get_run_line(database, later).cost is None
    assert get_run_line(database, run).cost == cost
    assert cost.usd > 0
    with database.session() as session:
        assert ledger_state(session.connection()).stray == 0


def test_another_variant_is_no_repeat(database, monkeypatch):
    with FakeServer() as server:
        number = keep_set(database, made(3, 3))
        model = choice(monkeypatch, server)
        one = evaluated(database, number, model=model)
        evaluated(database, number, model=replace(model, settings=replace(model.settings, temperature=0.7)))
        assert stability(database, get_evaluation(database, one)) is None
        assert len(leaderboard(database, number).entries) == 2


def test_the_files_hold_every_lead_and_company_and_no_cell_runs_as_a_formula(database):
    leads = [*made(4, 4), ("X1", "=HYPERLINK(1)", "+cmd|'/c calc'!A1", "51-200", "evil.example", "", 1.0)]
    number = keep_set(database, leads)
    run = evaluated(database, number)
    rows = list(csv.DictReader(io.StringIO(leads_csv(database, run).decode("utf-8-sig"))))
    assert tuple(rows[0]) == LEAD_COLUMNS
    assert [row["source_id"] for row in rows] == [lead[0] for lead in leads]
    assert [row["label"] for row in rows] == ["none" if lead[6] is None else f"{lead[6]:.0f}" for lead in leads]
    assert rows[-1]["company"].startswith("'=")
    assert rows[-1]["title"].startswith("'+")
    for row in rows:
        assert row["verdict"] in {"contact", "not", "not judged"}
        assert (row["rank"] != "") == (row["verdict"] == "contact")
        assert row["reason"]
    table = list(csv.DictReader(io.StringIO(figures_csv(database, run).decode("utf-8-sig"))))
    kept = get_evaluation(database, run).figures
    assert [row["company"] for row in table[5:]] == ["mean of 5 companies", "95% from", "95% to", "do nothing"]
    assert table[5]["f1"] == f"{kept['macro']['f1']:.4f}"
    assert table[5]["leads"] == str(len(leads))
    assert (table[6]["pairs_f1"], table[8]["f1"]) == (f"{kept['intervals']['pairs_f1']['low']:.4f}", "0.0000")


def test_an_evaluation_that_is_not_there_says_so(database):
    with pytest.raises(UsageError, match="no evaluation 7"):
        leads_csv(database, 7)
    assert boards.leaderboard(database, 7).entries == ()

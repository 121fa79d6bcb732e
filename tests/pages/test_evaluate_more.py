"""The Evaluate page on one evaluation, on two beside each other and on more; and a version put to use from there."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from pages import _evaluate_two
from ranker.evaluation.answers import answers_of, mistakes
from ranker.evaluation.versus import compare_runs, moved_leads
from ranker.personas.catalog import get_version, live_version
from ranker.store import run_queries
from ranker.templates.shipped import shipped_text
from ranker.templates.versions import add_version, make_live
from tests.evaluation.labelled_sets import edited, evaluated, harsh, keep_set, persona, sample
from tests.llm.fake_server import FakeServer
from tests.llm.model_runs import choice
from tests.pages.opening import click, open_at, words


@pytest.fixture
def number(database):
    return keep_set(database, sample(600), "Our labels")


@pytest.fixture
def two(database, number):
    """(Evaluation of the live version, of a worse one)."""
    return evaluated(database, number, persona(database)), evaluated(database, number, edited(database, harsh))


def frame(page, column):
    """The first table with a column of this name."""
    return next(one.value for one in page.dataframe if column in one.value.columns)


def test_one_evaluation_has_every_figure_the_companies_and_the_worst_mistakes(database, number, two):
    page = open_at("evaluate.py", set=number, runs=two[0])
    assert "600 labelled leads · 0 failed" in words(page)
    figures = frame(page, "Doing nothing")
    for name in ("Pairs and f1 together", "Kendall's tau-b", "Ranks off (NMSE)", "Precision"):
        assert name in list(figures["Figure"])
    wrong = mistakes(answers_of(database, two[0], number))
    table = frame(page, "What is wrong")
    assert list(table["What is wrong"]) == [one.mistake for one in wrong[:50]]
    assert list(table["Why it said so"]) == [one.judged.reason for one in wrong[:50]]
    assert len(frame(page, "It contacts")) == len(
        {one.item.company_key for one in answers_of(database, *two[:1], number)}
    )


def test_two_are_compared_the_verdict_first_then_companies_then_leads(database, number, two):
    page = open_at("evaluate.py", set=number, runs=f"{two[1]},{two[0]}")
    found = compare_runs(database, [two[1]], two[0])[two[1]]
    assert found.words.split(":")[1].replace("pairs_f1", "the mean of pairs and f1").strip() in words(page)
    changes = [float(told.split()[1]) for told in frame(page, "Change").get("Change") if "company" not in told]
    assert changes == sorted(changes)
    assert changes[0] < 0
    moves = moved_leads(database, two[1], two[0])
    table = frame(page, "Why the other")
    assert len(table) == min(50, len(moves))
    assert list(table["Why"]) == [one.candidate.judged.reason for one in moves[:50]]
    assert "version 1 → Who buys from Ladderline, version 2" in words(page)
    page = click(page, "The other way round")
    assert page.query_params["runs"] == f"{two[0]},{two[1]}"
    assert "version 2 → Who buys from Ladderline, version 1" in words(page)


def test_two_are_compared_once_and_not_at_each_click_and_anew_when_figures_are_other_ones(
    database, number, two, monkeypatch
):  # fmt: skip
    asked = []

    def counted(database, candidates, base):
        asked.append((candidates, base))
        return compare_runs(database, candidates, base)

    monkeypatch.setattr(_evaluate_two, "compare_runs", counted)
    page = open_at("evaluate.py", set=number, runs=f"{two[1]},{two[0]}")
    page.run()
    assert asked == [([two[1]], two[0])]
    click(page, "The other way round")
    assert asked[1:] == [([two[0]], two[1])]
    with database.write() as session:
        session.connection().execute(
            text("UPDATE run SET ended_at='2026-01-01T00:00:00Z' WHERE id=:id"), {"id": two[0]}
        )
    page.run()
    assert len(asked) == 3


def test_of_more_each_is_told_against_the_one_in_use(database, number, two):
    third = evaluated(database, number, persona(database, 0))
    page = open_at("evaluate.py", set=number, runs=f"{third},{two[0]},{two[1]}")
    assert "Each against **Who buys from Ladderline, version 1 · Rules**" in words(page)
    assert "adjusted for how many are compared" in words(page)


def test_the_same_variant_again_shows_how_steady_it_is(database, number, two, work):
    page = click(open_at("evaluate.py", set=number, runs=two[0]), "Run it again")
    assert not page.exception
    assert len(run_queries.active_runs(database, "evaluate")) == 1
    work()
    newest = run_queries.list_runs(database, "evaluate")[0].id
    assert "Evaluated 2 times: the same verdicts, ranks and figures each time." in words(
        open_at("evaluate.py", set=number, runs=newest)
    )


def test_a_version_is_put_to_use_and_the_old_one_is_a_click_away(database, number, two):
    page = click(open_at("evaluate.py", set=number, runs=two[1]), "Make version 2 live")
    assert not page.exception
    persona_id = get_version(database, persona(database)).persona_id
    assert live_version(database, persona_id).version == 2
    assert "Version 2 of “Who buys from Ladderline” is in use." in words(page)
    page = click(page, "Go back to version 1")
    assert live_version(database, persona_id).version == 1
    assert "Make version 2 live" in [button.label for button in page.button]


def test_an_address_with_runs_that_are_not_there_shows_the_table_alone(database, number, two):
    page = open_at("evaluate.py", set=number, runs="99,abc,")
    assert len(page.dataframe) == 1


def test_the_address_of_an_older_repeat_opens_the_newest_of_its_variant(database, number, two):
    newest = evaluated(database, number, persona(database), again=True)
    page = open_at("evaluate.py", set=number, runs=two[0])
    assert page.download_button(key="evaluate_csv_leads")
    assert "Evaluated 2 times" in words(page)
    assert len(open_at("evaluate.py", set=number, runs=f"{two[0]},{newest}").dataframe) == len(page.dataframe)


def test_variants_that_differ_only_in_a_prompt_are_told_apart(database, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    small = keep_set(database, sample(12), "Few")
    with FakeServer() as server:
        first = evaluated(database, small, persona(database), model=choice(monkeypatch, server))
        content = shipped_text("pointwise")
        new = add_version(database, "pointwise", f"{content}\nBe careful.\n")
        make_live(database, new.id)
        second = evaluated(database, small, persona(database), model=choice(monkeypatch, server))
    table = frame(open_at("evaluate.py", set=small), "How")
    assert sorted(table["How"]) == ["One by one, fake", "One by one, fake, pointwise prompt 2"]
    assert list(table.loc[table["How"] == "One by one, fake", "In use"]) == [""]
    told = words(open_at("evaluate.py", set=small, runs=f"{second},{first}"))
    assert "Prompt “pointwise”: version 1 → version 2" in told


def test_variants_that_are_called_alike_have_a_fingerprint(database, number, two):
    with database.write() as session:  # as if the vocabulary of titles had been another one
        session.connection().execute(
            text(
                "INSERT INTO variant (hash, engine, persona_version_id, settings, created_at) "
                "SELECT 'feedfacecafe0000', engine, persona_version_id, settings, created_at FROM variant "
                "WHERE id=(SELECT min(id) FROM variant)"
            )
        )
        for table, key in (("run", "id"), ("eval_run", "run_id")):
            session.connection().execute(
                text(f"UPDATE {table} SET variant_id=(SELECT max(id) FROM variant) WHERE {key}=:run"), {"run": two[1]}
            )
    found = list(frame(open_at("evaluate.py", set=number), "How")["How"])
    assert "Rules (feedfa)" in found
    assert len(set(found)) == 2

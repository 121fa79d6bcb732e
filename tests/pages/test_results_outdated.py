"""On Results: that another version of the persona is in use by now, and what ranking again would move."""

from __future__ import annotations

import re

import pytest

from pages import _results_outdated
from ranker.ingest.sample import import_sample
from ranker.jobs.job import drive
from ranker.personas.catalog import get_version
from ranker.personas.versions import make_live
from ranker.scoring import rank_run
from ranker.scoring.persona_preview import preview
from ranker.scoring.selection import Selection
from ranker.scoring.variants import engine_of
from tests.evaluation.labelled_sets import edited, persona
from tests.llm.fake_server import FakeServer
from tests.llm.model_runs import LEADS, bring, choice
from tests.pages.opening import click, open_at, words


def harsh(told):
    return told.replace("| 5/5 |", "| 2/5 |")


def ranked(database, version, **more):
    drive(database, rank_run.start(database, Selection("all"), version, **more), rank_run.step)


@pytest.fixture
def versions(database):
    """(The version that the sample is ranked by, another one)."""
    import_sample(database)
    open_at("home.py")  # makes the personas
    old = persona(database)
    ranked(database, old)
    return old, edited(database, harsh)


def test_results_say_what_the_version_now_in_use_would_move_until_it_is_ranked_again(database, versions):
    new = versions[1]
    assert "is live" not in words(open_at("results.py"))
    make_live(database, new)
    page = open_at("results.py")
    told = preview(database, *(engine_of(get_version(database, one)) for one in versions))
    counts = [len(told.of(kind)) for kind in ("in", "out", "moved")]
    assert counts[1]
    assert f"{counts[1]} go out, {counts[2]:,} move" in words(page)
    assert "**With version 2 live: " in words(page)
    assert "1,756 leads are ranked by version 1 until you rank again" in words(page)
    assert "a part of them" not in words(page)
    page = click(page, "Rank again")
    assert page.title[0].value == "Rank"
    ranked(database, new)
    assert "live" not in words(open_at("results.py"))


def test_of_many_leads_the_numbers_come_on_a_click(database, versions, monkeypatch):
    monkeypatch.setattr(_results_outdated, "AT_ONCE", 100)
    make_live(database, versions[1])
    page = open_at("results.py")
    assert "**Version 2 is live**, and 1,756 leads are ranked by version 1." in words(page)
    page = click(page, "See what would move")
    assert "**With version 2 live: " in words(page)


def test_where_only_a_part_is_judged_its_numbers_are_not_given_for_all(database, versions, monkeypatch):
    monkeypatch.setattr(_results_outdated, "MOST", 500)
    make_live(database, versions[1])
    told = words(open_at("results.py"))
    counted = re.search(r"Counted at (\d+) leads, a part of them", told)
    assert counted
    assert 0 < int(counted[1]) <= 500
    assert "1,756 leads are ranked by version 1 until you rank again" in told


def test_of_a_ranking_by_a_model_no_numbers_are_guessed(database, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    bring(database, *LEADS)
    with FakeServer() as server:
        ranked(database, persona(database), model=choice(monkeypatch, server))
    make_live(database, edited(database, harsh))
    page = open_at("results.py")
    assert "A language model judged them" in words(page)
    assert "See what would move" not in "".join(button.label for button in page.button)

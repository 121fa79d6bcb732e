"""A set grown from overrules: only what a person said last counts, and "in" says nothing about the order."""

from __future__ import annotations

import math

import pytest

from ranker.errors import LabelError
from ranker.evaluation.set_items import load_items
from ranker.evaluation.set_list import get_set, list_sets
from ranker.evaluation.set_reviews import grow, reviewed
from ranker.ingest.merge import commit
from ranker.ingest.stage import stage_file
from ranker.store.reviews import review_lead
from tests.care.worlds import numbers
from tests.store.databases import KINDS, fresh

ROWS = """\
Company,Website,Title,Name,Employees,Industry
Alpha,alpha.example,CEO,Lead 0001,51-200,Software
Alpha,alpha.example,CFO,Lead 0002,51-200,Software
Alpha,alpha.example,COO,Lead 0003,51-200,Software
Beta,,CEO,Lead 0004,,
Beta,,CFO,Lead 0005,,
"""


@pytest.fixture(params=KINDS)
def database(request, tmp_path):
    with fresh(request.param, tmp_path) as opened:
        commit(opened, stage_file(opened, "x.csv", ROWS.encode()).id)
        yield opened


def say(database, **verdicts):
    leads = numbers(database)
    for name, verdict in verdicts.items():
        review_lead(database, leads[name.replace("lead", "Lead ")], verdict)


def test_the_newest_word_counts_and_one_that_was_taken_back_is_no_label(database):
    say(database, lead0001="out", lead0002="out", lead0003="in", lead0004="in", lead0005="out")
    say(database, lead0001="in", lead0005="none")
    found = reviewed(database)
    assert (found.leads, found.companies, found.relevant, found.not_relevant) == (4, 2, 3, 1)
    assert (found.both, found.pairs, found.same) == (1, 2, None)
    saved = grow(database, "From overrules", "analyst")
    with database.session() as session:
        items = load_items(session, saved.id)
    assert [(item.company_key, item.company, item.title, item.size, item.industry, item.label) for item in items] == [
        ("alpha.example", "Alpha", "CEO", "51-200", "Software", 1.0),
        ("alpha.example", "Alpha", "CFO", "51-200", "Software", math.inf),
        ("alpha.example", "Alpha", "COO", "51-200", "Software", 1.0),
        ("beta", "Beta", "CEO", "", "", 1.0),
    ]
    line = get_set(database, saved.id)
    assert (line.source, line.ordered, line.rows, line.leads, line.left_out) == ("reviews", False, 4, 4, {})


def test_a_saved_set_stays_as_it_was_when_somebody_changes_their_mind(database):
    say(database, lead0001="in", lead0002="out")
    first = grow(database, "First")
    assert grow(database, "Again") == type(first)(first.id, known=True)
    assert reviewed(database).same == first.id
    say(database, lead0001="out")
    assert reviewed(database).same is None
    second = grow(database, "Second")
    assert not second.known
    with database.session() as session:
        assert [item.label for item in load_items(session, first.id)] == [1.0, math.inf]
        assert [item.label for item in load_items(session, second.id)] == [math.inf, math.inf]


def test_without_a_word_of_a_person_there_is_no_set(database):
    assert reviewed(database).leads == 0
    with pytest.raises(LabelError, match="Nobody said in or out"):
        grow(database, "Empty")
    assert list_sets(database) == []

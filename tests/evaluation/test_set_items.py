"""A labelled set as values: nothing of a lead gets lost on the way, and companies are told apart."""

import math

import pytest
from sqlalchemy import text

from ranker.evaluation.set_items import Item, company_names, count_items, inputs, labelled, load_items
from tests.store.databases import KINDS, fresh


@pytest.fixture(params=KINDS)
def database(request, tmp_path):
    with fresh(request.param, tmp_path) as opened:
        yield opened


def item(at, key, company, label=1.0, source_id=""):
    return Item(at, source_id or str(at), key, company, "VP Sales", "51-200", key, "Software", label)


def test_items_come_back_as_they_were_written_and_no_label_means_not_relevant(database):
    with database.write() as session:
        session.connection().execute(text("INSERT INTO eval_set (id, name, state) VALUES (7, 'Set', 'saved')"))
        for at, label in ((1, 2.0), (2, None)):
            session.connection().execute(
                text(
                    "INSERT INTO eval_item (id, eval_set_id, number, source_id, company_key, company, title, size, "
                    "domain, industry, label) VALUES (:id, 7, :id, :source, 'a.example', 'Alpha', 'CEO', '11-50', "
                    "'a.example', 'Software', :label)"
                ),
                {"id": at, "source": f"S{at}", "label": label},
            )
    with database.session() as session:
        items = load_items(session, 7)
        assert load_items(session, 8) == ()
        assert (count_items(session, 7), count_items(session, 8)) == (2, 0)
    assert items == (
        Item(1, "S1", "a.example", "Alpha", "CEO", "11-50", "a.example", "Software", 2.0),
        Item(2, "S2", "a.example", "Alpha", "CEO", "11-50", "a.example", "Software", math.inf),
    )


def test_labels_and_inputs_go_by_the_same_keys_even_where_a_files_own_numbers_repeat():
    items = [item(11, "a", "Alpha", 1.0, "S1"), item(12, "b", "Beta", math.inf, "S1")]
    leads, given = labelled(items), inputs(items)
    assert [lead.source_id for lead in leads] == list(given) == ["11", "12"]
    assert [lead.label for lead in leads] == [1.0, math.inf]
    assert given["12"].company == "Beta"


def test_a_company_written_in_two_ways_is_one_and_two_of_one_name_are_two():
    items = [item(1, "alpha", "Alpha  Inc"), item(2, "alpha", "ALPHA INC"), item(3, "alpha.example", "Alpha Inc")]
    assert [lead.company for lead in labelled(items)] == [
        "Alpha Inc (alpha)", "Alpha Inc (alpha)", "Alpha Inc (alpha.example)"
    ]  # fmt: skip
    assert company_names(items[:2]) == {"alpha": "Alpha Inc"}

from collections.abc import Iterator
from pathlib import Path

import pytest

from ranker.errors import UsageError
from ranker.store.funnel import newest_funnel
from ranker.store.lead_detail import lead_detail
from ranker.store.reviews import review_lead, reviews_of
from ranker.store.suppression_list import add_many
from tests.store.databases import empty
from tests.store.ranked import SCORES, World, ranked_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    database = empty(tmp_path)
    yield ranked_world(database)
    database.close()


def test_a_lead_overruled_in_ranks_by_its_score(world: World) -> None:
    review_lead(world.database, world.leads["Lead 0004"], "in", "buys for the team")
    assert world.ranks() == {"Lead 0001": 1, "Lead 0002": 2, "Lead 0003": 2, "Lead 0004": 4, "Lead 0005": 1}


def test_a_lead_overruled_out_has_no_rank_and_the_others_move_up(world: World) -> None:
    review_lead(world.database, world.leads["Lead 0001"], "out")
    assert world.ranks() == {"Lead 0002": 1, "Lead 0003": 1, "Lead 0005": 1}


@pytest.mark.parametrize(("name", "verdict"), [("Lead 0004", "in"), ("Lead 0001", "out")])
def test_an_overrule_survives_the_next_run(world: World, name: str, verdict: str) -> None:
    review_lead(world.database, world.leads[name], verdict)
    before = world.ranks()
    world.rank()
    assert world.ranks() == before


def test_a_lead_overruled_in_follows_its_score_in_the_next_run(world: World) -> None:
    review_lead(world.database, world.leads["Lead 0004"], "in")
    world.rank(SCORES | {"Accountant": 85.0})
    assert world.ranks()["Lead 0004"] == 2


def test_taken_back_the_runs_own_verdict_counts_again(world: World) -> None:
    before = world.ranks()
    review_lead(world.database, world.leads["Lead 0004"], "in")
    review_lead(world.database, world.leads["Lead 0004"], "none")
    assert world.ranks() == before
    assert lead_detail(world.database, world.leads["Lead 0004"]).row.review == ""


def test_everything_that_was_said_is_kept_newest_first(world: World) -> None:
    lead = world.leads["Lead 0004"]
    review_lead(world.database, lead, "in", " buys for the team ")
    review_lead(world.database, lead, "none")
    assert [(entry.verdict, entry.note) for entry in reviews_of(world.database, lead)] == [
        ("none", ""),
        ("in", "buys for the team"),
    ]


def test_a_word_that_is_no_verdict_and_a_lead_that_is_gone_are_refused(world: World) -> None:
    with pytest.raises(UsageError):
        review_lead(world.database, world.leads["Lead 0001"], "maybe")
    with pytest.raises(UsageError):
        review_lead(world.database, 999, "in")


def test_the_detail_of_a_lead_holds_its_columns_history_and_what_was_said(world: World) -> None:
    lead = world.leads["Lead 0001"]
    world.rank(SCORES | {"VP Sales": 70.0})
    review_lead(world.database, lead, "out", "left")
    detail = lead_detail(world.database, lead)
    assert detail.original["Note"] == "=SUM(A1:A9)"
    assert detail.original["Phone"] == "+1 555 010 99"
    assert (detail.file_name, detail.row_number) == ("leads.csv", 2)
    assert [entry.score for entry in detail.history] == [70.0, 90.0]
    assert detail.judged.status == "ranked"
    assert (detail.judged.basis, detail.judged.lines) == (("VP Sales · 5/5",), (12,))
    assert (detail.row.status, detail.row.review, detail.reviews[0].note) == ("not_relevant", "out", "left")


def test_the_detail_of_a_lead_that_is_gone_says_so(world: World) -> None:
    with pytest.raises(UsageError, match="no lead 999"):
        lead_detail(world.database, 999)


def test_the_funnel_adds_up_after_overrules_and_holds(world: World) -> None:
    review_lead(world.database, world.leads["Lead 0004"], "in")
    review_lead(world.database, world.leads["Lead 0001"], "out")
    add_many(world.database, [("person", "Lead 0002")])
    found = newest_funnel(world.database)
    assert (found.entered, found.judged, found.qualified) == (7, 7, 4)
    assert (found.put_in, found.taken_out, found.held, found.to_contact) == (1, 1, 1, 3)
    assert found.entered == found.judged + found.not_judged
    assert found.judged == found.qualified + found.not_relevant
    assert found.qualified + found.put_in == found.to_contact + found.taken_out + found.held
    assert found.to_contact == len(world.ranks())


def test_without_a_run_the_funnel_is_empty(tmp_path: Path) -> None:
    database = empty(tmp_path)
    assert newest_funnel(database).run_id is None
    database.close()

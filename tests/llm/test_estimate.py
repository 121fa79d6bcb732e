"""What pages are told of a ranking with a model, before and after, on every database."""

import pytest

from ranker.scoring.llm import plan, report
from ranker.scoring.llm.estimate import decided_by, estimate
from ranker.scoring.llm.gates import GateCounts
from ranker.scoring.llm.variants import again
from ranker.scoring.selection import Selection
from ranker.scoring.variants import asked_by
from ranker.store.home_queries import best_so_far
from ranker.store.overview import overview
from tests.llm.fake_server import FakeServer
from tests.llm.test_durable import database, persona, ranked, world

__all__ = ["database", "world"]  # fixtures


def test_of_many_leads_a_sample_of_questions_tells_about_the_same(database, world, monkeypatch):
    with FakeServer() as server:
        choice = world(server)
        whole = estimate(database, Selection("all"), persona(database), choice).plan
        monkeypatch.setattr(plan, "_EXACT", 50)
        monkeypatch.setattr(plan, "_SAMPLE", 30)
        some = estimate(database, Selection("all"), persona(database), choice).plan
    assert (whole.counted, some.counted) == (90, 30)
    assert (some.calls, some.steps[0].tokens_out) == (whole.calls, whole.steps[0].tokens_out)
    assert some.steps[0].tokens_in == pytest.approx(whole.steps[0].tokens_in, rel=0.02)
    assert some.worst == pytest.approx(whole.worst, rel=0.02)


def test_what_failed_is_counted_estimated_and_taken_up_once(database, world):
    with FakeServer(faults=("refusal",), share=0.55) as server:
        choice = world(server)
        first = ranked(database, choice)
        lost = sum(one.leads for one in report.failures(database, first.id))
        assert report.left_of(database, first) == overview(database).unanswered == lost > 0
        assert overview(database).unanswered_run == first.id
        assert overview(database).unjudged == 1
        left = estimate(database, Selection("failed", (first.id,)), persona(database), choice)
        assert (left.leads, left.free, left.asked, left.plan.calls) == (lost, 0, lost, lost)
        other = estimate(database, Selection("failed", (first.id,)), persona(database), world(server, "two-phase"))
        assert other.leads > lost, "another variant has to judge their colleagues anew"
        server.share = 0.0
        same, version = again(database, first)
        assert version == persona(database)
        second = ranked(database, same, Selection("failed", (first.id,)))
    assert (report.left_of(database, first), report.left_of(database, second)) == (0, 0)
    assert report.taken_up_by(database, first.id) == second.id
    assert report.taken_up_by(database, second.id) is None
    assert overview(database).unanswered == 0
    assert report.gated_of(database, first.id) == GateCounts(0, 0, 0, 0)
    assert asked_by(database, second.variant_id) == ("pointwise", "fake")


def test_an_estimate_is_kept_until_something_that_decides_it_changes(database, world):
    with FakeServer() as server:
        keys = [decided_by(database, persona(database), world(server)) for _ in range(2)]
        keys.append(decided_by(database, persona(database), world(server, "two-phase")))
        ranked(database, world(server), Selection("companies", (1,)))
        keys.append(decided_by(database, persona(database), world(server)))
        keys.append(
            decided_by(database, persona(database), world(server, RANKER_RPM=50))
        )  # last: it would be waited for
    assert keys[0] == keys[1]
    assert len(set(keys)) == 4


def test_the_best_so_far_come_in_their_order_and_without_those_that_are_gone(database, world):
    found = best_so_far(database, [[3, 90.0], [1, 80.0], [99_999, 70.0]])
    assert [(one.name, one.score) for one in found] == [("Lead 0002", 90.0), ("Lead 0000", 80.0)]

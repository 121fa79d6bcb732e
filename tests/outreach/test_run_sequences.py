import pytest

from ranker.errors import UsageError
from ranker.outreach.approvals import approve
from ranker.outreach.edits import edit
from ranker.outreach.known import known_of
from ranker.outreach.prospects import prospects_of_leads
from ranker.outreach.run_sequences import run_page
from ranker.outreach.sequence import Written
from ranker.outreach.stored import begin, keep
from ranker.store import run_queries
from tests.outreach.sequences import REQUEST, TEMPLATE, WRITTEN
from tests.store.ranked import World


@pytest.fixture
def made(world: World) -> tuple[int, list[int], list[int]]:
    """(A run, its prospects, its sequences: by the model with marks, a template, failed, waiting.)"""
    with world.database.write() as session:
        run = run_queries.ask(session, "outreach", "test", {})
        leads = [world.leads[name] for name in ("Lead 0001", "Lead 0002", "Lead 0003", "Lead 0005")]
        prospects = list(prospects_of_leads(session, leads).values())
        sequences = list(begin(session, prospects, REQUEST, run_id=run).values())
        known = known_of(session, prospects)
        for at, written in enumerate((WRITTEN, TEMPLATE, Written("failed", "model", reason="Out of order."))):
            assert keep(session, sequences[at], written, known[prospects[at]])
    return run, prospects, sequences


def test_a_runs_sequences_are_counted_and_narrowed(world: World, made: tuple[int, list[int], list[int]]) -> None:
    run, _, sequences = made
    found = run_page(world.database, run)
    assert [row.id for row in found.rows] == sequences
    assert found.counts == {
        "to_approve": 2, "approved": 0, "marked": 1, "template": 1, "fallback": 0, "failed": 1, "waiting": 1,
    }  # fmt: skip
    first = found.rows[0]
    assert (first.name, first.title, first.company, first.messages, first.marked, first.cut, first.usd) == (
        "Lead 0001", "VP Sales", "Alpha", 2, 1, 1, 0.0031,
    )  # fmt: skip
    for show, count in found.counts.items():
        narrowed = run_page(world.database, run, show=show)
        assert (narrowed.matching, len(narrowed.rows), narrowed.total) == (count, count, 4)
    assert [row.id for row in run_page(world.database, run, offset=1, limit=2).rows] == sequences[1:3]
    assert run_page(world.database, 999).total == 0
    with pytest.raises(UsageError, match="narrowed"):
        run_page(world.database, run, show="1=1")


def test_an_approved_edit_counts_for_the_runs_sequence(world: World, made: tuple[int, list[int], list[int]]) -> None:
    run, _, sequences = made
    version = edit(world.database, sequences[1], {1: "Hello, how is sales?"})
    approve(world.database, version)
    found = run_page(world.database, run)
    assert (found.rows[1].newest_id, found.rows[1].approved_id) == (version, version)
    assert (found.counts["to_approve"], found.counts["approved"], found.total) == (1, 1, 4)


def test_what_was_approved_in_an_earlier_run_approves_nothing_of_a_later_one(
    world: World, made: tuple[int, list[int], list[int]]
) -> None:
    run, prospects, sequences = made
    approve(world.database, sequences[1])
    with world.database.write() as session:
        later = run_queries.ask(session, "outreach", "later", {})
        number = begin(session, [prospects[1]], REQUEST, run_id=later)[prospects[1]]
        assert keep(session, number, TEMPLATE, known_of(session, [prospects[1]])[prospects[1]])
    again = run_page(world.database, later)
    assert (again.counts["to_approve"], again.counts["approved"], again.rows[0].approved_id) == (1, 0, None)
    assert run_page(world.database, run).counts["approved"] == 1
    approve(world.database, number)
    assert run_page(world.database, later).counts["approved"] == 1
    assert run_page(world.database, run).counts["to_approve"] == 1

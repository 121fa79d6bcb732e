"""Two runs side by side: who came in, went out and moved, why, and that the counts add up."""

from __future__ import annotations

import itertools

import pytest
from sqlalchemy import text

from ranker.errors import UsageError
from ranker.ingest.merge import commit
from ranker.ingest.stage import stage_file
from ranker.jobs.job import drive
from ranker.personas.catalog import seed_personas
from ranker.personas.versions import add_version
from ranker.scoring import rank_run
from ranker.scoring.selection import Selection
from ranker.store.compare_runs import KINDS, LISTED, count_moves, list_moves
from ranker.store.engine import Database
from ranker.store.persona_usage import persona_usage
from ranker.store.run_list import ENDS, get_run_line, page_runs, run_counts
from ranker.store.suppression_list import add_many

HEAD = "Name,Company,Job Title,Size,Profile\n"
ROWS = {
    "a": "Lead a,Anil,Head of Sales,51-200,linkedin.com/in/lead-a\n",
    "b": "Lead b,Anil,Sales Manager,51-200,linkedin.com/in/lead-b\n",
    "c": "Lead c,Anil,Recruiter,51-200,linkedin.com/in/lead-c\n",
    "d": "Lead d,Cantera,,51-200,linkedin.com/in/lead-d\n",
}
SALES = "# Sales\n\n## Targets\n\n- Head of Sales · 5/5\n- Sales Manager · 3/5\n\n## Never contact\n\n- HR\n"
PEOPLE = "# Sales\n\n## Targets\n\n- Recruiter · 5/5\n- Sales Manager · 5/5\n\n## Never contact\n\n- Engineering\n"


@pytest.fixture
def database(database: Database) -> Database:
    """Four leads at two companies, on each kind of database."""
    bring(database, *ROWS.values())
    return database


def bring(database: Database, *rows: str) -> None:
    commit(database, stage_file(database, "leads.csv", (HEAD + "".join(rows)).encode()).id)


def ranked(database: Database, persona: str = SALES) -> int:
    version = add_version(database, "Sales", persona)
    run = rank_run.start(database, Selection("all"), version.id)
    drive(database, run, rank_run.step)
    return run


def moves(database: Database, old: int, new: int) -> dict[str, tuple[str, str]]:
    """Name → (kind, cause), over every kind that is listed."""
    found = {}
    for kind in LISTED:
        found |= {move.name: (move.kind, move.cause) for move in list_moves(database, old, new, kind)}
    return found


def test_another_persona_brings_in_takes_out_and_moves_with_both_reasons(database):
    old, new = ranked(database), ranked(database, PEOPLE)
    found = moves(database, old, new)
    assert found["Lead c"] == ("in", "verdict")
    assert found["Lead a"] == ("out", "verdict")
    assert found["Lead b"] == ("moved", "verdict")
    assert "Lead d" not in found
    [came] = list_moves(database, old, new, "in")
    assert came.old.reasoning.startswith("Not contacted")
    assert "Recruiter" in came.new.reasoning
    assert (came.old.rank, came.new.rank is not None) == (None, True)


def test_the_same_run_twice_moves_nobody(database):
    found = count_moves(database, ranked(database), ranked(database))
    assert found.counts == dict.fromkeys(KINDS, 0) | {"same": 4}


def test_a_changed_title_is_named_as_the_cause(database):
    old = ranked(database)
    bring(database, ROWS["c"].replace("Recruiter", "Head of Sales"))
    new = ranked(database)
    [came] = list_moves(database, old, new, "in")
    assert (came.name, came.cause) == ("Lead c", "lead")
    assert came.why == "The lead changed: title “Recruiter” is now “Head of Sales”."


def test_the_do_not_contact_list_is_named_as_the_cause_and_moves_those_behind(database):
    old = ranked(database)
    add_many(database, [("person", "Lead a")])
    new = ranked(database)
    assert moves(database, old, new) == {"Lead a": ("out", "held"), "Lead b": ("moved", "company")}
    assert list_moves(database, old, new, "out")[0].why == "The lead was put on the do-not-contact list."
    assert list_moves(database, new, old, "in")[0].why == "The lead was taken off the do-not-contact list."


def test_leads_of_one_run_only_are_told_apart(database):
    old = ranked(database)
    bring(database, ROWS["a"].replace("Lead a", "Lead e").replace("lead-a", "lead-e").replace("Anil", "Era"))
    new = ranked(database)
    assert moves(database, old, new) == {"Lead e": ("fresh", "leads")}
    assert moves(database, new, old) == {"Lead e": ("gone", "leads")}


def test_counts_add_up_and_pages_hold_everybody_once(database):
    titles = itertools.cycle(["Recruiter", "Head of Sales", "Sales Manager", ""])
    rows = (f"Lead {at},Firm {at % 7},{next(titles)},51-200,linkedin.com/in/l{at}\n" for at in range(200))
    bring(database, *rows)
    old, new = ranked(database), ranked(database, PEOPLE)
    found = count_moves(database, old, new)
    both = sum(found.counts[kind] for kind in ("in", "out", "moved", "told", "same"))
    assert both + found.counts["gone"] == found.old == 204
    assert both + found.counts["fresh"] == found.new == 204
    for kind in LISTED:
        seen = [
            move.lead_id
            for at in range(0, 210, 30)
            for move in list_moves(database, old, new, kind, offset=at, limit=30)
        ]
        assert len(seen) == len(set(seen)) == found.counts[kind]
    companies = [move.side.company for move in list_moves(database, old, new, "in", limit=300)]
    assert companies == sorted(companies)
    assert run_counts(database, new)["ranked"] == run_counts(database, old)["ranked"] + (
        found.counts["in"] - found.counts["out"]
    )


def test_only_two_rankings_that_are_done_are_compared(database):
    done = ranked(database)
    version = add_version(database, "Sales", PEOPLE)
    cancelled = rank_run.start(database, Selection("all"), version.id)
    rank_run.cancel(database, cancelled)
    for pair in ((done, done), (done, cancelled), (done, 99)):
        with pytest.raises(UsageError):
            count_moves(database, *pair)
    with pytest.raises(UsageError):
        list_moves(database, done, ranked(database), "same")


def test_a_run_is_listed_with_persona_selection_and_counts_that_add_up(database):
    seed_personas(database)
    first, second = ranked(database), ranked(database, PEOPLE)
    runs, count = page_runs(database)
    assert [run.id for run in runs] == [second, first]
    assert count == 2
    assert (runs[0].persona, runs[0].version, runs[0].selected) == ("Sales", 2, "all leads")
    assert runs[0].variant != runs[1].variant
    assert runs[0].seconds == sum(runs[0].spent.values())
    counts = run_counts(database, second)
    assert set(counts) == set(ENDS)
    assert sum(counts.values()) == runs[0].total == 4
    assert page_runs(database, states=["failed"]) == ([], 0)
    assert [run.id for run in page_runs(database, offset=1, limit=1)[0]] == [first]
    with pytest.raises(UsageError):
        page_runs(database, states=["lost"])


def test_a_failed_run_says_what_to_do(database):
    version = add_version(database, "Sales", SALES)
    run = rank_run.start(database, Selection("all"), version.id)
    with database.write() as session:
        session.connection().execute(text("UPDATE variant SET persona_version_id=NULL"))
    drive(database, run, rank_run.step)
    found = get_run_line(database, run)
    assert found.state == "failed"
    assert found.error
    assert "before are still in use" in found.advice
    assert "Start it again" in found.advice
    with pytest.raises(UsageError):
        get_run_line(database, 99)


def test_usage_counts_runs_and_the_leads_whose_verdict_counts_now(database):
    first = ranked(database)
    ranked(database, PEOPLE)
    usage = persona_usage(database)
    old = usage[get_run_line(database, first).version_id]
    assert (old.runs, old.last_run, old.leads) == (1, first, 0)
    assert sorted(one.leads for one in usage.values()) == [0, 4]

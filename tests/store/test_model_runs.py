"""Runs with a model in the list: how, what it cost, what it was about, and what differs between two."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import event, text

from ranker.store.decided import Decided, otherwise
from ranker.store.engine import Database
from ranker.store.run_costs import RunCost, run_costs, scope_of
from ranker.store.run_list import asked_again, get_run_line, page_runs, same_leads

SETTINGS = {
    "engine": "llm-1", "strategy": "cascade", "persona": "p1", "provider": "openai", "temperature": 0.1,
    "models": {"qualify": "small", "rank": "large"}, "templates": {"qualify": "q1", "rank": "r1"}, "threshold": 60,
}  # fmt: skip
RULES = {"engine": "rules-2", "strategy": "rules", "persona": "p1", "vocabulary": "v1", "threshold": 60}


def insert(database: Database, table: str, **values: object) -> None:
    with database.write() as session:
        names = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        session.connection().execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), values)


def run(database: Database, number: int, settings: dict = SETTINGS, state: str = "done", **more: object) -> None:
    digest = json.dumps(settings, sort_keys=True)
    with database.session() as session:
        found = session.connection().execute(text("SELECT id FROM variant WHERE hash=:hash"), {"hash": digest}).scalar()
    if found is None:
        found = number
        insert(database, "variant", id=number, hash=digest, engine=settings["engine"], settings=digest)
    selection = json.dumps(more.pop("selection", {"kind": "all", "ids": []}))
    phase = "done" if state == "done" else "judging"
    values = {"id": number, "kind": "rank", "state": state, "variant_id": found, "selection": selection, "phase": phase}
    insert(database, "run", **values | more)


def call(database: Database, scope: str, outcome: str, cost: float | None, reserved: float | None = 0.5) -> None:
    insert(database, "ai_call", scope=scope, outcome=outcome, cost_usd=cost, reserved_usd=reserved)


def judged(database: Database, run_id: int, leads: dict[int, str]) -> None:
    """Lead → stage, or the flag of a failure."""
    for lead, said in leads.items():
        with database.write() as session:
            for sql in (
                "INSERT INTO company (id, key) VALUES (:id, :key) ON CONFLICT DO NOTHING",
                "INSERT INTO lead (id, dedup_key, company_id) VALUES (:id, :key, :id) ON CONFLICT DO NOTHING",
            ):
                session.connection().execute(text(sql), {"id": lead, "key": f"k{lead}"})
        failed = said == "call_failed"
        insert(
            database, "assessment", run_id=run_id, lead_id=lead, company_id=lead,
            status="not_judged" if failed else "ranked", stage="read" if failed else said,
            flags=json.dumps(["call_failed", "call_cut"] if failed else []),
        )  # fmt: skip


def test_a_run_says_how_it_judged_and_what_it_cost(database):
    run(database, 1, RULES)
    run(database, 2)
    run(database, 3, {**SETTINGS, "strategy": "pointwise", "models": {"pointwise": "large"}})
    call(database, scope_of(2), "ok", 0.25)
    call(database, scope_of(2), "rate", 0.0)
    call(database, scope_of(22), "ok", 9.0)  # another run, whose number begins alike
    call(database, scope_of(3), "ok", None, None)
    call(database, scope_of(3), "ok", 0.5)
    call(database, scope_of(3), "open", None, 0.75)
    runs = {one.id: one for one in page_runs(database)[0]}
    assert [runs[at].decided.names for at in (1, 2, 3)] == [(), ("small", "large"), ("large",)]
    assert runs[1].cost is None
    assert runs[2].cost == RunCost(2, 0.25, 0, 0)
    assert runs[2].cost.usd == 0.25
    assert runs[3].cost == RunCost(3, 0.5, 2, 0.75)
    assert runs[3].cost.usd is None
    assert get_run_line(database, 3).cost == runs[3].cost


def test_a_run_that_asked_nothing_cost_nothing(database):
    run(database, 1)
    assert get_run_line(database, 1).cost == RunCost()


def test_a_page_of_many_runs_takes_as_many_queries_as_one_run(database):
    def queries(ask) -> int:
        seen = []
        event.listen(database.engine, "before_cursor_execute", lambda *said: seen.append(said[2]))
        ask()
        return len(seen)

    for number in range(1, 21):
        run(database, number, selection={"kind": "failed", "ids": [number]} if number % 2 else {"kind": "all"})
        call(database, scope_of(number), "ok", 0.1)
    one = queries(lambda: page_runs(database, limit=1, offset=1))
    assert queries(lambda: page_runs(database, limit=25)) == one
    with database.session() as session:
        assert len(run_costs(session.connection(), range(1, 21))) == 20
        assert run_costs(session.connection(), []) == {}


@pytest.mark.parametrize(
    ("stages", "state", "words"),
    [
        (["ranked", "call_failed", "call_failed"], "done", "2 leads that failed in run 7"),
        (["call_failed"], "done", "1 lead that failed in run 7"),
        (["ranked", "waiting", "waiting", "call_failed"], "failed", "3 leads that run 7 did not judge"),
        ([], "done", "leads that failed in run 7"),
    ],
)
def test_leads_that_failed_are_told_in_words(database, stages, state, words):
    run(database, 7, state=state)
    judged(database, 7, dict(enumerate(stages, start=1)))
    run(database, 8, selection={"kind": "failed", "ids": [7]})
    assert get_run_line(database, 8).selected == words


def test_a_run_knows_who_asked_its_failed_leads_again(database):
    for number, chosen in ((1, []), (2, [1]), (3, [2]), (4, [1])):
        run(database, number, selection={"ids": chosen, "kind": "failed" if chosen else "all"})
    assert [asked_again(database, number) for number in (1, 2, 3)] == [[4, 2], [3], []]


def test_what_ended_too_early_is_gone_on_with_rather_than_started_again(database):
    run(database, 1, state="failed", error="The limit of $1.00 is reached.")
    call(database, scope_of(1), "ok", 0.1)
    run(database, 2, state="cancelled")
    run(database, 3, state="failed", phase="reading")
    run(database, 4, RULES, state="failed")
    told = {one.id: (one.goes_on, one.advice) for one in page_runs(database)[0]}
    go_on = "The ranks from before are still in use. Go on with the rest on the page Rank: "
    assert told[1][0]
    assert told[1][1].startswith(go_on)
    assert told[2][0]
    assert told[2][1].startswith(f"It was stopped before its end. {go_on}")
    for again in (3, 4):
        assert not told[again][0]
        assert "Start it again on the page Rank." in told[again][1]


def test_other_runs_over_the_same_leads_are_found(database):
    leads = dict.fromkeys((1, 2, 3), "ranked")
    for number in (1, 2, 3):
        run(database, number, total=3)
        judged(database, number, leads)
    run(database, 4, total=3)
    judged(database, 4, dict.fromkeys((1, 2, 4), "ranked"))
    run(database, 5, total=2)
    judged(database, 5, dict.fromkeys((1, 3), "ranked"))
    run(database, 6, total=3, state="failed")
    judged(database, 6, leads)
    assert [one.id for one in same_leads(database, 2)] == [3, 1]
    assert same_leads(database, 5) == []


MODEL, BY_RULES = (
    Decided.from_json("llm-1", json.dumps(SETTINGS), 1),
    Decided.from_json("rules-2", json.dumps(RULES), 1),
)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"strategy": "pointwise"}, "the strategy differs."),
        ({"models": {"qualify": "small", "rank": "other"}}, "the model differs."),
        ({"strategy": "pointwise", "models": {"pointwise": "other"}}, "the strategy and the model differ."),
        ({"strategy": "x", "models": {"score": "large", "sort": "small"}}, "the strategy differs."),
        ({"templates": {"qualify": "q1", "rank": "r2"}}, "the prompts differ."),
        ({"templates": {"qualify": "q1"}, "temperature": 0.0}, "the temperature differs."),
        ({"persona": "p2", "provider": "groq", "templates": {"rank": "r2"}},
         "the persona's version, the provider and the prompts differ."),
        ({"threshold": 50}, "the program was updated in between."),
    ],
)  # fmt: skip
def test_what_two_runs_had_otherwise_is_named(change, words):
    other = Decided.from_json("llm-1", json.dumps({**SETTINGS, **change}), 1)
    assert otherwise(MODEL, other) == f"The lead is the same; {words}"


def test_rules_beside_a_model_are_told_as_such():
    assert otherwise(BY_RULES, MODEL) == "The lead is the same; first rules judged it, then a model."
    other = Decided.from_json("rules-2", json.dumps({**RULES, "persona": "p2"}), 2)
    assert otherwise(MODEL, other) == (
        "The lead is the same; first a model judged it, then rules; the persona differs as well."
    )
    assert otherwise(BY_RULES, other) == "The lead is the same; the persona differs."
    assert "asked again" in otherwise(MODEL, MODEL)
    assert not Decided.from_json("", "", None).is_model

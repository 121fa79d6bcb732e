"""Runs that write messages, on the Runs page: what they were, how they ended, and the way to Outreach."""

from __future__ import annotations

from functools import partial

import pytest

from ranker.scoring.variants import keep_variant
from ranker.store import run_queries
from ranker.store.engine import Database
from tests.pages.opening import open_at, words

opened = partial(open_at, "runs.py")
MODEL = {
    "engine": "llm-outreach", "strategy": "outreach", "provider": "openai", "temperature": None,
    "models": {"analyse": "model-1", "write": "model-1"}, "templates": {"analyse": "a" * 16, "write": "b" * 16},
}  # fmt: skip


def written(database: Database, counts: dict[str, int], state: str = "done", decided=None, **more) -> int:
    """A run that ended so."""
    total = sum(counts.values())
    decided = decided or {"engine": "outreach-templates", "strategy": "templates"}
    with database.write() as session:
        variant = keep_variant(session, decided["engine"], decided["engine"], None, decided)
        selection = {"kind": "outreach", "prospects": total, **more}
        number = run_queries.ask(session, "outreach", str(counts), selection, variant_id=variant, total=total, who="me")
        run = run_queries.load_run(session, number)
        at = "done" if state == "done" else "writing"
        run_queries.move(session, run, at, done=total, total=total, counts=counts)
    if state != "done":
        run_queries.end(database, number, state, "The limit of money is reached." if state == "failed" else "")
    return number


def test_a_run_from_templates_says_so_is_free_and_leads_on_to_outreach(database):
    run = written(database, {"complete": 0, "template": 48, "fallback": 0, "failed": 0, "waiting": 0})
    page = opened(run=run)
    told = words(page).replace("\\", "")
    assert "**48 sequences** = 48 from templates" in told
    assert "Messages: 48 people" in told
    frame = page.dataframe[0].value
    assert (frame["How"][0], frame["Cost"][0], frame["Persona"][0]) == ("Templates", "free", "–")
    assert [button.label for button in page.button] == ["Open it on Outreach"]


@pytest.mark.parametrize(("state", "failed"), [("failed", 0), ("cancelled", 0), ("done", 3)])
def test_one_that_left_somebody_says_that_the_rest_is_kept_and_where_to_go_on(database, state, failed):
    counts = {"complete": 5, "template": 0, "fallback": 2, "failed": failed, "waiting": 0 if failed else 4}
    run = written(database, counts, state, MODEL, left_of=7)
    page = opened(run=run)
    told = words(page).replace("\\", "")
    assert "Messages that were written are kept. Go on with the others on the page Outreach." in told
    assert "5 written by a model + 2 templates in place of failed calls" in told
    assert "left by run 7" in told
    assert "OpenAI: model-1" in told
    assert "not tried live" in told
    assert page.dataframe[0].value["How"][0] == "model-1, two calls a person"


def test_it_is_no_ranking_and_is_not_offered_to_compare_with(database):
    first = written(database, {"complete": 0, "template": 1, "fallback": 0, "failed": 0, "waiting": 0})
    second = written(database, {"complete": 0, "template": 2, "fallback": 0, "failed": 0, "waiting": 0})
    assert not [one.label for one in opened(run=first).selectbox if one.label == "Compare with"]
    assert f"Run {first} is no ranking that is done." in words(opened(run=first, **{"with": second}))

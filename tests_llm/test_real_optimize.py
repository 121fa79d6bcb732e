"""An optimization against a real model on this computer: critiques and edits are understood, worth what they may be."""

import time
from collections import Counter

import pytest
from sqlalchemy import text

from ranker.errors import BudgetSpent
from ranker.evaluation.labelled import NOT_RELEVANT, LabelledLead
from ranker.optimizer.llm_subject import LlmSubject, ModelSetup
from ranker.optimizer.memory import InMemory
from ranker.optimizer.model_errors import Labelled
from ranker.optimizer.optimize import optimize
from ranker.optimizer.settings import Settings
from ranker.scoring.assessment import Inputs
from ranker.templates.shipped import shipped_tasks, shipped_text
from tests_llm.test_real_model import settings

PERSONA = """# Sales software

## Company sizes

- All: 1-1000 people

## Primary targets

- VP of Sales
- Sales Director

## Hard exclusions

- Finance
"""
TITLES = {"VP of Sales": 1.0, "Accountant": NOT_RELEVANT, "Sales Director": 2.0}
SHORT = Settings(generations=1, variants=2, beam=1, folds=0, hold_out=0.0)


def labelled():
    """Three leads at each of two companies."""
    return [
        Labelled(LabelledLead(f"{company}-{title}", f"Firm {company}", label), Inputs(title, f"Firm {company}", "50"))
        for company in (1, 2)
        for title, label in TITLES.items()
    ]


def subject(address, database, slot, strategy="pointwise"):
    setup = ModelSetup(
        strategy, "Sales software", PERSONA, {task: shipped_text(task) for task in shipped_tasks()}, settings(address)
    )
    return LlmSubject(database, "run-1", labelled(), setup, slot, pause=0.05)


def outcomes(database):
    """Task → how its calls ended."""
    with database.session() as session:
        rows = session.connection().execute(text("SELECT purpose, outcome FROM ai_call")).all()
    found = {}
    for purpose, outcome in rows:
        found.setdefault(purpose, Counter())[outcome] += 1
    return found


@pytest.mark.parametrize("slot", ["persona", "template:pointwise"])
def test_the_loop_completes_with_critiques_and_edits_that_are_understood(address, database, figures, slot):
    one, began = subject(address, database, slot), time.monotonic()
    memory = InMemory()
    found = optimize(one, memory, SHORT, one.guard)
    counts, ended = outcomes(database), found.search.ended
    tried = [row for row in found.search.candidates if row.number]
    states = Counter(row.state for row in tried)
    said = "; ".join(f"{task} {dict(some)}" for task, some in sorted(counts.items()))
    figures.append(
        f"optimizing {slot}: {ended}, {dict(states)}, proposal no. {found.search.proposal}; {said}; "
        f"{time.monotonic() - began:.0f} s"
    )
    assert ended in {"finished", "plateau"}
    assert found.search.candidates[0].state == "evaluated"
    assert counts["critique"]["ok"] >= 1
    assert counts["edit"]["ok"] >= 1
    assert 1 <= len(tried) <= SHORT.variants + 2
    for row in tried:
        assert row.text != one.start
        assert row.critique
        assert row.state == "evaluated" or row.reason
    again = optimize(subject(address, database, slot), InMemory(), SHORT, one.guard)
    assert again.search.candidates == found.search.candidates  # every answer was there
    assert outcomes(database) == counts


def test_a_limit_of_calls_holds_with_a_real_server(address, database):
    one = subject(address, database, "persona")
    limited = LlmSubject(
        database, "run-1", labelled(), ModelSetup(
            "pointwise", "Sales software", PERSONA, {task: shipped_text(task) for task in shipped_tasks()},
            type(settings(address))(settings(address).providers, concurrency=2, timeout=600, max_calls=2),
        ), "persona", pause=0.05,
    )  # fmt: skip
    with pytest.raises(BudgetSpent, match="2 calls"):
        limited.evaluate(one.start, one.companies)
    assert sum(sum(some.values()) for some in outcomes(database).values()) == 2

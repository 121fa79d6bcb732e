"""How strategies and their tasks are called before people: a name, and a line that says what happens."""

from __future__ import annotations

from dataclasses import dataclass

from ranker.scoring.llm.tasks import TASKS


@dataclass(frozen=True, slots=True)
class StrategyWords:
    """A strategy for a person who chooses: ``name``, and ``line`` that says what it does."""

    name: str
    line: str


_STRATEGIES = {
    "cascade": StrategyWords(
        "Model, best for its price",
        "recommended: rules leave out who is clearly wrong, a model scores the others, and the best of them again",
    ),
    "two-phase": StrategyWords(
        "Model, in batches",
        "a model sorts out who is relevant, 50 at a time, then compares those within each company",
    ),
    "pointwise": StrategyWords(
        "Model, one by one",
        "a model is asked about each lead alone, with no other beside it: the slowest and dearest",
    ),
}
"""In the order in which they are offered: the first of them that there is comes recommended."""
_TASKS = {
    "pointwise": "judging one by one",
    "qualify": "sorting out who is relevant",
    "rank": "comparing within each company",
    "score": "scoring whom the rules left in",
    "rescore": "scoring the best again",
    "final": "comparing the best once more",
    "evaluate": "judging labelled leads by a text",
    "critique": "finding what is wrong with a text, and mending it",
    "analyse": "looking at prospects",
    "write": "writing messages",
}


def strategies() -> tuple[str, ...]:
    """The strategies that ask a model, the one to begin with first."""
    known = [name for name in _STRATEGIES if name in TASKS]
    return (*known, *(name for name in TASKS if name not in _STRATEGIES))


def strategy_words(strategy: str) -> StrategyWords:
    """How a strategy is called."""
    return _STRATEGIES.get(strategy, StrategyWords(f"Model, {strategy}", "asks a language model"))


def task_words(task: str) -> str:
    """What is being done: ``sorting out who is relevant``; the task's own name where it has no words."""
    return _TASKS.get(task, task)

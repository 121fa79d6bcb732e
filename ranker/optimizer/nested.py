"""The whole search again without each fold: what its proposal gains at companies that had no part in finding it.

Source: Varma and Simon 2006, "Bias in error estimation when using cross-validation for model selection".
"""

from __future__ import annotations

from collections.abc import Sequence

from ranker.errors import BudgetSpent, Cancelled, CapReached
from ranker.optimizer.copy_guard import CopyGuard
from ranker.optimizer.memory import Memory
from ranker.optimizer.outcome import Ended, FoldResult, Split
from ranker.optimizer.search import Search
from ranker.optimizer.settings import Settings
from ranker.optimizer.subject import Figures, Subject, text_hash

STOPPED: tuple[Ended, ...] = ("budget", "cancelled")
"""Ends after which nothing more may be evaluated."""


def folds(
    subject: Subject, memory: Memory, settings: Settings, guard: CopyGuard | None, parts: Split
) -> tuple[list[FoldResult], Ended | None]:
    """A search for each fold, on the other companies: these alone are shown to its proposals too.

    Fewer where the budget or a cancellation ends it, which is told beside them: a fold counts whole or not at all.
    Raises as ``optimize`` does.
    """
    found: list[FoldResult] = []
    for number, left_out in enumerate(parts.folds, start=1):
        seen = tuple(company for company in parts.training if company not in left_out)
        result = Search(subject, seen, memory, settings, guard, number).run()
        if result.ended in STOPPED:
            return found, result.ended
        try:
            old = figures(subject, memory, subject.start, left_out)
            new = figures(subject, memory, result.proposed.text, left_out)
        except Cancelled:
            return found, "cancelled"
        except (BudgetSpent, CapReached):
            return found, "budget"
        found.append(FoldResult(result, left_out, new, old))
    return found, None


def figures(subject: Subject, memory: Memory, text: str, companies: Sequence[str]) -> dict[str, Figures]:
    """A text's figures at companies, evaluated and kept where the memory does not know them."""
    known = dict(memory.scores(text_hash(text), companies))
    missing = [company for company in companies if company not in known]
    if missing:
        memory.check()
        new = subject.evaluate(text, missing)
        memory.keep_scores(text_hash(text), new)
        known |= new
    return {company: known[company] for company in companies}

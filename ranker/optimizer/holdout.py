"""The companies that no search saw: looked at once, at the very end."""

from __future__ import annotations

from ranker.optimizer.memory import Memory
from ranker.optimizer.outcome import Opening, Outcome
from ranker.optimizer.subject import Subject


def open_hold_out(subject: Subject, memory: Memory, outcome: Outcome, opened_before: int = 0) -> Opening:
    """The proposal and the start at the held-out companies; keep the result, and how often it was asked for.

    ``opened_before``: how often these companies were looked at for this optimization. Raises OptimizerError without a
    hold-out, and what ``subject`` and ``memory`` raise: also ``BudgetSpent`` and ``Cancelled``.
    """
    raise NotImplementedError


def conclude(outcome: Outcome, opening: Opening) -> Outcome:
    """The outcome with what the hold-out says; its claim rests on folds and hold-out together. Computes only."""
    raise NotImplementedError

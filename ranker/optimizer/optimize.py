"""The whole of an optimization: the search, the same search without each fold, and what may be claimed."""

from __future__ import annotations

from ranker.optimizer.copy_guard import CopyGuard
from ranker.optimizer.memory import Memory
from ranker.optimizer.outcome import Outcome
from ranker.optimizer.settings import Settings
from ranker.optimizer.subject import Subject


def optimize(
    subject: Subject, memory: Memory, settings: Settings | None = None, guard: CopyGuard | None = None
) -> Outcome:
    """Search for a text that is better than the start at the labelled companies, and say what is known of its gain.

    ``guard`` refuses texts that copy leads; None where no lead's text is at hand. Call it again with the same
    arguments to go on after a stop. Raises OptimizerError when the start can't be evaluated, LabelError when no
    company has the figure, and whatever else ``subject`` or ``memory`` raises; ``BudgetSpent``, ``CapReached`` and
    ``Cancelled`` end it in order, with the best so far.
    """
    raise NotImplementedError

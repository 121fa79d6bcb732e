"""The companies that no search saw: looked at once, at the very end."""

from __future__ import annotations

from dataclasses import replace

from ranker.errors import OptimizerError
from ranker.evaluation.compare import HEADLINE
from ranker.optimizer.claim import claim, compared, unseen
from ranker.optimizer.memory import Memory
from ranker.optimizer.nested import figures
from ranker.optimizer.outcome import Opening, Outcome
from ranker.optimizer.subject import Subject


def open_hold_out(subject: Subject, memory: Memory, outcome: Outcome, opened_before: int = 0) -> Opening:
    """The proposal and the start at the held-out companies; keep the result, and how often it was asked for.

    ``opened_before``: how often these companies were looked at before. Raises OptimizerError without a hold-out, and
    what ``subject`` and ``memory`` raise: also ``BudgetSpent`` and ``Cancelled``.
    """
    held = outcome.split.held_out
    if not held:
        raise OptimizerError(f"There is no hold-out to open. {outcome.split.words}")
    one = outcome.search.proposed
    old = figures(subject, memory, subject.start, held)
    new = figures(subject, memory, one.text, held)
    comparison = compared(new, old)
    words = f"no held-out company has labels that define {HEADLINE}" if comparison is None else comparison.words
    words = f"At {len(held)} {'company' if len(held) == 1 else 'companies'} held out: {words}."
    if opened_before:
        words += (
            f" They are looked at for time no. {opened_before + 1}: whoever chose by an earlier look has searched "
            "them too."
        )
    return Opening(opened_before + 1, one.hash, held, new, old, comparison, words)


def conclude(outcome: Outcome, opening: Opening) -> Outcome:
    """The outcome with what the hold-out says; its claim rests on folds and hold-out together. Computes only.

    Raises OptimizerError when the opening is of another text.
    """
    if opening.text_hash != outcome.search.proposed.hash:
        raise OptimizerError("The hold-out was opened for another text than the one that is proposed: open it again.")
    both = unseen(outcome.folds, opening)
    return replace(outcome, opening=opening, claim=claim(outcome.search, outcome.split, outcome.folds, both, opening))

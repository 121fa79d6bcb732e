"""Optimizations in words, and the rule that a gain at companies that were searched never stands alone."""

from __future__ import annotations

from pages import _ui
from pages._runs_money import cost_of as run_cost
from ranker.evaluation.compare import limit
from ranker.optimizer.optimization_list import OptimizationLine
from ranker.optimizer.optimization_result import Compared

STATES = {
    "queued": "– waiting", "running": "▶ running", "done": "✓ done", "failed": "✕ failed", "cancelled": "– cancelled",
}  # fmt: skip
SIGNS = {True: "▲ a gain", False: "= no evidence"}
DECISIONS = {"": "", "live": "made live", "discarded": "old one kept"}
FLATTERS = "These are the companies that it was optimized on, so the best of many tries looks better here than it is."


def what_of(line: OptimizationLine) -> str:
    """``Persona, by rules``, ``Persona, by gpt-5-mini``, ``Prompt “qualify”, gpt-5-mini``."""
    if line.task:
        return f"Prompt “{line.task}”, {line.model}"
    return f"Persona, by {line.model or 'rules'}"


def start_of(line: OptimizationLine) -> str:
    """``Who buys from us, version 2``, or that of a prompt; says so where it was removed."""
    if line.start is None:
        return "A version that was removed"
    return f"{'Prompt ' if line.task else ''}{line.start.name}, version {line.start.version}"


def set_of(line: OptimizationLine) -> str:
    """The set's name, or that it was removed."""
    return line.set_name or "a labelled set that was removed"


def cost_of(line: OptimizationLine) -> str:
    """``free`` by rules, ``$0.42``; a cost that is not known is said to be so."""
    return run_cost(line.run)


def ended_of(line: OptimizationLine) -> str:
    """How it stands in a table: its state, or what it found."""
    if line.run.state == "done" and line.result:
        return SIGNS[line.result.gain]
    return STATES.get(line.run.state, line.run.state)


def gain(value: float | None) -> str:
    """``+0.042``; a dash where it is not known."""
    return "–" if value is None else f"{value:+.3f}"


def sure(found: Compared) -> str:
    """``+0.010 to +0.074``."""
    return f"{limit(found.low)} to {limit(found.high)}"


def compared(found: Compared) -> str:
    """``+0.042 (95% sure: +0.010 to +0.074, 12 companies)``."""
    where = _ui.plural(len(found.companies), "company", "companies")
    return f"{gain(found.difference)} (95% sure: {sure(found)}, {where})"


def unseen(line: OptimizationLine) -> str:
    """What is known of the gain at companies that no search saw: to stand beside every other gain."""
    if line.result is None:
        when = "is told at the end" if line.active else "is not known, because it did not come to its end"
        return f"What it gains at companies that it did not see {when}."
    if line.result.unseen is None:
        return "What it gains at companies that it did not see is not known."
    return f"At companies that the search did not see: **{compared(line.result.unseen)}**."

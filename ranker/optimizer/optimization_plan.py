"""What an optimization on a labelled set would be, before it starts: who is for what, what can show, how long."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from ranker.evaluation.intervals import FEWEST
from ranker.evaluation.set_items import count_items, labelled, load_items
from ranker.optimizer.optimization_list import list_optimizations
from ranker.optimizer.outcome import Split
from ranker.optimizer.settings import Settings
from ranker.optimizer.split import split
from ranker.store.engine import Database

USUAL_SECONDS = 0.0006
"""Seconds for one text at one lead, until a search was timed here."""
_SHOWN = ((6, 1.74), (8, 1.40), (10, 1.18), (15, 0.86), (30, 0.57))
"""Companies → the gain that shows four times in five, in standard deviations: the table of ``docs/EVALUATION.md``."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done. ``split`` is None for a set without leads; ``unseen`` companies decide whether a gain shows.

    ``why_not``: why no gain could ever show, as a sentence; "" where one can. ``shows``: what so many companies can
    show. ``texts``: how many can be tried, over all searches; ``seconds``: about how long that takes on this computer.
    """

    companies: int
    leads: int
    split: Split | None
    unseen: int
    why_not: str
    shows: str
    texts: int
    seconds: float


def plan(database: Database, set_id: int, settings: Settings) -> Plan:
    """Read a set's companies and split them as the search would."""
    with database.session() as session:
        leads = labelled(load_items(session, set_id))
    companies = tuple(dict.fromkeys(lead.company for lead in leads))
    if not companies:
        return Plan(0, 0, None, 0, "This set has no labelled leads.", "", 0, 0.0)
    parts = split(companies, settings)
    unseen = len(parts.held_out) + (len(parts.training) if parts.folds else 0)
    searches = 1 + len(parts.folds)
    texts = searches * settings.generations * settings.variants
    seconds = texts * len(leads) * (_measured(database) or USUAL_SECONDS)
    return Plan(
        len(companies), len(leads), parts, unseen, _why_not(len(companies), unseen), _shows(unseen), texts, seconds
    )


def _why_not(companies: int, unseen: int) -> str:
    if companies < FEWEST:
        some = "1 company" if companies == 1 else f"{companies} companies"
        return (
            f"{some} can't show any gain, however large: it takes at least {FEWEST}. Label leads of "
            f"{FEWEST - companies} more first."
        )
    if not unseen:
        return "Without checks and without companies held out, no gain can be claimed: nothing is left to see it at."
    if unseen < FEWEST:
        return (
            f"Only {unseen} companies would be left to see a gain at, and it takes at least {FEWEST}: "
            "switch the checks on."
        )
    return ""


def _shows(unseen: int) -> str:
    if unseen < FEWEST:
        return ""
    share = round(20 * _normal(_deviations(unseen))) * 5
    few = " A small gain stays hidden with so few." if unseen < 15 else ""
    return f"{unseen} companies can show a gain that about {share}% of companies have, or a larger one.{few}"


def _deviations(companies: int) -> float:
    """Between the rows of the table, and beyond them, by what is left of it once 1 / sqrt(n) is taken out."""
    scaled = [(count, value * math.sqrt(count)) for count, value in _SHOWN]
    if companies >= scaled[-1][0]:
        return scaled[-1][1] / math.sqrt(companies)
    for (low, one), (high, other) in pairwise(scaled):
        if low <= companies <= high:
            return (one + (other - one) * (companies - low) / (high - low)) / math.sqrt(companies)
    return scaled[0][1] / math.sqrt(companies)


def _normal(value: float) -> float:
    return 0.5 * (1 + math.erf(value / math.sqrt(2)))


def _measured(database: Database) -> float | None:
    """Seconds for one text at one lead, in the newest finished searches that asked no model; None if none was timed."""
    spent = work = 0.0
    for line in list_optimizations(database, limit=10):
        if line.run.state == "done" and not line.model and line.result and line.run.seconds and line.set_id:
            with database.session() as session:
                leads = count_items(session, line.set_id)
            spent, work = spent + line.run.seconds, work + line.result.tried * leads
    return spent / work if work else None

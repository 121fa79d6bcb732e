"""Labelled leads of our own making: the label is what a right persona says, so that an error can be planted."""

from __future__ import annotations

import math

from ranker.evaluation.compare import HEADLINE, headline_or
from ranker.evaluation.labelled import LabelledLead
from ranker.optimizer.rules_subject import RulesSubject
from ranker.personas.reader import read_persona
from ranker.scoring.assessment import Inputs
from ranker.scoring.ranks import assign_ranks
from ranker.scoring.rules import RulesEngine
from ranker.titles import TitleReader

READER = TitleReader()

RIGHT = """# Who buys

## Small firms (1-50 employees)

| Title | Priority |
|---|---|
| Founder | 5/5 |
| Head of Sales | 4/5 |

## Big firms (51+ employees)

| Title | Priority |
|---|---|
| VP of Sales | 5/5 |
| Sales Director | 4/5 |
| Director of Partnerships | 3/5 |

**Champions:** Sales Operations Manager

## Departments

| Department | Relevance |
|---|---|
| Sales | 5/5 |
| Marketing | 4/5 |
| Partnerships | 2/5 |

## Seniority

| Level | 1-50 | 51+ |
|---|---|---|
| Founder | 5/5 | 1/5 |
| C-Level | 4/5 | 3/5 |
| Vice President | 4/5 | 5/5 |
| Director | 3/5 | 5/5 |
| Manager | 2/5 | 3/5 |
| Individual Contributor | 0/5 | 1/5 |

## Hard exclusions

- Finance
- Founder (51+ employees)

## Soft exclusions

- Account Executives

Contact only people who score 60 or more out of 100.
"""

TITLES = (
    "Founder", "Chief Executive Officer", "Head of Sales", "VP Sales", "Sales Director", "Director of Sales, EMEA",
    "Director of Partnerships", "Sales Operations Manager", "Sales Manager", "Marketing Director", "VP Marketing",
    "Marketing Manager", "Finance Director", "CFO", "Account Executive", "Sales Representative", "Software Engineer",
    "Office Manager", "Chief Revenue Officer", "HR Manager",
)  # fmt: skip


def inputs(companies: int = 10) -> dict[str, Inputs]:
    """Leads at as many companies, small and big in turn; each company lacks a few of the titles."""
    found = {}
    for company in range(companies):
        for at, title in enumerate(TITLES):
            if (at * 7 + company * 3) % 10 > 2:
                size = "11-50" if company % 2 else "201-500"
                found[f"{company}-{at}"] = Inputs(title, f"Company {company:02}", size, f"c{company}.example")
    return found


def labelled(persona: str, given: dict[str, Inputs]) -> list[LabelledLead]:
    """Each lead with the rank that a persona's rules give it, or none."""
    engine = RulesEngine(read_persona(persona), "", READER)
    verdicts = [engine.assess(one) for one in given.values()]
    scores = [one.score if one.qualified else None for one in verdicts]
    ranks = assign_ranks([one.company for one in given.values()], scores)
    return [
        LabelledLead(source_id, one.company, math.inf if rank is None else float(rank))
        for (source_id, one), rank in zip(given.items(), ranks, strict=True)
    ]


def subject(start: str, right: str = RIGHT, companies: int = 10) -> RulesSubject:
    """A persona to be mended, with leads labelled by the right one."""
    given = inputs(companies)
    return RulesSubject(start, labelled(right, given), given, READER)


def worth(one: RulesSubject, text: str) -> float:
    """The mean of the figure that verdicts rest on."""
    figures = [headline_or(HEADLINE, found) for found in one.evaluate(text, one.companies).values()]
    defined = [value for value in figures if value is not None]
    return math.fsum(defined) / len(defined)


def climbed(one: RulesSubject, generations: int) -> str:
    """The best text of a plain greedy search."""
    best = one.start
    for seed in range(generations):
        found = [proposal.text for proposal in one.propose(best, one.companies, 6, seed)]
        best = max([best, *found], key=lambda text: worth(one, text))
    return best

"""A small persona for the tests of the rules engine: every rule once."""

from __future__ import annotations

from ranker.personas.reader import read_persona
from ranker.personas.version import persona_hash
from ranker.scoring.rules import RulesEngine
from ranker.titles import TitleReader

READER = TitleReader()

TEXT = """# Buyers of Tally

## Who to target

### Small (1-50 employees)

| Rank | Job Title | Priority |
|------|-----------|----------|
| 1 | Founder / Co-Founder | 5/5 |
| 2 | CEO / President | 5/5 |
| 3 | Head of Sales | 4/5 |

### Middle (51-500 employees)

| Rank | Job Title | Priority |
|------|-----------|----------|
| 1 | VP of Sales | 5/5 |
| 2 | Sales Director | 4/5 |
| 3 | Head of Quibbling | 4/5 |

**Champions:** Sales Managers

### Large (501+ employees)

| Rank | Job Title | Priority |
|------|-----------|----------|
| 1 | VP of Sales Development | 5/5 |
| 2 | VP of Sales | 4/5 |

## Departments

| Department | Relevance |
|------------|-----------|
| Sales | 5/5 |
| Revenue Operations | 4/5 |
| Marketing | 2/5 |
| Executive | 5/5 → 1/5 |

## Seniority

| Level | Small | Middle | Large |
|-------|-------|--------|-------|
| Founder / Owner | 5/5 | 3/5 | 0/5 |
| C-Level | 5/5 | 3/5 | 1/5 |
| Vice President | 3/5 | 5/5 | 5/5 |
| Director | 2/5 | 5/5 | 4/5 |
| Manager | 1/5 | 2/5 | 3/5 |
| Individual Contributor | 0/5 | 0/5 | 1/5 |

## Do not contact

### Hard exclusions

| Role | Reason |
|------|--------|
| Founder / CEO (Large) | Too far away |
| CFO / Finance | Wrong department |
| CTO / Engineering | Wrong department |

### Soft exclusions

| Role | Context |
|------|---------|
| SDRs | They see a rival in us |
| CMO / VP Marketing | They rarely own it |

## Negative signals

| Signal | Why |
|--------|-----|
| "Consultant" in the title | Not employed |
"""


def engine(text: str = TEXT) -> RulesEngine:
    """The rules engine for a persona's text."""
    return RulesEngine(read_persona(text, "tally"), persona_hash(text), READER)

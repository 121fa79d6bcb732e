"""A fake model that learns from the text, and labelled leads for it: a title is relevant where its last word is wanted.

With ``Wanted: WORD`` in what it is told, it scores the titles that end so 9, and all others 2. So a text gets better
by naming the words of the leads that a person would contact, and worse by naming others.
"""

from __future__ import annotations

import math
import re

from ranker.evaluation.labelled import LabelledLead
from ranker.llm.settings import Settings
from ranker.optimizer.llm_subject import ModelSetup
from ranker.optimizer.model_errors import Labelled
from ranker.scoring.assessment import Inputs
from ranker.templates.shipped import shipped_tasks, shipped_text
from tests.llm.asking import settings
from tests.llm.fake_server import FakeServer

_WANTED = re.compile(r"Wanted: (\w+)")
WORDS = ("Alder", "Birch", "Cedar", "Damson", "Elm", "Fir", "Gorse", "Hazel")
GOOD = frozenset(WORDS[:5])
PERSONA = """# Somebody

## Company sizes

- Small: 1-1000 people

## Primary targets

- Manager of Area

## Notes

- Nothing is wanted yet
"""


class Teacher(FakeServer):
    """See above."""

    def _verdict(self, row, said):
        score = 9 if row["title"].split()[-1] in _WANTED.findall(said) else 2
        return {
            "id": row["id"], "relevant": score > 6, "department": score, "seniority": score,
            "score": score * 10 if "0 to 100" in said else score, "sure": "high", "reason": "By its last word.",
        }  # fmt: skip


def labelled(companies=6, leads=8):
    """Leads of made companies with every word once; those that end with a word of ``GOOD`` are to be contacted."""
    found = []
    for company in range(companies):
        for at in range(leads):
            word = WORDS[(company + at) % len(WORDS)]
            name = f"Company {company:02}"
            lead = LabelledLead(f"{company}-{at}", name, 1.0 if word in GOOD else math.inf)
            found.append(Labelled(lead, Inputs(f"Manager of {word}", name, "50", f"c{company}.example"), "Retail"))
    return found


def setup(server: FakeServer, strategy="pointwise", **more) -> ModelSetup:
    """A variant that asks the server; ``more`` are settings, such as ``max_calls``."""
    set_up: Settings = settings(server, **more)
    return ModelSetup(strategy, "Somebody", PERSONA, {task: shipped_text(task) for task in shipped_tasks()}, set_up)

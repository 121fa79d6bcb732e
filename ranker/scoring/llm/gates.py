"""Gates: who is not worth asking a model about, because the rules are certain that the persona rules them out.

They cost nothing. A gate rejects only where nothing at all is doubtful; every doubt goes on to the model. What the
gates lose is measured: a fixed share of what they reject is asked about all the same (``sampled``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ranker.scoring.assessment import Assessment, Inputs
from ranker.scoring.llm.leads import Lead
from ranker.scoring.rules import RulesEngine
from ranker.scoring.verdict import Verdict
from ranker.titles import Role

VERSION = "gates-1"
GATED, SAMPLED = "gated", "gate_sampled"
"""Flags of an assessment: a gate decided it; a gate would have, and the model did."""
SHARE = 0.02
"""Of what the gates reject, the share that is asked about all the same."""
_CERTAIN = 0.8
"""Confidence in every role of the title from which a gate may reject."""
_WANTED = 0.8
"""A level that the persona rates as high (4 of 5) is a doubt where it is silent about the team."""
_DOUBTS = frozenset({"unknown_function", "unknown_level", "other_company", "slogan"})
_GONE = frozenset({"retired", "student"})
_STUDENTS = frozenset({None, "individual", "intern"})
"""Levels that a student can have."""


def rejected(rules: RulesEngine, inputs: Inputs) -> Assessment | None:
    """The rules' verdict on a lead if they are certain that it is not to be contacted, else ``None``.

    Certain means: the size is known and is in one of the persona's brackets; the title is read with confidence, team
    and level known, at this company; and every role in it is ruled out by itself (``_out``). A soft exclusion, a team
    that the persona lists, or a title that a person should look at goes on to the model.
    """
    found = rules.assess(inputs)
    if found.status != "not_relevant" or rules.places(inputs.size)[1] is not None:
        return None
    judged = rules.verdicts(inputs)
    if not judged or not all(_out(role, verdict) for role, verdict in judged):
        return None
    gone = all(role.flags & _GONE for role, _ in judged)
    return found if gone or not (found.needs_review or _DOUBTS.intersection(found.flags)) else None


def _out(role: Role, verdict: Verdict) -> bool:
    """Whether one role is ruled out for sure: excluded by name, not held now, or in a team that is of no interest."""
    if "student" in role.flags and (role.ownership is not None or role.level not in _STUDENTS):
        return False  # "Head of Student Housing": the word is of the field
    if verdict.kind in {"hard", "soft", "away"} and role.flags & _GONE:
        return True  # nothing else has to be known
    if role.confidence < _CERTAIN:
        return False
    if verdict.kind == "unlisted":
        return verdict.seniority is not None and verdict.seniority < _WANTED
    return verdict.kind in {"hard", "away"}


def sampled(lead: Lead) -> bool:
    """Whether a rejected lead is asked about all the same: its own hash decides, whoever else is in the list.

    So the same lead gets the same verdict in a list of ten or of a million, and in every piece of a run; a short list
    may have nobody in the sample.
    """
    return int(lead.place[:8], 16) < SHARE * 2**32


@dataclass(frozen=True, slots=True)
class GateCounts:
    """What the gates did: leads ``rejected`` for good, ``sampled`` (asked about all the same), and of these ``judged``
    by the model, who would have been ``kept`` (contacted) without the gates.
    """

    rejected: int = 0
    sampled: int = 0
    judged: int = 0
    kept: int = 0


def gate_counts(rows: Iterable[tuple[Sequence[str], bool | None]]) -> GateCounts:
    """The counts from the flags of assessments, each with whether the lead is qualified (``None``: not judged)."""
    total = [0, 0, 0, 0]
    for flags, qualified in rows:
        total[0] += GATED in flags
        if SAMPLED in flags:
            total[1] += 1
            total[2] += qualified is not None
            total[3] += qualified is True
    return GateCounts(*total)

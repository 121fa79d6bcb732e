"""From a model's row to an assessment: the model gives the parts, code decides who qualifies."""

from __future__ import annotations

from collections.abc import Iterable

from ranker.scoring.assessment import Assessment
from ranker.scoring.llm.asking import NoVerdict
from ranker.scoring.llm.gates import SAMPLED
from ranker.scoring.llm.leads import Lead
from ranker.scoring.llm.rows import Judged

_DOUBT = {"size_spans": 0.8, "size_missing": 0.6, "size_unreadable": 0.6}
_UNSURE = 0.5
FAILED = "call_failed"
"""The flag of a lead without a verdict because of a call; beside it stands ``call_`` and the reason's code."""


def reason_of(flags: Iterable[str]) -> str | None:
    """The code of why a call failed, from an assessment's flags; ``None`` where none did."""
    codes = [flag.removeprefix("call_") for flag in flags if flag.startswith("call_") and flag != FAILED]
    return codes[0] if codes else None


def assess(lead: Lead, judged: Judged | NoVerdict, threshold: float, variant: str) -> Assessment:
    """The assessment of one lead; the rank stays open.

    A call that failed is no verdict. A model that says yes with a score below the persona's threshold, or no with one
    above it, contradicts itself: the lead is not contacted, and a person should look. Without a score (nobody scores
    who was sorted out before) the score stays blank. A lead that a gate rejected and the model would contact is
    contacted, and a person should look.
    """
    doubt = (*((lead.doubt,) if lead.doubt else ()), *((SAMPLED,) if lead.sampled else ()))
    if isinstance(judged, NoVerdict):
        return Assessment(
            "not_judged", None, None, None, None, 0.0, f"Not judged: {judged.words} Rank again to try once more.",
            (FAILED, f"call_{judged.reason}", *doubt), needs_review=True, variant=variant,
        )  # fmt: skip
    over = judged.score is not None and judged.score >= threshold
    qualified = over and judged.relevant is not False
    torn = judged.score is not None and judged.relevant is not None and judged.relevant != over
    score = judged.score
    if score is not None and not qualified:
        score = max(0.0, min(score, threshold - 0.1))
    confidence = judged.sure * _DOUBT.get(lead.doubt or "", 1.0) * (0.5 if torn else 1.0)
    text = judged.reason or "The model gave no reason."
    sized = not lead.doubt or lead.doubt == "size_spans"
    at_odds = "judge_disagrees" in judged.flags or (lead.sampled and qualified)
    return Assessment(
        status="ranked" if qualified else "not_relevant",
        qualified=qualified,
        score=None if score is None else round(score, 1),
        department_fit=judged.department,
        seniority_fit=judged.seniority,
        confidence=round(confidence, 2),
        reasoning=("" if qualified else "Not contacted: ") + text,
        flags=tuple(sorted((*doubt, *judged.flags, *(("contradiction",) if torn else ())))),
        needs_review=torn or at_odds or not sized or judged.sure < _UNSURE,
        variant=variant,
    )

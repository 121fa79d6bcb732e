"""A comparison of two versions, and what a labelled set holds, as text for a terminal and as values for JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from ranker.evaluation.compare import Comparison, Difference, limit, p_in_words
from ranker.evaluation.look import LabelledSet
from ranker.evaluation.moves import Judged, Move
from ranker.evaluation.report import aligned, cell, short

SHOWN = 10
"""Companies, and leads, that the text names; JSON has all of them."""


def comparison_text(comparison: Comparison, moves: Sequence[Move], candidate: str, base: str) -> str:
    """The verdict, every figure, and the worst companies and leads. Ends without a line break.

    `candidate` and `base` are the names of the versions.
    """
    main = comparison.difference
    parts = [
        f"{candidate} against {base}",
        f"Verdict: {comparison.words}.",
        f"It rests on {main.figure} alone; every other figure is described, not judged.",
        "",
        *aligned(
            [
                ["figure", "this", "other", "difference", "95% from", "95% to", "p", "companies"],
                *(_figure(one) for one in (main, *comparison.figures.values())),
            ]
        ),
        "",
        f"Change of {main.figure} by company, the worst first",
        *aligned(
            [
                ["company", "this", "other", "change"],
                *(
                    [short(one.company), cell(one.candidate), cell(one.base), limit(one.change)]
                    for one in comparison.companies[:SHOWN]
                ),
            ]
        ),
        *_more(len(comparison.companies), "companies"),
        "",
        *_moves(moves),
    ]
    return "\n".join(parts)


def comparison_values(comparison: Comparison, moves: Sequence[Move], base: str) -> dict[str, Any]:
    """The whole comparison for JSON; the label of a lead that is not relevant is "none"."""
    values = asdict(comparison)
    values["other"] = base
    values["moved"] = [
        {**asdict(move), "label": "none" if move.label == math.inf else int(move.label)} for move in moves
    ]
    return values


def look_text(found: LabelledSet) -> str:
    """A few lines on what is labelled and what contradicts what. Ends without a line break."""
    leads = sum(company.leads for company in found.companies)
    none = sum(company.not_relevant for company in found.companies)
    single = sum(company.leads == 1 for company in found.companies)
    gaps = sum(bool(company.gaps) for company in found.companies)
    ties = sum(bool(company.ties) for company in found.companies)
    across = sum(one.across for one in found.contradictions)
    missed = sum(not one.qualified for one in found.disagreements)
    sure = sum(one.sure for one in found.disagreements)
    lines = [
        f"Labelled leads: {leads:,} ({leads - none:,} ranked, {none:,} not relevant). ",
        f"Companies: {len(found.companies):,}, of them with one lead, which counts for relevance only: {single:,}.\n",
        f"Companies with gaps in their ranks: {gaps:,}; with ranks that leads share: {ties:,}.\n",
        f"Titles that have another label at the same size: {len(found.contradictions):,}; of them relevant for one ",
        f"lead and not for another: {across:,}.\n",
        f"Labels against this persona: {len(found.disagreements):,} ({missed:,} ranked that it leaves out, ",
        f"{len(found.disagreements) - missed:,} not relevant that it takes); without a doubt on its side: {sure:,}.",
    ]
    return "".join(lines)


def look_values(found: LabelledSet) -> dict[str, Any]:
    """What `look` found, for JSON, without titles and reasons of leads."""
    return {
        "companies": {
            company.name: {
                "leads": company.leads,
                "not_relevant": company.not_relevant,
                "ranks": company.ranks,
                "gaps": company.gaps,
                "ties": company.ties,
            }
            for company in found.companies
        },
        "contradictions": [[source_id for source_id, _ in one.labels] for one in found.contradictions],
        "against_persona": [one.source_id for one in found.disagreements],
        "not_judged": found.not_judged,
    }


def _figure(one: Difference) -> list[str]:
    interval = one.interval
    return [
        one.figure, cell(one.candidate), cell(one.base), limit(interval.mean), limit(interval.low),
        limit(interval.high), p_in_words(one.p)[2:].removeprefix("= "), str(interval.companies),
    ]  # fmt: skip


def _moves(moves: Sequence[Move]) -> list[str]:
    worse = sum(move.harm > 0 for move in moves)
    better = sum(move.harm < 0 for move in moves)
    lines = [f"Leads that moved: {len(moves):,}, {worse:,} for the worse and {better:,} for the better"]
    for move in moves[:SHOWN]:
        label = "none" if move.label == math.inf else str(int(move.label))
        lines += [
            f"{move.source_id} at {short(move.company)}, label {label}: {_place(move.base)} → {_place(move.candidate)}",
            f"  other: {move.base.reason}",
            f"  this:  {move.candidate.reason}",
        ]
    return lines + _more(len(moves), "leads")


def _place(judged: Judged) -> str:
    prediction = judged.prediction
    if prediction.qualified is None:
        return "not judged"
    if not prediction.qualified:
        return "not relevant"
    return "qualified" if prediction.rank is None else f"rank {prediction.rank}"


def _more(number: int, what: str) -> list[str]:
    return [f"… and {number - SHOWN:,} more {what} (--json has all)"] if number > SHOWN else []

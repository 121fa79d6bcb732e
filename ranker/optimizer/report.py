"""An optimization as text for a terminal and as values for JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from ranker.evaluation.compare import HEADLINE, Comparison, limit
from ranker.optimizer.explained import explained, lineage
from ranker.optimizer.memory import Candidate
from ranker.optimizer.outcome import Outcome, SearchResult
from ranker.optimizer.standing import headline
from ranker.optimizer.subject import text_hash


def outcome_text(outcome: Outcome) -> str:
    """What was found, how surely, and the proposal with the reason beside each change. Ends without a line break."""
    search = outcome.search
    parts = [
        outcome.split.words,
        _figures(search),
        search.ended_words,
        search.why,
        "",
        f"Cross-validation: {_nested(outcome)}",
        f"Hold-out: {'none.' if outcome.opening is None else outcome.opening.words}",
        outcome.claim.words,
        "",
        *_proposal(search, outcome.claim.gain),
    ]
    return "\n".join(parts)


def outcome_values(outcome: Outcome) -> dict[str, Any]:
    """Everything for JSON: who was tried, figures by company, comparisons, the proposal with its reasons."""
    search = outcome.search
    proposed = search.proposed
    steps = lineage(search.candidates, proposed.number)
    return {
        "settings": asdict(outcome.settings),
        "split": asdict(outcome.split),
        "counts": asdict(outcome.counts),
        "claim": {"gain": outcome.claim.gain, "words": outcome.claim.words},
        "nested": None if outcome.nested is None else asdict(outcome.nested),
        "opening": None if outcome.opening is None else asdict(outcome.opening),
        "start": _standing(search, 0),
        "best": {"number": search.best, **_standing(search, search.best)},
        "proposal": {
            "number": proposed.number,
            "text": proposed.text,
            "why": search.why,
            **_standing(search, proposed.number),
            "steps": [{"number": one.number, "critique": one.critique, "edit": one.edit} for one in steps[1:]],
            "lines": [{**asdict(one.line), "steps": list(one.steps)} for one in explained([one.text for one in steps])],
        },
        "ended": {"how": search.ended, "words": search.ended_words},
        "candidates": [_candidate(search, one) for one in search.candidates],
        "folds": [
            {
                "left_out": list(fold.left_out),
                "proposal": text_hash(fold.result.proposed.text),
                "changed": fold.result.proposal != 0,
                "new": {company: headline(figures) for company, figures in fold.new.items()},
                "old": {company: headline(figures) for company, figures in fold.old.items()},
            }
            for fold in outcome.folds
        ],
    }


def _figures(search: SearchResult) -> str:
    if not search.standings:  # the budget did not reach for the start itself
        return f"{HEADLINE} at the companies searched: not known, not even of the text as it is."
    start, best = search.standings[0].pairs_f1, search.standings[search.best].pairs_f1
    return f"{HEADLINE} at the companies searched: {start:.3f} at first, {best:.3f} with the best text."


def _nested(outcome: Outcome) -> str:
    found = outcome.nested
    if found is None:
        return "none."
    changed = sum(fold.result.proposal != 0 for fold in outcome.folds)
    of = f"{changed} of {len(outcome.folds)} further searches proposed a change"
    return f"{of}; at the companies that they did not see {gain_words(found)}."


def gain_words(found: Comparison) -> str:
    """ "the gain is +0.012 (95% interval -0.004 to +0.028, 12 companies)", without a full stop."""
    interval = found.difference.interval
    many = "1 company" if interval.companies == 1 else f"{interval.companies} companies"
    return f"the gain is {interval.mean:+.3f} (95% interval {limit(interval.low)} to {limit(interval.high)}, {many})"


def _proposal(search: SearchResult, claimed: bool) -> Iterator[str]:
    steps = lineage(search.candidates, search.proposal)
    if len(steps) == 1:
        yield "Nothing to change: the text stays as it is."
        return
    yield "Changes, each with its reason" + ("" if claimed else "; without evidence that they would help elsewhere")
    told: set[int] = set()
    lines = explained([one.text for one in steps])
    for at, one in enumerate(lines):
        if one.line.kind not in ("gone", "new"):
            continue
        sign, number = ("-", one.line.old) if one.line.kind == "gone" else ("+", one.line.new)
        yield f"  line {number:>3} {sign} {one.line.text}"
        after = lines[at + 1] if at + 1 < len(lines) else None
        if after is None or after.steps != one.steps or after.line.kind == "gap":
            for step in one.steps:
                yield from _reason(step, steps[step], step in told)
                told.add(step)


def _reason(step: int, one: Candidate, told: bool) -> Iterator[str]:
    if told:
        yield f"             ({step}) as above"
    else:
        yield f"             ({step}) {one.critique}"
        yield f"                 {one.edit}"


def _standing(search: SearchResult, number: int) -> dict[str, float | None]:
    found = search.standings.get(number)
    return {} if found is None else asdict(found)


def _candidate(search: SearchResult, one: Candidate) -> dict[str, Any]:
    beams: Sequence[int] = [at for at, beam in enumerate(search.beams) if one.number in beam]
    return {
        "number": one.number,
        "parent": one.parent,
        "generation": one.generation,
        "state": one.state,
        "reason": one.reason,
        "critique": one.critique,
        "edit": one.edit,
        "hash": one.hash,
        "beams": list(beams),
        **_standing(search, one.number),
    }

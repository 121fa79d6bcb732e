"""The form of an answer, and what of it can be used: every row is taken or refused by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ranker.scoring.llm.templates import shown

_SURE = {"low": 0.3, "medium": 0.6, "high": 0.9}
_LONGEST_REASON = 240
TOP = {"pointwise": 10, "rank": 100, "score": 10, "rescore": 10, "final": 10}
"""The highest score of a task; ``qualify`` gives none."""
_FIELDS = {
    "pointwise": ("relevant", "department", "seniority", "score", "sure", "reason"),
    "qualify": ("relevant", "sure", "reason"),
    "rank": ("department", "seniority", "score", "sure", "reason"),
    "score": ("department", "seniority", "score"),
    "rescore": ("score",),
    "final": ("score", "reason"),
}
"""What a row of each task holds beside its id, in the order in which it is written."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One lead's row of an answer. ``score`` is 0 to 100, the fits and ``sure`` 0 to 1; ``None``: not asked for.

    ``flags``: what was odd where several answers were put together. ``reason`` is "" where none was asked for.
    """

    relevant: bool | None
    score: float | None
    department: float | None
    seniority: float | None
    sure: float
    reason: str
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """What an answer holds: the rows that can be used by id; ids that came twice with different content; strangers."""

    good: dict[int, Judged]
    doubled: frozenset[int] = frozenset()
    invented: int = 0
    refused: int = 0


def schema_of(task: str, count: int) -> dict[str, Any]:
    """The JSON schema of an answer about ``count`` leads: bounded everywhere, so that no model runs on for ever."""
    ten = {"type": "integer", "enum": list(range(11))}
    top = TOP.get(task, 10)
    known: dict[str, dict[str, Any]] = {
        "relevant": {"type": "boolean"},
        "department": ten,
        "seniority": ten,
        "score": ten if top == 10 else {"type": "integer", "minimum": 0, "maximum": top},
        "sure": {"type": "string", "enum": list(_SURE)},
        "reason": {"type": "string", "maxLength": 160},
    }
    fields: dict[str, Any] = {"id": {"type": "integer", "minimum": 1, "maximum": count}}
    fields |= {name: known[name] for name in _FIELDS[task]}
    one = {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}
    return {
        "type": "object",
        "properties": {"leads": {"type": "array", "minItems": count, "maxItems": count, "items": one}},
        "required": ["leads"],
        "additionalProperties": False,
    }


def reader_of(task: str, count: int) -> Callable[[Any], Rows]:
    """A function that reads an answer about leads 1 to ``count``; it raises ``ValueError`` if no row can be used."""

    def read(data: Any) -> Rows:
        listed = data.get("leads") if isinstance(data, dict) else data
        if not isinstance(listed, list):
            raise ValueError("no rows")
        good: dict[int, Judged] = {}
        doubled: set[int] = set()
        invented = refused = 0
        for item in listed:
            number = item.get("id") if isinstance(item, dict) else None
            if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= count:
                invented += 1
                continue
            judged = _judged(task, item)
            if judged is None:
                refused += 1
            elif number in good and good[number] != judged:
                doubled.add(number)
            else:
                good[number] = judged
        for number in doubled:
            del good[number]
        if not good:
            raise ValueError("no row can be used")
        return Rows(good, frozenset(doubled), invented, refused)

    return read


def _judged(task: str, item: dict[str, Any]) -> Judged | None:
    """A row as a value; ``None`` where something is missing or out of its range."""
    parts: dict[str, Any] = {}
    for name in _FIELDS[task]:
        value = item.get(name)
        if name == "relevant":
            parts[name] = value if isinstance(value, bool) else None
        elif name == "sure":
            parts[name] = _SURE.get(value) if isinstance(value, str) else None
        elif name == "reason":
            parts[name] = shown(value, _LONGEST_REASON) if isinstance(value, str) else None
        else:
            parts[name] = _number(value, TOP[task] if name == "score" else 10)
        if parts[name] is None:
            return None
    score = parts.get("score")
    return Judged(
        relevant=parts.get("relevant"),
        score=None if score is None else round(score * 100, 1),
        department=parts.get("department"),
        seniority=parts.get("seniority"),
        sure=parts.get("sure", 1.0),
        reason=parts.get("reason", ""),
    )


def _number(value: Any, top: int) -> float | None:
    """The share of ``top``, 0 to 1; ``None`` for what is no number in its range."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= top:
        return None
    return value / top

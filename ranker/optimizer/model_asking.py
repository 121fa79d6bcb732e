"""The two questions of an optimization with a model: what is wrong with a text, and changes that mend it.

Both by templates that have versions (``ranker.templates.tasks``); the first sees errors as rows of data, the second
sees what the first said and no lead at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ranker.errors import CandidateRefused
from ranker.llm.question import Question
from ranker.optimizer.line_edits import DOES, LineChange, apply, count_lines, numbered
from ranker.optimizer.model_errors import SignedError
from ranker.scoring.llm.templates import LONGEST, Prompt, shown

POINTS = 3
"""Points of a critique at most."""
CHANGES = 6
"""Changes of lines in one version at most."""
_LONGEST_CHANGE = 600
_LONGEST_WHY = 300
_TOKENS_A_POINT = 220
_TOKENS_A_CHANGE = 180


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that is wrong, and what should be changed therefore."""

    wrong: str
    mend: str


@dataclass(frozen=True, slots=True)
class Version:
    """A whole new text, and why, in a sentence."""

    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Slot:
    """What may change, as a model is told: ``about`` says what the text is, ``keep`` what a change has to leave."""

    about: str
    keep: str


def critique_question(prompt: Prompt, slot: Slot, text: str, errors: Sequence[SignedError]) -> Question:
    """What in the text led to these errors? Raises ``LlmSetup`` if the prompt can't be filled in."""
    rows = [error.row(number) for number, error in enumerate(errors, start=1)]
    system, user = prompt.filled({"text": text, "about": slot.about}, {"leads": rows})
    said = {"type": "string", "maxLength": LONGEST["wrong"]}
    return Question(
        "critique", system, user, "critique", _listed("points", {"wrong": said, "mend": said}, 1, POINTS),
        100 + POINTS * _TOKENS_A_POINT,
    )  # fmt: skip


def read_critique(data: Any) -> list[Point]:
    """The points of an answer; raises ``ValueError`` if it has none that can be used."""
    points = []
    for item in _items(data, "points")[:POINTS]:
        wrong, mend = (shown(item[name], LONGEST[name]) for name in ("wrong", "mend"))
        if wrong or mend:
            points.append(Point(wrong, mend))
    if not points:
        raise ValueError("no points")
    return points


def edit_question(prompt: Prompt, slot: Slot, text: str, points: Sequence[Point], wanted: int) -> Question:
    """So many versions that mend these points. Raises ``LlmSetup`` if the prompt can't be filled in."""
    rows = [{"id": number, "wrong": one.wrong, "mend": one.mend} for number, one in enumerate(points, start=1)]
    system, user = prompt.filled(
        {"lines": numbered(text), "about": slot.about, "keep": slot.keep}, {"points": rows, "wanted": wanted}
    )
    change = {
        "line": {"type": "integer", "minimum": 1, "maximum": count_lines(text)},
        "do": {"type": "string", "enum": list(DOES)},
        "text": {"type": "string", "maxLength": _LONGEST_CHANGE},
    }
    version = {"why": {"type": "string", "maxLength": _LONGEST_WHY}, "changes": _array(change, 1, CHANGES)}
    return Question(
        "edit", system, user, "versions", _listed("versions", version, wanted, wanted),
        200 + wanted * (_LONGEST_WHY // 3 + CHANGES * _TOKENS_A_CHANGE),
    )  # fmt: skip


def edit_reader(text: str, wanted: int) -> Callable[[Any], list[Version]]:
    """A function that reads the versions of an answer; those that can't be applied to the text are left out.

    It raises ``ValueError`` if none is left, so that the model is asked again.
    """

    def read(data: Any) -> list[Version]:
        versions = []
        for item in _items(data, "versions")[:wanted]:
            try:
                new = apply(text, [_change(one) for one in _items(item, "changes")[:CHANGES]])
            except (CandidateRefused, ValueError, KeyError, TypeError):
                continue
            versions.append(Version(new, shown(str(item.get("why", "")), _LONGEST_WHY)))
        if not versions:
            raise ValueError("no version can be applied")
        return versions

    return read


def _change(item: Mapping[str, Any]) -> LineChange:
    line, do, text = item["line"], item["do"], item.get("text", "")
    if isinstance(line, bool) or not isinstance(line, int) or do not in DOES or not isinstance(text, str):
        raise ValueError("no change of a line")
    if do == "insert_after" and not text.strip():
        raise ValueError("nothing to insert")
    return LineChange(line, do, text)


def _items(data: Any, name: str) -> list[dict[str, Any]]:
    listed = data.get(name) if isinstance(data, dict) else data
    if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
        raise ValueError(f"no list of {name}")
    return listed


def _array(fields: Mapping[str, Any], least: int, most: int) -> dict[str, Any]:
    one = {"type": "object", "properties": dict(fields), "required": list(fields), "additionalProperties": False}
    return {"type": "array", "minItems": least, "maxItems": most, "items": one}


def _listed(name: str, fields: Mapping[str, Any], least: int, most: int) -> dict[str, Any]:
    """A JSON schema that is bounded everywhere, so that no model runs on for ever."""
    return {
        "type": "object", "properties": {name: _array(fields, least, most)}, "required": [name],
        "additionalProperties": False,
    }  # fmt: skip

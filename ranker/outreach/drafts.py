"""The second of the two calls: the question for messages, and what of its answer can be used."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ranker.llm.question import Question
from ranker.outreach.facts import bounded, rows_of
from ranker.outreach.sequence import FIRST_LONGEST, FOLLOW_LONGEST, Analysis, Known, Request, longest
from ranker.outreach.tone import Tone
from ranker.scoring.llm.templates import Prompt, shown

LONGEST_REASONING = 400
LONGEST_SUMMARY = 600
_MOST_KEPT = 4_000
"""Characters of a message that are read at all."""
_TOKENS_A_MESSAGE = 420


@dataclass(frozen=True, slots=True)
class Draft:
    """One message as a model wrote it. ``confidence``: 0 to 1, None where it gave no number."""

    content: str
    reasoning: str = ""
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Drafts:
    """What an answer holds: a draft for each step of those asked for, and how many messages it had in all."""

    by_step: Mapping[int, Draft]
    had: int
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked in one round: ``steps`` to write; ``kept`` stay; ``wrong``: with the attempt before, in words.

    ``turn``: the how-manieth text for the same request, so that an answer kept from before is not taken again.
    """

    steps: tuple[int, ...]
    attempt: int = 1
    kept: Mapping[int, str] = field(default_factory=dict)
    wrong: Sequence[str] = ()
    turn: int = 0


def tone_words(tone: Tone) -> str:
    """A tone as a writer is told it, a line for each dimension."""
    return "\n".join(f"- {name.capitalize()}: {words}" for name, words in tone.words().items())


def write_question(prompt: Prompt, known: Known, request: Request, analysis: Analysis, task: Task) -> Question:
    """What a model is asked in one round. Raises ``LlmSetup`` if the prompt can't be filled in.

    The first part is the same for every prospect of a request, so that providers can keep it.
    """
    system, user = prompt.filled(
        {
            "wanted": request.messages, "first_limit": FIRST_LONGEST + 1, "follow_limit": FOLLOW_LONGEST + 1,
            "tone": tone_words(request.tone), "sender": [{"about": request.context}],
        },
        {
            "steps": ", ".join(map(str, task.steps)), "attempt": task.attempt,
            "analysis": [{"summary": analysis.summary, "role": analysis.role}],
            "signals": [{"text": one.text, "rests": one.rests} for one in analysis.signals],
            "kept": [{"step": step, "content": text} for step, text in sorted(task.kept.items())],
            "wrong": [{"wrong": one} for one in task.wrong], "facts": rows_of(known, verdict=False),
        },
    )  # fmt: skip
    wanted = len(task.steps)
    message = bounded({
        "step": {"type": "integer", "enum": list(task.steps)},
        "content": {"type": "string", "maxLength": max(longest(step) for step in task.steps)},
        "reasoning": {"type": "string", "maxLength": LONGEST_REASONING},
        "confidence": {"type": "number", "minimum": 0, "maximum": 1},
    })  # fmt: skip
    schema = bounded({
        "messages": {"type": "array", "minItems": wanted, "maxItems": wanted, "items": message},
        "summary": {"type": "string", "maxLength": LONGEST_SUMMARY},
    })  # fmt: skip
    return Question(
        "write", system, user, "sequence", schema, 300 + _TOKENS_A_MESSAGE * wanted,
        apart=f"prospect {known.prospect_id}" + (f", text {task.turn}" if task.turn else ""),
    )  # fmt: skip


def reader(steps: Sequence[int]) -> Callable[[Any], Drafts]:
    """A function that reads an answer about these steps; it raises ``ValueError`` if no message can be used.

    A step's number that is no whole number counts for its place, where as many messages came as were asked for. Of a
    step that came twice with different words neither counts.
    """

    def read(data: Any) -> Drafts:
        listed = data.get("messages") if isinstance(data, dict) else data
        if not isinstance(listed, list):
            raise ValueError("no messages")
        items = [item for item in listed if isinstance(item, dict)]
        numbers = [_number(item.get("step")) for item in items]
        if len(items) == len(steps) and set(numbers) != set(steps):
            numbers = list(steps)
        found: dict[int, Draft] = {}
        doubled: set[int] = set()
        for number, item in zip(numbers, items, strict=True):
            draft = _draft(item)
            if number is None or number not in steps or draft is None:
                continue
            if number in found and found[number].content != draft.content:
                doubled.add(number)
            found[number] = draft
        for number in doubled:
            del found[number]
        if not found:
            raise ValueError("no message can be used")
        summary = data.get("summary") if isinstance(data, dict) else None
        said = shown(summary, LONGEST_SUMMARY) if isinstance(summary, str) else ""
        return Drafts(found, len(items), said)

    return read


def clean(text: str) -> str:
    """A message as it is kept: no control or invisible signs, no space at the ends of lines, paragraphs as they are."""
    lines = re.split(r"\r\n|[\n\r\v\f\x85\u2028\u2029]", text[:_MOST_KEPT])
    kept = (" ".join("".join(sign for sign in line if _visible(sign)).split()) for line in lines)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _visible(sign: str) -> bool:
    kind = unicodedata.category(sign)
    return sign in "\t\u200d" or kind not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def _draft(item: Mapping[str, Any]) -> Draft | None:
    content = item.get("content")
    if not isinstance(content, str) or not any(sign.isalnum() for sign in clean(content)):
        return None
    reasoning = item.get("reasoning")
    said = shown(reasoning, LONGEST_REASONING) if isinstance(reasoning, str) else ""
    return Draft(clean(content), said, _confidence(item.get("confidence")))


def _confidence(value: Any) -> float | None:
    """A number beyond either end is that end; what is no number is None. Alone it is never asked about again."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        return None
    return float(min(1.0, max(0.0, value)))


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None

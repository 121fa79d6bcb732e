"""The first of the two calls: who a prospect is, by what is known. What it invents is left out, never passed on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ranker.llm.question import Question
from ranker.outreach.facts import INFERRED, PERSONA, SENT, analysis_hash, bounded, facts_of, rows_of, sayable
from ranker.outreach.invented import invented
from ranker.outreach.sentences import sentences
from ranker.outreach.sequence import Analysis, Known, Signal, Source
from ranker.scoring.llm.templates import LONGEST, Prompt, shown

SIGNALS = 6
"""Signals of an analysis, at most."""
NOBODY = "Nothing is known of this person but the address of the profile."
_NO_PERSONA = "(There is none: nobody has judged this person.)"
_TOKENS = 900


def analysis_question(prompt: Prompt, known: Known) -> Question:
    """What a model is asked about one prospect. Raises ``LlmSetup`` if the prompt can't be filled in."""
    system, user = prompt.filled({"persona": known.persona.strip() or _NO_PERSONA}, {"facts": rows_of(known)})
    rests = {"type": "string", "enum": [*SENT, "verdict", PERSONA, INFERRED]}
    signal = bounded({"text": {"type": "string", "maxLength": LONGEST["text"]}, "rests": rests})
    schema = bounded({
        "summary": {"type": "string", "maxLength": LONGEST["summary"]},
        "role": {"type": "string", "maxLength": LONGEST["role"]},
        "signals": {"type": "array", "minItems": 0, "maxItems": SIGNALS, "items": signal},
    })  # fmt: skip
    return Question("analyse", system, user, "analysis", schema, _TOKENS, apart=f"prospect {known.prospect_id}")


def read_analysis(data: Any) -> Analysis:
    """The parts of an answer that can be used; raises ``ValueError`` if there is neither a summary nor a signal."""
    if not isinstance(data, dict):
        raise ValueError("no analysis")
    summary, role = (_text(data.get(name), LONGEST[name]) for name in ("summary", "role"))
    listed = data.get("signals")
    found: dict[str, Signal] = {}
    for item in listed if isinstance(listed, list) else ():
        if isinstance(item, dict):
            text = _text(item.get("text"), LONGEST["text"])
            if text:
                found.setdefault(text, Signal(text, _text(item.get("rests"), 60) or INFERRED))
    if not summary and not found:
        raise ValueError("nothing is said")
    return Analysis(summary, role, tuple(found.values())[:SIGNALS])


def trusted(said: Analysis, known: Known) -> Analysis:
    """The analysis without what is in no source.

    A sentence of the summary, or a signal, that names something which nobody told is left out; a signal that rests on
    a row which is not there, or is blank, counts as inferred. A role that the title does not say is the title itself.
    """
    # What the persona says is the sender's own: an analysis can name it, a message about the person can't rest on it.
    sources = [replace(one, kind="context") if one.kind == "persona" else one for one in sayable(known)]
    summary = " ".join(part for part in _parts(said.summary) if not _invents(part, sources))
    role = said.role if said.role and not _invents(said.role, sources) else known.value("title")
    signals = [replace(one, rests=_rests(one.rests, known)) for one in said.signals if not _invents(one.text, sources)]
    return replace(said, summary=summary, role=shown(role, LONGEST["role"]), signals=tuple(signals))


def unknown(known: Known) -> Analysis | None:
    """The analysis of somebody of whom nothing is known: there is nothing to ask about. None for anybody else."""
    return None if facts_of(known) else Analysis(NOBODY, "", ())


def hash_of(known: Known, prompt: Prompt, provider: str, model: str) -> str:
    """Under which an analysis is kept; another one means that it has to be made anew."""
    return analysis_hash(known, prompt.version, provider, model)


def _invents(text: str, sources: Sequence[Source]) -> bool:
    """Whether something is named that is in no source. A capital that only begins a note ("Runs a team") is no name."""
    marks = invented(text, sources)
    return any(one.kind != "name" or one.start > 0 or " " in one.text for one in marks)


def _rests(named: str, known: Known) -> str:
    if named == PERSONA and known.persona.strip():
        return PERSONA
    facts: Sequence[Source] = facts_of(known)
    if any(named == one.name for one in facts):
        return named
    verdict = next((one.name for one in facts if one.kind == "verdict"), INFERRED)
    return verdict if named == "verdict" else INFERRED


def _parts(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


def _text(value: Any, most: int) -> str:
    return shown(value, most) if isinstance(value, str) else ""

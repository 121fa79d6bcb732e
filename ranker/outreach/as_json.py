"""The values of outreach as the JSON that the database keeps, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from ranker.outreach.sequence import Analysis, Basis, Mark, Signal, Source
from ranker.outreach.tone import Tone


def sources_json(sources: Iterable[Source]) -> str:
    """A list of [kind, name, value]."""
    return _dump([_source(one) for one in sources])


def sources_of(text: str) -> tuple[Source, ...]:
    """``sources_json``, back."""
    return tuple(Source(*one) for one in json.loads(text))


def tone_json(tone: Tone, preset: str = "") -> str:
    """The three values, and the name of the preset that they were copied from."""
    return _dump(tone.as_json() | ({"preset": preset} if preset else {}))


def tone_of(text: str) -> tuple[Tone, str]:
    """``tone_json``, back: (tone, preset's name)."""
    values = json.loads(text)
    preset = str(values.pop("preset", ""))
    return Tone.of(values)[0], preset


def marks_json(marks: Iterable[Mark]) -> str:
    """A list of objects."""
    return _dump([asdict(one) for one in marks])


def marks_of(text: str) -> tuple[Mark, ...]:
    """``marks_json``, back."""
    return tuple(Mark(**one) for one in json.loads(text))


def basis_json(basis: Iterable[Basis]) -> str:
    """A list of objects; sources as ``sources_json`` writes them."""
    return _dump(
        [
            {"start": one.start, "end": one.end, "rests": one.rests, "sources": [_source(each) for each in one.sources]}
            for one in basis
        ]
    )


def basis_of(text: str) -> tuple[Basis, ...]:
    """``basis_json``, back."""
    return tuple(
        Basis(one["start"], one["end"], one["rests"], tuple(Source(*each) for each in one["sources"]))
        for one in json.loads(text)
    )


def analysis_json(analysis: Analysis) -> str:
    """Summary, role and signals; the rest stands in columns."""
    signals = [{"text": one.text, "rests": one.rests} for one in analysis.signals]
    return _dump({"summary": analysis.summary, "role": analysis.role, "signals": signals})


def read_analysis(text: str, digest: str, model: str, number: int) -> Analysis:
    """``analysis_json``, back."""
    said = json.loads(text)
    signals = tuple(Signal(one["text"], one["rests"]) for one in said["signals"])
    return Analysis(said["summary"], said["role"], signals, digest, model, number)


def plain(said: str) -> str:
    """A text that every database keeps. A sign that one can't keep (NUL, half a character) becomes U+FFFD, one for
    one, so that places within the text stay what they are.
    """
    if said.isprintable():
        return said
    return "".join("\ufffd" if sign == "\0" or "\ud800" <= sign <= "\udfff" else sign for sign in said)


def _source(one: Source) -> list[str]:
    return [one.kind, one.name, one.value]


def _dump(value: Any) -> str:
    return plain(json.dumps(value, ensure_ascii=False))

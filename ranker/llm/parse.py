"""JSON out of what a model wrote: exact where it kept to the form, and out of a fence or a sentence where not."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

_FENCE = re.compile(r"```(?:json)?\s*\n(.*?)```", re.DOTALL | re.IGNORECASE)
_THOUGHT = re.compile(r"^\s*<think>.*?</think>", re.DOTALL)


def read_json(text: str) -> Any:
    """The one JSON object or list in a text. Raises ``ValueError`` where there is none, or it is cut short.

    NaN and Infinity are refused: they are no JSON.
    """
    body = _THOUGHT.sub("", text).strip().lstrip("\ufeff")
    fenced = _FENCE.search(body)
    for candidate in (body, fenced[1].strip() if fenced else ""):
        if candidate[:1] in {"{", "["}:
            try:
                return _loads(candidate)
            except ValueError:
                continue
    at = min((place for place in (body.find("{"), body.find("[")) if place >= 0), default=-1)
    if at < 0:
        raise ValueError("no JSON")
    try:
        value, _ = json.JSONDecoder(parse_constant=_refuse).raw_decode(body, at)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value


def _loads(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")

"""How priorities, sizes and names are written into a persona's text, in the manner of what stands there already.

Each function gives candidates, the most fitting first: the caller takes the first that reads back as meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from ranker.personas.priorities import find_priority, read_priority
from ranker.personas.sizes import range_text
from ranker.personas.spec import Bracket
from ranker.personas.vocabulary import vocabulary

_FRACTION = re.compile(r"(\d+(?:[.,]\d+)?)(\s*(?:/|out of|of|von|sur|de|su)\s*)(\d+)")
_PLAIN = re.compile(r"\d+(?:[.,]\d+)?")
_ARROW = re.compile(r"\s*(?:→|⟶|➔|➜|⇒|->|=>|–>|—>)\s*")
_TOKEN = re.compile(rf"{_FRACTION.pattern}|\d+(?:[.,]\d+)?\s*%|[★⭐✭✩☆]+")
_SPECIAL = re.compile(r"([\\`*_\[\]<>|~])")


def number(value: float) -> str:
    """A number with at most two decimals, without zeros at its end."""
    return f"{round(value, 2):g}"


def as_written(old: str, priority: float) -> str:
    """A priority in the notation of ``old``: out of the same number, a percentage, stars; else out of 5."""
    fraction = _FRACTION.fullmatch(old)
    if fraction:
        return f"{number(priority * int(fraction[3]))}{fraction[2]}{fraction[3]}"
    if re.fullmatch(r"\d+(?:[.,]\d+)?\s*%", old):
        return f"{number(priority * 100)}%"
    if find_priority(old) and set(old) <= set("★☆"):
        full = round(priority * max(5, len(old)))
        if abs(full / max(5, len(old)) - priority) < 1e-9 and (full or "☆" in old):
            return "★" * full + "☆" * (max(5, len(old)) - full if "☆" in old or len(old) < 5 else 0)
    return f"{number(priority * 5)}/5"


def spellings(old: str, priority: float, was: float | None = None) -> Iterator[str]:
    """Ways to write one priority. ``was`` is what ``old`` means, which gives a plain number its scale."""
    if _PLAIN.fullmatch(old):
        scales = [float(old.replace(",", ".")) / was] if was else [5.0, 10.0, 100.0]
        yield from (number(priority * scale) for scale in scales)
    stars = set(old) <= set("★☆") and bool(old)
    if stars and "☆" not in old and abs(priority * 5 - round(priority * 5)) < 1e-9 and priority > 0:
        yield "★" * round(priority * 5)
    if stars and priority == 0:
        yield "none"
    yield as_written(old, priority)
    yield f"{number(priority * 5)}/5"
    exact = Fraction(priority).limit_denominator(60)
    yield f"{exact.numerator}/{exact.denominator}"


def one_token(old: str, priority: float) -> Iterator[str]:
    """``old`` with another priority in place of one of those in it: "5/5 at startups, 1/5 above"."""
    found = [(match.start(), match.end()) for match in _TOKEN.finditer(old)]
    if not found:
        phrases = sorted({" ".join(phrase) for phrase, _ in vocabulary().rows["priority"]}, key=len, reverse=True)
        for phrase in phrases:
            pattern = r"(?<!\w)" + r"\W+".join(map(re.escape, phrase.split())) + r"(?!\w)"
            found += [(match.start(), match.end()) for match in re.finditer(pattern, old, re.IGNORECASE)]
    for start, end in found:
        for new in spellings(old[start:end], priority):
            yield old[:start] + new + old[end:]


def by_size(old: str, values: Mapping[str, float], brackets: Sequence[Bracket]) -> Iterator[str]:
    """Ways to write a priority for each size in one place: one for all, "5/5 → 3/5 → 1/5", "5/5 at 1-50, …"."""
    known = [(one, values[one.name]) for one in brackets if one.name in values]
    token = _TOKEN.search(old)
    style = token[0] if token else ""
    if len({value for _, value in known}) == 1:
        yield from spellings(style, known[0][1])
    written = [_exact(style, value) for _, value in known]
    if len(known) == len(brackets) and (_ARROW.search(old) or not token or token[0] == old):
        sign = _ARROW.search(old)
        yield (sign[0] if sign else " → ").join(written)
    for where in ([one.name for one, _ in known], [range_text(one.low, one.high) for one, _ in known]):
        yield ", ".join(f"{text} at {size}" for size, text in zip(where, written, strict=True))


def _exact(style: str, value: float) -> str:
    """The first spelling that means exactly this."""
    for text in spellings(style, value):
        read = read_priority(text)
        if read is not None and abs(read - value) < 1e-6:
            return text
    return f"{number(value * 5)}/5"


def sizes(names: tuple[str, ...] | None, brackets: Sequence[Bracket], digits: bool) -> Iterator[str]:
    """Ways to say for which sizes something holds; ``digits``: numbers first, else names first."""
    if names is None:
        yield from ("All sizes", "all sizes")
        return
    chosen = [one for one in brackets if one.name in names]
    named, counted = _joined([one.name for one in chosen]), _joined([range_text(one.low, one.high) for one in chosen])
    whole = ""
    if chosen and chosen == list(brackets[len(brackets) - len(chosen) :]):
        whole = f"{chosen[0].low}+ employees"
    elif chosen and chosen == list(brackets[: len(chosen)]):
        whole = f"{chosen[0].low}-{chosen[-1].high} employees"
    numbers = [one for one in (whole, f"{counted} employees") if one]
    yield from [*numbers, named] if digits else [named, *numbers]


def _joined(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def names(text: str) -> Iterator[str]:
    """Ways to write a name: as it is, then with Markdown's own signs marked as plain ones."""
    yield text
    yield _SPECIAL.sub(r"\\\1", text)

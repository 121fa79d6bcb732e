"""How much something matters: "5/5", "9/10", "80%", "★★★★☆", "must have", "5/5 → 1/5", as 0.0 to 1.0."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ranker.personas.scopes import Scope, Sizes
from ranker.personas.vocabulary import find_words, vocabulary, words

_FRACTION = r"\d+(?:[.,]\d+)?\s*(?:/|out of|of|von|sur|de|su)\s*\d+"
_NUMERIC = re.compile(
    rf"(?<![\w/.,])(?:(?P<fraction>{_FRACTION})(?![\w/])|(?P<percent>\d+(?:[.,]\d+)?\s*%)|(?P<stars>[★⭐✭✩☆]\ufe0f?(?:\s?[★⭐✭✩☆]\ufe0f?)*))"
)
_ARROW = re.compile(r"\s*(?:→|⟶|➔|➜|⇒|->|=>|–>|—>)\s*")
_PLAIN = re.compile(r"\d+(?:[.,]\d+)?")
_NOTHING = frozenset({"-", "–", "—", "−", "--", "---", "/", "·"})
_STARS = 5


@dataclass(frozen=True, slots=True)
class FoundPriority:
    """A priority inside a longer text: `value` is text[start:end]."""

    value: float
    start: int
    end: int


def _ratio(number: str, scale: float) -> float | None:
    value = float(number.replace(",", ".")) / scale if scale else -1.0
    return value if 0 <= value <= 1 else None


def _numeric(match: re.Match[str]) -> float | None:
    if match["fraction"]:
        number, scale = re.findall(r"\d+(?:[.,]\d+)?", match["fraction"])
        return _ratio(number, float(scale))
    if match["percent"]:
        return _ratio(match["percent"].rstrip("% \t"), 100)
    full, empty = len(re.findall("[★⭐✭]", match["stars"])), len(re.findall("[☆✩]", match["stars"]))
    return full / max(_STARS, full + empty)


def find_priority(text: str) -> FoundPriority | None:
    """Return the first priority that is written as a fraction, a percentage or stars."""
    for match in _NUMERIC.finditer(text):
        value = _numeric(match)
        if value is not None:
            return FoundPriority(value, match.start(), match.end())
    return None


def read_priority(text: str, scale: float | None = None) -> float | None:
    """Read a text that is one priority; None where it is blank or something else.

    `scale` is what a plain number is out of. "N/A", a dash and "no" are 0.0. Stars without empty ones are out of
    five. A word counts with up to two words beside it ("High priority"), which must not be a second priority.
    """
    plain = text.strip().strip("()[]").strip()
    if plain in _NOTHING:
        return 0.0
    match = _NUMERIC.fullmatch(plain)
    if match:
        return _numeric(match)
    if _PLAIN.fullmatch(plain):
        return _ratio(plain, scale) if scale else None
    if _ARROW.search(plain) or _NUMERIC.search(plain):
        return None
    said = words(plain)
    longest = vocabulary().longest("priority", plain)
    if not longest or len(said) > len(longest[1]) + 2 or (len(said) > len(longest[1]) and len(longest[1][0]) < 3):
        return None
    if len(said) > len(longest[1]):
        at = find_words(longest[1], said)
        beside = " ".join(said[:at] + said[at + len(longest[1]) :])
        if vocabulary().has("priority", beside) or {"not", "less"} & set(said[:at]):
            return None
    found = find_priority(longest[0])
    return found.value if found else None


def scale_of(header: str, cells: Sequence[str]) -> float | None:
    """Return what the plain numbers of a column are out of.

    The header may say it: "(1-10)", "out of 5", "/100", "%". Otherwise the largest number decides: up to 5 is out
    of 5, up to 10 out of 10, up to 100 out of 100. None where the column has no plain number, or larger ones.
    """
    stated = re.search(r"(?:[-–—/]|\bto|\bof|\bvon|\bsur)\s*(\d+)\b|(%)", header)
    if stated:
        return 100.0 if stated[2] else float(stated[1])
    numbers = [float(cell.strip().replace(",", ".")) for cell in cells if _PLAIN.fullmatch(cell.strip())]
    return next((limit for limit in (5.0, 10.0, 100.0) if numbers and max(numbers) <= limit), None)


def read_relevance(
    text: str, sizes: Sizes, scale: float | None = None, note: str = "", scope: Scope | None = None
) -> dict[str, float] | None:
    """Read a relevance for every bracket: name → 0.0 to 1.0; None where none can be read.

    One value holds for all sizes. "5/5 → 1/5" runs from the smallest bracket to the largest, in equal steps.
    "5/5 at startups, 1/5 at enterprise" holds at those named, in equal steps between them; beyond them the nearest
    holds. One value with a size ("5/5 at startups") leaves 0.0 for the others. A note such as "Only relevant at
    startups" gives those the highest value and all others the lowest (0.0 where only one value is written).
    """
    names = sizes.names
    only = scope if scope is not None and scope.brackets else sizes.only(note)
    one = read_priority(text, scale)
    if one is not None:
        inside = only.brackets if only and only.brackets else names
        return {name: one if name in inside else 0.0 for name in names}
    ends = [read_priority(end, scale) for end in _ARROW.split(text)]
    if len(ends) > 1:
        values = [value for value in ends if value is not None]
        if len(values) < len(ends):
            return None
        if only and only.brackets:
            return {name: max(values) if name in only.brackets else min(values) for name in names}
        last = max(1, len(names) - 1)
        return _between({round(i * last / (len(values) - 1)): v for i, v in enumerate(values)}, names)
    return _clauses(text, sizes, scale)


def _between(known: dict[int, float], names: Sequence[str]) -> dict[str, float]:
    """Fill the brackets between those that are known, in equal steps, and those beyond with the nearest."""
    places = sorted(known)
    result = {}
    for index, name in enumerate(names):
        low = max((p for p in places if p <= index), default=places[0])
        high = min((p for p in places if p >= index), default=places[-1])
        share = (index - low) / (high - low) if high != low else 0.0
        result[name] = known[low] + (known[high] - known[low]) * share
    return result


def _clauses(text: str, sizes: Sizes, scale: float | None) -> dict[str, float] | None:
    """Read "must have at 1-50 employees, nice to have at 51-500, irrelevant above"."""
    known: dict[int, float] = {}
    before: list[int] = []
    clauses = [clause for clause in re.split(r"[;,]\s|\bbut\b", text) if clause.strip()]
    for clause in clauses:
        read = _value_and_rest(clause.strip(), scale)
        positions = sizes.read_after(read[1], before) if read else None
        if read is None or positions is None:
            return None
        before = positions[0] or before
        known.update(dict.fromkeys(positions[0], read[0]))
    if not known:
        return None
    if len(clauses) == 1:
        return {name: known.get(i, 0.0) for i, name in enumerate(sizes.names)}
    return _between(known, sizes.names)


def _value_and_rest(clause: str, scale: float | None) -> tuple[float, str] | None:
    """Split "nice to have at 51-500" or "startups: 5/5" into its value and the words about size."""
    number = find_priority(clause)
    if number:
        return number.value, (clause[: number.start] + " " + clause[number.end :]).strip(" :()–-")
    tokens = clause.split()
    for cut in range(len(tokens) - 1, 0, -1):
        for head, tail in ((tokens[:cut], tokens[cut:]), (tokens[-cut:], tokens[:-cut])):
            text = " ".join(head).strip(" :()–")
            value = (
                read_priority(text, scale) if vocabulary().whole("priority", text) or _PLAIN.fullmatch(text) else None
            )
            if value is not None:
                return value, " ".join(tail).strip(" :()–")
    return None

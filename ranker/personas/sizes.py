"""Employee counts as people and lead providers write them, and which size bracket they belong to."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

OPEN_END = 3
"""An open range such as "10,001+" is weighed as if it ended at three times its low end."""


@dataclass(frozen=True, slots=True)
class SizeRange:
    """Employees from `low` to `high`, both included; `high` is None where the range has no upper end."""

    low: int
    high: int | None

    def values(self) -> tuple[int, float]:
        """Return (low, high) with infinity for an open end."""
        return self.low, math.inf if self.high is None else self.high


class HasRange(Protocol):
    """Anything with a low and a high end, such as a persona's `Bracket`."""

    @property
    def low(self) -> int:
        """The smallest number of employees in it."""

    @property
    def high(self) -> int | None:
        """The largest, None for no upper end."""


def range_text(low: int, high: int | None) -> str:
    """Sizes as a persona writes them, which are read back as the same: "51-200", "1001+"."""
    return f"{low}+" if high is None else f"{low}-{high}"


def range_shown(low: int, high: int | None) -> str:
    """Sizes as people say them: "51–200", "1,001+"."""
    return f"{low:,}+" if high is None else f"{low:,}–{high:,}"


@dataclass(frozen=True, slots=True)
class FoundSize:
    """A size inside a longer text: text[start:end]; `unit` tells whether a word like "employees" stands by."""

    size: SizeRange
    start: int
    end: int
    unit: bool


_NUM = r"(?:\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3})+(?!\d)|\d+(?:[.,]\d+)?)\s?(?:k(?![^\W\d_]))?"
_DASH = r"(?:[-–—−‑‐~]|\b(?:to|bis|à|al?|until|through|and|und|et|y|e|i)\b)"
_UNITS = (
    r"(?:full[- ]time\s+)?(?:employees?|people|persons?|staff|ftes?|head\s?count|workers|team members|seats|"
    r"mitarbeiter(?:n|innen|nde)?|beschäftigten?|angestellten?|leute|employés?|salariés?|collaborateurs|personnes|"
    r"empleados|trabajadores|personas|funcionários|colaboradores|pessoas|trabalhadores|dipendenti|addetti|persone|"
    r"empleats|treballadors|persones)\b"
)
_OVER = (
    r"(?:>(?!=)|over|more than|above|greater than|larger than|bigger than|über|mehr als|plus de|más de|mas de|"
    r"mais de|più di|oltre|més de)"
)
_FROM = (
    r"(?:>=|≥|from|at least|minimum(?: of)?|min\.?|ab|mindestens|von|à partir de|au moins|desde|al menos|"
    r"a partir de|pelo menos|da|almeno|com a mínim)"
)
_UNDER = (
    r"(?:<(?!=)|fewer than|less than|under|below|smaller than|unter|weniger als|moins de|menos de|meno di|menys de)"
)
_UPTO = r"(?:<=|≤|up to|at most|maximum(?: of)?|max\.?|bis zu|bis|höchstens|jusqu['’]à|hasta|até|fino a|fins a)"
_MORE = r"(?:\+|\s?(?:or|and|und|oder|et|y|e|i|ou)\s(?:more|above|over|up|larger|mehr|darüber|plus|más|mais|più|més)\b)"
_LESS = r"(?:\s?(?:or|and)\s(?:fewer|less|below|under|smaller)\b)"
_SELF = r"(?:self[- ]employed|myself only|just me|only me|sole proprietor)"
_ALONE = frozenset({"solo", "freelance", "freelancer", "one-person", "one person", "me"})
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_SIZE = re.compile(
    rf"(?<![\w.,/])(?:(?P<self>{_SELF})\b"
    rf"|(?:(?:between|from|von|zwischen|entre|de|tra|da)\s+)?(?P<low>{_NUM})\s*{_DASH}\s*(?P<high>{_NUM})(?!\s?[+/%\d])"
    rf"|(?P<over>{_OVER})\s*(?P<over_n>{_NUM})"
    rf"|(?P<under>{_UNDER})\s*(?P<under_n>{_NUM})"
    rf"|(?P<upto>{_UPTO})\s*(?P<upto_n>{_NUM})"
    rf"|(?P<from>{_FROM})\s*(?P<from_n>{_NUM})\+?"
    rf"|(?P<more>{_NUM})(?P<unit_in>\s+{_UNITS})?{_MORE}"
    rf"|(?P<less>{_NUM})(?P<unit_less>\s+{_UNITS})?{_LESS}"
    rf"|(?P<exact>{_NUM}))(?![\w/%]|[.,]\d)(?P<tail>\s*{_UNITS})?",
    re.IGNORECASE,
)
_SPREADSHEET = re.compile(rf"(?:(\d+)-({'|'.join(_MONTHS)})|({'|'.join(_MONTHS)})-(\d+))", re.IGNORECASE)
_FILLER = re.compile(
    r"\b(?:about|approximately|approx\.?|circa|ca\.?|roughly|around|company size|size|of|with|in total|upwards|on)\b"
)


def _number(text: str) -> float | None:
    """Return the value of one number; a separator before exactly three digits groups thousands."""
    text = text.strip()
    kilo = text[-1:] in "kK" and text != ""
    digits = text[:-1].strip() if kilo else text
    grouped = re.fullmatch(r"\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3})+", digits)
    value = float(re.sub(r"\D", "", digits)) if grouped else float(digits.replace(",", "."))
    value = value * 1000 if kilo else value
    return value if value == int(value) and value < 1e9 else None


def _range_of(match: re.Match[str]) -> SizeRange | None:
    """Return the range that a match of `_SIZE` states, None where it is no possible employee count."""
    if match["self"]:
        return SizeRange(1, 1)
    low: float | None
    high: float | None
    if match["low"]:
        low_text, high_text = match["low"], match["high"]
        if high_text.strip()[-1:] in "kK" and low_text.strip()[-1:] not in "kK" and "." not in low_text:
            thousands, top = _number(low_text + "k"), _number(high_text)
            plain = _number(low_text)
            short = plain is not None and plain < 100 and thousands is not None and top is not None
            low_text = (
                low_text + "k" if short and thousands is not None and top is not None and thousands < top else low_text
            )
        low, high = _number(low_text), _number(high_text)
        return _checked(low, high) if low is not None and high is not None else None
    for name, shift, bounded in (
        ("over_n", 1, False), ("from_n", 0, False), ("more", 0, False),
        ("under_n", -1, True), ("upto_n", 0, True), ("less", 0, True),
    ):  # fmt: skip
        if match[name]:
            value = _number(match[name])
            if value is None:
                return None
            return _checked(1, value + shift) if bounded else _checked(value + shift, None)
    value = _number(match["exact"])
    return _checked(value, value) if value is not None and value > 0 else None


def _checked(low: float, high: float | None) -> SizeRange | None:
    if high is not None and (high < 1 or high < low):
        return None
    return SizeRange(max(1, int(low)), None if high is None else int(high))


def find_sizes(text: str) -> list[FoundSize]:
    """Return every employee count in a text, in order. Numbers that are a score ("5/5", "80%") are not counts."""
    found = []
    for match in _SIZE.finditer(text):
        size = _range_of(match)
        if size is not None:
            unit = any(match[name] for name in ("tail", "unit_in", "unit_less", "self"))
            found.append(FoundSize(size, match.start(), match.end(), bool(unit)))
    return found


def read_size(text: str) -> SizeRange | None:
    """Read an employee count; None where the text is blank or is not one count and nothing else.

    Both numbers of a range are read, so "201-500" is never taken for "1-50". "over 500" starts at 501, "fewer
    than 50" ends at 49. A range that a spreadsheet turned into a date ("10-Feb" for "2-10") is turned back.
    """
    plain = unicodedata.normalize("NFKC", text).strip().strip("()[]")
    if not plain:
        return None
    if plain.casefold() in _ALONE:
        return SizeRange(1, 1)
    date = _SPREADSHEET.fullmatch(plain)
    if date:
        day, month = int(date[1] or date[4]), _MONTHS.index((date[2] or date[3]).lower()) + 1
        return _checked(min(day, month), max(day, month))
    found = find_sizes(plain)
    if len(found) != 1:
        return None
    rest = plain[: found[0].start] + " " + plain[found[0].end :]
    rest = re.sub(_UNITS, " ", _FILLER.sub(" ", rest.casefold()), flags=re.IGNORECASE)
    return found[0].size if not re.sub(r"[\s:;,.()~]+", "", rest) else None


def _weight(low: float, high: float) -> float:
    """Return the length of low..high on a log scale, each whole number n counting ln((n+1)/n)."""
    return math.log((high + 1) / low) if high >= low else 0.0


def bracket_for(size: SizeRange, brackets: Sequence[HasRange]) -> tuple[int, bool]:
    """Return (position in `brackets` of the one that the size belongs to, whether it spans several).

    The rule: a range belongs to the bracket that holds most of it on a log scale, because size classes grow
    geometrically; an open end counts as three times its low end; a tie goes to the larger bracket. It spans when
    it has more than one value in more than one bracket: a single value on the edge, such as 1,000 in both
    "201-1,000" and "1,000+", is no span. A size in a gap between brackets, or beyond them all, belongs to the
    nearest one, measured in the same way. Raises ValueError without brackets.
    """
    if not brackets:
        raise ValueError("at least one size bracket is needed")
    low, high = size.low, float(size.low * OPEN_END if size.high is None else size.high)
    best, best_key, spanned = 0, (-math.inf, -math.inf), 0
    for index, bracket in enumerate(brackets):
        top = math.inf if bracket.high is None else float(bracket.high)
        first, last = max(low, bracket.low), min(high, top)
        if last >= first:
            closeness = _weight(first, last)
            spanned += last > first
        else:
            closeness = -math.log(bracket.low / high) if bracket.low > high else -math.log(low / top)
        key = (round(closeness, 12), float(bracket.low))
        if key > best_key:
            best, best_key = index, key
    return best, spanned > 1


def brackets_within(size: SizeRange, brackets: Sequence[HasRange]) -> tuple[list[int], bool]:
    """Return the positions of the brackets that a statement such as "50+ employees" is about, and whether it is exact.

    A bracket belongs to it when at least half of the bracket (log scale) lies within; where none does, the one
    bracket that holds the range. Not exact: some bracket is covered only in part.
    """
    low, high = size.values()
    chosen, exact = [], True
    for index, bracket in enumerate(brackets):
        top = math.inf if bracket.high is None else float(bracket.high)
        first, last = max(low, bracket.low), min(high, top)
        if last < first or (last == first and top != bracket.low):
            continue
        exact = exact and last >= top and first <= bracket.low + 1
        end = max(bracket.low, low) * OPEN_END if top == math.inf else top
        share = _weight(first, min(last, end)) / _weight(bracket.low, end)
        if share >= 0.5 or (first == bracket.low and last == top):
            chosen.append(index)
    if not chosen:
        return [bracket_for(size, brackets)[0]], False
    return chosen, exact

"""Numbers in a text in every notation: "1,200", "1.2k", "40%", "€5M", "51–200", "2x", "Q3", "2019", "two dozen"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from ranker.outreach.words import fold, lines

SOME = -1.0
"""The value of "dozens", "hundreds": a number that is not told."""


@dataclass(frozen=True, slots=True)
class Number:
    """text[start:end] with its values: two for a range. ``unit``: "", "%", "money", "x", "year", "quarter", "time"
    (of the day) or "date".
    """

    start: int
    end: int
    values: tuple[float, ...]
    unit: str
    text: str


_DIGITS = r"\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3})+(?![\d])|\d+(?:[.,]\d+)?"
_SCALES = {
    "k": 1e3, "tsd": 1e3, "thousand": 1e3, "tausend": 1e3, "mil": 1e3, "mille": 1e3, "hundred": 1e2, "hundert": 1e2,
    "m": 1e6, "mn": 1e6, "mm": 1e6, "mio": 1e6, "million": 1e6, "millions": 1e6, "millionen": 1e6, "millón": 1e6,
    "millones": 1e6, "milhões": 1e6, "milhão": 1e6, "milioni": 1e6, "b": 1e9, "bn": 1e9, "mrd": 1e9, "billion": 1e9,
    "milliarden": 1e9, "milliards": 1e9, "dozen": 12.0, "dutzend": 12.0,
}  # fmt: skip
_SCALE = "|".join(sorted(_SCALES, key=len, reverse=True))
_CURRENCY = r"(?:US\s?)?[$€£¥]|\b(?:EUR|USD|GBP|CHF)\b"
_MONEY = rf"{_CURRENCY}|(?:euros?|dollars?|pounds?|francs?|franken|dólares|reais)\b"
_PERCENT = r"%|(?:per ?cent|percentage|pct|prozent|por ciento|por cento|pour cent|procent)\b"
_MONTH = (
    r"jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz|apr(?:il)?|may|mai|june?|juni|july?|juli|aug(?:ust)?|"
    r"sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|"
    r"septiembre|octubre|noviembre|diciembre"
)
_NUMBER = re.compile(
    rf"(?P<date>(?<![\w.,])(?:\d{{4}}-\d\d-\d\d|\d{{1,2}}[./]\d{{1,2}}[./](?:\d{{4}}|\d\d)?(?!\d)|"
    rf"\d{{1,2}}(?:st|nd|rd|th|\.)?\s(?:of\s|de\s)?(?:{_MONTH})\b\.?(?:,?\s(?:19|20)\d\d)?|"
    rf"\b(?:{_MONTH})\.?\s\d{{1,2}}(?:st|nd|rd|th)?(?!\d)(?:,?\s(?:19|20)\d\d)?))|"
    r"(?P<time>(?<![\w.,])\d{1,2}(?:[:h]\d\d(?:\s?[ap]\.?m\b)?|\s?[ap]\.?m\b\.?|\s?(?:uhr|o['’]clock|h)\b))|"
    r"(?P<idiom>(?<![\w.,])(?:24/7|1:1|1-on-1|1-to-1|9-to-5|360°|50/50|80/20|100% (?:sure|agree|honest|"
    r"understand)\w*))|"
    r"(?P<quarter>\b(?:q[1-4]|h[12]|fy\s?\d\d(?:\d\d)?)\b(?:[\s/]?'?\d{2,4}\b)?)|"
    rf"(?:(?P<money>{_CURRENCY})\s?)?(?<![\w.,])(?P<first>{_DIGITS})\s?(?P<scale1>(?:{_SCALE})\b\.?)?"
    rf"(?:\s?(?:-|–|—|to\b|bis\b)\s?(?:{_CURRENCY})?(?P<second>{_DIGITS})(?![\w-]*[:/]))?(?P<plus>\+)?"
    rf"[\s-]?(?P<scale2>(?:{_SCALE})\b\.?)?(?P<plus2>\+)?"
    rf"(?:\s?(?:(?P<percent>{_PERCENT})|(?:de |d'|di )?(?P<money2>{_MONEY})|(?P<times>(?:x|×|-?fold|[- ]?fach|times|"
    rf"veces|"
    r"fois)\b)|(?P<ordinal>(?:st|nd|rd|th|er|e|º|ª|\.º)\b)))?(?![^\W_])",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19[5-9]|20[0-4])\d")
_FRACTION = re.compile(r"\b(?:a|one)[ -](?P<part>third|quarter|fifth|tenth)(?= of\b)", re.IGNORECASE)
_PARTS = {"third": 0.333, "quarter": 0.25, "fifth": 0.2, "tenth": 0.1}
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@cache
def _words() -> dict[str, dict[str, float]]:
    out: dict[str, dict[str, float]] = {}
    for line in lines("number_words"):
        name, *pairs = line.split()
        for word, _, value in (pair.partition("=") for pair in pairs):
            out.setdefault(name, {})[fold(word)] = SOME if value == "+" else float(value)
    return out


@cache
def number_words() -> frozenset[str]:
    """The words that are numbers, in every language, folded."""
    return frozenset(word for words in _words().values() for word in words)


def numbers(text: str, lang: str) -> list[Number]:
    """The numbers in order; number words are those of English and of ``lang`` ("" for all languages).

    A number within a word (B2B, G2) is none; "24/7", "1:1" and ordinals are none either.
    """
    out = []
    for found in _NUMBER.finditer(text):
        if found.group("idiom") or found.group("ordinal"):
            continue
        named = next((name for name in ("date", "time", "quarter") if found.group(name)), None)
        if named:
            out.append(Number(*found.span(), (), named, found.group()))
        else:
            out.append(_read(found))
    taken = [(one.start, one.end) for one in out]
    out += [one for one in _worded(text, lang) if not any(start < one.end and one.start < end for start, end in taken)]
    return sorted(out, key=lambda one: one.start)


def _read(found: re.Match[str]) -> Number:
    scale2 = fold((found.group("scale2") or "").strip("."))
    factor = _SCALES.get(scale2, 1.0) if scale2 else 1.0
    first = _value(found.group("first"))
    own = _SCALES.get(fold((found.group("scale1") or "").strip(".")), 0.0)
    values = [
        first * (own or (factor if found.group("second") else 1.0)) * (factor if not found.group("second") else 1)
    ]
    if own and not found.group("second") and scale2:
        values = [first * own * factor]
    if found.group("second"):
        values.append(_value(found.group("second")) * factor)
    start = found.start() + len(found.group()) - len(found.group().lstrip())
    text = found.string[start : found.end()].rstrip(" -")
    unit = ""
    if found.group("percent"):
        unit = "%"
    elif found.group("money") or found.group("money2"):
        unit = "money"
    elif found.group("times"):
        unit = "x"
    elif _YEAR.fullmatch(text.rstrip("+")) or (
        len(values) == 2 and all(_YEAR.fullmatch(f"{one:.0f}") for one in values)
    ):
        unit = "year"
    return Number(start, start + len(text), tuple(values), unit, text)


def _value(digits: str) -> float:
    """ "1,200", "1.200", "1 200" are 1200; "1.2" and "1,2" are 1.2."""
    if re.fullmatch(r"\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3})+", digits):
        return float(re.sub(r"\D", "", digits))
    return float(digits.replace(",", "."))


def _is_share_of(text: str, found: re.Match[str]) -> bool:
    """ "half of", "half your", "by half"; not "half an hour"."""
    after = re.compile(r"\s(?:of|the|your|our|their|all)\b").match(text, found.end())
    return after is not None or re.search(r"\b(?:by|in|about|nearly|almost|over)\s$", text[: found.start()]) is not None


def _worded(text: str, lang: str) -> list[Number]:
    known = _words()
    by_word: dict[str, float] = {}
    for name in known if not lang else {"en", lang} & set(known):
        by_word |= known[name]
    out: list[Number] = []
    spans: list[tuple[int, int, float]] = []
    for found in _WORD.finditer(text):
        word = fold(found.group())
        value = by_word.get(word)
        if value is None and "-" in word:
            parts = [by_word.get(part) for part in word.split("-")]
            if parts[0] and parts[0] >= 20 and parts[-1] and 0 < parts[-1] < 10:
                value = parts[0] + parts[-1]
            elif parts[0] and word.split("-")[1] in ("fold", "person", "year", "day", "week", "month", "strong"):
                value = parts[0]
        if value is None or (word == "half" and not _is_share_of(text, found)):
            continue
        spans.append((found.start(), found.end(), value))
    while spans:
        start, end, value = spans.pop(0)
        while (
            spans and re.fullmatch(r"\s(?:and\s)?", text[end : spans[0][0]]) and value != SOME and spans[0][2] != SOME
        ):
            _, end, more = spans.pop(0)
            value = value * more if more >= 12 and value < more else value + more
        before = re.search(r"\b(?:a|half a)\s$", text[:start])
        if before and text[start:end].casefold() in ("hundred", "thousand", "million", "billion", "dozen"):
            value, start = value * (0.5 if before.group().startswith("half") else 1), before.start()
        tail = re.match(
            rf"\s(?:(?P<percent>{_PERCENT})|(?P<money>{_MONEY})|(?P<times>times)\b)", text[end:], re.IGNORECASE
        )
        unit = ""
        if tail:
            unit = "%" if tail.group("percent") else "money" if tail.group("money") else "x"
            end += tail.end()
        out.append(Number(start, end, (value,), unit, text[start:end]))
    shares = ((found, _PARTS[found.group("part").casefold()]) for found in _FRACTION.finditer(text))
    return out + [Number(found.start(), found.end(), (share,), "", found.group()) for found, share in shares]

"""A number in a spreadsheet's cell → the text that the spreadsheet shows: leading zeros, dates, percentages.

Two departures, so that nothing is lost: whole numbers are never shortened to 4.9E+11, and a format that hides
its value shows it plainly. A date in the format that Excel calls “short date” depends on each computer's
country; it is written as 2026-11-30.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

Shown = Callable[[float], str]

_ISO_DATE, _ISO_TIME = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    14: _ISO_DATE, 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm",
    21: "h:mm:ss", 22: _ISO_TIME, 37: "#,##0;(#,##0)", 38: "#,##0;(#,##0)", 39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;(#,##0.00)", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0",
    **dict.fromkeys([*range(27, 37), *range(50, 59)], _ISO_DATE),
}  # fmt: skip
"""Formats that a file names by number only; what is missing is General."""

_TOKEN = re.compile(
    r'"([^"]*)"?|\\(.)|_.|\*.|\[\$([^\]-]*)[^\]]*\]|\[(h+|m+|s+)\]|\[[^\]]*\]'
    r"|(am/pm|a/p)|(general)|(e[+-])|(y+|m+|d+|h+|s+)|([0#?.,%/@])|(.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)\s*(-?[\d.]+)\]")
_MONTHS = "January February March April May June July August September October November December".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_LATEST = 2_958_466
"""The day after 9999-12-31; no date beyond it."""


def general(value: float) -> str:
    """A number plainly: 15 significant digits at most, no exponent."""
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    text = format(value, ".15g")
    if "e" in text and abs(int(text.partition("e")[2])) < 30:
        text = format(Decimal(text), "f")
    return text


@cache
def shown_as(code: str, from_1904: bool = False) -> Shown:
    """What shows numbers in a format code such as ``00000`` or ``dd/mm/yyyy``; an odd code shows them plainly."""
    sections = [_Section(part, from_1904) for part in _split(code)]
    if not sections or all(section.plain for section in sections):
        return general

    def show(value: float) -> str:
        try:
            section, signed = _choose(sections, value)
            text = section.show(value if signed else abs(value))
        except (ValueError, OverflowError, ArithmeticError):
            text = ""
        return text.strip() or general(value)

    return show


def _split(code: str) -> list[str]:
    """The sections for positive, negative, zero (and text, which is not for us)."""
    parts = [""]
    for found in _TOKEN.finditer(code):
        if found[0] == ";":
            parts.append("")
        else:
            parts[-1] += found[0]
    return parts[:3]


def _choose(sections: list[_Section], value: float) -> tuple[_Section, bool]:
    """The section for a value, and whether it is to show the sign itself."""
    if any(section.condition for section in sections):
        chosen = next((one for one in sections if one.condition is None or one.condition(value)), sections[-1])
        return chosen, True
    if value < 0 and len(sections) > 1:
        return sections[1], False
    if value == 0 and len(sections) > 2:
        return sections[2], False
    return sections[0], True


class _Section:
    """One section of a format code."""

    def __init__(self, code: str, from_1904: bool) -> None:
        self._from_1904 = from_1904
        found = _CONDITION.search(code)
        self.condition = _compare(found[1], float(found[2])) if found else None
        self._tokens: list[tuple[str, str]] = []
        for token in _TOKEN.finditer(code):
            quoted, escaped, money, elapsed, noon, plain, power, date, sign, other = token.groups()
            if quoted or escaped or money or other:
                self._tokens.append(("text", quoted or escaped or money or other))
            elif elapsed:
                self._tokens.append(("elapsed", elapsed.lower()))
            elif noon:
                self._tokens.append(("noon", noon))
            elif plain:
                self._tokens.append(("general", ""))
            elif power:
                self._tokens.append(("power", power))
            elif date:
                self._tokens.append(("date", date.lower()))
            elif sign:
                self._tokens.append(("sign", sign))
        kinds = {kind for kind, _ in self._tokens}
        self._is_date = bool(kinds & {"date", "elapsed", "noon"})
        self._odd = ("sign", "/") in self._tokens and not self._is_date
        self.plain = self.condition is None and (not kinds or kinds == {"general"} or ("sign", "@") in self._tokens)

    def show(self, value: float) -> str:
        if any(kind == "general" for kind, _ in self._tokens):
            return "".join(general(value) if kind == "general" else said for kind, said in self._tokens)
        if self.plain or self._odd:
            return general(value)
        if self._is_date:
            return self._date(value)
        if any(kind == "power" for kind, _ in self._tokens):
            return general(value)
        return self._number(value)

    def _number(self, value: float) -> str:
        signs = [said if kind == "sign" else "" for kind, said in self._tokens]
        places = [at for at, sign in enumerate(signs) if sign in "0#?" and sign]
        if not places:
            return "".join(said for kind, said in self._tokens if kind == "text") or general(value)
        point = signs.index(".") if "." in signs else len(signs)
        whole, decimals = [at for at in places if at < point], [at for at in places if at > point]
        grouped = any(sign == "," and whole and whole[0] < at < whole[-1] for at, sign in enumerate(signs))
        last = places[-1] if decimals else (whole[-1] if whole else -1)
        thousands = sum(sign == "," and at > last for at, sign in enumerate(signs))
        number = Decimal(repr(value)) * 100 ** signs.count("%") / 1000**thousands
        rounded = abs(number).quantize(Decimal(1).scaleb(-len(decimals)), rounding=ROUND_HALF_UP)
        digits, _, fraction = format(rounded, "f").partition(".")
        digits = digits.lstrip("0")
        while fraction and decimals and len(fraction) == len(decimals) and signs[decimals[-1]] != "0":
            if not fraction.endswith("0"):
                break
            fraction, decimals = fraction[:-1], decimals[:-1]
        filled = {at: fraction[place] for place, at in enumerate(decimals)}
        if not fraction and point < len(signs):
            filled[point] = ""
        left = digits
        for count, at in enumerate(reversed(whole)):
            digit, left = (left[-1], left[:-1]) if left else ({"0": "0", "?": " "}.get(signs[at], ""), "")
            if at == whole[0]:
                digit, left = left + digit, ""
            filled[at] = _group(digit, count) if grouped else digit
        out = [
            filled.get(at, said if kind == "text" or said in ".%" else "")
            for at, (kind, said) in enumerate(self._tokens)
        ]
        return ("-" if number < 0 and rounded else "") + "".join(out)

    def _date(self, value: float) -> str:
        if not 0 <= value < _LATEST:
            return general(value)
        decimals = min(3, sum(token == ("sign", "0") for token in self._tokens))
        parts = 10**decimals
        ticks = int(Decimal(repr(value)) * 86400 * parts + Decimal("0.5"))
        days, rest = divmod(ticks, 86400 * parts)
        at = _day(days, self._from_1904) + timedelta(seconds=rest / parts)
        twelve = any(kind == "noon" for kind, _ in self._tokens)
        out = []
        for place, (kind, said) in enumerate(self._tokens):
            if kind == "elapsed":
                unit = {"h": 3600, "m": 60, "s": 1}[said[0]]
                out.append(str(ticks // parts // unit).zfill(len(said)))
            elif kind == "noon":
                half = "PM" if at.hour >= 12 else "AM"
                out.append(half if len(said) > 3 else half[0])
            elif kind == "date":
                out.append(_date_part(at, said, twelve, self._is_minute(place)))
            elif kind == "sign" and said == "0":
                done = sum(sign == ("sign", "0") for sign in self._tokens[:place])
                out.append(f"{ticks % parts:0{decimals}d}"[done : done + 1])
            else:
                out.append("" if said in "#?@" else said)
        return "".join(out)

    def _is_minute(self, place: int) -> bool:
        """``m`` after hours or before seconds."""
        times = [(at, said) for at, (kind, said) in enumerate(self._tokens) if kind in {"date", "elapsed"}]
        index = [at for at, _ in times].index(place)
        before = times[index - 1][1] if index else ""
        after = times[index + 1][1] if index + 1 < len(times) else ""
        return before.startswith("h") or after.startswith("s")


def _group(digits: str, behind: int) -> str:
    """Commas between digits of which the last one has ``behind`` more behind it."""
    out = ""
    for place, digit in enumerate(reversed(digits)):
        position = behind + place
        out = digit + ("," if position and position % 3 == 0 and digit.strip() else "") + out
    return out


def _date_part(at: datetime, said: str, twelve: bool, minute: bool) -> str:
    sign, length = said[0], len(said)
    if sign == "y":
        return f"{at.year:04d}" if length > 2 else f"{at.year % 100:02d}"
    if sign == "m" and not minute:
        name = _MONTHS[at.month - 1]
        return {1: str(at.month), 2: f"{at.month:02d}", 3: name[:3], 5: name[0]}.get(length, name)
    if sign == "d" and length > 2:
        name = _DAYS[at.weekday()]
        return name[:3] if length == 3 else name
    hour = (at.hour % 12 or 12) if twelve else at.hour
    number = {"d": at.day, "h": hour, "m": at.minute, "s": at.second}[sign]
    return str(number) if length == 1 else f"{number:02d}"


def _day(days: int, from_1904: bool) -> datetime:
    """The day of a serial number; Excel believes that there was a 29 February 1900."""
    if from_1904:
        return datetime(1904, 1, 1) + timedelta(days=days)  # noqa: DTZ001 – a date on paper has no zone
    return datetime(1899, 12, 31 if days < 60 else 30) + timedelta(days=days)  # noqa: DTZ001


def _compare(sign: str, limit: float) -> Callable[[float], bool]:
    return {
        "<": lambda value: value < limit, "<=": lambda value: value <= limit, ">": lambda value: value > limit,
        ">=": lambda value: value >= limit, "=": lambda value: value == limit, "<>": lambda value: value != limit,
    }[sign]  # fmt: skip

"""What the cells of a workbook refer to: shared texts, number formats, merged cells."""

from __future__ import annotations

import re
from typing import NamedTuple

from ranker.errors import FileUnreadable
from ranker.ingest.cell_format import BUILT_IN
from ranker.ingest.xlsx_package import Package, parse, unescape

MAX_STRINGS = 400_000_000
"""Characters in the table of texts that cells share."""
PLACE = re.compile(r"([A-Za-z]{1,3})(\d{1,7})")
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*[\"']([A-Z]{1,3}\d{1,7}):([A-Z]{1,3}\d{1,7})[\"']")


class Formats(NamedTuple):
    """How the workbook shows numbers: the format code of each style, and whether its days begin in 1904."""

    codes: tuple[str, ...]
    from_1904: bool


def column_number(letters: str) -> int:
    """``A`` → 0, ``AA`` → 26."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def column_letters(number: int) -> str:
    """0 → ``A``, 26 → ``AA``."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read_strings(package: Package, path: str) -> list[str]:
    """The table of texts that cells share; formatting and phonetic guides are left out."""
    found: list[str] = []
    parts: list[str] = []
    state = {"text": False, "guide": False}
    size = 0

    def start(tag: str, _: dict[str, str]) -> None:
        if tag == "si":
            parts.clear()
        elif tag == "t":
            state["text"] = not state["guide"]
        elif tag == "rPh":
            state["guide"] = True

    def end(tag: str) -> None:
        nonlocal size
        if tag == "si":
            found.append(unescape("".join(parts)))
            size += len(found[-1])
            if size > MAX_STRINGS:
                raise FileUnreadable("The workbook holds more text than any list of leads; it was refused.")
        elif tag == "t":
            state["text"] = False
        elif tag == "rPh":
            state["guide"] = False

    def text(said: str) -> None:
        if state["text"]:
            parts.append(said)

    parse(package.pieces(path), start, end, text)
    return found


def read_formats(package: Package, path: str, from_1904: bool) -> Formats:
    """The number format of each style."""
    own: dict[int, str] = {}
    styles: list[int] = []
    inside = False

    def start(tag: str, values: dict[str, str]) -> None:
        nonlocal inside
        if tag == "numFmt":
            own[whole(values.get("numFmtId", ""))] = values.get("formatCode", "")
        elif tag == "cellXfs":
            inside = True
        elif tag == "xf" and inside:
            styles.append(whole(values.get("numFmtId", "")))

    def end(tag: str) -> None:
        nonlocal inside
        if tag == "cellXfs":
            inside = False

    parse(package.pieces(path), start, end)
    return Formats(tuple(own.get(style, BUILT_IN.get(style, "General")) for style in styles), from_1904)


def read_merges(package: Package, path: str) -> dict[int, list[tuple[int, int]]]:
    """Cells merged downwards: column → (first row, last row); they stand behind the rows in the file."""
    found: dict[int, list[tuple[int, int]]] = {}
    before = b""
    for piece in package.pieces(path):
        both = before + piece
        last = 0
        for match in _MERGE.finditer(both):
            last = match.end()
            first, end = (PLACE.fullmatch(corner.decode()) for corner in match.groups())
            if first and end and int(end[2]) > int(first[2]):
                found.setdefault(column_number(first[1]), []).append((int(first[2]), int(end[2])))
        before = both[max(last, len(both) - 200) :]
    return {column: sorted(set(ranges)) for column, ranges in found.items()}


def whole(text: str) -> int:
    """The whole number that a text is; 0 if it is none."""
    try:
        return int(text)
    except ValueError:
        return 0

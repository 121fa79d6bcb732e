"""One spelling for every way to write a title: case, accents, spaces and emoji do not matter.

Separators survive as tokens of their own, because "Director | Sales" and "Director Sales" differ:
``|`` between segments (also bullets, semicolons, line ends, a dash between spaces, the end of a sentence),
``,`` ``/`` ``(`` ``)`` ``:`` ``@``, and ``and`` for ``&`` and ``+``.
"""

from __future__ import annotations

import re
import unicodedata

_STRONG = "|•●▪■◆◦‣·│¦‖→»›>;\n\r\x0b\x0c\u2028\u2029"
_KEPT = ",/():@"
_MAPPED = {"&": " and ", "+": " and ", "\\": "/", "[": "(", "{": "(", "]": ")", "}": ")"}
_MAPPED |= {"–": "-", "—": "-", "―": "-", "−": "-", "‐": "-", "‑": "-", "。": ".", "，": ",", "：": ":", "／": "/"}
_LETTERS = {"ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d", "ı": "i", "ð": "d", "þ": "th"}


class _Table(dict[int, str]):
    """A ``str.translate`` table that works out each character once, when it first meets it."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if char in _STRONG:
            out = " | "
        elif char in _KEPT or char in ".-":
            out = char
        elif char in _MAPPED:
            out = _MAPPED[char]
        elif char in _LETTERS:
            out = _LETTERS[char]
        elif unicodedata.category(char) in ("Mn", "Me", "Cf"):
            # Accents left over by decomposition, zero-width characters, emoji joiners: nothing at all.
            out = ""
        elif char.isalnum():
            out = char
        else:
            out = " "
        self[code] = out
        return out


_TABLE = _Table()
_DOTTED = re.compile(r"\b((?:[^\W\d_]\.){2,}[^\W\d_]?(?![^\W_])\.?|[^\W\d_](?:\.[^\W\d_])+\b)")
_SENTENCE = re.compile(r"(?<=[^\W_]{5})\.+(?=\s|$)")
_DASH = re.compile(r"\s-+|-+\s")
_TOKEN = re.compile(r"[^\W_]+|[|,/():@]")
#: "Leiter:in", "Leiter*in", "Leiter/in", "Leiter(in)"; "director/a", "Directeur(trice)"; "(m/w/d)", "(h/f)".
_GENDER_MARK = re.compile(r"\(\s*[mwfdhx](?:\s*[/|,.]\s*[mwfdhx*]){1,3}\s*\)|\b[mwf]/[mwf]/[dx]\b")
_GENDER_IN = re.compile(r"(?<=[^\W\d_]{3})(?:[:*_/]|\(-?)in(nen)?\b\)?")
_GENDER_END = re.compile(
    r"(?<=[^\W\d_]{4})(?:[·./]|\()-?(?:a|as|e|es|ra|ora|trice|rice|euse|ière|iere|ne|ta)\b\)?(?![.\w])"
)


def fold(text: str) -> str:
    """The text in one case, without accents, compatibility forms ("𝗩𝗣", "ﬁ") or emoji; separators kept."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).casefold()
        text = text.replace("l·l", "ll")
        text = unicodedata.normalize("NFD", text)
    else:
        text = text.lower()
    if "(" in text or "/" in text or ":" in text or "*" in text or "_" in text or "·" in text:
        text = _GENDER_END.sub("", _GENDER_IN.sub(r"in\1", _GENDER_MARK.sub(" ", text)))
    text = text.translate(_TABLE)
    if "." in text:
        text = _DOTTED.sub(lambda m: m.group().replace(".", ""), text)
        text = _SENTENCE.sub(" | ", text).replace(".", " ")
    if "-" in text:
        text = _DASH.sub(" | ", " " + text + " ").replace("-", " ")
    return text


def tokenise(text: str) -> list[str]:
    """The words and separators of a text, in order. The list decides everything that is read from it."""
    return _TOKEN.findall(fold(text))


def words(text: str) -> list[str]:
    """The words alone."""
    return [token for token in tokenise(text) if token not in "|,/():@"]

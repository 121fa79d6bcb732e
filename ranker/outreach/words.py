"""The word lists of the checks: text files in ``data/`` that anyone can extend with an editor; "#" begins a comment."""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache
from pathlib import Path

from ranker.titles.vocabulary import FOLDER as TITLES

FOLDER = Path(__file__).parent / "data"
_TOKEN = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """A word in one spelling: small letters, no accents, plain apostrophes; compatibility forms resolved."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.replace("’", "'").casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))


@cache
def listed(name: str) -> frozenset[str]:
    """The lines of ``data/name.txt``, each a word or a phrase, in small letters with single spaces."""
    return frozenset(" ".join(line.casefold().split()) for line in lines(name))


@cache
def many(name: str) -> frozenset[str]:
    """The words of ``data/name.txt``, many a line, folded."""
    return frozenset(fold(word) for line in lines(name) for word in line.split())


@cache
def phrases(name: str) -> frozenset[str]:
    """The phrases of ``data/name.txt``, parted by commas, folded."""
    return frozenset(
        fold(" ".join(part.split())) for part in re.split(r"[,\n]", "\n".join(lines(name))) if part.strip()
    )


@cache
def shouted(name: str) -> frozenset[str]:
    """Those of ``phrases`` that are written in capitals alone: "MIT" is a name, "mit" a German word; folded."""
    parts = (" ".join(part.split()) for part in re.split(r"[,\n]", "\n".join(lines(name))))
    return frozenset(fold(part) for part in parts if part.isupper())


@cache
def job_words(lang: str) -> frozenset[str]:
    """The words of the vocabulary of titles, folded: those of every language, of English and of ``lang``."""
    found: set[str] = set()
    for name in {"any", "en", lang}:
        path = TITLES / "words" / f"{name}.csv"
        if path.exists():
            with path.open(newline="", encoding="utf-8-sig") as file:
                for row in csv.DictReader(file):
                    found.update(_TOKEN.findall(fold(row["phrase"])))
    return frozenset(found)


def lines(name: str) -> list[str]:
    """The lines of ``data/name.txt`` that say something."""
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]

"""The words that headings, columns, priorities and scopes are recognised by, read from `vocabulary.csv`.

The file has three columns: `use` (where the word stands), `phrase`, and `means`. Case, accents and punctuation
do not matter. Where several rows fit a heading or a column, the row that comes first in the file holds; among
priorities the longest phrase holds. To teach a new word, add a row.
"""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ranker.errors import VocabularyError

_FILE = Path(__file__).with_name("vocabulary.csv")
_SYMBOLS = "✓✔✅☑✗✘❌"
USES = ("section", "column", "priority", "scope", "generic", "in_title", "against", "score", "from", "hardness")


@lru_cache(maxsize=20_000)
def words(text: str) -> tuple[str, ...]:
    """Return the words of a text in lower case without accents; every other sign separates words."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("#", " number "))
    kept = (
        c if c.isalnum() or c in _SYMBOLS else "" if unicodedata.combining(c) or c == "\ufe0f" else " " for c in letters
    )
    return tuple("".join(kept).split())


def find_words(needle: tuple[str, ...], hay: tuple[str, ...]) -> int:
    """Return the position where the words of `needle` follow each other in `hay`, -1 where they don't."""
    if not needle or needle[0] not in hay:
        return -1
    size = len(needle)
    return next((i for i in range(len(hay) - size + 1) if hay[i : i + size] == needle), -1)


@dataclass(frozen=True)
class Vocabulary:
    """Rows by use: each a (words of the phrase, meaning), in the order of the file."""

    rows: dict[str, tuple[tuple[tuple[str, ...], str], ...]]

    def first(self, use: str, text: str) -> str | None:
        """Return the meaning of the first row whose phrase occurs in the text."""
        hay = words(text)
        return next((means for phrase, means in self.rows[use] if find_words(phrase, hay) >= 0), None)

    def has(self, use: str, text: str) -> bool:
        """Tell whether any phrase of that use occurs in the text."""
        return self.first(use, text) is not None

    def whole(self, use: str, text: str) -> str | None:
        """Return the meaning of the phrase that the whole text is."""
        hay = words(text)
        return next((means for phrase, means in self.rows[use] if phrase == hay), None)

    def longest(self, use: str, text: str) -> tuple[str, tuple[str, ...]] | None:
        """Return (meaning, words) of the longest phrase in the text."""
        hay = words(text)
        found = [(len(phrase), means, phrase) for phrase, means in self.rows[use] if find_words(phrase, hay) >= 0]
        best = max(found, key=lambda row: row[0], default=None)
        return (best[1], best[2]) if best else None

    def single(self, use: str) -> frozenset[str]:
        """Return the phrases of one word of that use."""
        return frozenset(phrase[0] for phrase, _ in self.rows[use] if len(phrase) == 1)


def read_vocabulary(path: Path) -> Vocabulary:
    """Read a vocabulary file. Raises VocabularyError that names the row that can't be understood."""
    rows: dict[str, list[tuple[tuple[str, ...], str]]] = {use: [] for use in USES}
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            use, phrase = row.get("use") or "", words(row.get("phrase") or "")
            if use not in rows or not phrase:
                raise VocabularyError(
                    f"{path.name}, row {number}: needs a phrase, and one of {', '.join(USES)} as its use."
                )
            rows[use].append((phrase, (row.get("means") or "").strip()))
    return Vocabulary({use: tuple(found) for use, found in rows.items()})


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """Return the vocabulary that comes with the package."""
    return read_vocabulary(_FILE)

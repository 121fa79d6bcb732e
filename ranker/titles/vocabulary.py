"""The words that the title reader knows: CSV files that anyone can extend with a spreadsheet.

``vocabulary/functions.csv`` and ``levels.csv`` are the closed lists; ``vocabulary/words/<language>.csv`` say
which phrase means what. A further folder of the same layout can be given: its words are added.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ranker.errors import VocabularyError
from ranker.titles.normalise import tokenise

FOLDER = Path(__file__).parent / "vocabulary"
COLUMNS = ("phrase", "function", "level", "ownership", "flag", "kind", "note")
OWNERSHIPS = ("founder", "owner", "partner")
FLAGS = (
    "former retired student investor advisor board assistant_to deputy intern interim freelance seeking not_a_title"
).split()
KINDS = ("", "default", "neutral", "slogan", "employer", "employer_maybe", "support")


@dataclass(frozen=True, slots=True)
class Word:
    """One row of a words file: a phrase (normalised, words joined by spaces) and what it says."""

    phrase: str
    functions: tuple[str, ...] = ()
    level: str | None = None
    ownership: str | None = None
    flag: str | None = None
    kind: str = ""
    confidence: float = 1.0

    @property
    def meaning(self) -> tuple[object, ...]:
        """Everything but the phrase: two rows of one phrase must agree in it."""
        return (self.functions, self.level, self.ownership, self.flag, self.kind)


@dataclass(frozen=True)
class Vocabulary:
    """The loaded vocabulary. ``version`` is a hash of every file that was read.

    ``trie`` maps a token to the next level, and ``None`` to the :class:`Word` that ends there.
    ``singles`` are the words of one token, for compounds and misspellings. ``lineage`` gives each function with
    those above it, ``umbrella`` the functions of many trades (nurses and surgeons are both healthcare).
    """

    functions: dict[str, str]
    parents: dict[str, str]
    levels: dict[str, str]
    trie: dict[Any, Any]
    singles: dict[str, Word]
    version: str
    count: int
    lineage: dict[str, tuple[str, ...]] = field(default_factory=dict)
    umbrella: frozenset[str] = frozenset()

    def order(self, level: str) -> int:
        """The level's place on the ladder, 0 the highest."""
        return list(self.levels).index(level)


def _rows(path: Path, columns: tuple[str, ...]) -> Iterable[tuple[int, dict[str, str]]]:
    try:
        handle = path.open(newline="", encoding="utf-8-sig")
    except OSError as error:
        raise VocabularyError(f"The vocabulary file {path.name} could not be read: {error.strerror}.") from error
    with handle:
        reader = csv.DictReader(handle)
        if tuple(reader.fieldnames or ()) != columns:
            raise VocabularyError(f"{path.name}: the first line must be {','.join(columns)}.")
        for number, row in enumerate(reader, start=2):
            if None in row or None in row.values():
                raise VocabularyError(
                    f"{path.name}, line {number}: {len(columns)} columns expected; "
                    "put quotes around a text that holds a comma."
                )
            yield number, {key: value.strip() for key, value in row.items()}


def _word(where: str, row: dict[str, str], functions: dict[str, str], levels: dict[str, str]) -> Word:
    tokens = tokenise(row["phrase"])
    named = tuple(part.strip() for part in row["function"].split("+") if part.strip())
    for value, known, what in (
        *((name, functions, "function") for name in named),
        (row["level"] or None, levels, "level"),
        (row["ownership"] or None, OWNERSHIPS, "ownership"),
        (row["flag"] or None, FLAGS, "flag"),
        (row["kind"], KINDS, "kind"),
    ):
        if value is not None and value not in known:
            raise VocabularyError(f"{where}: {value!r} is no {what}. Known: {', '.join(filter(None, known))}.")
    return Word(
        " ".join(tokens), named, row["level"] or None, row["ownership"] or None, row["flag"] or None, row["kind"]
    )


def _variants(phrase: str) -> list[str]:
    """The phrase, and for German umlauts the spelling with ae, oe, ue."""
    lowered = phrase.casefold()
    if any(char in lowered for char in "äöü"):
        return [phrase, lowered.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")]
    return [phrase]


def load_vocabulary(*folders: Path) -> Vocabulary:
    """Load the vocabulary that comes with the package, then each further folder of ``words/*.csv``.

    Raises :class:`VocabularyError` naming file, line and what to write instead: an unknown id, a wrong
    header, or one phrase with two meanings. A further folder may give a phrase another meaning; it wins.
    """
    functions: dict[str, str] = {}
    parents: dict[str, str] = {}
    umbrella: set[str] = set()
    digest = hashlib.sha256()
    for _, row in _rows(FOLDER / "functions.csv", ("function", "label", "parent", "umbrella", "note")):
        functions[row["function"]] = row["label"]
        if row["umbrella"]:
            umbrella.add(row["function"])
        if row["parent"]:
            parents[row["function"]] = row["parent"]
    level_columns = ("level", "label", "order", "note")
    levels = {row["level"]: row["label"] for _, row in _rows(FOLDER / "levels.csv", level_columns)}
    for name in ("functions.csv", "levels.csv"):
        digest.update((FOLDER / name).read_bytes())
    found: dict[str, Word] = {}
    for folder in (FOLDER, *folders):
        here: dict[str, tuple[Word, str]] = {}
        for path in sorted((folder / "words").glob("*.csv")):
            digest.update(path.read_bytes())
            for number, row in _rows(path, COLUMNS):
                where = f"{path.name}, line {number}"
                for phrase in _variants(row["phrase"]):
                    if not tokenise(phrase):
                        continue  # "(m/w/d)" and the like, which the normaliser takes out of every title
                    word = _word(where, {**row, "phrase": phrase}, functions, levels)
                    earlier = here.setdefault(word.phrase, (word, where))
                    if earlier[0].meaning != word.meaning:
                        raise VocabularyError(f"{where}: {row['phrase']!r} has another meaning in {earlier[1]}.")
        found |= {phrase: word for phrase, (word, _) in here.items()}
    trie: dict[Any, Any] = {}
    for word in found.values():
        node = trie
        for token in word.phrase.split():
            node = node.setdefault(token, {})
        node[None] = word
    lineage = {}
    for function in functions:
        line = [function]
        while line[-1] in parents:
            line.append(parents[line[-1]])
        lineage[function] = tuple(line)
    singles = {phrase: word for phrase, word in found.items() if " " not in phrase}
    return Vocabulary(
        functions, parents, levels, trie, singles, digest.hexdigest()[:16], len(found), lineage, frozenset(umbrella)
    )

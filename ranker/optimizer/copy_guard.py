"""Does a text copy from leads? Then it would know the labels by heart, and people's data would stand in it.

Everything is compared as words: without case, accents, punctuation, formatting or characters that nobody sees. What
the start says may stay. Refused is what is new and either shares `GRAM` words in a row with a lead, or names a
labelled company, or holds a lead's whole title of three words or more, unless each of them is ordinary: a word of the
title vocabulary ("VP of Revenue Operations" is what a persona is made of) or of the start.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from ranker.personas.vocabulary import vocabulary as personas_vocabulary
from ranker.titles.normalise import words
from ranker.titles.vocabulary import load_vocabulary

GRAM = 5
"""Words in a row that nobody writes twice by chance. Source: Broder 1997, "On the resemblance of documents"."""
_TITLE = 3
"""A title of so many words is somebody's; "Sales Director" is everybody's. So for a name of ordinary words."""
_LETTERS = 3
"""A company's name of fewer letters is part of any text ("GO", "X")."""
_LEGAL = frozenset(
    "inc incorporated llc llp ltd limited plc corp corporation co company gmbh mbh ag kg ug se sa sas sarl srl spa bv "
    "nv ab as oy aps pty pte holding group the".split()
)
_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?([\w-]+(?:\.[\w-]+)+)(?:/\S*)?", re.IGNORECASE)

Words = tuple[str, ...]


class CopyGuard:
    """Made once from what must not be copied: the leads' titles (or other texts), and companies' names and domains."""

    def __init__(self, texts: Iterable[str], companies: Iterable[str]) -> None:
        spoken = {tuple(words(text)) for text in texts}
        self._grams = {gram for one in spoken for gram in _grams(one)}
        self._titles = _by_first(one for one in spoken if len(one) >= _TITLE)
        self._companies = _by_first(name for company in companies for name in _names(company))

    def refusal(self, text: str, start: str) -> str:
        """Why the text is refused, as a sentence without the copied words; "" where nothing in it is new and copied."""
        new, old = tuple(words(text)), tuple(words(start))
        allowed = set(_grams(old))
        if any(gram in self._grams and gram not in allowed for gram in _grams(new)):
            return f"It copies {GRAM} words in a row from a labelled lead."
        if self._found(self._companies, new) - self._found(self._companies, old):
            return "It names a labelled company."
        ordinary = _ordinary() | set(old)
        titles = self._found(self._titles, new) - self._found(self._titles, old)
        if any(not ordinary.issuperset(title) for title in titles):
            return "It copies the whole title of a labelled lead."
        return ""

    @staticmethod
    def _found(known: dict[str, set[Words]], text: Words) -> set[Words]:
        return {one for at, word in enumerate(text) for one in known.get(word, ()) if text[at : at + len(one)] == one}


def _grams(text: Words) -> Iterator[Words]:
    return (text[at : at + GRAM] for at in range(len(text) - GRAM + 1))


def _by_first(texts: Iterable[Words]) -> dict[str, set[Words]]:
    found: dict[str, set[Words]] = {}
    for one in texts:
        found.setdefault(one[0], set()).add(one)
    return found


def _names(company: str) -> Iterator[Words]:
    """How a company may be named: as written, without its legal form, and by the first part of its domain."""
    bare = list(words(company))
    while len(bare) > 1 and bare[-1] in _LEGAL:
        del bare[-1]
    if len(bare) > 1 and bare[0] == "the":
        del bare[0]
    found = {tuple(words(company)), tuple(bare)}
    if address := _ADDRESS.fullmatch(company.strip()):
        found = {tuple(words(address[1])), tuple(words(address[1].split(".")[0]))}
    for name in found:
        # "Target" and "Revenue Operations" are words that a persona needs, whoever is called so.
        said = len(name) >= _TITLE or not _ordinary().issuperset(name)
        if said and sum(map(len, name)) >= _LETTERS:
            yield name


@lru_cache(maxsize=1)
def _ordinary() -> frozenset[str]:
    """The words that titles and personas are made of, in all languages of the vocabularies."""
    titles = _tokens(load_vocabulary().trie)
    personas = (word for rows in personas_vocabulary().rows.values() for phrase, _ in rows for word in phrase)
    return frozenset(titles) | frozenset(personas)


def _tokens(trie: dict[Any, Any]) -> Iterator[str]:
    for token, below in trie.items():
        if token is not None:
            yield token
            yield from _tokens(below)

"""Find the vocabulary's phrases in a title's tokens: longest first, plurals, compounds, misspellings."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ranker.titles.vocabulary import Vocabulary, Word

SEPARATORS = frozenset("|,/():@")
_LINKS = ("", "s", "es", "n", "en")
#: Shorter words have too many neighbours: "leading" is one letter from "lending".
_SLIP = 8


@dataclass(frozen=True, slots=True)
class Hit:
    """A token, or a phrase, at its place: ``word`` is ``None`` for a separator or an unknown token."""

    text: str
    word: Word | None


class Matcher:
    """Splits tokens into hits. Unknown tokens are worked out once and remembered."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._trie = vocabulary.trie
        self._singles = vocabulary.singles
        self._unknown: dict[str, tuple[Word, ...]] = {}
        self._heads = {
            phrase: word
            for phrase, word in self._singles.items()
            if len(phrase) >= 4 and (word.level or word.ownership) and not word.kind.startswith("e")
        }
        self._stems = {phrase: word for phrase, word in self._singles.items() if len(phrase) >= 4 and word.functions}
        self._near: dict[str, list[str]] = {}
        for phrase, word in self._singles.items():
            if len(phrase) >= _SLIP and (word.functions or word.level or word.ownership):
                for form in _deletions(phrase):
                    self._near.setdefault(form, []).append(phrase)

    def hits(self, tokens: list[str]) -> list[Hit]:
        """The hits in order; their texts joined give the tokens back."""
        out: list[Hit] = []
        at, end = 0, len(tokens)
        trie = self._trie
        while at < end:
            token = tokens[at]
            node, step, found, stop = trie, at, None, at
            while step < end:
                part = tokens[step]
                below = node.get(part)
                if below is None and part[-1] == "s" and len(part) > 2:
                    below = node.get(part[:-1])
                if below is None:
                    break
                node = below
                step += 1
                word = node.get(None)
                if word is not None:
                    found, stop = word, step
            if found is not None:
                out.append(Hit(token if stop == at + 1 else " ".join(tokens[at:stop]), found))
                at = stop
                continue
            if token in SEPARATORS:
                out.append(Hit(token, None))
            else:
                readings = self._unknown.get(token)
                if readings is None:
                    readings = self._unknown[token] = self._work_out(token)
                if readings:
                    out.extend(Hit(token, word) for word in readings)
                else:
                    out.append(Hit(token, None))
            at += 1
        return out

    def _work_out(self, token: str) -> tuple[Word, ...]:
        """What an unknown token may be: a compound (Vertrieb-s-leiter), a misspelling, or nothing."""
        if len(self._unknown) > 200_000:
            self._unknown.clear()
        if len(token) < 7 or token.isdigit():
            return ()
        for cut in range(len(token) - 4, 3, -1):
            head = self._heads.get(token[cut:])
            if head is None:
                continue
            for link in _LINKS:
                stem = token[:cut].removesuffix(link) if link else token[:cut]
                if (left := self._stems.get(stem)) is not None:
                    return (replace(left, level=None, confidence=0.85), replace(head, confidence=0.85))
        if len(token) < _SLIP:
            return ()
        # A one-letter slip, never in the first letter, and only when all words that near mean the same.
        near = {
            phrase
            for form in _deletions(token)
            for phrase in self._near.get(form, ())
            if phrase[0] == token[0] and abs(len(phrase) - len(token)) <= 1 and _one_slip(token, phrase)
        }
        if near and len({self._singles[phrase].meaning for phrase in near}) == 1:
            return (replace(self._singles[min(near)], confidence=0.7),)
        return ()


def _deletions(word: str) -> list[str]:
    return [word, *(word[:at] + word[at + 1 :] for at in range(len(word)))]


def _one_slip(a: str, b: str) -> bool:
    """Whether one letter added, left out or changed, or two neighbours swapped, turns one into the other."""
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    a, b = a[start:], b[start:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (len(a) > 1 and a[0] == b[1] and a[1] == b[0] and a[2:] == b[2:])
    return a[1:] == b or a == b[1:]

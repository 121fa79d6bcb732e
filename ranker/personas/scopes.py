"""Which sizes a phrase is about: "Mid-Market & Enterprise", "50+ employees", "except startups"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ranker.personas.pieces import Piece
from ranker.personas.sizes import brackets_within, find_sizes
from ranker.personas.spec import Bracket
from ranker.personas.vocabulary import find_words, vocabulary, words

NO_SUCH_SIZE = "no size bracket of that name"


@dataclass(frozen=True, slots=True)
class Scope:
    """Names of brackets, from small to large; None for all. `exact` is False where a bracket is meant only in part."""

    brackets: tuple[str, ...] | None = None
    exact: bool = True


_JOIN = re.compile(r"\s*(?:/|&|,|;|\+|\b(?:and|or|und|oder|et|ou|y|e|i)\b)\s*", re.IGNORECASE)
_THROUGH = re.compile(r"\s+(?:to|through|until|bis|–|—|-|→)\s+|–|—", re.IGNORECASE)
_NUMBERING = re.compile(r"^\s*\d+(?:\.\d+)*[.)]?\s+")
_PARENS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_TRAILING = re.compile(
    r"[\s,;:–—-]+("
    r"(?:only|just|(?:all )?except|excluding|but not|not at|unless)\b.*|"
    r"(?:at|in|with|above|over|below|under|ab|bei|über|chez|dans|en|em|a partir de|con|nelle|oltre)\s.*)$",
    re.IGNORECASE | re.DOTALL,
)


def singular(text: str) -> tuple[str, ...]:
    """Return the words of a name without plural endings."""
    return tuple(_one(word) for word in words(text))


def _one(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 2 and word.endswith("s") and not word.endswith("ss") else word


class Sizes:
    """The brackets of one persona, and the names by which the text calls them."""

    def __init__(self, brackets: Sequence[Bracket], aliases: Sequence[tuple[str, int]] = ()) -> None:
        """`aliases` are further (name, position of the bracket)."""
        self.brackets = tuple(brackets)
        self.names = tuple(bracket.name for bracket in brackets)
        generic = {_one(word) for word in vocabulary().single("generic")}
        self._generic = frozenset(generic)
        known = [(name, i) for i, name in enumerate(self.names)] + list(aliases)
        self._keys = [(self._key(name), i) for name, i in known if self._key(name)]

    def _key(self, name: str) -> tuple[str, ...]:
        full = singular(name)
        kept = tuple(word for word in full if word not in self._generic)
        return kept or full

    def read(self, text: str) -> Scope | None:
        """Read a phrase that says nothing but a size; None where it says anything else, or no size."""
        found = self._positions(text.strip(), ())
        return self._scope(*found) if found else None

    def read_after(self, text: str, before: Sequence[int]) -> tuple[list[int], bool] | None:
        """Read a phrase like `read` as (positions, exact); a bare "above" or "below" looks to those `before`."""
        return self._positions(text.strip(), before)

    def _scope(self, positions: list[int], exact: bool) -> Scope:
        if len(positions) == len(self.brackets):
            return Scope(None, exact)
        return Scope(tuple(self.names[i] for i in sorted(positions)), exact)

    def _positions(self, text: str, before: Sequence[int]) -> tuple[list[int], bool] | None:
        if not text or not self.brackets:
            return None
        everything = list(range(len(self.brackets)))
        meaning = vocabulary().whole("scope", text)
        if meaning == "all":
            return everything, True
        if meaning in {"above", "below"} and before:
            return [i for i in everything if (i > max(before) if meaning == "above" else i < min(before))], True
        lead = next((found for size in (3, 2, 1) if (found := self._lead(text, size))), None)
        if lead:
            inner = self._positions(lead[1], before)
            if inner is None or lead[0] == "only":
                return inner
            return [i for i in everything if i not in inner[0]], inner[1]
        last = re.search(r"\s(\w+)\W*$", text)
        if last and vocabulary().whole("scope", last[1]) == "only":
            text = text[: last.start()]
        return self._plain(text, everything)

    def _lead(self, text: str, size: int) -> tuple[str, str] | None:
        """Return ("only" or "except", what follows) where the text begins with such a phrase of `size` words."""
        match = re.match(rf"\W*(?:[^\W_]+\W+){{{size}}}", text)
        meaning = vocabulary().whole("scope", match[0]) if match else None
        return (meaning, text[match.end() :]) if match and meaning in {"only", "except"} else None

    def _plain(self, text: str, everything: list[int]) -> tuple[list[int], bool] | None:
        chosen: set[int] = set()
        exact = True
        rest, shift = text, 0
        for found in find_sizes(text):
            if found.size.low == found.size.high and not found.unit:
                return None
            positions, whole = brackets_within(found.size, self.brackets)
            chosen.update(positions)
            exact = exact and whole
            rest = rest[: found.start - shift] + " , " + rest[found.end - shift :]
            shift += found.end - found.start - 3
        outward = vocabulary().longest("scope", rest)
        if outward and outward[0] in {"up", "down"}:
            rest = re.sub(r"\W+".join(outward[1]) + r"\W*$", " ", rest, flags=re.IGNORECASE)
        elif rest.rstrip().endswith("+"):
            outward = ("up", ())
        named: set[int] = set()
        for part in _JOIN.split(rest):
            positions_of = self._part(part)
            if positions_of is None:
                return None
            named.update(positions_of)
        if named and outward and outward[0] == "up":
            named = set(range(min(named), len(everything)))
        elif named and outward and outward[0] == "down":
            named = set(range(max(named) + 1))
        chosen = chosen & named if chosen and named and chosen >= named else chosen | named
        return (sorted(chosen), exact) if chosen else None

    def _part(self, part: str) -> set[int] | None:
        """Return the brackets that one name means; empty for filler words, None for words that are no name."""
        key = tuple(word for word in singular(part) if word not in self._generic)
        if not key:
            return set()
        one = self._name(key)
        if one is not None:
            return {one}
        ends = [self._name(self._key(end)) for end in _THROUGH.split(part) if end.strip()]
        if len(ends) == 2 and ends[0] is not None and ends[1] is not None:
            return set(range(min(ends[0], ends[1]), max(ends[0], ends[1]) + 1))
        return None

    def _name(self, key: tuple[str, ...]) -> int | None:
        """Return the one bracket of that name, or of which it is a part; None where there is none, or more."""
        if key in {("largest",), ("biggest",)}:
            return len(self.brackets) - 1
        if key == ("smallest",):
            return 0
        joined = "".join(key)
        same = {index for known, index in self._keys if "".join(known) == joined}
        part = {index for known, index in self._keys if find_words(key, known) >= 0}
        for hits in (same, part):
            if hits:
                return hits.pop() if len(hits) == 1 else None
        return None

    def mentioned(self, text: str) -> Scope | None:
        """Return the brackets that a heading or a lead-in speaks of among other words, None where of none."""
        exact = self.read(text)
        if exact is not None:
            return exact
        positions: set[int] = set()
        whole = True
        for found in find_sizes(text):
            known = any((b.low, b.high) == (found.size.low, found.size.high) for b in self.brackets)
            if found.unit or (known and re.search(r"[(\[]\W*$", text[: found.start])):
                inside, fits = brackets_within(found.size, self.brackets)
                positions.update(inside)
                whole = whole and fits
        if not positions:
            said = singular(_NUMBERING.sub("", text))
            for key, index in self._keys:
                at = find_words(key, said)
                led = at == 0 or (at > 0 and said[at - 1] in self._generic | {"and", "or", "und", "et", "y", "e", "i"})
                if led and not all(word.isdigit() for word in key):
                    positions.add(index)
        return self._scope(sorted(positions), whole) if positions else None

    def only(self, note: str) -> Scope | None:
        """Return the brackets of a note such as "Only relevant at startups", None where it says no such thing."""
        for clause in re.split(r"[.;]", note):
            for match in re.finditer(r"[^\W\d_]+", clause):
                if vocabulary().whole("scope", match[0]) == "only":
                    scope = self.read(clause[match.end() :])
                    if scope is not None:
                        return scope
        return None

    def split_off(self, piece: Piece, bare: bool = True) -> tuple[Piece, Scope | None, str | None]:
        """Split "CEO (Mid-Market & Enterprise)" into (the role, its scope, what of it is not understood).

        Unless `bare`, a number needs a word like "employees" beside it: "SDR team (20+)" is no company size.
        """
        for match in reversed(list(_PARENS.finditer(piece.text))):
            inner = match[1] if match[1] is not None else match[2]
            if not bare and any(not found.unit for found in find_sizes(inner)):
                continue
            scope = self.read(inner)
            if scope is not None:
                if not piece.text[match.end() :].strip(" .,;:"):
                    return self._before(piece, match.start()), scope, None
                return piece, scope, None
            if self._sounds_like_size(inner):
                return piece, None, f"{NO_SUCH_SIZE} in '{inner.strip()}'"
        trailing = _TRAILING.search(piece.text)
        if trailing and trailing.start() > 0:
            scope = self.read(trailing[1])
            if scope is not None:
                return self._before(piece, trailing.start()), scope, None
        return piece, None, None

    def _before(self, piece: Piece, end: int) -> Piece:
        """Return the role before its scope, without a second phrase that says the same size again."""
        head = piece.cut(0, end).trim(":,;–—-")
        trailing = _TRAILING.search(head.text)
        if trailing and trailing.start() > 0 and self.read(trailing[1]) is not None:
            return head.cut(0, trailing.start()).trim(":,;–—-")
        return head

    def _sounds_like_size(self, text: str) -> bool:
        meaning = any(self._lead(text + " ", size) for size in (3, 2, 1))
        sized = any(found.unit for found in find_sizes(text))
        said = words(text)
        return (
            meaning
            or sized
            or said[:1] == ("at",)
            or bool(set(said) & {"companies", "company", "firms", "businesses", "employees", "staff"})
        )

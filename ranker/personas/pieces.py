"""A piece of Markdown as plain words that still knows which characters of the source they are."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from ranker.personas.spec import Place

_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]*>")
_ENTITY = re.compile(r"&#?\w+;")
_ESCAPABLE = "\\`*_{}[]()#+-.!|<>~"


@dataclass(frozen=True, slots=True)
class Piece:
    """Plain `text`; character i of it is source[starts[i]:ends[i]]. `at` is the place of an empty piece."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    line: int
    at: int

    def cut(self, start: int, end: int | None = None) -> Piece:
        """Return the part from start to end, without the spaces around it."""
        stop = len(self.text) if end is None else end
        while start < stop and self.text[start].isspace():
            start += 1
        while stop > start and self.text[stop - 1].isspace():
            stop -= 1
        at = self.starts[start] if start < len(self.text) else (self.ends[-1] if self.ends else self.at)
        line = self.line + self.text.count("\n", 0, start)
        return Piece(self.text[start:stop], self.starts[start:stop], self.ends[start:stop], line, at)

    def trim(self, characters: str) -> Piece:
        """Return the piece without these characters, and spaces, at both ends."""
        inner = self.text.strip(characters + " \t\n")
        start = self.text.find(inner) if inner else 0
        return self.cut(start, start + len(inner))

    @property
    def place(self) -> Place:
        """Where the words are in the source."""
        if not self.text:
            return Place(line=self.line, start=self.at, end=self.at)
        return Place(line=self.line, start=self.starts[0], end=self.ends[-1])

    @property
    def short(self) -> str:
        """The words on one line."""
        return " ".join(self.text.split())


def read_piece(source: str, start: int, end: int, line: int) -> Piece:
    """Return source[start:end] without Markdown's marks: emphasis, links, code marks, escapes, tags, entities.

    A line break inside becomes one newline character; `<br>` becomes a semicolon, which separates values.
    """
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def add(char: str, first: int, last: int) -> None:
        chars.append(char)
        starts.append(first)
        ends.append(last)

    only_stars = not source[start:end].strip(" *")
    position = start
    while position < end:
        char = source[position]
        following = source[position + 1 : position + 2] if position + 1 < end else ""
        if char == "\\" and following and following in _ESCAPABLE:
            add(following, position, position + 2)
            position += 2
            continue
        if char in "![" and (link := _LINK.match(source, position, end)):
            for inner in range(link.start(1), link.end(1)):
                if source[inner] not in "*`":
                    add(source[inner], inner, inner + 1)
            position = link.end()
            continue
        if char == "<" and (tag := _TAG.match(source, position, end)):
            if tag[0].lower().startswith("<br"):
                add(";", position, tag.end())
            position = tag.end()
            continue
        if char == "&" and (entity := _ENTITY.match(source, position, end)):
            plain = html.unescape(entity[0])
            add(plain if len(plain) == 1 else "&", position, entity.end())
            position = entity.end()
            continue
        if char == "\r":
            add("\n", position, position + (2 if following == "\n" else 1))
            position += 2 if following == "\n" else 1
            continue
        if not _is_mark(source, position, start, end, only_stars):
            add(char, position, position + 1)
        position += 1
    return Piece("".join(chars), tuple(starts), tuple(ends), line, start).cut(0)


def _is_mark(source: str, position: int, start: int, end: int, only_stars: bool) -> bool:
    """Tell whether the character is an emphasis or code mark, not a word's own."""
    char = source[position]
    if char == "`":
        return True
    before = source[position - 1] if position > start else " "
    after = source[position + 1] if position + 1 < end else " "
    if char == "*":
        return not only_stars and not (before.isspace() and after.isspace())
    return char == "_" and not (before.isalnum() and after.isalnum())

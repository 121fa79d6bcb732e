"""The structure of a Markdown text, line by line, with the exact place of every piece.

Known: headings (# and underlined), tables, list items, lead-ins ("**Champions:** a, b"), quotes, paragraphs.
Ignored: code fences, HTML comments, front matter, rules. The text itself is never changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ranker.personas.pieces import Piece, read_piece


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 6."""

    level: int
    piece: Piece


@dataclass(frozen=True, slots=True)
class Row:
    """A table row: its cells, and the whole line."""

    cells: tuple[Piece, ...]
    line: Piece


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the row of column names, and the rows below."""

    header: Row
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A list item, a paragraph or a quote. `label` and `rest` are set where it reads "Label: rest"."""

    kind: str
    piece: Piece
    label: Piece | None = None
    rest: Piece | None = None
    bold: bool = False
    indent: int = 0
    number: int | None = None
    parent: bool = False


Block = Heading | Table | Text

_LINE = re.compile(r"([^\r\n]*)(\r\n|\n|\r|$)")
_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
_ITEM = re.compile(r"([ \t]*)(?:[-*+•‣◦·–]|(\d{1,3})[.)])[ \t]+(?:\[[ xX]\][ \t]+)?(?=\S)")
_RULE = re.compile(r" {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$")
_DELIMITER = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_BOLD = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_PIPE = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    start: int
    number: int

    @property
    def blank(self) -> bool:
        return not self.text.strip()


def _lines(text: str) -> list[_Line]:
    """Return the lines without comments, code and front matter, which become blank lines of the same length."""
    masked = _COMMENT.sub(lambda m: re.sub(r"[^\r\n]", " ", m[0]), text)
    lines: list[_Line] = []
    fence, position = "", 0
    front = bool(re.match(r"---[ \t]*(\r\n|\n|\r)(?:[\w-]+:.*(?:\r\n|\n|\r))+---[ \t]*(?:\r|\n|$)", masked))
    while position < len(masked):
        match = _LINE.match(masked, position)
        assert match is not None
        content, number = match[1], len(lines) + 1
        opened = _FENCE.match(content)
        hidden = bool(fence) or opened is not None or front
        if front:
            front = number == 1 or content.strip() != "---"
        elif fence:
            closing = content.strip()
            if closing.startswith(fence) and not closing.strip(fence[0]):
                fence = ""
        elif opened:
            fence = opened[1]
        lines.append(_Line("" if hidden else content, position, number))
        position = match.end()
    return lines


def _cells(text: str, line: _Line) -> Row:
    begin, end = 0, len(line.text.rstrip())
    bounds = [m.start() for m in _PIPE.finditer(line.text, 0, end)]
    if bounds and not line.text[: bounds[0]].strip():
        begin = bounds.pop(0) + 1
    if bounds and not line.text[bounds[-1] + 1 : end].strip():
        end = bounds.pop()
    edges = [begin, *(b + 1 for b in bounds)]
    stops = [*bounds, end]
    cells = (read_piece(text, line.start + a, line.start + b, line.number) for a, b in zip(edges, stops, strict=True))
    return Row(tuple(cells), _piece(text, line, 0))


def _piece(text: str, line: _Line, begin: int) -> Piece:
    body = line.text.rstrip()
    begin += len(body[begin:]) - len(body[begin:].lstrip())
    return read_piece(text, line.start + begin, line.start + max(begin, len(body)), line.number)


def _starts_block(line: _Line) -> bool:
    """Tell whether a line can't continue the paragraph or item before it."""
    stripped = line.text.lstrip()
    bold = _BOLD.match(stripped)
    return (
        line.blank
        or stripped.startswith((">", "|"))
        or bool(_ATX.match(line.text) or _ITEM.match(line.text) or _RULE.match(line.text))
        or (bold is not None and (bold[2].endswith(":") or stripped[bold.end() :].strip()[:1] in {"", ":"}))
    )


def _with_label(text: str, kind: str, first: _Line, begin: int, stop: int, indent: int, number: int | None) -> Text:
    """Return the item or paragraph text[begin:stop], with its label where it has one."""
    piece = read_piece(text, begin, stop, first.number)
    source = text[begin:stop]
    bold = _BOLD.match(source)
    if bold is not None:
        after = source[bold.end() :]
        if bold[2].rstrip().endswith(":") or after.lstrip()[:1] in {":", ""}:
            label = read_piece(text, begin + bold.start(2), begin + bold.end(2), first.number).trim(":")
            rest = read_piece(text, begin + bold.end(), stop, first.number).trim(":")
            return Text(kind, piece, label, rest, True, indent, number)
    colon = re.search(r":(?=\s|$)", piece.text)
    if colon and "\n" not in piece.text[: colon.start()]:
        return Text(kind, piece, piece.cut(0, colon.start()), piece.cut(colon.end()), False, indent, number)
    return Text(kind, piece, None, None, False, indent, number)


def read_blocks(text: str, is_label: Callable[[str], bool] = lambda _: False) -> Iterator[Block]:
    """Yield the blocks of a text in order.

    `is_label` tells whether the words before a colon are a known label: a plain line that begins with one starts
    a block of its own, as a bold lead-in does.
    """
    lines = _lines(text)
    index = 0
    while index < len(lines):
        line = lines[index]
        following = lines[index + 1] if index + 1 < len(lines) else _Line("", len(text), line.number + 1)
        if line.blank:
            index += 1
        elif heading := _ATX.match(line.text):
            begin = heading.start(2) if heading[2] else len(line.text)
            yield Heading(
                len(heading[1]),
                read_piece(text, line.start + begin, line.start + max(begin, heading.end(2)), line.number),
            )
            index += 1
        elif _RULE.match(line.text):
            index += 1
        elif _PIPE.search(line.text) and _is_table(line, following):
            rows = []
            while index < len(lines) and _PIPE.search(lines[index].text):
                if not _DELIMITER.match(lines[index].text):
                    rows.append(_cells(text, lines[index]))
                index += 1
            if rows:
                yield Table(rows[0], tuple(rows[1:]))
        else:
            item = _ITEM.match(line.text)
            quote = line.text.lstrip().startswith(">")
            last = index
            while last + 1 < len(lines) and not _starts_block(lines[last + 1]):
                before_colon = lines[last + 1].text.partition(":")
                if (before_colon[1] and is_label(before_colon[0])) or _is_underline(lines[last + 1]):
                    break
                last += 1
            under = lines[last + 1].text.strip() if last + 1 < len(lines) else ""
            if last == index and not item and not quote and _is_setext(under):
                yield Heading(1 if under[0] == "=" else 2, _piece(text, line, 0))
                index += 2
                continue
            end = lines[last].start + len(lines[last].text.rstrip())
            if quote:
                begin = line.text.index(">") + 1
                yield Text("quote", read_piece(text, line.start + begin, end, line.number))
            else:
                kind = "item" if item else "paragraph"
                begin = line.start + (item.end() if item else len(line.text) - len(line.text.lstrip()))
                indent = len(item[1].expandtabs(4)) if item else 0
                number = int(item[2]) if item and item[2] else None
                block = _with_label(text, kind, line, begin, end, indent, number)
                yield _as_parent(block) if _has_children(lines, last + 1, indent, item is not None) else block
            index = last + 1


def _is_underline(line: _Line) -> bool:
    return _is_setext(line.text.strip())


def _is_setext(text: str) -> bool:
    return len(text) >= 3 and set(text) in ({"="}, {"-"})


def _is_table(line: _Line, following: _Line) -> bool:
    """A table needs a line of dashes below its column names, or two rows that begin with a pipe."""
    if _DELIMITER.match(following.text) and "-" in following.text and "|" in following.text + line.text:
        return True
    return line.text.lstrip().startswith("|") and following.text.lstrip().startswith("|")


def _has_children(lines: list[_Line], index: int, indent: int, is_item: bool) -> bool:
    """Tell whether the next line that is not blank is an item further in."""
    while index < len(lines) and lines[index].blank:
        index += 1
    below = _ITEM.match(lines[index].text) if index < len(lines) else None
    return is_item and below is not None and len(below[1].expandtabs(4)) > indent


def _as_parent(block: Text) -> Text:
    return Text(block.kind, block.piece, block.label, block.rest, block.bold, block.indent, block.number, True)

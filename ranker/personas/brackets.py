"""Finds the size brackets of a persona: in headings, tables, lists, lead-ins and column names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ranker.personas.draft import VALUED, kind_of
from ranker.personas.markdown import Block, Heading, Table, Text
from ranker.personas.pieces import Piece
from ranker.personas.scopes import Sizes
from ranker.personas.sizes import SizeRange, find_sizes, range_text, read_size
from ranker.personas.spec import Bracket, Place
from ranker.personas.vocabulary import vocabulary, words

ALL_SIZES = Bracket(name="All sizes", low=1, high=None, place=Place(line=1, start=0, end=0))
"""The one bracket of a persona that names none."""

_NUMBERING = re.compile(r"^\s*\d+(?:\.\d+)*[.)]?\s+(?=\D)")
_SUBJECTS = {"role", "department", "seniority", "signal", "priority", "reason", "champion", "hardness"}


@dataclass(frozen=True, slots=True)
class _Found:
    """A size and its name. The lower `step`, the surer that it defines a bracket."""

    step: int
    name: str
    size: SizeRange
    place: Place


def find_brackets(blocks: Sequence[Block]) -> Sizes:
    """Return the brackets, small to large, with all their names.

    A list or table of sizes comes first, then headings, lead-ins, column names, and at last the sizes that rows
    and exclusions speak of. The same range again is another name of the same bracket. A range that cuts across
    one already there ("50+ employees" beside "51-200") defines nothing.
    """
    found = sorted(_candidates(blocks), key=lambda one: one.step)
    kept: list[_Found] = []
    aliases: list[tuple[str, _Found]] = []
    for one in found:
        same = next((other for other in kept if other.size == one.size), None)
        if same:
            aliases.append((one.name, same))
        elif not any(_overlap(one.size, other.size) for other in kept) and not _cuts(one, found):
            kept.append(one)
    kept.sort(key=lambda one: one.size.low)
    names = Counter(one.name.casefold() for one in kept)
    brackets: list[Bracket] = []
    for one in kept:
        # Two headings such as "Targets (1-50 employees)" differ in their sizes only: each is named by its own.
        name = one.name if names[one.name.casefold()] == 1 else range_text(one.size.low, one.size.high)
        brackets.append(Bracket(name=name, low=one.size.low, high=one.size.high, place=one.place))
    if not brackets:
        return Sizes([ALL_SIZES])
    return Sizes(brackets, [(name, kept.index(one)) for name, one in aliases])


def _overlap(a: SizeRange, b: SizeRange) -> bool:
    """Tell whether two ranges share more than one value."""
    return min(a.values()[1], b.values()[1]) > max(a.low, b.low)


def _cuts(one: _Found, found: Iterable[_Found]) -> bool:
    """Tell whether a range overlaps several others of its kind, which are the brackets then."""
    others = {o.size for o in found if o.step == one.step and o.size != one.size and _overlap(o.size, one.size)}
    return len(others) > 1


def _candidates(blocks: Sequence[Block]) -> list[_Found]:
    found: list[_Found] = []
    group: list[_Found] = []
    section: str | None = None
    for block in [*blocks, Heading(1, Piece("", (), (), 1, 0))]:
        if not (isinstance(block, Text) and block.kind == "item"):
            found += group if len(group) > 1 else []
            group = []
        if isinstance(block, Heading):
            section = kind_of(block.piece.text)
            found += _named(block.piece, 9 if section in VALUED - {"targets"} else 1, section)
        elif isinstance(block, Table):
            found += _of_table(block)
        elif block.label is not None and block.rest is not None and not block.rest.text:
            kind = kind_of(block.label.text)
            found += _named(block.label, 9 if kind in VALUED - {"targets"} else 2, kind)
        elif section == "sizes":
            found += _of_list(block, 0 if block.kind == "item" else 10, False)
        elif section not in VALUED - {"targets"}:
            listed = _of_list(block, 3 if block.kind == "item" else 10, True)
            group += listed if block.kind == "item" else []
            if block.kind != "item":
                found += listed
    return found


def _named(piece: Piece, step: int, kind: str | None) -> list[_Found]:
    """Return the size in a heading, a lead-in or a cell that announces `kind`.

    The size needs a word like "employees" or parentheses, the word where the text announces anything else, as in
    "Departments (1-10)"; under a heading such as "Company sizes" neither.
    """
    sizes = [one for one in find_sizes(_unnumbered(piece).text) if one.unit or one.size.low != one.size.high]
    if len(sizes) != 1:
        return []
    text, one = _unnumbered(piece).text, sizes[0]
    inside = re.search(r"[(\[]\s*$", text[: one.start]) and re.match(r"\s*[)\]]", text[one.end :])
    if not (kind == "sizes" or one.unit or (inside and kind is None)) or (one.size.low == one.size.high and not inside):
        return []
    return [_Found(step, _name(text, one.start, one.end), one.size, piece.place)]


def _unnumbered(piece: Piece) -> Piece:
    match = _NUMBERING.match(piece.text)
    return piece.cut(match.end()) if match and len(find_sizes(piece.text)) > 1 else piece


def _name(text: str, start: int, end: int) -> str:
    """Return what is left of a text without its size: "Startups" of "Startups (1-50 employees)"."""
    rest = (text[:start] + " " + text[end:]).replace("()", " ").replace("[]", " ")
    rest = re.sub(r"\(\s*\)|\[\s*\]", " ", rest)
    rest = " ".join(_NUMBERING.sub("", rest).split()).strip(" :;,.–—-|·")
    generic = vocabulary().single("generic")
    if not [word for word in words(rest) if word not in generic]:
        return " ".join(text[start:end].split())
    return rest


def _of_list(block: Text, step: int, needs_unit: bool) -> list[_Found]:
    """Return the size of an item such as "Workshop: 1-50 employees"."""
    sizes = find_sizes(block.piece.text)
    if len(sizes) != 1 or (needs_unit and not sizes[0].unit):
        return []
    name = _name(block.piece.text, sizes[0].start, sizes[0].end)
    if len(words(name)) > 5 or sizes[0].size.low == sizes[0].size.high:
        return []
    if block.kind != "item" and not (block.label and block.rest and read_size(block.rest.text)):
        return []
    return [_Found(step, name, sizes[0].size, block.piece.place)]


def _of_table(table: Table) -> list[_Found]:
    """Return the sizes in a table's column names, or in its rows where it is a table of sizes."""
    kinds = [vocabulary().first("column", cell.text) for cell in table.header.cells]
    columns = [one for cell in table.header.cells for one in _column(cell)]
    if len(columns) > 1:
        return columns
    size_column = next((i for i, kind in enumerate(kinds) if kind == "size"), None)
    found: list[_Found] = []
    if size_column is None:
        return found
    plain = not _SUBJECTS & set(kinds)
    for row in table.rows:
        if size_column >= len(row.cells):
            continue
        cell = row.cells[size_column]
        size = read_size(cell.text)
        named = next((i for i, kind in enumerate(kinds) if i != size_column and kind in {"segment", None}), None)
        name = row.cells[named] if plain and named is not None and named < len(row.cells) else cell
        if size is not None:
            found.append(_Found(0 if plain else 8, (name.text or cell.text).strip(), size, name.place))
        elif cell.text:
            found += _named(cell, 0 if plain else 8, None)
    return found


def _column(cell: Piece) -> list[_Found]:
    size = read_size(cell.text)
    if size is not None and size.low != size.high:
        return [_Found(4, cell.short, size, cell.place)]
    kind = vocabulary().first("column", cell.text)
    return _named(cell, 4, None if kind in {None, "size", "segment"} else kind)

"""Turns one entry of a table or a list into the values of its section."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ranker.personas.draft import CHAMPION, EXCLUSIONS, TARGETS, Context, Draft
from ranker.personas.pieces import Piece
from ranker.personas.priorities import read_priority, read_relevance
from ranker.personas.scopes import NO_SUCH_SIZE, Scope
from ranker.personas.spec import Department, Exclusion, Place, Seniority, Signal, Target
from ranker.personas.vocabulary import vocabulary

_QUOTED = re.compile(r"[\"“”„«»‟]\s*([^\"“”„«»‟]+?)\s*[\"“”„«»‟]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One row or item, taken apart.

    `name` is the title, department, level, role or signal; `priority` the words of its priority (None: the text
    has no place for one); `cells` are the priorities by bracket, of a matrix; `scale` what plain numbers are out
    of; `size` the words that say for which sizes it holds; `quoted` the words shown to a sales person.
    """

    line: Piece
    name: Piece
    priority: Piece | None = None
    cells: tuple[tuple[tuple[str, ...], Piece, float | None], ...] = ()
    scale: float | None = None
    note: str = ""
    size: Piece | None = None
    order: int | None = None
    hard: bool | None = None
    champion: bool = False
    quoted: str = ""


def _unread(text: str) -> str:
    return f"no priority could be read in '{text}'" if text else "no priority is given"


def scoped(draft: Draft, entry: Entry, context: Context, signal: bool = False) -> tuple[Piece, Scope | None, bool]:
    """Return (the name without its size, the sizes it holds for, whether they are understood)."""
    name, scope, problem = draft.sizes.split_off(entry.name, bare=not signal)
    if problem is None and entry.size is not None and entry.size.text:
        scope = draft.sizes.read(entry.size.text)
        problem = None if scope else f"{NO_SUCH_SIZE}: '{entry.size.short}'"
    if problem is not None:
        draft.miss(entry.line, problem)
        return name, None, False
    if scope is not None and not scope.exact:
        draft.miss(entry.line, f"meets a size bracket only in part; taken for {', '.join(draft.names(scope))}")
    return name, scope if scope is not None else context.scope, True


def add_target(draft: Draft, entry: Entry, context: Context) -> None:
    """Add the title at every bracket that it holds for.

    Without a priority it gets that of its list (see `TARGETS`), a champion `CHAMPION`. An empty cell of a matrix
    is no target at that size.
    """
    champion = entry.champion or context.kind == "champions"
    name, scope, understood = scoped(draft, entry, context)
    if not understood or not name.text:
        return
    values: dict[str, tuple[float, Piece | None]] = {}
    for names, cell, scale in entry.cells:
        value = read_priority(cell.text, scale)
        if value is None and cell.text:
            draft.miss(cell, _unread(cell.text))
        elif value is not None:
            values.update(dict.fromkeys((one for one in names if one in draft.names(scope)), (value, cell)))
    if entry.cells and not values:
        if not any(cell.text for _, cell, _ in entry.cells):
            draft.miss(entry.line, "no priority is given at any size")
        return
    if not entry.cells and entry.priority is not None:
        read = read_relevance(entry.priority.text, draft.sizes, entry.scale, entry.note)
        if read is None:
            draft.miss(entry.line, _unread(entry.priority.text))
            return
        values = {one: (read[one], entry.priority) for one in draft.names(scope)}
    elif not entry.cells:
        default = CHAMPION if champion else TARGETS.get(context.kind or "", 1.0)
        only = draft.sizes.only(entry.note)
        values = dict.fromkeys(draft.names(scope if only is None else only), (default, None))
    for bracket in (one for one in draft.sizes.names if one in values):
        value, piece = values[bracket]
        written = piece.short if piece else "champion" if champion else ""
        draft.targets.append(
            Target(
                title=name.short,
                priority=value,
                order=entry.order,
                bracket=bracket,
                champion=champion,
                place=name.place,
                quote=f"{name.short} · {written}" if written else name.short,
                priority_place=piece.place if piece else None,
            )
        )


def add_by_size(draft: Draft, entry: Entry, context: Context) -> None:
    """Add a department or a level with its relevance by bracket; 0.0 outside the sizes it is said to hold for."""
    name, scope, understood = scoped(draft, entry, context)
    if not understood or not name.text:
        return
    relevance: dict[str, float] = {}
    pieces: dict[str, Piece] = {}
    if entry.cells:
        for names, cell, scale in entry.cells:
            value = read_priority(cell.text, scale)
            if value is None:
                draft.miss(cell if cell.text else entry.line, _unread(cell.text))
                continue
            relevance.update(dict.fromkeys(names, value))
            pieces.update(dict.fromkeys(names, cell))
    elif entry.priority is None:
        relevance = dict.fromkeys(draft.sizes.names, 1.0)
    else:
        read = read_relevance(entry.priority.text, draft.sizes, entry.scale, entry.note)
        if read is None:
            draft.miss(entry.line, _unread(entry.priority.text))
            return
        relevance = read
        pieces = dict.fromkeys(read, entry.priority)
    if not relevance:
        return
    if scope is not None and scope.brackets is not None:
        relevance = {one: value if one in scope.brackets else 0.0 for one, value in relevance.items()}
    written = {one: piece.short for one, piece in pieces.items()}
    places: dict[str, Place] = {one: piece.place for one, piece in pieces.items()}
    whole = entry.priority.short if entry.priority is not None and not entry.cells else ""
    quote = f"{name.short} · {whole}" if whole else name.short
    ordered = {one: relevance[one] for one in draft.sizes.names if one in relevance}
    if context.kind == "seniority":
        draft.seniority.append(
            Seniority(name=name.short, relevance=ordered, place=name.place, quote=quote, written=written, places=places)
        )
    else:
        draft.departments.append(
            Department(
                name=name.short, relevance=ordered, place=name.place, quote=quote, written=written, places=places
            )
        )


def add_exclusion(draft: Draft, entry: Entry, context: Context) -> None:
    """Add an exclusion; hard or soft as its own column says, otherwise its section."""
    name, scope, understood = scoped(draft, entry, context)
    if not understood or not name.text:
        return
    quote = entry.quoted or entry.name.short
    if entry.size is not None and scope is not None and scope.brackets is not None and not entry.quoted:
        quote = f"{quote} · {entry.size.short}"
    draft.exclusions.append(
        Exclusion(
            role=name.short,
            reason=entry.note,
            hard=EXCLUSIONS.get(context.kind or "", True) if entry.hard is None else entry.hard,
            brackets=scope.brackets if scope is not None else None,
            place=name.place,
            quote=quote,
            size_place=_size_place(entry, name),
        )
    )


def _size_place(entry: Entry, name: Piece) -> Place | None:
    """Where the sizes of an entry are written: its own cell or phrase, else what `split_off` took from the name."""
    if entry.size is not None:
        return entry.size.place
    if name.ends and entry.name.ends and entry.name.ends[-1] > name.ends[-1]:
        return Place(line=name.place.line, start=name.ends[-1], end=entry.name.ends[-1])
    return None


def title_words(text: str) -> tuple[str, ...]:
    """Return the quoted words of a text that says "in the title"; none where it does not."""
    if not vocabulary().has("in_title", text):
        return ()
    return tuple(dict.fromkeys(" ".join(word.split()) for word in _QUOTED.findall(text)))


def add_signal(draft: Draft, entry: Entry, context: Context, positive: bool) -> None:
    """Add a signal. Words in quotes count as title words where the text says "in the title"."""
    name, scope, understood = scoped(draft, entry, context, signal=True)
    if not understood or not name.text:
        return
    draft.signals.append(
        Signal(
            text=name.short,
            title_words=title_words(name.text),
            positive=positive,
            brackets=scope.brackets if scope is not None else None,
            place=name.place,
            quote=entry.quoted or entry.name.short,
        )
    )


def speaks_for(text: str) -> bool:
    """Tell whether a sentence about words in the title is for such people, not against them."""
    return not vocabulary().has("against", _QUOTED.sub(" ", text))


def read_order(text: str) -> int | None:
    """Return the rank that a cell states."""
    match = re.fullmatch(r"\D{0,6}(\d{1,3})\D{0,2}", text.strip())
    return int(match[1]) if match else None


def split_names(piece: Piece, separators: str = ",;") -> Sequence[Piece]:
    """Split "a, b (c, d), and e" into its names; parentheses stay whole, and a sentence after them is left out."""
    end = re.search(r"(?<=[a-z)]{3})\.(?:\s+[A-ZÄÖÜÉ]|\s*$)", piece.text)
    text = piece.text[: end.start()] if end else piece.text
    parts, depth, start = [], 0, 0
    for position, char in enumerate(text):
        depth += (char in "([") - (char in ")]")
        if char in separators and depth <= 0:
            parts.append(piece.cut(start, position))
            start = position + 1
    parts.append(piece.cut(start, len(text)))
    joined = [re.match(r"(?:and|or|und|oder|et|ou)\s+", part.text, re.IGNORECASE) for part in parts]
    names = [part.cut(lead.end()) if lead else part for part, lead in zip(parts, joined, strict=True)]
    return [name for name in names if name.text]

"""Reads list items and the lists in a line after a lead-in."""

from __future__ import annotations

import re
from dataclasses import replace

from ranker.personas.draft import EXCLUSIONS, NOTHING_TO_JUDGE, SIGNALS, TARGETS, Context, Draft
from ranker.personas.pieces import Piece
from ranker.personas.priorities import find_priority, read_priority, read_relevance
from ranker.personas.thresholds import add_threshold
from ranker.personas.values import (
    Entry,
    add_by_size,
    add_exclusion,
    add_signal,
    add_target,
    speaks_for,
    split_names,
    title_words,
)
from ranker.personas.vocabulary import words

_SEPARATOR = re.compile(r"\s+[—–-]{1,2}\s+|\s*[—]\s*|:\s+|:$|;\s+|\s*→\s*")
_CLAUSE = re.compile(
    r"(?:,\s+|\s+(?=because\b))(?=(?:who|which|because|since|as they|they|die|welche|weil|qui|que|che)\b)",
    re.IGNORECASE,
)
_EDGE = "([{:;,.–—-|· "


def read_item(draft: Draft, piece: Piece, number: int | None, context: Context) -> None:
    """Add the value of one list item; one that gives none is noted as not understood."""
    kind = context.kind
    if kind in TARGETS or (kind in {None, "sizes"} and context.scope is not None):
        _target(draft, piece, number, context)
    elif kind == "champions":
        for name in split_names(piece) if not find_priority(piece.text) else [piece]:
            add_target(draft, _rated(name, number, name), context)
    elif kind in {"departments", "seniority"}:
        _by_size(draft, piece, context)
    elif kind in EXCLUSIONS:
        add_exclusion(draft, _excluded(draft, piece), context)
    elif kind in SIGNALS:
        add_signal(draft, Entry(line=piece, name=piece), context, SIGNALS[kind])
    elif title_words(piece.text):
        add_signal(draft, Entry(line=piece, name=piece), context, speaks_for(piece.text))
    elif not add_threshold(draft, piece, kind == "threshold"):
        draft.miss(piece, NOTHING_TO_JUDGE)


def read_list(draft: Draft, rest: Piece, context: Context) -> bool:
    """Add the values of "a, b and c" after a lead-in; tell whether the section is one that takes such a list."""
    kind = context.kind
    if kind in TARGETS or kind == "champions":
        for name in split_names(rest):
            add_target(draft, _rated(name, None, name), context)
    elif kind in {"departments", "seniority"}:
        for name in split_names(rest):
            _by_size(draft, name, context)
    elif kind in EXCLUSIONS:
        for name in split_names(rest):
            add_exclusion(draft, _excluded(draft, name), context)
    elif kind in SIGNALS:
        for name in [rest] if title_words(rest.text) else split_names(rest, ";"):
            add_signal(draft, Entry(line=name, name=name), context, SIGNALS[kind])
    else:
        return False
    return True


def _target(draft: Draft, piece: Piece, number: int | None, context: Context) -> None:
    entry = _by_clauses(draft, piece, _rated(piece, number, piece))
    if _is_torn(draft, entry):
        return
    announced = context.kind in TARGETS and context.sure
    if entry.priority is None and not announced and (context.kind is not None or len(words(piece.text)) > 6):
        draft.miss(
            piece, "not taken for a title to look for: no priority is given, and nothing above says that it is one"
        )
        return
    doubtful = entry.priority is None and ":" in piece.text and 0 < len(words(entry.note)) <= 2
    if doubtful and draft.sizes.read(entry.note) is None:
        draft.miss(piece, f"no priority could be read in '{entry.note}'")
        return
    add_target(draft, _with_size_of_note(draft, entry, piece), context)


def _with_size_of_note(draft: Draft, entry: Entry, piece: Piece) -> Entry:
    """Take the note for the size where it is nothing but a size: "Plant Manager: 4/5 – only at large firms"."""
    if entry.note and draft.sizes.read(entry.note) is not None:
        start = piece.text.rfind(entry.note)
        if start > 0:
            return replace(entry, size=piece.cut(start, start + len(entry.note)), note="")
    return entry


def _by_clauses(draft: Draft, piece: Piece, entry: Entry) -> Entry:
    """Take "4/5 at small firms, 2/5 at large ones" as the priority where the rest of the item says just that."""
    if entry.note and draft.sizes.read(entry.note) is not None:
        return entry
    mark, found = _SEPARATOR.search(piece.text), find_priority(piece.text)
    starts = [mark.end()] if mark and mark.start() > 0 else []
    starts += [found.start] if found and found.start > 0 else []
    for start in starts:
        rest = piece.cut(start)
        if read_priority(rest.text) is None and read_relevance(rest.text, draft.sizes) is not None:
            end = mark.start() if mark and mark.end() == start else start
            return replace(entry, name=piece.cut(0, end).trim(_EDGE), priority=rest, note="")
    return entry


def _is_torn(draft: Draft, entry: Entry) -> bool:
    """Note an item with a second priority behind the first, for sizes that can't be told."""
    if entry.priority is None or not find_priority(entry.note):
        return False
    draft.miss(entry.line, f"more than one priority, and no size bracket of that name in '{entry.note}'")
    return True


def _rated(piece: Piece, number: int | None, line: Piece) -> Entry:
    """Take "HR Director: 4/5 – owns budget" apart into title, priority and note."""
    found = find_priority(piece.text)
    if found:
        name = piece.cut(0, found.start).trim(_EDGE)
        after = piece.cut(found.end).trim(_EDGE + ")]}")
        priority = piece.cut(found.start, found.end)
        if not name.text:
            return Entry(line=line, name=_head(after), priority=priority, note=_tail(after), order=number)
        first = _SEPARATOR.search(name.text)
        if first and first.start() > 0:
            note = name.text[first.end() :] + " " + after.text
            return Entry(line, name.cut(0, first.start()), priority, note=note.strip(), order=number)
        return Entry(line, name, priority, note=after.short, order=number)
    parts = _parts(piece)
    for index, part in enumerate(parts[1:], start=1):
        if read_priority(part.text) is not None:
            note = " ".join(other.short for i, other in enumerate(parts[1:], start=1) if i != index)
            return Entry(line=line, name=parts[0], priority=part, note=note, order=number)
    return Entry(line=line, name=_head(piece), note=_tail(piece), order=number)


def _parts(piece: Piece) -> list[Piece]:
    """Split at dashes, colons and parentheses; the first part is the name."""
    marks = list(re.finditer(r"\s+[—–-]{1,2}\s+|\s*—\s*|:\s+|\s*[()\[\]]\s*|,\s+", piece.text))
    edges = [0, *(mark.end() for mark in marks)]
    stops = [*(mark.start() for mark in marks), len(piece.text)]
    pieces = [piece.cut(a, max(a, b)) for a, b in zip(edges, stops, strict=True)]
    return [pieces[0], *(one for one in pieces[1:] if one.text)]


def _head(piece: Piece) -> Piece:
    first = _SEPARATOR.search(piece.text)
    return piece.cut(0, first.start()) if first and first.start() > 0 else piece


def _tail(piece: Piece) -> str:
    first = _SEPARATOR.search(piece.text)
    return " ".join(piece.text[first.end() :].split()) if first and first.start() > 0 else ""


def _by_size(draft: Draft, piece: Piece, context: Context) -> None:
    """Read "Purchasing: nice to have from 501 employees on, irrelevant below"."""
    mark = _SEPARATOR.search(piece.text)
    if mark and mark.start() > 0:
        name, rest = piece.cut(0, mark.start()), piece.cut(mark.end())
        if read_relevance(rest.text, draft.sizes) is None and (find_priority(name.text) or _inner(rest) != rest):
            rest = _inner(rest) if not find_priority(name.text) else rest
        if read_relevance(rest.text, draft.sizes) is not None:
            add_by_size(draft, Entry(line=piece, name=name, priority=rest), context)
            return
        if draft.sizes.read(rest.text) is not None:
            add_by_size(draft, Entry(line=piece, name=name, size=rest), context)
            return
        if find_priority(piece.text) is None and ":" in mark[0]:
            draft.miss(piece, f"no priority could be read in '{rest.short}'")
            return
    entry = _rated(piece, None, piece)
    if not _is_torn(draft, entry):
        add_by_size(draft, _with_size_of_note(draft, entry, piece), context)


def _inner(rest: Piece) -> Piece:
    """Return the first part of "4/5 – owns the budget"."""
    mark = _SEPARATOR.search(rest.text)
    return rest.cut(0, mark.start()) if mark and mark.start() > 0 else rest


def _excluded(draft: Draft, piece: Piece) -> Entry:
    """Take "CEO (500+ employees) – too far away" apart into role, size and reason."""
    marks = [mark for mark in (_SEPARATOR.search(piece.text), _CLAUSE.search(piece.text)) if mark and mark.start() > 0]
    if not marks:
        return Entry(line=piece, name=piece)
    mark = min(marks, key=lambda one: one.start())
    role, reason = piece.cut(0, mark.start()), piece.cut(mark.end())
    if draft.sizes.read(reason.text) is not None:
        return Entry(line=piece, name=role, size=reason, quoted=piece.short)
    before, scope, _ = draft.sizes.split_off(reason)
    if scope is not None and draft.sizes.split_off(role)[1] is None:
        size = reason.cut(len(before.text)).trim("([])") if before.text != reason.text else None
        return Entry(line=piece, name=role, size=size, note=before.short, quoted=role.short)
    return Entry(line=piece, name=role, note=reason.short)

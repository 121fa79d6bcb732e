"""Reads a persona: from Markdown as people write it to a `PersonaSpec`."""

from __future__ import annotations

from dataclasses import replace

from ranker.errors import PersonaEmpty, PersonaUnreadable
from ranker.personas.brackets import find_brackets
from ranker.personas.draft import (
    EXCLUSIONS,
    NOTHING_TO_JUDGE,
    SIGNALS,
    TARGETS,
    VALUED,
    Context,
    Draft,
    Sections,
    is_label,
    kind_of,
)
from ranker.personas.items import read_item, read_list
from ranker.personas.markdown import Heading, Table, Text, read_blocks
from ranker.personas.pieces import Piece
from ranker.personas.sizes import find_sizes
from ranker.personas.spec import PersonaSpec
from ranker.personas.tables import read_table
from ranker.personas.thresholds import add_threshold
from ranker.personas.values import Entry, add_signal, speaks_for, title_words
from ranker.personas.vocabulary import vocabulary, words

_SENTENCE = "a sentence; only tables, lists and lead-ins are read"
_MISSING = (
    "The persona names nobody to contact or to leave out. Add a heading such as 'Primary targets' with a list or a "
    "table of job titles, or 'Departments' or 'Hard exclusions'."
)


def read_persona(text: str, name: str | None = None) -> PersonaSpec:
    """Return what a persona's text says; the text is not changed, and every value knows its place in it.

    `name` defaults to the first heading. Lists of names, such as champions, are split at commas. A persona that
    names no company sizes gets one bracket, "All sizes". Every table row, list item and lead-in that became no
    value, and every sentence in a section that is read, is listed in `not_understood` with its line and why.
    Raises PersonaEmpty where the text is blank, PersonaUnreadable where it has no target, department or exclusion.
    """
    if not text.strip("\ufeff \t\r\n"):
        raise PersonaEmpty("The persona is empty. Write whom to contact, for example a list of job titles.")
    blocks = list(read_blocks(text, is_label))
    headings = [block for block in blocks if isinstance(block, Heading)]
    titled = sum(heading.level == 1 for heading in headings) == 1 and headings[0].level == 1
    draft = Draft(find_brackets(blocks))
    sections = Sections(draft.sizes, titled)
    for block in blocks:
        if isinstance(block, Heading):
            sections.heading(block.level, block.piece)
        elif isinstance(block, Table):
            sections.leave_list()
            read_table(draft, block, sections.here())
        elif block.kind == "quote":
            _read_quote(draft, block)
        elif block.kind == "item":
            _read_item(draft, block, sections)
        else:
            _read_paragraph(draft, block, sections)
    if not (draft.targets or draft.departments or draft.exclusions):
        raise PersonaUnreadable(_MISSING)
    return PersonaSpec(
        name=name or (headings[0].piece.short if headings else "") or "Persona",
        brackets=draft.sizes.brackets,
        targets=tuple(draft.targets),
        departments=tuple(draft.departments),
        seniority=tuple(draft.seniority),
        exclusions=tuple(draft.exclusions),
        signals=tuple(draft.signals),
        threshold=draft.threshold,
        not_understood=tuple(sorted(draft.missed, key=lambda one: one.place.start)),
    )


def _read_quote(draft: Draft, block: Text) -> None:
    if not add_threshold(draft, block.piece):
        draft.miss(block.piece, NOTHING_TO_JUDGE)


def _defines_bracket(draft: Draft, piece: Piece) -> bool:
    """Tell whether a piece is where a bracket is named, or names one again with its size and nothing else."""
    if any(bracket.place == piece.place for bracket in draft.sizes.brackets):
        return True
    return bool(find_sizes(piece.text)) and draft.sizes.read(piece.text) is not None


def _read_item(draft: Draft, block: Text, sections: Sections) -> None:
    context = sections.item(block.indent)
    piece, label, rest = block.piece, block.label, block.rest
    if _defines_bracket(draft, piece):
        if block.parent:
            sections.enter_item(block.indent, replace(context, scope=draft.sizes.read(piece.text)))
        return
    if label is not None and rest is not None:
        inner = _label_of_item(draft, block, label, rest, context)
        if inner is not None:
            if block.parent or not rest.text:
                sections.enter_item(block.indent, inner)
            if rest.text and not (
                add_threshold(draft, piece, inner.kind == "threshold") or read_list(draft, rest, inner)
            ):
                draft.miss(piece, NOTHING_TO_JUDGE)
            return
    elif block.parent and draft.sizes.read(piece.text) is not None:
        sections.enter_item(block.indent, replace(context, scope=draft.sizes.read(piece.text)))
        return
    elif block.parent and vocabulary().whole("section", piece.text):
        sections.enter_item(block.indent, replace(context, kind=vocabulary().whole("section", piece.text), sure=True))
        return
    if block.parent and context.kind in TARGETS:
        sections.enter_item(block.indent, replace(context, sure=False))
    read_item(draft, piece, block.number, context)


def _label_of_item(draft: Draft, block: Text, label: Piece, rest: Piece, context: Context) -> Context | None:
    """Return the context that an item such as "**Medium:** a, b" announces; None where it is a value itself."""
    scope = draft.sizes.read(label.text)
    if scope is not None:
        return replace(context, scope=scope)
    kind = vocabulary().whole("section", label.text)
    if block.parent and not rest.text:
        return replace(context, kind=kind_of(label.text) or context.kind, sure=kind_of(label.text) is not None)
    if kind is not None and (block.bold or context.kind not in VALUED):
        return replace(context, kind=kind, sure=True)
    return None


def _read_paragraph(draft: Draft, block: Text, sections: Sections) -> None:
    piece, label, rest = block.piece, block.label, block.rest
    if _defines_bracket(draft, piece) and label is not None and rest is not None and rest.text:
        return
    if label is not None and rest is not None and _is_lead(draft, block, label, rest):
        context = sections.lead(label, block.bold, not rest.text)
        if rest.text and not (
            add_threshold(draft, piece, context.kind == "threshold") or _read_rest(draft, rest, label, context)
        ):
            draft.miss(piece, NOTHING_TO_JUDGE)
        return
    sections.leave_list()
    context = sections.here()
    if add_threshold(draft, piece, context.kind == "threshold"):
        return
    if title_words(piece.text) and context.kind not in VALUED - {*TARGETS}:
        add_signal(draft, Entry(line=piece, name=piece), context, speaks_for(piece.text))
    elif context.kind in {*EXCLUSIONS, *SIGNALS, "champions", "departments", "seniority"}:
        draft.miss(piece, _SENTENCE)


def _read_rest(draft: Draft, rest: Piece, label: Piece, context: Context) -> bool:
    """Read what stands behind a lead-in; not behind one whose words mean nothing, whatever its section is."""
    if not context.sure:
        return False
    if context.kind in {None, "sizes"} and draft.sizes.read(label.text) is not None:
        context = replace(context, kind="targets")
    return read_list(draft, rest, context)


def _is_lead(draft: Draft, block: Text, label: Piece, rest: Piece) -> bool:
    """Tell whether "label: rest" announces something rather than being a sentence with a colon."""
    if block.bold or not rest.text:
        return True
    return is_label(label.text) or (len(words(label.text)) <= 6 and draft.sizes.read(label.text) is not None)

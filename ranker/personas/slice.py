"""The part of a persona that holds for one company size, as short text: what a language model is given."""

from __future__ import annotations

from collections.abc import Sequence

from ranker.personas.brackets import find_brackets
from ranker.personas.draft import Sections, is_label
from ranker.personas.markdown import Heading, Text, read_blocks
from ranker.personas.spec import Department, Exclusion, PersonaSpec, Seniority, Signal


def persona_slice(text: str, spec: PersonaSpec, bracket: str) -> str:
    """What the persona says for the bracket of that name, in Markdown: values first, then the sentences around them.

    Values come from ``spec``, read from ``text``; titles, columns and sentences of other sizes are left out. Where
    the text has no size at all, everything holds.
    """
    targets = [one for one in spec.targets if one.bracket == bracket]
    parts = [
        _list("Titles to contact, with their priority", [one.quote for one in targets if not one.champion]),
        _list("Champions: wanted, behind the titles above", [one.quote for one in targets if one.champion]),
        _list("Departments, with their relevance", [_here(one, bracket) for one in spec.departments]),
        _list("Levels, with their relevance", [_here(one, bracket) for one in spec.seniority]),
        _list("Never contact", _excluded(spec.exclusions, bracket, hard=True)),
        _list("Contact only where there is nobody better", _excluded(spec.exclusions, bracket, hard=False)),
        _list("Speaks for a lead", _signs(spec.signals, bracket, positive=True)),
        _list("Speaks against a lead", _signs(spec.signals, bracket, positive=False)),
        _list("Further remarks", _sentences(text, bracket)),
    ]
    return "\n\n".join(part for part in parts if part)


def _list(title: str, lines: Sequence[str]) -> str:
    unique = list(dict.fromkeys(" ".join(line.split()) for line in lines if line.strip()))
    return "\n".join([f"## {title}", *(f"- {line}" for line in unique)]) if unique else ""


def _here(row: Department | Seniority, bracket: str) -> str:
    """The row's quote, with its value here where the same words mean another at another size ("5/5 → 0/5")."""
    said = row.quote_at(bracket)
    if len(set(row.relevance.values())) > 1 and len(set(row.written.values())) == 1:
        said += f" (here {row.relevance.get(bracket, 0.0) * 5:g}/5)"
    return said


def _excluded(rows: Sequence[Exclusion], bracket: str, *, hard: bool) -> list[str]:
    return [
        row.quote + (f" ({row.reason})" if row.reason.strip() else "")
        for row in rows
        if row.hard == hard and (row.brackets is None or bracket in row.brackets)
    ]


def _signs(rows: Sequence[Signal], bracket: str, *, positive: bool) -> list[str]:
    here = [row for row in rows if row.brackets is None or bracket in row.brackets]
    return [row.quote for row in here if row.positive == positive]


def _sentences(text: str, bracket: str) -> list[str]:
    """Paragraphs that are no values, and do not stand under a heading of other sizes."""
    blocks = list(read_blocks(text, is_label))
    headings = [block for block in blocks if isinstance(block, Heading)]
    titled = sum(heading.level == 1 for heading in headings) == 1 and headings[0].level == 1
    sections = Sections(find_brackets(blocks), titled)
    found = []
    for block in blocks:
        if isinstance(block, Heading):
            sections.heading(block.level, block.piece)
        if not isinstance(block, Text) or block.bold or (block.label is not None and is_label(block.label.text)):
            continue
        here = sections.here()
        elsewhere = here.scope is not None and here.scope.brackets is not None and bracket not in here.scope.brackets
        valued = block.kind == "item" and here.kind not in {None, "other"}
        if not elsewhere and not valued:
            found.append(block.piece.short)
    return found

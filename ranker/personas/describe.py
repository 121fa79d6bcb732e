"""A persona as the Personas page shows it: its text line by line, and beside it what was understood."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ranker.personas.sizes import range_shown
from ranker.personas.spec import Bracket, Department, Exclusion, PersonaSpec, Seniority, Signal

_LINE_END = re.compile(r"\r\n|\n|\r")
UNREAD = "none of these words is in the title vocabulary, so it holds for nobody"


@dataclass(frozen=True, slots=True)
class Missed:
    """Something on ``line`` (the first is 1) that became no value, or only in part, and why."""

    line: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line as written, without its line end; ``whys`` are the reasons why it, or a part, was not understood."""

    number: int
    text: str
    whys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One part of what was understood. Each row begins with the line that it comes from, then one cell a header."""

    title: str
    hint: str
    headers: tuple[str, ...]
    rows: tuple[tuple[int | str, ...], ...]


@dataclass(frozen=True, slots=True)
class Described:
    """A whole persona. ``sections`` without rows are left out; ``missed`` is in the order of the lines."""

    name: str
    text: tuple[TextLine, ...]
    sections: tuple[Section, ...]
    missed: tuple[Missed, ...]


def describe(text: str, spec: PersonaSpec, *, threshold: float, unread: Sequence[tuple[int, str]] = ()) -> Described:
    """What the page shows of ``spec``, read from ``text``.

    ``threshold`` is the score, 0 to 100, that holds where the text states none; ``unread`` are the lines and words
    that the title vocabulary could not read (``CompiledPersona.unread``).
    """
    missed = {Missed(one.place.line, one.text, one.why) for one in spec.not_understood}
    missed |= {Missed(line, words, UNREAD) for line, words in unread}
    ordered = tuple(sorted(missed, key=lambda one: (one.line, one.text, one.why)))
    whys: dict[int, list[str]] = {}
    for one in ordered:
        whys.setdefault(one.line, []).append(one.why)
    lines = tuple(
        TextLine(number, line, tuple(dict.fromkeys(whys.get(number, ()))))
        for number, line in enumerate(_LINE_END.split(text.removeprefix("\ufeff")), start=1)
    )
    sections = (
        _threshold(spec, threshold),
        _sizes(spec.brackets),
        *(_targets(spec, bracket) for bracket in spec.brackets),
        _by_size("Teams that matter", "How much each team counts at each size, out of 5.", spec, spec.departments),
        _by_size("Levels", "How much each level counts at each size, out of 5.", spec, spec.seniority),
        _exclusions(spec, "Never contact", "Held back whatever else fits.", lambda row: row.hard),
        _exclusions(spec, "Only as a last resort", "They end up behind everybody else.", lambda row: not row.hard),
        _signals(spec, "What raises a score", lambda row: row.positive),
        _signals(spec, "What lowers a score", lambda row: not row.positive),
    )
    return Described(spec.name, lines, tuple(one for one in sections if one.rows), ordered)


def people(bracket: Bracket) -> str:
    """A size class as people say it: "51–200 people", "1,001+ people"."""
    return f"{range_shown(bracket.low, bracket.high)} people"


def out_of_five(value: float) -> str:
    """A priority of 0.0 to 1.0 as the shipped personas write it: "4/5"."""
    return f"{round(value * 5, 1):g}/5"


def _threshold(spec: PersonaSpec, threshold: float) -> Section:
    score = spec.threshold.score if spec.threshold is not None else threshold
    line: int | str = spec.threshold.place.line if spec.threshold is not None else "–"
    said = "as the text says" if spec.threshold is not None else "the usual one, as the text names none"
    return Section(
        "Contact from", "Leads that score less are left out.", ("Score, 0 to 100", "Where from"),
        ((line, f"{score:g}", said),),
    )  # fmt: skip


def _sizes(brackets: Sequence[Bracket]) -> Section:
    rows = tuple((bracket.place.line, bracket.name, people(bracket)) for bracket in brackets)
    return Section("Company sizes", "Everything below is judged by the size of the company.", ("Size", "People"), rows)


def _targets(spec: PersonaSpec, bracket: Bracket) -> Section:
    rows = tuple(
        (
            one.place.line,
            one.title,
            "champion" if one.champion else "not at this size" if one.priority == 0 else out_of_five(one.priority),
        )
        for one in spec.targets
        if one.bracket == bracket.name
    )
    hint = "The most wanted have 5/5; a champion helps to reach them and comes behind them."
    return Section(f"Whom to contact at {people(bracket)}", hint, ("Job title", "Priority"), rows)


def _by_size(title: str, hint: str, spec: PersonaSpec, rows: Sequence[Department] | Sequence[Seniority]) -> Section:
    names = tuple(bracket.name for bracket in spec.brackets)
    return Section(
        title,
        hint,
        ("Name", *(people(bracket) for bracket in spec.brackets)),
        tuple(
            (row.place.line, row.name, *(out_of_five(row.relevance[n]) if n in row.relevance else "–" for n in names))
            for row in rows
        ),
    )


def _exclusions(spec: PersonaSpec, title: str, hint: str, fits: Callable[[Exclusion], bool]) -> Section:
    rows = tuple(
        (row.place.line, row.role, _at(spec, row.brackets), row.reason) for row in spec.exclusions if fits(row)
    )
    return Section(title, hint, ("Who", "At", "Because"), rows)


def _signals(spec: PersonaSpec, title: str, fits: Callable[[Signal], bool]) -> Section:
    rows = tuple(
        (
            row.place.line,
            row.text,
            f"title says {' or '.join(f'“{word}”' for word in row.title_words)}"
            if row.title_words
            else "a title does not show it, so it has no say yet",
        )
        for row in spec.signals
        if fits(row)
    )
    return Section(title, "Only what a job title shows can be judged.", ("Sign", "How it is seen"), rows)


def _at(spec: PersonaSpec, brackets: tuple[str, ...] | None) -> str:
    if brackets is None:
        return "every size"
    return ", ".join(people(bracket) for bracket in spec.brackets if bracket.name in brackets)

"""Adding a row to a persona's text: below the last of its kind, in the same manner; else in a section of its own."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from ranker.errors import EditRefused
from ranker.personas.edit import ELSEWHERE, first_that_fits, said
from ranker.personas.extent import Extent, extent_at, line_end, next_marker
from ranker.personas.form import DIGITS, Form, Kind, Row, read_form, says_the_same
from ranker.personas.notation import by_size, names, number, sizes, spellings
from ranker.personas.sizes import range_text

_HEADINGS: dict[Kind, str] = {
    "targets": "Targets",
    "champions": "Champions",
    "departments": "Departments",
    "seniority": "Seniority",
    "hard": "Hard exclusions",
    "soft": "Soft exclusions",
    "positive": "Positive signals",
    "negative": "Negative signals",
}
RATED: tuple[Kind, ...] = ("targets", "champions", "departments", "seniority")


def add(
    text: str, kind: Kind, name: str, values: Mapping[str, float] | None = None, brackets: Sequence[str] | None = None
) -> str:
    """The text with one more title, team, level, exclusion or signal.

    ``values``: bracket → 0.0 to 1.0, for titles, teams and levels (a title: only the sizes at which it is one);
    ``brackets``: the sizes for which an exclusion holds, None for all. Raises ``EditRefused`` where it can't be
    written so that it reads as just this.
    """
    form, wanted = read_form(text), " ".join(name.split())
    if not wanted:
        raise EditRefused("Write a name first.")
    given = {one: round(value, DIGITS) for one, value in (values or {}).items()}
    if kind in RATED and (not given or not set(given) <= set(form.names)):
        raise EditRefused("Say how much it counts, at a size that the persona knows.")
    if any(not 0 <= value <= 1 for value in given.values()):
        raise EditRefused("A priority lies between 0 and 5 out of 5.")
    if brackets is not None and not set(brackets) & set(form.names):
        raise EditRefused(f"“{wanted}” has to hold for at least one size of company.")
    if any(row.kind == kind and row.name == wanted and _meet(row, given) for row in form.rows):
        raise EditRefused(f"“{wanted}” is there already. Change its line instead.")
    wide = None if brackets is None or set(brackets) >= set(form.names) else tuple(brackets)
    new = Row(
        kind,
        wanted,
        values=tuple((one, given[one]) for one in form.names if one in given),
        sizes=None if wide is None else tuple(one for one in form.names if one in wide),
    )
    return first_that_fits(
        [*_below(text, form, new), *_sections(text, form, new)],
        lambda found: _is_more_by(form, found, new),
        f"“{wanted}” would be read as something else there. {ELSEWHERE}",
    )


def add_threshold(text: str, score: float) -> str:
    """The text with the score, 0 to 100, from which people are contacted. Raises ``EditRefused``."""
    form = read_form(text)
    if not 0 <= score <= 100 or form.threshold is not None:
        raise EditRefused("The text names one score, between 0 and 100.")
    line = f"Contact only people who score {number(score)} or more out of 100."
    return first_that_fits(
        _at_end(text, "Bottom line", [line]),
        lambda found: says_the_same(dataclasses.replace(form, threshold=round(score, 2)), found),
        f"The score can't be added at the end of the text. {ELSEWHERE}",
    )


def _meet(row: Row, values: Mapping[str, float]) -> bool:
    return not values or bool(set(values) & set(dict(row.values)))


def _is_more_by(old: Form, found: Form, new: Row) -> bool:
    """Whether one form is another and one more row; a number in front of it is the list's own."""
    more, less = Counter(found.rows) - Counter(old.rows), Counter(old.rows) - Counter(found.rows)
    same = (old.name, old.sizes, old.threshold) == (found.name, found.sizes, found.threshold)
    if not same or less or more.total() != 1 or Counter(found.missed) - Counter(old.missed):
        return False
    (row,) = more
    return (row.kind, row.name, row.values, row.sizes, row.note) == (
        new.kind, new.name, new.values, new.sizes, new.note,
    )  # fmt: skip


def _below(text: str, form: Form, new: Row) -> Iterator[str]:
    """Below the last row that is like the new one, then below others of its kind."""
    same = [row for row in form.of(new.kind) if set(dict(row.values)) == set(dict(new.values))]
    near = [row for row in form.of(new.kind) if set(dict(row.values)) >= set(dict(new.values)) and row not in same]
    for like in [*same[:-4:-1], *near[:-2:-1]]:
        extent = extent_at(text, like.place.start)
        if extent.kind == "row":
            yield from _table_row(text, form, new, like, extent)
        elif extent.kind == "item":
            yield from _list_item(text, form, new, like, extent)
        else:
            for name in names(new.name):
                yield from (text[: like.place.end] + f", {name}{tail}" + text[like.place.end :] for tail in _tails(new))


def _tails(new: Row) -> list[str]:
    value = f" ({number(new.values[0][1] * 5)}/5)" if new.values else ""
    return ["", value] if new.kind == "champions" else [value]


def _table_row(text: str, form: Form, new: Row, like: Row, extent: Extent) -> Iterator[str]:
    """A row with the same columns; what is none of ours is blank, then copied, one column after the other."""
    end = line_end(text)
    named = extent.cell(like.place.start)
    rated: dict[int, list[str]] = {}
    for bracket, place in like.places.items():
        column = extent.cell(place.start) if place is not None else None
        if place is not None and column is not None and column not in rated and bracket in dict(new.values):
            old = text[place.start : place.end]
            shared = {one: dict(new.values)[one] for one in like.sharing(bracket) if one in dict(new.values)}
            alone = len(set(shared.values())) == 1
            first = [*said(text, form, like, shared[bracket]), *spellings(old, shared[bracket])] if alone else []
            rated[column] = [*first, *by_size(old, shared, form.brackets)]
    where = extent.cell(like.size_place.start) if like.size_place is not None else None
    lead = text[extent.start : extent.cells[0][0]]
    tail = text[extent.cells[-1][1] : extent.end]
    others = [i for i in range(len(extent.cells)) if i not in {named, where, *rated}]
    for copied in (set[int](), *({one} for one in others)):
        for name in names(new.name):
            for attempt in range(max([1, *(len(told) for told in rated.values())])):
                for phrase in list(sizes(new.sizes, form.brackets, False)) if where is not None else [""]:
                    cells = []
                    for index, (start, stop) in enumerate(extent.cells):
                        if index == named:
                            inside = name
                            if where is None and new.sizes is not None:
                                inside += f" (only at {next(sizes(new.sizes, form.brackets, True))})"
                        elif index == where:
                            inside = phrase
                        elif index in rated:
                            inside = rated[index][min(attempt, len(rated[index]) - 1)]
                        else:
                            inside = text[start:stop].strip() if index in copied else ""
                        cells.append(f" {inside} " if inside else " ")
                    yield text[: extent.end] + end + lead + "|".join(cells) + tail + text[extent.end :]


def _list_item(text: str, form: Form, new: Row, like: Row, extent: Extent) -> Iterator[str]:
    marker, end = next_marker(extent.marker), line_end(text)
    place = next((place for place in like.places.values() if place is not None), None)
    scope = ""
    if new.sizes is not None:
        scope = f" (only at {next(sizes(new.sizes, form.brackets, True))})"
    written: list[str] = [""]
    if new.values and place is not None and like.place.end <= place.start:
        gap, after = text[like.place.end : place.start], text[place.end : place.end + 1]
        values = dict(new.values)
        told = list(by_size(text[place.start : place.end], values, form.brackets))
        one = new.values[0][1]
        if len(set(values.values())) == 1:
            told = [*said(text, form, like, one), *spellings(text[place.start : place.end], one), *told]
        written = [f"{gap}{value}{after if after in {')', ']'} else ''}" for value in told]
    elif new.values:
        plain = list(by_size("", dict(new.values), form.brackets))
        written = ["", *(f": {value}" for value in plain), *(f" ({value})" for value in plain)]
    for name in names(new.name):
        for tail in written:
            yield f"{text[: extent.end]}{end}{marker}{name}{scope}{tail}{text[extent.end :]}"


def _sections(text: str, form: Form, new: Row) -> Iterator[str]:
    """The first of its kind: champions below the titles of their size, all else under a heading at the end."""
    values, end = dict(new.values), line_end(text)
    scope = "" if new.sizes is None else f" (only at {next(sizes(new.sizes, form.brackets, True))})"
    for name in names(new.name):
        if new.kind == "champions" and len(values) == 1:
            for above in form.of("targets", bracket=new.values[0][0])[-1:]:
                extent = extent_at(text, above.place.start)
                for tail in _tails(new):
                    line = f"{end}{end}**Champions:** {name}{tail}"
                    yield text[: extent.end] + line + text[extent.end :]
        heading = _HEADINGS[new.kind]
        if new.kind in {"targets", "champions"}:
            for bracket, value in new.values[:1]:
                only = list(sizes((bracket,), form.brackets, True)) if len(form.names) > 1 else [""]
                for one in only:
                    where = f" (only at {one})" if one else ""
                    yield from _at_end(text, heading, [f"- {name}{where}: {number(value * 5)}/5"])
        elif new.kind == "seniority":
            heads = " | ".join(range_text(one.low, one.high) for one in form.brackets)
            cells = " | ".join(f"{number(value * 5)}/5" for _, value in new.values)
            if len(form.names) == 1:
                yield from _at_end(text, heading, [f"- {name}: {cells}"])
            table = [f"| Level | {heads} |", "|---" * (len(form.names) + 1) + "|", f"| {name} | {cells} |"]
            yield from _at_end(text, heading, table)
        elif new.kind == "departments":
            for told in by_size("", values, form.brackets):
                yield from _at_end(text, heading, [f"- {name}: {told}"])
        else:
            yield from _at_end(text, heading, [f"- {name}{scope}"])


def _at_end(text: str, heading: str, lines: Sequence[str]) -> Iterator[str]:
    """A section at the end of the text; of the first level where the others are of that level too.

    In a text without headings the first one would become its name: there it is a line in bold.
    """
    end = line_end(text)
    last = "" if not text or text.endswith(("\n", "\r")) else end
    for title in (f"## {heading}", f"# {heading}", f"**{heading}:**"):
        yield text + last + end + end.join([title, "", *lines]) + end

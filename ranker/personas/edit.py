"""Changes to a persona's text, each at one place: every character elsewhere stays as it is.

Each function takes the text and a row of its form, and returns the new text. What it says is read back: it is
exactly the old with that one change, or ``EditRefused`` is raised and nothing has changed.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator

from ranker.errors import EditRefused, PersonaError
from ranker.personas.extent import cut_out, extent_at, line_end
from ranker.personas.form import DIGITS, Form, Row, read_form, says_the_same
from ranker.personas.notation import by_size, names, number, one_token, sizes, spellings
from ranker.personas.spec import Place

ELSEWHERE = "Nothing was changed. Change the line itself in the text."


def replace(text: str, place: Place, new: str) -> str:
    """Return the text with the characters at `place` replaced by `new`; nothing else changes.

    Raises ValueError where the place lies outside the text.
    """
    if not 0 <= place.start <= place.end <= len(text):
        raise ValueError(f"the place {place.start}–{place.end} lies outside a text of {len(text)} characters")
    return text[: place.start] + new + text[place.end :]


def first_that_fits(candidates: Iterable[str], fits: Callable[[Form], bool], refusal: str) -> str:
    """The first candidate that reads as meant. Raises ``EditRefused`` with ``refusal`` where none does."""
    for new in dict.fromkeys(candidates):
        try:
            found = read_form(new)
        except PersonaError:
            continue
        if fits(found):
            return new
    raise EditRefused(refusal)


def rename(text: str, row: Row, name: str) -> str:
    """Another name for a title, team, level, exclusion or signal, at every size for which it is written there."""
    form, wanted = own_form(text, row), " ".join(name.split())
    if not wanted:
        raise EditRefused("A name can't be empty. To take the line out, remove it.")
    expected = _with(form, row, dataclasses.replace(row, name=wanted))
    return first_that_fits(
        (replace(text, row.place, new) for new in names(wanted)),
        lambda found: says_the_same(expected, found),
        f"“{wanted}” would be read as something else on line {row.place.line}. {ELSEWHERE}",
    )


def set_value(text: str, row: Row, bracket: str, priority: float) -> str:
    """Another priority (0.0 to 1.0) at one size; 0.0 says that it is not wanted there."""
    form = own_form(text, row)
    if not 0 <= priority <= 1:
        raise EditRefused("A priority lies between 0 and 5 out of 5.")
    if bracket not in form.names or not row.values:
        raise EditRefused(f"“{row.name}” has no priority at “{bracket}”. {ELSEWHERE}")
    value = round(priority, DIGITS)
    if row.value(bracket) == value:
        return text
    values = {**dict(row.values), bracket: value}
    ordered = tuple((name, values[name]) for name in form.names if name in values)
    expected = _with(form, row, dataclasses.replace(row, values=ordered))
    return first_that_fits(
        _values(text, form, row, bracket, values),
        lambda found: says_the_same(expected, found),
        f"{number(value * 5)}/5 can't be written for “{row.name}” on line {row.place.line} alone: it would change "
        f"another priority too, or be read as something else. {ELSEWHERE}",
    )


def _values(text: str, form: Form, row: Row, bracket: str, values: dict[str, float]) -> Iterator[str]:
    place, value = row.places.get(bracket), values[bracket]
    if place is None:
        if bracket not in row.places:
            yield from _empty_cells(text, form, row, value)
        each = [f": {told}" for told in by_size("", values, form.brackets)]
        for new in (f" ({number(value * 5)}/5)", f": {number(value * 5)}/5", *each):
            yield text[: row.place.end] + new + text[row.place.end :]
        yield from _own_item(text, row, value)
        return
    old = text[place.start : place.end]
    if row.sharing(bracket) == (bracket,):
        told = [*said(text, form, row, value), *spellings(old, value, row.value(bracket))]
    else:
        told = [*one_token(old, value), *by_size(old, {b: values[b] for b in row.sharing(bracket)}, form.brackets)]
    yield from (replace(text, place, new) for new in told)


def _own_item(text: str, row: Row, value: float) -> Iterator[str]:
    """A name of an item "- a, b, c" with a line of its own below it, where it can have a priority."""
    extent = extent_at(text, row.place.start)
    if extent.kind == "item":
        name = text[row.place.start : row.place.end]
        line = f"{line_end(text)}{extent.marker}{name} ({number(value * 5)}/5)"
        for rest in cut_out(text, row.place.start, row.place.end):
            end = extent.end - (len(text) - len(rest))
            yield rest[:end] + line + rest[end:]


def said(text: str, form: Form, row: Row, value: float) -> Iterator[str]:
    """The words or signs that this persona uses elsewhere for the value, where the row itself uses no numbers."""
    own = {text[place.start : place.end] for place in row.places.values() if place is not None}
    if any(any(sign.isdigit() for sign in one) for one in own):
        return
    for other in form.of(row.kind):
        for bracket, place in other.places.items():
            found = text[place.start : place.end] if place is not None else ""
            if found and other.value(bracket) == value and len(other.sharing(bracket)) in {1, len(form.names)}:
                yield found


def _empty_cells(text: str, form: Form, row: Row, value: float) -> Iterator[str]:
    """A matrix leaves the cell of a size empty at which a title is no target: fill each in turn."""
    style = next((text[place.start : place.end] for place in row.places.values() if place is not None), "")
    for start, end in extent_at(text, row.place.start).cells:
        if not text[start:end].strip():
            for new in [*said(text, form, row, value), *spellings(style, value)]:
                yield f"{text[:start]} {new} {text[end:]}"


def set_sizes(text: str, row: Row, brackets: tuple[str, ...] | None) -> str:
    """The sizes for which an exclusion holds: names of brackets, None for all."""
    form = own_form(text, row)
    if row.kind not in {"hard", "soft"}:
        raise EditRefused("Only exclusions hold for some sizes of company.")
    wanted = None if brackets is None else tuple(name for name in form.names if name in brackets)
    if wanted is not None and len(wanted) == len(form.names):
        wanted = None
    if wanted == ():
        raise EditRefused(f"“{row.name}” has to hold for at least one size. To take the line out, remove it.")
    if wanted == row.sizes:
        return text
    expected = _with(form, row, dataclasses.replace(row, sizes=wanted))
    return first_that_fits(
        _sizes(text, form, row, wanted),
        lambda found: says_the_same(expected, found),
        f"These sizes can't be written for “{row.name}” on line {row.place.line} alone. {ELSEWHERE}",
    )


def _sizes(text: str, form: Form, row: Row, wanted: tuple[str, ...] | None) -> Iterator[str]:
    place = row.size_place or Place(line=row.place.line, start=row.place.end, end=row.place.end)
    old = text[place.start : place.end]
    frames = ["{0}", "at {0}", " (only at {0})", " ({0})"]
    if row.size_place is None or old.lstrip().startswith(("(", "[")):
        frames = frames[2:]
        if wanted is None:
            yield replace(text, place, "")
    elif old.startswith("at "):
        frames = frames[1:]
    for frame in frames:
        for phrase in sizes(wanted, form.brackets, any(sign.isdigit() for sign in old) or not old):
            yield replace(text, place, frame.format(phrase))
    if wanted is None:
        yield replace(text, place, "")


def set_threshold(text: str, score: float) -> str:
    """The score, 0 to 100, from which people are contacted, where the text states one."""
    form = read_form(text)
    place = form.threshold_place
    if not 0 <= score <= 100:
        raise EditRefused("The score from which people are contacted lies between 0 and 100.")
    if place is None:
        raise EditRefused("The text names no score yet. Add one first.")
    value = round(score, 2)
    if form.threshold == value:
        return text
    expected = dataclasses.replace(form, threshold=value)
    return first_that_fits(
        (replace(text, place, new) for new in _scores(text[place.start : place.end], form.threshold or 0.0, value)),
        lambda found: says_the_same(expected, found),
        f"A score of {number(value)} can't be written on line {place.line} alone. {ELSEWHERE}",
    )


def _scores(old: str, was: float, value: float) -> Iterator[str]:
    digits = "0123456789.,"
    end = next((at for at, sign in enumerate(old) if sign not in digits), len(old))
    first, rest = old[:end], old[end:]
    if was:
        yield number(float(first.replace(",", ".")) * value / was) + rest
    yield number(value) + rest
    yield f"{number(value)}/100"


def own_form(text: str, row: Row) -> Form:
    """The form of the text. Raises ``EditRefused`` where the row is not one of it, as it stood when it was read."""
    form = read_form(text)
    if form.row_at(row.place.start) != row:
        raise EditRefused(f"“{row.name}” is no longer where it was: the text has changed. Look again.")
    return form


def _with(form: Form, row: Row, *new: Row) -> Form:
    """The form with other rows in place of one."""
    at = form.rows.index(row)
    return dataclasses.replace(form, rows=(*form.rows[:at], *new, *form.rows[at + 1 :]))

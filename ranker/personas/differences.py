"""What changes between two texts of a persona, in words for a sales person: "VP of Sales at 51–200: 4/5 → 5/5"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from ranker.personas.form import Form, Kind, Row
from ranker.personas.notation import number
from ranker.personas.sizes import range_shown

_WHO: dict[Kind, str] = {
    "targets": "Whom to contact",
    "champions": "Champion",
    "departments": "Team",
    "seniority": "Level",
    "hard": "Never contact",
    "soft": "Only as a last resort",
    "positive": "Raises a score",
    "negative": "Lowers a score",
}


def differences(old: Form, new: Form) -> tuple[str, ...]:
    """One sentence for each thing that the new text says and the old did not, or the other way round.

    Empty where only the wording changed: then both judge alike.
    """
    return (*_sizes(old, new), *_threshold(old, new), *_rows(old, new), *_missed(old, new))


def _sizes(old: Form, new: Form) -> Iterator[str]:
    if old.sizes != new.sizes:
        before, after = (
            ", ".join(f"{name} ({range_shown(low, high)})" for name, low, high in one.sizes) for one in (old, new)
        )
        yield f"Company sizes: {before} → {after}"


def _threshold(old: Form, new: Form) -> Iterator[str]:
    if old.threshold != new.threshold:
        before, after = ("not said" if one is None else number(one) for one in (old.threshold, new.threshold))
        yield f"Contact from a score of: {before} → {after}"


def _rows(old: Form, new: Form) -> Iterator[str]:
    for kind in _WHO:
        # Titles are told by size, so that one moved from one size to another is not taken for a change of priority.
        if kind in {"targets", "champions"} and old.names == new.names:
            for name in new.names:
                yield from _paired(
                    old, new, _single(old.of(kind, bracket=name), name), _single(new.of(kind, bracket=name), name)
                )
        else:
            yield from _paired(old, new, old.of(kind), new.of(kind))


def _single(rows: Sequence[Row], bracket: str) -> tuple[Row, ...]:
    """The rows as they hold at one size alone."""
    return tuple(
        Row(row.kind, row.name, values=((bracket, value),), sizes=row.sizes, note=row.note)
        for row in rows
        if (value := row.value(bracket)) is not None
    )


def _paired(old: Form, new: Form, before: Sequence[Row], after: Sequence[Row]) -> Iterator[str]:
    """Rows of the same name belong together; where as many others stand in one place, they were renamed."""
    names = [row.name for row in before], [row.name for row in after]
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, *names, autojunk=False).get_opcodes():
        if tag == "equal" or (tag == "replace" and i2 - i1 == j2 - j1):
            for one, other in zip(before[i1:i2], after[j1:j2], strict=True):
                yield from _changed(old, new, one, other)
        else:
            yield from (f"No longer there: {_told(old, row)}" for row in before[i1:i2])
            yield from (f"New: {_told(new, row)}" for row in after[j1:j2])


def _changed(old: Form, new: Form, one: Row, other: Row) -> Iterator[str]:
    where = f" at {_at(new, [other.values[0][0]])}" if len(other.values) == 1 and len(new.names) > 1 else ""
    name = other.name
    if one.name != other.name:
        yield f"{_WHO[other.kind]}{where}: “{one.name}” is now “{other.name}”"
    values = dict(one.values)
    for bracket, value in other.values:
        was = values.get(bracket)
        if was != value:
            at = f" at {_at(new, [bracket])}" if len(new.names) > 1 else ""
            yield f"{name}{at}: {_five(was)} → {_five(value)}"
    if one.sizes != other.sizes:
        yield f"{_WHO[other.kind]}, {name}: {_at(old, one.sizes)} → {_at(new, other.sizes)}"
    if one.note != other.note:
        yield (
            f"{_WHO[other.kind]}, {name}: the reason is now “{other.note}”"
            if other.note
            else (f"{_WHO[other.kind]}, {name}: without its reason")
        )


def _told(form: Form, row: Row) -> str:
    told = f"{_WHO[row.kind]}, {row.name}"
    if row.kind in {"hard", "soft"}:
        return f"{told}, at {_at(form, row.sizes)}"
    if not row.values:
        return told
    values = {value for _, value in row.values}
    if len(values) == 1:
        return f"{told} at {_at(form, [name for name, _ in row.values])}, {_five(values.pop())}"
    return f"{told}, {', '.join(f'{_five(value)} at {_at(form, [name])}' for name, value in row.values)}"


def _five(value: float | None) -> str:
    return "none" if value is None else f"{number(value * 5)}/5"


def _at(form: Form, names: Sequence[str] | None) -> str:
    if names is None or set(names) >= set(form.names):
        return "every size"
    return ", ".join(range_shown(low, high) for name, low, high in form.sizes if name in names)


def _missed(old: Form, new: Form) -> Iterator[str]:
    if len(old.missed) != len(new.missed):
        yield f"Places that are not understood: {len(old.missed)} → {len(new.missed)}"

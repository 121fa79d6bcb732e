"""From a fault to changes of the persona that may mend it: which cells go up or down, what is added or taken out."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

from ranker.optimizer.rules_changes import Add, Change, Remove, SetValue
from ranker.optimizer.rules_critique import Cell, Fault, RoleKind
from ranker.optimizer.rules_names import Names
from ranker.optimizer.rules_turns import SetSizes, SetThreshold, Turn
from ranker.personas.form import DIGITS, Form, Row
from ranker.scoring.patterns import matches
from ranker.scoring.rules import RulesEngine
from ranker.scoring.verdict import NAMED
from ranker.titles import Role

_STEP = 0.2
"""One of five, as people rate."""

_POINTS = (10.0, 20.0)
"""How far the threshold is moved."""

_FULL = 1.0


def changes(fault: Fault, engine: RulesEngine, form: Form, names: Names) -> Iterator[Change]:
    """Changes that move the fault's leads in the direction of its mean error, the smallest first."""
    cell, up = fault.cell, fault.error > 0
    if cell.row is None and cell.role is None:
        yield from _threshold(fault, engine, form, up)
    elif cell.role is not None:
        yield from _role(cell, cell.role, up, engine, form, names)
    elif cell.row is not None and cell.row.kind in ("targets", "champions"):
        yield from _title(cell.row, cell.bracket, up)
    elif cell.row is not None and cell.row.kind in ("departments", "seniority"):
        yield from _moved(cell.row, cell.bracket, up, (1, 2, 3))
    elif cell.row is not None and cell.row.kind in ("hard", "soft"):
        yield from _excluded(cell.row, cell.bracket, up, form)
    elif cell.row is not None and up == (cell.row.kind == "negative"):
        yield Remove(cell.row)


def _moved(row: Row, bracket: str, up: bool, steps: tuple[int, ...]) -> Iterator[Change]:
    """The value some steps on, on the scale of five; a value between two steps goes to the next one first.

    Where one place of the text says it for several sizes, for all of them too.
    """
    now = row.value(bracket)
    if now is None:
        return
    fifths = math.floor(now * 5 + 1e-6) if up else math.ceil(now * 5 - 1e-6)
    for step in steps:
        value = min(_FULL, max(0.0, round((fifths + (step if up else -step)) / 5, DIGITS)))
        if value != now:
            yield from _valued(row, bracket, value)


def _valued(row: Row, bracket: str, value: float) -> Iterator[Change]:
    shared = tuple(one for one in row.sharing(bracket) if row.value(one) == row.value(bracket))
    if len(shared) > 1:
        yield SetValue(row, shared, value)
    yield SetValue(row, (bracket,), value)


def _title(row: Row, bracket: str, up: bool) -> Iterator[Change]:
    now = row.value(bracket)
    if now is None:
        return
    yield from _moved(row, bracket, up, (1, 2))
    if up and now < _FULL - 2 * _STEP:
        yield from _valued(row, bracket, _FULL)
    if not up and now >= NAMED and row.kind == "targets":
        yield from _valued(row, bracket, round(NAMED - _STEP, DIGITS))
    if len(row.values) == 1:
        if row.kind == "champions" and up:
            yield Turn(row, "targets")
        elif row.kind == "targets" and not up:
            yield Turn(row, "champions")
        if not up:
            yield Remove(row)


def _excluded(row: Row, bracket: str, up: bool, form: Form) -> Iterator[Change]:
    if not up:
        if row.kind == "soft":
            yield Turn(row, "hard")
        return
    rest = tuple(one for one in (form.names if row.sizes is None else row.sizes) if one != bracket)
    if rest:
        yield SetSizes(row, rest, (bracket,))
    yield Remove(row)
    if row.kind == "hard":
        yield Turn(row, "soft")


def _role(cell: Cell, kind: RoleKind, up: bool, engine: RulesEngine, form: Form, names: Names) -> Iterator[Change]:
    """A title or an exclusion of its own, for this size, beside the wider row that decides until now."""
    title = names.title(kind)
    if title is not None:
        decides = _target_now(kind, cell.bracket, engine)
        if up or decides is not None:
            now = decides if decides is not None and decides >= NAMED else NAMED
            wanted = (_FULL, now + _STEP) if up else (now - _STEP, now - 2 * _STEP)
            values = [round(one, DIGITS) for one in wanted if -1e-9 <= one <= _FULL + 1e-9 and one != decides]
            yield from (Add("targets", title, ((cell.bracket, abs(value)),)) for value in dict.fromkeys(values))
        if up and decides is None:
            yield Add("champions", title, ((cell.bracket, 0.6),))
        if not up:
            yield Add("hard", title, brackets=(cell.bracket,) if len(form.names) > 1 else None)
    if up and kind.function is not None:
        yield from _team(kind.function, engine, form, names)


def _target_now(kind: RoleKind, bracket: str, engine: RulesEngine) -> float | None:
    """The priority of the titles to look for that take in such a role at a size, the highest; None where none does."""
    role = Role(() if kind.function is None else (kind.function,), kind.level, kind.ownership)
    at = next(i for i, one in enumerate(engine.persona.brackets) if one.name == bracket)
    return max(
        (
            target.priority
            for pattern, target in engine.persona.targets[at]
            if not target.champion and matches(pattern, role, frozenset(), engine.persona.lineage) is not None
        ),
        default=None,
    )


def _team(function: str, engine: RulesEngine, form: Form, names: Names) -> Iterator[Change]:
    """A team that the persona does not list yet, at every size."""
    name = names.team(function)
    if name is None or any(engine.persona.department(function, frozenset(), at) for at in range(len(form.names))):
        return
    for value in (0.8, 0.6):
        yield Add("departments", name, tuple((one, value) for one in form.names))


def _threshold(fault: Fault, engine: RulesEngine, form: Form, up: bool) -> Iterator[Change]:
    """The score that would let in, or leave out, most of the leads that it was wrong about; and steps on the way."""
    now = engine.persona.threshold
    wanted = Counter(
        math.floor(fit * 20 + 1e-6) * 5.0 if up else (math.floor(fit * 20 + 1e-6) + 1) * 5.0 for fit in fault.fits
    )
    scores = [score for score, _ in sorted(wanted.items(), key=lambda one: (-one[1], one[0]))[:3]]
    steps = [now - points if up else now + points for points in _POINTS]
    for score in dict.fromkeys([*scores, *steps]):
        if 0 < score < 100 and (score < now if up else score > now):
            yield SetThreshold(score, now, form.threshold is not None)

"""What a persona would say after a change of one row, worked out in memory: to try many changes without writing any.

Each function takes a specification and a row of its form, and returns another specification. What counts in the end
is what the written text says; that is read afresh.
"""

from __future__ import annotations

from collections.abc import Mapping

from ranker.personas.form import Kind, Row
from ranker.personas.spec import Department, Exclusion, PersonaSpec, Place, Seniority, Target, Threshold

#: Where a new row stands: behind everything. It is never written.
_NOWHERE = Place(line=1, start=1_000_000_000, end=1_000_000_000)


def with_value(spec: PersonaSpec, row: Row, bracket: str, value: float) -> PersonaSpec:
    """Another priority, 0.0 to 1.0, of a title, team or level at one size."""
    if row.kind in ("targets", "champions"):
        targets = tuple(
            one.model_copy(update={"priority": value}) if one.bracket == bracket and _is(one, row) else one
            for one in spec.targets
        )
        return spec.model_copy(update={"targets": targets})
    rows: tuple[Department, ...] | tuple[Seniority, ...] = (
        spec.departments if row.kind == "departments" else spec.seniority
    )
    changed = tuple(
        one.model_copy(update={"relevance": {**one.relevance, bracket: value}}) if _is(one, row) else one
        for one in rows
    )
    return spec.model_copy(update={row.kind: changed})


def with_row(
    spec: PersonaSpec, kind: Kind, name: str, values: Mapping[str, float], brackets: tuple[str, ...] | None
) -> PersonaSpec:
    """One more title, champion, team or exclusion."""
    if kind in ("targets", "champions"):
        new = tuple(
            Target(
                title=name, priority=value, order=None, bracket=bracket, champion=kind == "champions", place=_NOWHERE,
                quote=name,
            )
            for bracket, value in values.items()
        )  # fmt: skip
        return spec.model_copy(update={"targets": (*spec.targets, *new)})
    if kind == "departments":
        # A size that is not given counts as nothing, as it does when the text is read.
        relevance = {one.name: values.get(one.name, 0.0) for one in spec.brackets}
        team = Department(name=name, relevance=relevance, place=_NOWHERE, quote=name, written={}, places={})
        return spec.model_copy(update={"departments": (*spec.departments, team)})
    if kind not in ("hard", "soft"):
        raise ValueError(f"no row of kind {kind} is added here")
    exclusion = Exclusion(role=name, reason="", hard=kind == "hard", brackets=brackets, place=_NOWHERE, quote=name)
    return spec.model_copy(update={"exclusions": (*spec.exclusions, exclusion)})


def without_row(spec: PersonaSpec, row: Row) -> PersonaSpec:
    """One title, team, level, exclusion or signal less, at every size."""
    where = _FIELDS[row.kind]
    kept = tuple(one for one in getattr(spec, where) if not _is(one, row))
    return spec.model_copy(update={where: kept})


def with_sizes(spec: PersonaSpec, row: Row, brackets: tuple[str, ...] | None) -> PersonaSpec:
    """Other sizes for an exclusion."""
    changed = tuple(one.model_copy(update={"brackets": brackets}) if _is(one, row) else one for one in spec.exclusions)
    return spec.model_copy(update={"exclusions": changed})


def with_threshold(spec: PersonaSpec, score: float) -> PersonaSpec:
    """Another score, 0 to 100, from which people are contacted."""
    place = _NOWHERE if spec.threshold is None else spec.threshold.place
    return spec.model_copy(update={"threshold": Threshold(score=score, place=place, quote=f"{score:g}")})


_FIELDS: dict[Kind, str] = {
    "targets": "targets",
    "champions": "targets",
    "departments": "departments",
    "seniority": "seniority",
    "hard": "exclusions",
    "soft": "exclusions",
    "positive": "signals",
    "negative": "signals",
}


def _is(one: object, row: Row) -> bool:
    """Whether a value of the specification is what the row of the form was made of."""
    place: Place = getattr(one, "place")  # noqa: B009 - every value of a specification has one
    return place.start == row.place.start and (not isinstance(one, Target) or one.champion == (row.kind == "champions"))

"""What is wrong with a persona: the signed errors of its verdicts, put together by the cells that they rest on.

A cell is a row of the persona at one size, a kind of role (level and function) at one size, or the threshold.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ranker.optimizer.rules_leads import Answer, RulesLeads, Wrong, wrong_answers
from ranker.personas.form import Form, Row
from ranker.scoring.assessment import Assessment, Inputs
from ranker.scoring.person import PersonVerdict, judge_person
from ranker.scoring.rules import RulesEngine
from ranker.scoring.verdict import Verdict

What = Literal["left out", "taken", "under", "over"]


@dataclass(frozen=True, slots=True)
class RoleKind:
    """A function and a level, or an ownership; ids of the title vocabulary, None where the title says nothing."""

    function: str | None
    level: str | None
    ownership: str | None


@dataclass(frozen=True, slots=True)
class Cell:
    """Where an error is charged: a row or a kind of role at one size; the threshold, where it is neither."""

    bracket: str = ""
    row: Row | None = None
    role: RoleKind | None = None

    @property
    def order(self) -> tuple[str | int, ...]:
        """Sorts cells as they stand in the text, then roles by name."""
        kind = self.role or RoleKind(None, None, None)
        start = -1 if self.row is None else self.row.place.start
        return (start, self.bracket, kind.function or "", kind.level or "", kind.ownership or "")


@dataclass(frozen=True)
class Fault:
    """The errors charged to one cell at the companies looked at.

    ``error``: the mean over its ``leads`` (those with an error), -2 to 2, above 0 where they belong higher. ``what``
    happened to most of them in that direction, to ``wrong`` leads at ``companies`` companies; ``other``: whom they
    were most often put under or over. ``fits``, for the threshold: how well each of them fits, 0 to 1.
    """

    cell: Cell
    error: float
    leads: int
    wrong: int
    companies: int
    what: What
    other: RoleKind | None
    fits: tuple[float, ...] = ()

    @property
    def strength(self) -> float:
        """How much there may be to gain: errors at one company only are weak evidence."""
        return round(abs(self.error) * self.leads * self.companies / (self.companies + 1), 9)


@dataclass
class _Charges:
    errors: list[float] = field(default_factory=list)
    happened: dict[What, list[str]] = field(default_factory=dict)
    others: dict[What, Counter[RoleKind]] = field(default_factory=dict)
    fits: dict[What, list[float]] = field(default_factory=dict)


def faults(
    leads: RulesLeads, answers: Mapping[str, Answer], engine: RulesEngine, form: Form, companies: Sequence[str]
) -> list[Fault]:
    """The faults of a persona at some companies, the strongest first. No other company's labels have a say."""
    rows: dict[tuple[str, int], Row] = {(row.kind, row.place.start): row for row in form.rows}
    charges: dict[Cell, _Charges] = {}
    for company in companies:
        mine = leads.labels[company]
        persons = [decided_by(engine, leads.inputs[one.source_id], answers[one.source_id].assessment) for one in mine]
        places = [answers[one.source_id].place for one in mine]
        for wrong in wrong_answers([one.label for one in mine], places):
            person = persons[wrong.at]
            if person is None:
                continue
            at = engine.places(leads.inputs[mine[wrong.at].source_id].size)[0][0]
            others: dict[What, Counter[RoleKind]] = {
                "under": Counter(kind for one in wrong.under for kind in role_kinds(persons[one])[:1]),
                "over": Counter(kind for one in wrong.over for kind in role_kinds(persons[one])[:1]),
            }
            for cell in _cells(person, engine.persona.brackets[at].name, rows):
                _charge(charges.setdefault(cell, _Charges()), wrong, company, others, person.verdict)
    found = [_fault(cell, one) for cell, one in charges.items()]
    return sorted((one for one in found if one.strength > 0), key=lambda one: (-one.strength, one.cell.order))


def decided_by(engine: RulesEngine, given: Inputs, assessment: Assessment) -> PersonVerdict | None:
    """The role and verdict that an assessment rests on; None where no line of the persona could mend it.

    That is where there is nothing to judge, no size, or the title names another company.
    """
    beyond = {"size_missing", "size_unreadable", "other_company"}
    if assessment.qualified is None or not beyond.isdisjoint(assessment.flags):
        return None
    verdicts = engine.verdicts(given)
    if not verdicts:
        return None
    return judge_person([role for role, _ in verdicts], [one for _, one in verdicts], engine.persona.threshold)


def role_kinds(person: PersonVerdict | None) -> list[RoleKind]:
    """The kinds that a person's role is of: one a function, at most two."""
    if person is None:
        return []
    role = person.role
    if role.ownership is not None:
        return [RoleKind(None, None, role.ownership)]
    return [RoleKind(function, role.level, None) for function in role.functions[:2]]


def _cells(person: PersonVerdict, bracket: str, rows: Mapping[tuple[str, int], Row]) -> Iterator[Cell]:
    verdict = person.verdict
    if verdict.kind in ("unknown", "away"):
        return
    asked: list[tuple[str, int]] = []
    if verdict.target is not None:
        asked.append(("champions" if verdict.target.champion else "targets", verdict.target.place.start))
    if verdict.exclusion is not None:
        asked.append(("hard" if verdict.exclusion.hard else "soft", verdict.exclusion.place.start))
    asked += [("positive" if one.positive else "negative", one.place.start) for one in verdict.signals]
    if verdict.kind not in ("hard", "soft", "champion"):
        asked += [("departments", one.place.start) for one in verdict.departments]
        asked += [("seniority", one.place.start) for one in verdict.levels]
    yield from (Cell(bracket, rows[key]) for key in dict.fromkeys(asked) if key in rows)
    yield from (Cell(bracket, role=kind) for kind in role_kinds(person))
    if verdict.kind in ("grid", "level") and verdict.target is None:
        yield Cell()


def _charge(
    charges: _Charges, wrong: Wrong, company: str, others: Mapping[What, Counter[RoleKind]], verdict: Verdict
) -> None:
    charges.errors.append(wrong.error)
    if wrong.left_out or wrong.taken:
        what: What = "left out" if wrong.left_out else "taken"
        charges.happened.setdefault(what, []).append(company)
        charges.fits.setdefault(what, []).append(min(verdict.department or 0.0, verdict.seniority or 0.0))
    for way, found in others.items():
        if found and not (wrong.left_out or (wrong.taken and way == "under")):
            charges.happened.setdefault(way, []).append(company)
        charges.others.setdefault(way, Counter()).update(found)


def _fault(cell: Cell, charges: _Charges) -> Fault:
    error = math.fsum(charges.errors) / len(charges.errors)
    ways: tuple[What, What] = ("left out", "under") if error > 0 else ("taken", "over")
    what: What = max(ways, key=lambda one: len(charges.happened.get(one, ())))
    where = charges.happened.get(what, [])
    others = charges.others.get(what) or Counter()
    other = min(others, key=lambda one: (-others[one], Cell(role=one).order), default=None)
    fits = tuple(sorted(charges.fits.get(what, ()))) if cell == Cell() else ()
    return Fault(cell, error, len(charges.errors), len(where), len(set(where)), what, other, fits)

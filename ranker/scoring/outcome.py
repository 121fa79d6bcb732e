"""From verdicts to the Assessment that people read: status, flags, what needs a look, and the sentence."""

from __future__ import annotations

from dataclasses import dataclass, field

from ranker.personas.spec import Bracket
from ranker.scoring.assessment import Assessment
from ranker.scoring.person import PersonVerdict
from ranker.scoring.reasons import people, reason
from ranker.titles import Role, TitleReading, Vocabulary

#: Levels at which a field that could not be told is worth a look.
_HIGH = frozenset({"c_level", "vp", "head", "director", "manager"})
#: A verdict that would stand or fall with a vague word ("leader") is worth a look from this team fit on.
_NEAR = 0.6
#: What a doubtful size leaves of the confidence.
_SPANS, _SIZELESS = 0.8, 0.6


@dataclass(frozen=True)
class Case:
    """Everything about one lead that its assessment is made of.

    ``persons`` are the verdicts in each bracket that the size may mean, the one that counts first, with
    ``brackets`` beside them. ``doubt``: size_missing, size_unreadable, size_spans or ``None``. ``away``: the
    title names other companies only.
    """

    reading: TitleReading
    company: str
    roles: list[Role]
    persons: list[PersonVerdict]
    brackets: list[Bracket]
    doubt: str | None
    away: bool
    threshold: float
    variant: str
    vocabulary: Vocabulary = field(repr=False)


def outcome(case: Case) -> Assessment:
    """The assessment of a lead that could be judged; the rank stays open."""
    sizeless = case.doubt in ("size_missing", "size_unreadable")
    chosen, score, text = _sizeless(case) if sizeless else _sized(case)
    verdict, role = chosen.verdict, chosen.role
    qualified = verdict.qualified and (not sizeless or all(person.verdict.qualified for person in case.persons))
    review = sizeless or _needs_look(chosen, case)
    if case.doubt == "size_spans" and (differs := _differing(case)):
        review = True
        text += f" The size range also reaches {people(differs)}, where the answer differs."
    if chosen.mixed:
        text += " Another of their roles is excluded: please look."
    if not case.reading.roles and verdict.kind == "unknown":
        shown = " ".join(case.reading.text.split())[:80]
        text = (
            "Not contacted: the title is a slogan that names no role."
            if case.reading.slogans
            else f"A title that we could not place ('{shown}'): please look."
        )
    if case.away:
        review = review or qualified
        qualified, score = False, score * 0.2
        text = f"Not contacted: the title names another company ('{role.employer}'), not {case.company.strip()}."
    if not qualified:
        score = min(score, case.threshold - 0.1)
    confidence = role.confidence if case.reading.roles else case.reading.confidence
    confidence *= 1.0 if case.doubt is None else _SIZELESS if sizeless else _SPANS
    basis = _basis(case, chosen)
    return Assessment(
        status="ranked" if qualified else "not_relevant",
        qualified=qualified,
        score=round(max(0.0, score), 1),
        department_fit=None if verdict.department is None else round(verdict.department, 2),
        seniority_fit=None if verdict.seniority is None else round(verdict.seniority, 2),
        confidence=round(confidence, 2),
        reasoning=text,
        flags=_flags(case, chosen),
        needs_review=review,
        basis=tuple(quote for _, quote in basis),
        lines=tuple(line for line, _ in basis),
        variant=case.variant,
    )


def _sized(case: Case) -> tuple[PersonVerdict, float, str]:
    person = case.persons[0]
    functions, levels = case.vocabulary.functions, case.vocabulary.levels
    return person, person.verdict.score, reason(person.verdict, person.role, case.brackets[0], functions, levels)


def _sizeless(case: Case) -> tuple[PersonVerdict, float, str]:
    """Without a size, only what holds at every size is a yes. The lowest answer counts; the mean is its score."""
    at = min(range(len(case.persons)), key=lambda i: (case.persons[i].verdict.qualified, case.persons[i].verdict.score))
    person = case.persons[at]
    what = "The company's size is missing" if case.doubt == "size_missing" else "The company's size could not be read"
    yes = [people(b) for p, b in zip(case.persons, case.brackets, strict=True) if p.verdict.qualified]
    if yes and len(yes) < len(case.persons):
        mean = sum(p.verdict.score for p in case.persons) / len(case.persons)
        return person, mean, f"{what}: to contact at {' and '.join(yes)}, not otherwise. Add the size to decide."
    text = reason(person.verdict, person.role, case.brackets[at], case.vocabulary.functions, case.vocabulary.levels)
    return person, person.verdict.score, f"{text} {what}; the answer is the same at every size."


def _differing(case: Case) -> Bracket | None:
    """A further bracket of the size range in which the answer is another."""
    first = case.persons[0].verdict.qualified
    for person, bracket in zip(case.persons[1:], case.brackets[1:], strict=True):
        if person.verdict.qualified != first:
            return bracket
    return None


def _needs_look(chosen: PersonVerdict, case: Case) -> bool:
    verdict, role = chosen.verdict, chosen.role
    if not case.reading.roles:
        return not case.reading.slogans and verdict.kind == "unknown"
    unplaced = verdict.kind == "unknown" and role.level in _HIGH and role.employed
    vague = role.vague and verdict.kind == "level" and (verdict.department or 0.0) >= _NEAR
    unsure = verdict.qualified and role.confidence < 0.5
    return chosen.mixed or unplaced or vague or unsure


def _flags(case: Case, chosen: PersonVerdict) -> tuple[str, ...]:
    verdict, role = chosen.verdict, chosen.role
    # What the judged role says, and of the others what tells the person apart; a former employer does not.
    flags = set(role.flags)
    flags |= {flag for other in case.roles for flag in other.flags if flag != "former"}
    if case.doubt is not None:
        flags.add(case.doubt)
    if case.away:
        flags.add("other_company")
    if chosen.mixed:
        flags.add("excluded_role")
    if verdict.kind == "champion":
        flags.add("champion")
    if verdict.kind == "soft":
        flags.add("soft_exclusion")
    if not case.reading.roles and case.reading.slogans:
        flags.add("slogan")
    elif role.employed:
        if not role.functions and role.ownership is None:
            flags.add("unknown_function")
        if not role.headed:
            flags.add("unknown_level")
    return tuple(sorted(flags))


def _basis(case: Case, chosen: PersonVerdict) -> tuple[tuple[int, str], ...]:
    """The persona's lines that had a say, with their numbers: of the verdict first, then of other roles and sizes."""
    if len(case.persons) == 1 and len(chosen.judged) == 1:
        return chosen.verdict.basis
    every = (chosen.verdict, *(verdict for person in case.persons for verdict in person.judged))
    return tuple(dict.fromkeys(line for verdict in every for line in verdict.basis))

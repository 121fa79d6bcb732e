"""A persona compiled against the title vocabulary: patterns with the line that each comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ranker.personas.spec import Bracket, Department, Exclusion, PersonaSpec, Seniority, Signal, Target
from ranker.scoring.patterns import Pattern, matches, read_patterns, title_words
from ranker.titles import Role, TitleReader


@dataclass(frozen=True, slots=True)
class Fit:
    """A relevance of 0 to 1 and the persona's lines that give it; no line where the persona is silent."""

    value: float
    rows: tuple[Department | Seniority, ...] = ()


@dataclass(frozen=True)
class CompiledPersona:
    """Everything the rules engine asks of a persona, for each size bracket by its place in ``brackets``.

    ``unread`` are values whose words the vocabulary could not read: they hold for nobody, and are listed.
    ``literals`` are the words, and ``phrases`` the vocabulary's phrases, that some pattern asks a title for.
    """

    spec: PersonaSpec
    threshold: float
    brackets: tuple[Bracket, ...]
    targets: tuple[tuple[tuple[Pattern, Target], ...], ...]
    hard: tuple[tuple[tuple[tuple[Pattern, ...], Exclusion], ...], ...]
    soft: tuple[tuple[tuple[tuple[Pattern, ...], Exclusion], ...], ...]
    departments: tuple[tuple[tuple[Pattern, ...], Department], ...]
    seniority: tuple[tuple[tuple[Pattern, ...], Seniority], ...]
    signals: tuple[tuple[tuple[tuple[str, ...], Signal], ...], ...]
    lineage: dict[str, tuple[str, ...]]
    ladder: dict[str, int]
    unread: tuple[tuple[int, str], ...] = ()
    literals: frozenset[str] = field(default_factory=frozenset)
    phrases: frozenset[str] = field(default_factory=frozenset)

    def department(self, function: str, tokens: frozenset[str], bracket: int) -> Fit | None:
        """How much one field matters here; ``None`` if the persona lists neither it nor anything near it.

        The narrowest row counts. A field that only contains a listed one ("Sales" where the persona lists
        "Sales Development") is worth half of it.
        """
        name = self.brackets[bracket].name
        role = Role(functions=(function,))
        found: list[tuple[int, float, Department]] = []
        for patterns, row in self.departments:
            best = None
            for pattern in patterns:
                narrow = matches(pattern, role, tokens, self.lineage)
                if narrow is not None and (best is None or narrow > best):
                    best = narrow
            if best is not None:
                found.append((best, row.relevance.get(name, 0.0), row))
        if found:
            top = max(best for best, _, _ in found)
            value, row = max(((v, r) for best, v, r in found if best == top), key=lambda pair: pair[0])
            return Fit(value, (row,))
        below = [
            (row.relevance.get(name, 0.0) / 2, row)
            for patterns, row in self.departments
            for pattern in patterns
            if any(function in self.lineage.get(named, ()) for named in pattern.functions)
        ]
        if below:
            value, row = max(below, key=lambda pair: pair[0])
            return Fit(value, (row,))
        return None

    def rung(self, role: Role, bracket: int) -> Fit:
        """How much the role's level matters here.

        An owner takes the row for owners. A level that the persona has no row for takes the mean of the
        nearest rows above and below; an unknown level is taken for the lowest that is listed.
        """
        name = self.brackets[bracket].name
        levels: dict[int, tuple[int, Seniority]] = {}
        owners: dict[str, Seniority] = {}
        for patterns, row in self.seniority:
            for pattern in patterns:
                if pattern.ownership is not None:
                    owners.setdefault(pattern.ownership, row)
                elif pattern.level is not None:
                    narrow = 0
                    if pattern.functions:
                        # "Worker" is a level of a field of its own; it says nothing about other fields.
                        narrow = matches(pattern, role, frozenset(), self.lineage) or -1
                        if narrow < 0:
                            continue
                    at = self.ladder[pattern.level]
                    if at not in levels or narrow > levels[at][0]:
                        levels[at] = (narrow, row)
        if role.ownership is not None and owners:
            owner = owners.get(role.ownership) or owners.get("owner") or next(iter(owners.values()))
            return Fit(owner.relevance.get(name, 0.0), (owner,))
        if not levels:
            return Fit(1.0)
        place = self.ladder[role.level] if role.level is not None else max(levels)
        if place in levels:
            row = levels[place][1]
            return Fit(row.relevance.get(name, 0.0), (row,))
        above = [at for at in levels if at < place]
        below = [at for at in levels if at > place]
        near = [max(above)] if above else []
        near += [min(below)] if below else []
        rows = tuple(levels[at][1] for at in near)
        return Fit(sum(row.relevance.get(name, 0.0) for row in rows) / len(rows), rows)


def compile_persona(spec: PersonaSpec, reader: TitleReader, threshold: float) -> CompiledPersona:
    """Read every title, team, level and exclusion of the persona with the vocabulary.

    ``threshold`` (0 to 100) is used where the persona states none.
    """
    unread: list[tuple[int, str]] = []

    def patterns_of(text: str, line: int, *, targets: bool) -> tuple[Pattern, ...]:
        found = read_patterns(text, reader, targets=targets)
        if not found:
            unread.append((line, text))
        return found

    def applying(rows: tuple[Exclusion, ...] | tuple[Signal, ...], name: str) -> Iterator[Exclusion | Signal]:
        for row in rows:
            if row.brackets is None or name in row.brackets:
                yield row

    read_exclusions = {row: patterns_of(row.role, row.place.line, targets=False) for row in spec.exclusions}
    targets, hard, soft, signals = [], [], [], []
    for bracket in spec.brackets:
        name = bracket.name
        targets.append(
            tuple(
                (pattern, target)
                for target in spec.targets
                if target.bracket == name
                for pattern in patterns_of(target.title, target.place.line, targets=True)
            )
        )
        here = [row for row in applying(spec.exclusions, name) if isinstance(row, Exclusion)]
        hard.append(tuple((read_exclusions[row], row) for row in here if row.hard))
        soft.append(tuple((read_exclusions[row], row) for row in here if not row.hard))
        signals.append(
            tuple(
                (title_words(phrase), row)
                for row in applying(spec.signals, name)
                if isinstance(row, Signal)
                for phrase in row.title_words
            )
        )
    departments = tuple((patterns_of(row.name, row.place.line, targets=False), row) for row in spec.departments)
    seniority = tuple((_levels(row.name, reader, unread, row.place.line), row) for row in spec.seniority)
    lineage = reader.vocabulary.lineage
    every = [p for group in targets for p, _ in group]
    every += [p for ps in read_exclusions.values() for p in ps] + [p for ps, _ in departments for p in ps]
    return CompiledPersona(
        spec=spec,
        threshold=spec.threshold.score if spec.threshold is not None else threshold,
        brackets=spec.brackets,
        targets=tuple(targets),
        hard=tuple(hard),
        soft=tuple(soft),
        departments=departments,
        seniority=seniority,
        signals=tuple(signals),
        lineage=lineage,
        ladder={level: at for at, level in enumerate(reader.vocabulary.levels)},
        unread=tuple(dict.fromkeys(unread)),
        literals=frozenset(word for pattern in every for word in pattern.literal)
        | frozenset(word for group in signals for found, _ in group for word in found),
        phrases=frozenset(phrase for pattern in every for phrase in pattern.must | pattern.said),
    )


def _levels(text: str, reader: TitleReader, unread: list[tuple[int, str]], line: int) -> tuple[Pattern, ...]:
    """A row of the seniority matrix: levels and ownership; a head word's default field is not meant here."""
    found = []
    for pattern in read_patterns(text, reader, targets=False):
        if pattern.must and not pattern.functions:
            pattern = Pattern(pattern.text, level=pattern.level)
        elif "executive" in pattern.functions:
            pattern = Pattern(pattern.text, pattern.functions - {"executive"}, pattern.level, pattern.ownership)
        if pattern.level is not None or pattern.ownership is not None:
            found.append(pattern)
    if not found:
        unread.append((line, text))
    return tuple(found)

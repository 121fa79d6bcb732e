"""A persona's own words, read with the title vocabulary, as patterns that roles match.

"CFO / Finance" is two patterns: chief officers of finance, and anybody in finance. A word that the vocabulary
lacks is kept literally: it must then stand in the lead's title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from ranker.titles import Role, TitleReader
from ranker.titles.normalise import words
from ranker.titles.parts import Part

_OR = re.compile(r"\b(?:or|oder|ou|ovvero|or/and|and/or)\b", re.IGNORECASE)
#: Words around a role in a persona that say nothing of the role.
_FILLER = frozenset(
    "people person anyone anybody everyone everybody who have has left other others staff member members any all "
    "the a an of in at with their roles role titles title for at level levels employees employee team teams not".split()
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a role must be to match: every field that is set must agree.

    ``functions``: one of them, or a function below it. ``literal``: words that must stand in the title.
    ``must``: phrases of the vocabulary that the title has to use, where field and level would not tell the trade
    ("consultants", "dental assistants"). ``said``: the phrases of the persona's words; a title that uses them all
    fits more narrowly. ``alone``: the literal words must be all that the title says of the role.
    ``wide``: a trade ("SDRs") takes in those whose title names no level, and its interns; so exclusions are read.
    """

    text: str
    functions: frozenset[str] = frozenset()
    level: str | None = None
    ownership: str | None = None
    flags: frozenset[str] = frozenset()
    literal: tuple[str, ...] = ()
    must: frozenset[str] = frozenset()
    said: frozenset[str] = frozenset()
    wide: bool = False
    alone: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing is asked, so that everybody would match."""
        return not (self.functions or self.level or self.ownership or self.flags or self.literal or self.must)


def _pattern(part: Part, functions: Iterable[str], level: str | None, umbrella: frozenset[str]) -> Pattern:
    named, text, said = frozenset(functions), " ".join(part.words), frozenset(part.phrases)
    flags = frozenset(part.flags) - {"assistant_to", "deputy"}
    if part.ownership:
        # A founder is a founder whatever else the vocabulary says of the word.
        return Pattern(text, named - {"executive"}, None, part.ownership, flags, said=said)
    must: frozenset[str] = frozenset()
    if not named and part.defaults:
        if "executive" in part.defaults or not part.headed:
            named = frozenset(part.defaults)
        else:
            must = frozenset(sorted(said, key=len)[-1:])
    elif named and level == "individual":
        must = said if named <= umbrella else said & _DISTINCT
    if named or must:
        flags = frozenset()
    literal = () if named or must or flags else _literal(part.unknown)
    if level == "c_level" and named and part.role().level == "vp":
        level = "vp"
    return Pattern(text, named, level, None, flags, literal, must, said)


#: Trades beside the one that they serve: a safety trainer is no safety officer.
_DISTINCT = frozenset("assistant trainer consultant coach advisor adviser teacher instructor auditor inspector".split())


def _literal(unknown: list[str]) -> tuple[str, ...]:
    return tuple(word for word in unknown if word not in _FILLER)


@lru_cache(maxsize=16)
def _by_label(labelled: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """The vocabulary's own names by their words, worked out once: a persona has dozens of lines."""
    return {" ".join(words(label)): name for name, label in labelled}


def read_patterns(text: str, reader: TitleReader, *, targets: bool) -> tuple[Pattern, ...]:
    """The choices that a persona's cell or line names. Empty if none can be read.

    ``targets``: a field without a level takes the level of its neighbour ("Head of HR / People" looks for
    heads); in an exclusion or a department it means everybody in that field ("CFO / Finance").
    """
    names = _by_label(tuple(reader.vocabulary.functions.items()))
    rungs = _by_label(tuple(reader.vocabulary.levels.items()))
    parts = [part for part in reader.alternatives(_OR.sub(" / ", text)) if part.words]
    out: list[Pattern] = []
    for at, part in enumerate(parts):
        functions, level = list(part.functions), part.level
        spoken = " ".join(part.words)
        if not part.functions and not part.ownership and (spoken in names or spoken in rungs):
            # The vocabulary's own names count too: "Executive" is a department, "C-Level" a level.
            named = frozenset({names[spoken]}) if spoken in names else frozenset[str]()
            out.append(Pattern(spoken, named, None if named else rungs[spoken]))
            continue
        after = parts[at + 1] if at + 1 < len(parts) else None
        before = parts[at - 1] if at else None
        bare = part.headed and not functions and not part.defaults and not part.ownership and not part.flags
        if part.employer is not None:
            continue  # "recruiters at staffing agencies": a condition that a title can't show
        if part.empty and (len(parts) > 1 or not part.unknown):
            literal = _literal(part.unknown)
            if not literal and not out and _literal(part.words) and len(part.words) < 3:
                # "Principal" is a grade in most titles; where a persona names it alone, it is the whole title.
                out.append(Pattern(spoken, literal=_literal(part.words), alone=True))
            elif out and not targets and literal and part.joiner != ":":
                out.append(Pattern(spoken, literal=literal))
            continue
        if bare and after is not None and after.functions and (after.headed or after.joiner == ","):
            # "VP / Head of Sales", and "Director, Sales"
            functions = list(after.functions)
        elif bare and targets and out and out[-1].functions and not part.unknown:
            # "HR Director / VP": a level alone, behind a title, is a level of the same field
            functions = sorted(out[-1].functions)
        elif targets and not part.headed and not part.flags and functions:
            if after is not None and after.headed and after.functions and not (before and before.headed):
                level = after.level
            elif before is not None and before.headed:
                if part.joiner == "," and not before.functions:
                    continue  # "VP, Sales": said already
                level = before.level
        pattern = replace(_pattern(part, functions, level, reader.vocabulary.umbrella), wide=not targets)
        if not pattern.empty:
            out.append(pattern)
    return tuple(dict.fromkeys(out))


def matches(pattern: Pattern, role: Role, tokens: frozenset[str], lineage: dict[str, tuple[str, ...]]) -> int | None:
    """How narrowly the pattern fits the role: ``None`` not at all, else the higher the narrower.

    ``tokens`` are the words of the lead's title; ``lineage`` gives each function with those above it.
    """
    narrow = 0
    if pattern.flags:
        if not pattern.flags & role.flags:
            return None
        narrow += 2
    if pattern.ownership is not None and pattern.ownership != role.ownership:
        return None
    if role.ownership is not None and role.defaulted and pattern.ownership is None and "executive" in pattern.functions:
        return None  # a founder is no chief executive unless the title says so
    if pattern.ownership:
        narrow += 3
    if pattern.level is not None:
        if pattern.level != role.level and not (
            pattern.wide and pattern.level == "individual" and pattern.functions and role.level in (None, "intern")
        ):
            return None
        narrow += 2
    if pattern.functions:
        best = None
        # A title of one's own trade ("HR Generalist") is no word for the trades below it (recruiters).
        reach = 1 if pattern.level == "individual" else None
        for function in role.functions:
            for step, above in enumerate(lineage.get(function, ())[:reach]):
                if above in pattern.functions and (best is None or step < best):
                    best = step
        if best is None:
            return None
        narrow += 8 - min(best, 3)
    if pattern.must:
        if not pattern.must <= role.phrases:
            return None
        narrow += 4
    if pattern.literal:
        if not tokens.issuperset(pattern.literal) or (pattern.alone and (role.functions or role.headed)):
            return None
        narrow += 4
    if pattern.said and pattern.said <= role.phrases:
        narrow += 1
    return narrow


def uncovered(patterns: Iterable[Pattern], role: Role, lineage: dict[str, tuple[str, ...]]) -> list[str]:
    """The role's fields that no pattern speaks of: of "Sales & Marketing", Sales where Marketing is excluded."""
    fields = frozenset(function for pattern in patterns for function in pattern.functions)
    return [function for function in role.functions if fields.isdisjoint(lineage.get(function, ()))]


def title_words(text: str) -> tuple[str, ...]:
    """A signal's quoted words, normalised, as they must follow each other in a title."""
    return tuple(words(text))

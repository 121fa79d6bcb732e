"""Which leads a change of the persona may judge otherwise, so that only those are judged again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ranker.optimizer.rules_changes import Add, Change
from ranker.optimizer.rules_leads import Answer, RulesLeads
from ranker.scoring.patterns import matches, read_patterns
from ranker.scoring.rules import RulesEngine
from ranker.titles import TitleReading


def touched(leads: RulesLeads, engine: RulesEngine, answers: Mapping[str, Answer], made: Sequence[Change]) -> list[str]:
    """The ids of leads whose verdict rests on a line that changes, or whose role a new line speaks of.

    A lead that a stronger line takes over for the first time is not among them: good enough to compare changes by.
    """
    names = [one.name for one in engine.persona.brackets]
    found: dict[str, None] = {}
    for change in made:
        at = None if change.sizes is None else {names.index(one) for one in change.sizes}
        speaks_of = _speaks_of(change, engine) if isinstance(change, Add) else None
        line = change.line
        for source_id, answer in answers.items():
            verdict = answer.assessment
            if line is not None and line not in verdict.lines:
                continue
            given = leads.inputs[source_id]
            if verdict.qualified is None or (at is not None and at.isdisjoint(engine.places(given.size)[0])):
                continue
            if speaks_of is None or speaks_of(engine.reader.read(given.title)):
                found[source_id] = None
    return list(found)


def _speaks_of(change: Add, engine: RulesEngine) -> Callable[[TitleReading], bool]:
    patterns = read_patterns(change.name, engine.reader, targets=change.kind in ("targets", "champions"))
    lineage = engine.persona.lineage
    wider: set[str] = set()
    if change.kind == "departments":
        # A team also counts, by half, for the wider field that it is a part of.
        wider = {above for one in patterns for named in one.functions for above in lineage.get(named, ())}

    def speaks(reading: TitleReading) -> bool:
        tokens = frozenset(reading.tokens)
        return any(
            not wider.isdisjoint(role.functions)
            or any(matches(one, role, tokens, lineage) is not None for one in patterns)
            for role in reading.roles
        )

    return speaks

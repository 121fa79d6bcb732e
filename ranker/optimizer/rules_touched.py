"""Which leads a change of the persona may judge otherwise, so that only those are judged again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ranker.optimizer.rules_changes import Add, Change
from ranker.optimizer.rules_leads import Answer, RulesLeads
from ranker.scoring.patterns import matches, read_patterns
from ranker.scoring.rules import RulesEngine


def touched(leads: RulesLeads, engine: RulesEngine, answers: Mapping[str, Answer], made: Sequence[Change]) -> list[str]:
    """The ids of leads whose verdict rests on a line that changes, or whose role a new line speaks of.

    A lead that a stronger line takes over for the first time is not among them: good enough to compare changes by.
    """
    names = [one.name for one in engine.persona.brackets]
    found: dict[str, None] = {}
    for change in made:
        at = None if change.sizes is None else {names.index(one) for one in change.sizes}
        for source_id, answer in answers.items():
            here = at is None or not at.isdisjoint(engine.places(leads.inputs[source_id].size)[0])
            if not here or answer.assessment.qualified is None:
                continue
            if change.line is not None:
                if change.line in answer.assessment.lines:
                    found[source_id] = None
            elif not isinstance(change, Add) or _speaks_of(change, engine, leads.inputs[source_id].title):
                found[source_id] = None
    return list(found)


def _speaks_of(change: Add, engine: RulesEngine, title: str) -> bool:
    patterns = read_patterns(change.name, engine.reader, targets=change.kind in ("targets", "champions"))
    reading, lineage = engine.reader.read(title), engine.persona.lineage
    tokens = frozenset(reading.tokens)
    for role in reading.roles:
        if any(matches(one, role, tokens, lineage) is not None for one in patterns):
            return True
        if change.kind == "departments":
            # A team also counts, by half, for the wider field that it is a part of.
            wider = {above for one in patterns for named in one.functions for above in lineage.get(named, ())}
            if not wider.isdisjoint(role.functions):
                return True
    return False

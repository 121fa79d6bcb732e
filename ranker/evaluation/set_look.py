"""A saved set looked at with a persona: companies, ranks, gaps, ties, contradictions, labels against the persona."""

from __future__ import annotations

from dataclasses import dataclass

from ranker.evaluation.look import LabelledSet, look
from ranker.evaluation.set_items import Item, inputs, labelled, load_items
from ranker.personas.catalog import PersonaText
from ranker.scoring.variants import alone, engine_of
from ranker.store.engine import Database


@dataclass(frozen=True)
class Looked:
    """What ``look`` found, and the leads by ``Item.key``, by which it names them."""

    found: LabelledSet
    items: dict[str, Item]


def look_at(database: Database, set_id: int, persona: PersonaText) -> Looked:
    """Look at a set, its labels beside what the rules say for a persona. Raises ``PersonaError``."""
    with database.session() as session:
        items = load_items(session, set_id)
    engine = engine_of(persona)
    with alone():
        found = look(labelled(items), inputs(items), engine)
    return Looked(found, {item.key: item for item in items})

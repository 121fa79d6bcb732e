"""Another priority at one place, written as the old one is."""

from ranker.personas.edit import replace
from ranker.personas.notation import as_written
from ranker.personas.spec import Place


def with_priority(text: str, place: Place, priority: float) -> str:
    return replace(text, place, as_written(text[place.start : place.end], priority))

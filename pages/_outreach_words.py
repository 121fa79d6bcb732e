"""The words of Outreach: who wrote it, what a sentence rests on, what is invented."""

from __future__ import annotations

from ranker.outreach.sequence import Basis, Kind, Source

MARKED: dict[Kind, str] = {"name": "a name", "number": "a number", "employer": "an employer", "event": "an event"}
_ORIGINS = {"template": "Template", "fallback": "Fallback template", "model": "Written by a model"}
_COLUMNS = {
    "full_name": "name", "first_name": "first name", "last_name": "last name", "title": "job title",
    "company": "company", "company_name": "company", "domain": "web address", "size": "people at the company",
    "company_size": "people at the company", "industry": "industry", "location": "place", "email": "email address",
    "linkedin_url": "profile",
}  # fmt: skip
_LONGEST = 300


def origin_word(origin: str) -> str:
    """``Template``; blank stays blank."""
    return _ORIGINS.get(origin, origin)


def source_words(source: Source) -> str:
    """``Job title: “Head of Sales”``, ``The persona, line 12: “…”``."""
    value = source.value if len(source.value) <= _LONGEST else source.value[:_LONGEST].rstrip() + " …"
    if source.kind == "lead":
        name = _COLUMNS.get(source.name, source.name.replace("_", " "))
        return f"{name[:1].upper()}{name[1:]}: “{value}”"
    if source.kind == "persona":
        return f"The persona{f', line {source.name}' if source.name.isdecimal() else ''}: “{value}”"
    if source.kind == "verdict":
        return f"The ranking ({source.name.replace('_', ' ')}): “{value}”"
    return f"About us: “{value}”"


def rests_on(held: Basis) -> str:
    """For the pointer that rests on a sentence."""
    if held.rests == "inferred":
        said = "Inferred: it stands in nothing that we hold"
    elif held.rests == "invented":
        said = "Names something that is in nothing that we hold"
    else:
        said = "Rests on"
    named = "; ".join(source_words(source) for source in held.sources)
    if not named:
        return said
    return f"{said}: {named}" if said == "Rests on" else f"{said}. Beside it: {named}"


def rest_words(rests: str) -> str:
    """What a signal rests on: a source's name, or that it is inferred."""
    return "inferred" if rests == "inferred" else _COLUMNS.get(rests, rests.replace("_", " "))

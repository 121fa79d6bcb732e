"""All that is held about a prospect: columns of the lead, what the ranking said, the persona at that company's size."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from sqlalchemy import RowMapping, TextClause, bindparam, text
from sqlalchemy.orm import Session

from ranker.errors import RankerError
from ranker.outreach.sequence import Known, Source
from ranker.personas.catalog import PersonaText, load_version
from ranker.personas.reader import read_persona
from ranker.personas.slice import persona_slice
from ranker.personas.spec import PersonaSpec
from ranker.scoring.reasons import people
from ranker.scoring.variants import alone, engine_of, read_title
from ranker.store.suppressions import in_pieces

COLUMNS = (
    "title", "company", "domain", "size", "industry", "location", "first_name", "last_name", "full_name",
)  # fmt: skip
"""The columns of a lead that a message may speak of; no others are read."""
OVERRULED = "A person decided that this lead is to be contacted."
"""Stands for the ranking's reasoning where a person overruled it: what speaks against a lead is no help to write."""
_HOLDS_WITHOUT_SIZE = frozenset({"size_missing", "size_unreadable"})

_OF_LEAD = (
    "l.id AS lead_id, l.title, l.company_name, l.domain, l.size, l.industry, l.location, "
    "l.first_name, l.last_name, l.full_name, c.name AS company, c.domain AS company_domain, c.size AS company_size, "
    "c.industry AS company_industry, k.review, a.status, a.reasoning, a.basis, a.lines, t.persona_version_id"
)
_JOINED = (
    "LEFT JOIN company AS c ON c.id=l.company_id LEFT JOIN current_assessment AS k ON k.lead_id=l.id "
    "LEFT JOIN assessment AS a ON a.run_id=k.run_id AND a.lead_id=k.lead_id "
    "LEFT JOIN run AS r ON r.id=k.run_id LEFT JOIN variant AS t ON t.id=r.variant_id"
)
_KNOWN = text(
    f"SELECT p.id, p.profile_url, {_OF_LEAD} FROM prospect AS p LEFT JOIN lead AS l ON l.id=p.lead_id {_JOINED} "
    "WHERE p.id IN :ids"
).bindparams(bindparam("ids", expanding=True))
_KNOWN_LEADS = text(
    f"SELECT l.id, '' AS profile_url, {_OF_LEAD} FROM lead AS l {_JOINED} WHERE l.id IN :ids"
).bindparams(bindparam("ids", expanding=True))


def known_of(session: Session, prospect_ids: Sequence[int]) -> dict[int, Known]:
    """Prospect → all that is known of them now; those that are not there are left out.

    One query for up to 5,000, and one for each version of a persona that their verdicts rest on.
    """
    return _found(session, _KNOWN, prospect_ids)


def known_of_lead(session: Session, lead_id: int) -> Known | None:
    """All that would be known of a lead that is no prospect yet, under the number 0; None if it is not there."""
    return known_of_leads(session, [lead_id]).get(lead_id)


def known_of_leads(session: Session, lead_ids: Sequence[int]) -> dict[int, Known]:
    """Lead → all that would be known of it as a prospect, under the number 0; those that are not there are left out."""
    found = _found(session, _KNOWN_LEADS, lead_ids)
    return {lead_id: replace(one, prospect_id=0) for lead_id, one in found.items()}


def _found(session: Session, query: TextClause, numbers: Sequence[int]) -> dict[int, Known]:
    rows: list[RowMapping] = []
    connection = session.connection()
    in_pieces(
        list(dict.fromkeys(numbers)),
        lambda ids: rows.extend(connection.execute(query, {"ids": list(ids)}).mappings()),
        5_000,
    )
    versions = sorted({row["persona_version_id"] for row in rows if row["persona_version_id"] is not None})
    personas = {number: load_version(session, number) for number in versions}
    return {row["id"]: _known(row, personas.get(row["persona_version_id"])) for row in rows}


def input_hash(known: Known) -> str:
    """32 hexadecimal digits over all that is known: another one later means that something changed."""
    said = [[one.kind, one.name, one.value] for one in known.sources]
    joined = json.dumps([said, known.persona], ensure_ascii=True)
    return hashlib.sha256(joined.encode()).hexdigest()[:32]


def _known(row: RowMapping, persona: PersonaText | None) -> Known:
    if row["lead_id"] is None:
        return Known(row["id"], row["profile_url"], None, ())
    lead = {name: str(row[name]).strip() for name in COLUMNS if name != "company"}
    lead["company"] = row["company_name"].strip() or row["company"].strip()
    for name in ("domain", "size", "industry"):  # another row of the file may have said it of the company
        lead[name] = lead[name] or str(row[f"company_{name}"]).strip()
    seniority, department = words_of(lead["title"])
    sources = [Source("lead", name, lead[name]) for name in COLUMNS if lead[name]]
    judged = row["status"] is not None
    return Known(
        row["id"],
        row["profile_url"],
        row["lead_id"],
        (*sources, *(_verdict(row) if judged else ())),
        persona_at(persona, row["size"]) if judged and persona is not None else "",
        row["persona_version_id"],
        seniority,
        department,
    )


def _verdict(row: RowMapping) -> Iterable[Source]:
    if row["review"] == "in" and row["status"] != "ranked":
        return [Source("verdict", "reasoning", OVERRULED)]
    said = [Source("verdict", "reasoning", row["reasoning"])] if row["reasoning"].strip() else []
    quotes, lines = json.loads(row["basis"]), json.loads(row["lines"])
    numbers = [str(lines[at]) if at < len(lines) else "" for at in range(len(quotes))]
    return [*said, *(Source("persona", number, quote) for number, quote in zip(numbers, quotes, strict=True))]


def words_of(title: str) -> tuple[str, str]:
    """(Seniority, department) of a title in words such as "Vice President" and "Sales"; "" for what it doesn't say.

    An owner's word comes before a level: a founder is no manager. The first role that is held now counts.
    """
    reading, words = read_title(title)
    held = [role for role in reading.roles if role.employed]
    role = next((one for one in held if one.headed), held[0] if held else None)
    if role is None:
        return "", ""
    seniority = role.ownership.capitalize() if role.ownership else words.levels.get(role.level or "", "")
    department = words.functions.get(role.functions[0], "") if role.functions else ""
    return seniority, department


@lru_cache(maxsize=8)
def _spec(content: str, name: str) -> PersonaSpec:
    return read_persona(content, name)


@lru_cache(maxsize=64)
def _slice(content: str, name: str, bracket: str) -> str:
    return persona_slice(content, _spec(content, name), bracket)


def persona_at(persona: PersonaText, size: str) -> str:
    """What a persona says for a company of this size; all sizes one after the other where the size is not known.

    The bracket is the one that the rules judge by. "" for a text that can't be used any more.
    """
    try:
        engine = engine_of(persona)
    except RankerError:
        return ""
    with alone():
        places, doubt = engine.places(size)
    brackets = [engine.persona.brackets[at] for at in (places if doubt in _HOLDS_WITHOUT_SIZE else places[:1])]
    if len(brackets) == 1:
        return _slice(persona.content, persona.name, brackets[0].name)
    return "\n\n".join(f"# At {people(one)}\n\n{_slice(persona.content, persona.name, one.name)}" for one in brackets)

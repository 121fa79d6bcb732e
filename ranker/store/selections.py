"""Which leads a run judges."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from ranker.errors import UsageError

KINDS = ("all", "import", "companies", "changed")
"""``changed``: leads that were never judged, or whose title, company, size or domain changed since."""

_LEADS = "SELECT l.id, l.company_id, l.title, l.company_name, l.size, l.domain, l.input_hash FROM lead AS l"
_WHERE = {
    "all": "",
    "import": " WHERE l.id IN (SELECT lead_id FROM import_row WHERE batch_id=:batch AND lead_id IS NOT NULL)",
    "companies": " WHERE l.company_id IN :companies",
    "changed": (
        " LEFT JOIN current_assessment AS k ON k.lead_id=l.id WHERE k.lead_id IS NULL OR k.input_hash<>l.input_hash"
    ),
}


class LeadInput(NamedTuple):
    """What is judged of a lead; the four texts are those of ``scoring.Inputs``."""

    lead_id: int
    company_id: int
    title: str
    company: str
    size: str
    domain: str
    input_hash: str


def leads_of(session: Session, selection: dict[str, Any], piece: int = 5_000) -> Iterator[list[LeadInput]]:
    """The leads of a selection in pieces, in the order of their number.

    ``{"kind": "all"}``, ``{"kind": "import", "batch": id}``, ``{"kind": "companies", "companies": [ids]}`` or
    ``{"kind": "changed"}``. Raises ``UsageError`` for another kind.
    """
    statement, values = _statement(selection, _LEADS, " ORDER BY l.id")
    rows = session.connection().execute(statement, values)
    while found := rows.fetchmany(piece):
        yield [LeadInput(*row) for row in found]


def _statement(selection: dict[str, Any], source: str, order: str = "") -> tuple[Any, dict[str, Any]]:
    kind = selection.get("kind")
    if kind not in KINDS:
        raise UsageError(f"Leads can't be chosen by “{kind}”. Choose one of: {', '.join(KINDS)}.")
    statement = text(f"{source}{_WHERE[kind]}{order}")
    if kind == "import":
        return statement, {"batch": selection["batch"]}
    if kind == "companies":
        return statement.bindparams(bindparam("companies", expanding=True)), {"companies": selection["companies"]}
    return statement, {}

"""Which leads a run is about: what was chosen, and with it the whole of every company that it touches."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.errors import UsageError
from ranker.store import bulk
from ranker.store.failed import FAILED

Kind = Literal["import", "companies", "all", "changed", "leads", "failed"]

_CHANGED = (
    "id IN (SELECT l.id FROM lead AS l LEFT JOIN current_assessment AS k ON k.lead_id=l.id "
    "WHERE k.lead_id IS NULL OR k.input_hash<>l.input_hash)"
)


@dataclass(frozen=True, slots=True)
class Selection:
    """What a person chose to rank.

    ``kind``: ``import`` (the leads in the rows of imports), ``companies``, ``leads``, each with ``ids``;
    ``failed`` (the leads that the runs with these ids did not judge because of a failure, or did not reach); ``all``;
    ``changed`` (leads that are new, or whose title, company, size or domain changed since their current
    verdict). Raises ``UsageError`` for another kind, or for ids where they don't belong or are missing.
    """

    kind: Kind
    ids: tuple[int, ...] = field(default=())

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise UsageError(f"Leads are chosen by one of: {', '.join(get_args(Kind))}.")
        object.__setattr__(self, "ids", tuple(sorted(set(self.ids))))
        if bool(self.ids) != (self.kind in {"import", "companies", "leads", "failed"}):
            raise UsageError("Choose at least one to rank." if not self.ids else f"“{self.kind}” takes no list.")

    def as_json(self) -> dict[str, Any]:
        """The same for the same choice, in whatever order it was made."""
        return {"kind": self.kind, "ids": list(self.ids)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Selection:
        """The choice that ``as_json`` wrote."""
        return cls(value["kind"], tuple(value["ids"]))


def scope(session: Session, selection: Selection) -> tuple[str, dict[str, Any]]:
    """The condition on the table ``lead`` for every lead that enters the run, and its values.

    Ranks hold within a company, so whoever shares a company with a chosen lead enters too.
    """
    if selection.kind == "all":
        return "1=1", {}
    condition, values = chosen(session, selection)
    if selection.kind == "companies":
        return condition, values
    if selection.kind == "failed":  # a run that did not end well has published nothing: all of it enters again
        listed, values = ids_listed(session, selection.ids)
        entered = f"a.run_id IN ({listed}) AND (r.state<>'done' OR {FAILED.format('a')})"
        joined = "lead AS m JOIN assessment AS a ON a.lead_id=m.id JOIN run AS r ON r.id=a.run_id"
        return f"company_id IN (SELECT m.company_id FROM {joined} WHERE {entered})", values
    return f"company_id IN (SELECT company_id FROM lead WHERE {condition})", values


def chosen(session: Session, selection: Selection) -> tuple[str, dict[str, Any]]:
    """The condition on the table ``lead`` for the leads that were chosen themselves, and its values."""
    if selection.kind == "all":
        return "1=1", {}
    if selection.kind == "changed":
        return _CHANGED, {}
    listed, values = ids_listed(session, selection.ids)
    if selection.kind == "companies":
        return f"company_id IN ({listed})", values
    if selection.kind == "leads":
        return f"id IN ({listed})", values
    if selection.kind == "failed":
        return (
            f"id IN (SELECT a.lead_id FROM assessment AS a WHERE a.run_id IN ({listed}) AND ({FAILED.format('a')}))",
            values,
        )
    return f"id IN (SELECT lead_id FROM import_row WHERE batch_id IN ({listed}) AND lead_id IS NOT NULL)", values


def ids_listed(session: Session, ids: Iterable[int]) -> tuple[str, dict[str, Any]]:
    """Any number of ids as a subquery."""
    values = {"ids": json.dumps(list(ids))}
    if bulk.is_sqlite(session):
        return "SELECT value FROM json_each(:ids)", values
    return "SELECT CAST(value AS integer) FROM json_array_elements_text(CAST(:ids AS json))", values


def count(session: Session, condition: str, values: Mapping[str, Any]) -> int:
    """How many leads a condition holds for."""
    return int(session.connection().execute(text(f"SELECT count(*) FROM lead WHERE {condition}"), values).scalar_one())

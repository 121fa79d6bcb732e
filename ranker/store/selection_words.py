"""What runs were about, in words: "all leads", "leads.csv", "12 leads that failed in run 7"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, text

from ranker.store.failed import failed_counts


@dataclass(frozen=True, slots=True)
class Named:
    """What selections name: files by the batch, of runs how many leads they left open and how they ended, and sets."""

    files: dict[int, str]
    left: dict[int, int]
    states: dict[int, str]
    sets: dict[int, str]


def named_in(connection: Connection, selections: Sequence[dict[str, Any]]) -> Named:
    """What the words for some selections need: the same few queries for any number of them."""
    batches = {batch for one in selections if isinstance(batch := _batch(one), int) and _kind(one) == "import"}
    failed = {run for one in selections if _kind(one) == "failed" for run in one.get("ids") or []}
    files = _column(connection, "import_batch", "file_name", batches)
    states = _column(connection, "run", "state", failed)
    labelled = {number for one in selections if _kind(one) == "labelled" for number in one.get("ids") or []}
    sets = _column(connection, "eval_set", "name", labelled)
    return Named(files, failed_counts(connection, failed), states, sets)


def _column(connection: Connection, table: str, column: str, ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    wanted = text(f"SELECT id, {column} FROM {table} WHERE id IN :ids").bindparams(bindparam("ids", expanding=True))
    return {int(row[0]): str(row[1]) for row in connection.execute(wanted, {"ids": sorted(ids)})}


def _kind(selection: dict[str, Any]) -> str:
    return str(selection.get("kind", "import"))  # an import names its file alone


def _batch(selection: dict[str, Any]) -> Any:
    ids = selection.get("ids")
    return selection.get("batch", ids[0] if isinstance(ids, list) and ids else None)


def selected(selection: dict[str, Any], named: Named) -> str:
    """One selection in words; an import is told by the name of its file."""
    kind = _kind(selection)
    if kind == "import":
        return named.files.get(_batch(selection) or 0, "") or "an import"
    chosen = selection.get(kind) or selection.get("ids") or []
    if kind in {"companies", "leads"}:
        one = "company" if kind == "companies" else "lead"
        return f"1 {one}" if len(chosen) == 1 else f"{len(chosen):,} {kind}"
    if kind == "failed":
        return _failed(chosen, named)
    if kind == "outreach":
        count = int(selection.get("prospects", 0))
        left = f", left by run {selection['left_of']}" if "left_of" in selection else ""
        return f"{'1 person' if count == 1 else f'{count:,} people'}{left}"
    if kind == "labelled":
        return ", ".join(f"“{named.sets[one]}”" for one in chosen if one in named.sets) or "a labelled set"
    return {"all": "all leads", "changed": "new and changed leads"}.get(kind, kind or "leads")


def _failed(runs: Sequence[int], named: Named) -> str:
    """``12 leads that failed in run 7``; of a run that ended early those that it did not reach count as well."""
    count = sum(named.left.get(run, 0) for run in runs)
    which = f"run{'s' if len(runs) > 1 else ''} {' and '.join(map(str, runs))}"
    leads = "1 lead" if count == 1 else f"{count:,} leads" if count else "leads"
    early = any(named.states.get(run, "done") != "done" for run in runs)
    return f"{leads} that {which} did not judge" if early else f"{leads} that failed in {which}"

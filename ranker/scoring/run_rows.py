"""The rows that a run writes: one a lead, with the verdict, and the inputs that were judged."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.ingest.staged_row import json_text
from ranker.scoring.assessment import Assessment
from ranker.scoring.selection import Selection, ids_listed
from ranker.store import bulk
from ranker.store.failed import FAILED

INPUTS = ("title", "company_name", "size", "domain", "input_hash")
"""What is kept of a lead as it was judged; the first four are ``Inputs``."""
_STOPPED = {"not_relevant": "Not somebody to contact by this persona.", "not_judged": "Nothing to judge by."}
_FAILED = "The model gave no answer that can be used."
VERDICT = (
    "status", "qualified", "score", "department_fit", "seniority_fit", "confidence", "reasoning", "flags",
    "needs_review", "basis", "lines", "variant", "stage", "reason",
)  # fmt: skip
_WRITE = f"UPDATE assessment SET {', '.join(f'{name}=?' for name in (*VERDICT, *INPUTS))} WHERE run_id=? AND lead_id=?"


def write_verdicts(
    session: Session, run_id: int, leads: Sequence[Sequence[Any]], verdicts: Sequence[Assessment]
) -> int:  # fmt: skip
    """Keep the verdicts on leads that have their row already; how many. Safe to repeat.

    ``leads`` are rows of the lead's id and then ``INPUTS``, in the order of ``verdicts``.
    """
    shaped: dict[int, tuple[Any, ...]] = {}
    rows: list[tuple[Any, ...]] = []
    for (lead_id, *judged), found in zip(leads, verdicts, strict=True):
        cells = shaped.get(id(found))  # all are kept by the caller, so that each id stays its own
        if cells is None:
            cells = shaped[id(found)] = _cells(found)
        rows.append((*cells, *judged, run_id, lead_id))
    bulk.many(session, _WRITE, rows)
    return len(rows)


def take_judged(session: Session, run_id: int, selection: Selection) -> int:
    """Take over the verdicts of the runs that a choice of failed leads names; how many.

    Only those that the same variant gave to the same inputs: they need not be asked for again. Newer ones first.
    """
    names = ", ".join((*VERDICT[:-2], *INPUTS))
    of_old = ", ".join(f"o.{name}" for name in (*VERDICT[:-2], *INPUTS))
    taken = 0
    for old in sorted(selection.ids, reverse=True):
        taken += session.connection().execute(
            text(
                f"UPDATE assessment SET ({names}, stage, reason) = (SELECT {of_old}, "
                "CASE WHEN o.stage='held' THEN 'ranked' ELSE o.stage END, "
                "CASE WHEN o.stage='held' THEN '' ELSE o.reason END "
                "FROM assessment AS o WHERE o.run_id=:old AND o.lead_id=assessment.lead_id) "
                "WHERE run_id=:run AND stage='waiting' AND lead_id IN ("
                "SELECT o.lead_id FROM assessment AS o JOIN lead AS l ON l.id=o.lead_id "
                "WHERE o.run_id=:old AND o.stage<>'waiting' AND o.input_hash=l.input_hash "
                f"AND NOT ({FAILED.format('o')}) AND (SELECT variant_id FROM run WHERE id=:old)="
                "(SELECT variant_id FROM run WHERE id=:run))"
            ),
            {"run": run_id, "old": old},
        ).rowcount  # fmt: skip
    return taken


def judged_before(session: Session, selection: Selection, variant: str) -> tuple[str, dict[str, Any]]:
    """The condition on the table ``lead`` for those whose verdict ``take_judged`` would take over, and its values.

    ``variant``: the hash of the variant that is asked now.
    """
    listed, values = ids_listed(session, selection.ids)
    condition = (
        "id IN (SELECT o.lead_id FROM assessment AS o JOIN lead AS m ON m.id=o.lead_id JOIN run AS r ON r.id=o.run_id "
        f"JOIN variant AS v ON v.id=r.variant_id WHERE o.run_id IN ({listed}) AND o.stage<>'waiting' "
        f"AND o.input_hash=m.input_hash AND NOT ({FAILED.format('o')}) AND v.hash=:same_variant)"
    )
    return condition, {**values, "same_variant": variant}


def _cells(found: Assessment) -> tuple[Any, ...]:
    """The values of ``VERDICT``."""
    stage = "ranked" if found.status == "ranked" else "read" if found.qualified is None else "judged"
    return (
        found.status,
        None if found.qualified is None else int(found.qualified),
        found.score,
        found.department_fit,
        found.seniority_fit,
        found.confidence,
        found.reasoning,
        _listed(found.flags),
        int(found.needs_review),
        _listed(found.basis),
        _listed(found.lines),
        found.variant,
        stage,
        _FAILED if "call_failed" in found.flags else _STOPPED.get(found.status, ""),
    )


@lru_cache(maxsize=50_000)
def _listed(values: tuple[Any, ...]) -> str:
    """A JSON list; few of them differ."""
    return json_text(values)

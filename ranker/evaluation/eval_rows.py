"""The rows of an evaluation: one for each labelled lead, from when the run begins, and what was said of it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from ranker.errors import UsageError
from ranker.evaluation.evaluate import Prediction
from ranker.evaluation.labelled import NOT_RELEVANT, LabelledLead
from ranker.scoring.assessment import Assessment
from ranker.store import bulk

WAITING = "waiting"
"""The flag of a lead that a run has not reached."""
FAILED = "call_failed"
"""The flag of a lead without a verdict because a call failed (``ranker.scoring.llm.assess``, slow to import)."""
_WAITS = f'["{WAITING}"]'
_WRITE = (
    "UPDATE eval_prediction SET status=?, qualified=?, score=?, confidence=?, reasoning=?, flags=?, needs_review=?, "
    "rank=NULL WHERE run_id=? AND item_id=?"
)
_PARTS = "FROM eval_prediction AS p JOIN eval_item AS i ON i.id=p.item_id WHERE p.run_id=:run"
_INPUTS = "i.id, i.title, i.company, i.size, i.domain"


@dataclass(frozen=True, slots=True)
class LabelledSetRow:
    """A saved set: its name, and how many labelled leads it has now."""

    name: str
    leads: int


@dataclass(frozen=True, slots=True)
class JudgedItem:
    """A labelled lead with what a run said of it. ``company`` is its key; ``label`` as in ``LabelledLead``."""

    item_id: int
    source_id: str
    company: str
    label: float
    status: str
    qualified: bool | None
    score: float | None
    rank: int | None
    flags: tuple[str, ...]

    @property
    def lead(self) -> LabelledLead:
        """As the metrics take it."""
        return LabelledLead(self.source_id, self.company, self.label)

    @property
    def prediction(self) -> Prediction:
        """As the metrics take it; a failure is no verdict."""
        return Prediction(self.qualified, self.rank, self.score)


def load_set(session: Session, set_id: int) -> LabelledSetRow:
    """A set that can be evaluated on. Raises ``UsageError`` if it is not there or not saved."""
    found = session.connection().execute(text("SELECT name, state FROM eval_set WHERE id=:id"), {"id": set_id}).first()
    if found is None or found[1] != "saved":
        raise UsageError("There is no saved set of labelled leads with this number. Choose one on the page Evaluate.")
    count = text("SELECT count(*) FROM eval_item WHERE eval_set_id=:id")
    return LabelledSetRow(found[0], int(session.connection().execute(count, {"id": set_id}).scalar_one()))


def make_rows(session: Session, run_id: int) -> int:
    """Give each labelled lead of the run's set its row; how many. Safe to repeat."""
    connection, key = session.connection(), {"run": run_id}
    connection.execute(text("DELETE FROM eval_prediction WHERE run_id=:run"), key)
    connection.execute(
        text(
            "INSERT INTO eval_prediction (run_id, item_id, status, reasoning, flags) "
            "SELECT CAST(:run AS integer), i.id, 'not_judged', 'Not reached.', :flags FROM eval_item AS i "
            "JOIN eval_run AS e ON e.eval_set_id=i.eval_set_id WHERE e.run_id=:run ORDER BY i.id"
        ),
        {**key, "flags": _WAITS},
    )
    return int(connection.execute(text("SELECT count(*) FROM eval_prediction WHERE run_id=:run"), key).scalar_one())


def items_to_judge(session: Session, run_id: int, after: int, most: int) -> list[Any]:
    """The next rows (id, title, company, size, domain) behind an id."""
    found = session.connection().execute(
        text(f"SELECT {_INPUTS} {_PARTS} AND i.id>:at ORDER BY i.id LIMIT :most"),
        {"run": run_id, "at": after, "most": most},
    )
    return list(found)


def companies_waiting(session: Session, run_id: int) -> list[str]:
    """The company's key of each lead that was not reached yet."""
    found = session.connection().execute(
        text(f"SELECT i.company_key {_PARTS} AND p.flags=:flags"), {"run": run_id, "flags": _WAITS}
    )
    return [row[0] for row in found]


def items_of_companies(session: Session, run_id: int, companies: Sequence[str]) -> list[Any]:
    """Rows as ``ranker.scoring.llm.durable.ask_piece`` takes them, of the leads not reached at some companies."""
    found = session.connection().execute(
        text(
            f"SELECT {_INPUTS}, '', i.industry, i.company_key {_PARTS} AND p.flags=:flags AND i.company_key IN :keys "
            "ORDER BY i.id"
        ).bindparams(bindparam("keys", expanding=True)),
        {"run": run_id, "flags": _WAITS, "keys": list(companies)},
    )
    return list(found)


def write_verdicts(session: Session, run_id: int, items: Sequence[int], verdicts: Sequence[Assessment]) -> int:
    """Keep what was said of these labelled leads, which have their rows already; how many. Safe to repeat."""
    rows = [
        (
            one.status, None if one.qualified is None else int(one.qualified), one.score, one.confidence,
            one.reasoning, json.dumps(list(one.flags)), int(one.needs_review), run_id, item,
        )
        for item, one in zip(items, verdicts, strict=True)
    ]  # fmt: skip
    bulk.many(session, _WRITE, rows)
    return len(rows)


def judged_rows(session: Session, run_id: int) -> list[JudgedItem]:
    """Every labelled lead of a run with what was said of it, by company and id in the file: not by place in it."""
    found = session.connection().execute(
        text(
            "SELECT i.id, i.source_id, i.company_key, i.label, p.status, p.qualified, p.score, p.rank, p.flags "
            f"{_PARTS} ORDER BY i.company_key, i.source_id"
        ),
        {"run": run_id},
    )
    return [
        JudgedItem(
            row[0], row[1], row[2], NOT_RELEVANT if row[3] is None else float(row[3]), row[4],
            None if row[5] is None else bool(row[5]), row[6], row[7], tuple(json.loads(row[8])),
        )
        for row in found
    ]  # fmt: skip


def write_ranks(session: Session, run_id: int, ranks: Sequence[tuple[int, int]]) -> None:
    """Keep (item, rank) of those to contact."""
    rows = [(rank, run_id, item) for item, rank in ranks]
    bulk.many(session, "UPDATE eval_prediction SET rank=? WHERE run_id=? AND item_id=?", rows)


def keep_figures(
    session: Session, run_id: int, figures: Mapping[str, Any], companies: Mapping[str, Mapping[str, float | int | None]]
) -> None:
    """Keep the figures of a run, and those of each company by its key."""
    session.connection().execute(
        text("UPDATE eval_run SET figures=:figures, companies=:companies WHERE run_id=:run"),
        {"run": run_id, "figures": _plain(figures), "companies": _plain(companies)},
    )


def _plain(value: Mapping[str, Any]) -> str:
    """JSON that every reader takes: a number that is none is refused."""
    return json.dumps(value, allow_nan=False, sort_keys=True)


def label_text(label: float) -> str:
    """A label as people write it: ``3``, or ``none``."""
    return "none" if math.isinf(label) else f"{label:.0f}"

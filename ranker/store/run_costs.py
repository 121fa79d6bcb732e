"""What runs cost, by the ledger of model calls: one query for any number of runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, text

_SCOPE = "run-"
_COSTS = text(
    "SELECT scope, count(*), coalesce(sum(cost_usd), 0), "
    "sum(CASE WHEN cost_usd IS NULL THEN 1 ELSE 0 END), "
    "coalesce(sum(CASE WHEN cost_usd IS NULL THEN reserved_usd END), 0) "
    "FROM ai_call WHERE scope IN :scopes GROUP BY scope"
).bindparams(bindparam("scopes", expanding=True))


def scope_of(run_id: int) -> str:
    """The name of a run's calls in the ledger; its limit of money holds for them."""
    return f"{_SCOPE}{run_id}"


@dataclass(frozen=True, slots=True)
class RunCost:
    """What a run cost. ``known`` dollars of ``calls`` calls, of which ``unknown`` have no cost that is known.

    Those are answers of a model without a price, and calls under way or lost; ``reserved`` is the most that they can
    have cost, in dollars, as far as a price is known. A cost that is not known is never 0.
    """

    calls: int = 0
    known: float = 0.0
    unknown: int = 0
    reserved: float = 0.0

    @property
    def usd(self) -> float | None:
        """Dollars, ``None`` where a part of it is not known."""
        return None if self.unknown else self.known


def run_costs(connection: Connection, run_ids: Iterable[int]) -> dict[int, RunCost]:
    """The cost of each run; one without calls is not in it."""
    scopes = {scope_of(run_id): run_id for run_id in run_ids}
    if not scopes:
        return {}
    rows = connection.execute(_COSTS, {"scopes": list(scopes)})
    return {scopes[row[0]]: RunCost(int(row[1]), float(row[2]), int(row[3]), float(row[4])) for row in rows}


@dataclass(frozen=True, slots=True)
class Ledger:
    """How the ledger stands. ``stray`` calls name a run that is not there; ``lost`` ones of a run that ended are open:
    they never came to an end, and count in its cost as the most that they can have been.
    """

    calls: int
    stray: int
    lost: int


def ledger_state(connection: Connection) -> Ledger:
    """Count the calls, those of runs that are not there, and those that runs which ended have left open."""
    states = {
        scope_of(row[0]): str(row[1])
        for row in connection.execute(text("SELECT id, state FROM run WHERE kind<>'import'"))
    }
    calls = stray = lost = 0
    for scope, open_, count in connection.execute(
        text("SELECT scope, CASE WHEN outcome='open' THEN 1 ELSE 0 END, count(*) FROM ai_call GROUP BY 1, 2")
    ):
        calls += count
        if scope.startswith(_SCOPE):
            stray += 0 if scope in states else count
            lost += count if open_ and states.get(scope) in {"done", "failed", "cancelled"} else 0
    return Ledger(calls, stray, lost)

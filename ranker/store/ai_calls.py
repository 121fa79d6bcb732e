"""The ledger of model calls: the most that a call can cost is reserved before it leaves, then the cost is written.

What a scope (one piece of work) has spent is the cost of its calls, and for a call whose cost is not known, because
it is under way or was lost in a crash, all that was reserved for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from ranker.store.clock import now

_SPENT = text("SELECT COALESCE(SUM(COALESCE(cost_usd, reserved_usd, 0)), 0) FROM ai_call WHERE scope=:scope")
_RESERVE = text(
    "INSERT INTO ai_call (scope, purpose, provider, model, attempt, outcome, reserved_usd, cache_key, who, started_at) "
    "VALUES (:scope, :purpose, :provider, :model, :attempt, 'open', :reserved, :key, :who, :at) RETURNING id"
)
_SETTLE = text(
    "UPDATE ai_call SET outcome=:outcome, cost_usd=:cost, latency_ms=:latency, served=:served, tokens_in=:into, "
    "tokens_cached=:cached, tokens_out=:out, tokens_written=:written, tier=:tier WHERE id=:id"
)
_USED = text(
    "SELECT count(*), coalesce(sum(tokens_in), 0), coalesce(sum(tokens_out), 0), coalesce(sum(cost_usd), 0), "
    "sum(CASE WHEN cost_usd IS NULL THEN 1 ELSE 0 END) FROM ai_call WHERE scope=:scope AND id>:after "
    "AND cache_key IN :keys"
).bindparams(bindparam("keys", expanding=True))
_ROUNDING = 1e-9
"""Dollars that adding up floating-point numbers may be off by; far below a cent."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A call that is about to be made; ``reserved`` in dollars, ``None`` where the price is not known."""

    scope: str
    purpose: str
    provider: str
    model: str
    attempt: int
    reserved: float | None
    cache_key: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """How a call ended. ``cost`` in dollars, ``None`` where it is not known; tokens as the provider counted them."""

    outcome: str
    cost: float | None
    latency_ms: int
    served: str = ""
    tokens_in: int | None = None
    tokens_cached: int | None = None
    tokens_out: int | None = None
    tokens_written: int | None = None
    tier: str = ""


@dataclass(frozen=True, slots=True)
class Spending:
    """What a scope has used. ``unknown`` are answered calls of unknown cost, ``lost`` those that never ended."""

    calls: int
    ok: int
    spent: float
    unknown: int
    lost: int
    tokens_in: int
    tokens_cached: int
    tokens_out: int
    by_outcome: tuple[tuple[str, int], ...] = ()
    tokens_written: int = 0


@dataclass(frozen=True, slots=True)
class Used:
    """What some questions of a scope took, failed attempts included. ``usd`` is ``None`` where a part is not known."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    usd: float | None = 0.0


def reserve(session: Session, call: Attempt, cap: float | None) -> int | None:
    """Write the call down as open; its number, or ``None`` if it could pass ``cap`` (dollars for the scope).

    Has to run in a writing transaction of its own, so that two calls can't both take what is left.
    """
    connection = session.connection()
    if cap is not None:
        spent = float(connection.execute(_SPENT, {"scope": call.scope}).scalar_one())
        if call.reserved is None or spent + call.reserved > cap + _ROUNDING:
            return None
    row = connection.execute(
        _RESERVE,
        {
            "scope": call.scope, "purpose": call.purpose, "provider": call.provider, "model": call.model,
            "attempt": call.attempt, "reserved": call.reserved, "key": call.cache_key, "who": call.who, "at": now(),
        },
    )  # fmt: skip
    return int(row.scalar_one())


def count_calls(session: Session, scope: str) -> int:
    """How many calls a scope has made, those included that failed, are under way or were lost."""
    found = session.connection().execute(text("SELECT count(*) FROM ai_call WHERE scope=:scope"), {"scope": scope})
    return int(found.scalar_one())


def usual_seconds(session: Session, provider: str, models: Sequence[str], calls: int = 200) -> float | None:
    """Seconds that an answered call of these models took, on average over the newest; ``None`` if none is known."""
    rows = session.connection().execute(
        text(
            "SELECT latency_ms FROM ai_call WHERE provider=:provider AND model IN :models AND outcome='ok' "
            "ORDER BY id DESC LIMIT :calls"
        ).bindparams(bindparam("models", expanding=True)),
        {"provider": provider, "models": list(models), "calls": calls},
    )
    took = [row[0] for row in rows]
    return sum(took) / len(took) / 1000 if took else None


def settle(session: Session, number: int, end: Settled) -> None:
    """Write down how an open call ended."""
    session.connection().execute(
        _SETTLE,
        {
            "id": number, "outcome": end.outcome, "cost": end.cost, "latency": end.latency_ms, "served": end.served,
            "into": end.tokens_in, "cached": end.tokens_cached, "out": end.tokens_out, "written": end.tokens_written,
            "tier": end.tier,
        },
    )  # fmt: skip


def spending(session: Session, scope: str) -> Spending:
    """What a scope has used so far, in this and in earlier processes."""
    connection, key = session.connection(), {"scope": scope}
    row = connection.execute(
        text(
            "SELECT count(*), SUM(CASE WHEN outcome='ok' THEN 1 ELSE 0 END), "
            "SUM(CASE WHEN cost_usd IS NULL AND outcome<>'open' THEN 1 ELSE 0 END), "
            "SUM(CASE WHEN outcome='open' THEN 1 ELSE 0 END), SUM(tokens_in), SUM(tokens_cached), SUM(tokens_out), "
            "SUM(tokens_written) FROM ai_call WHERE scope=:scope"
        ),
        key,
    ).one()
    spent = float(connection.execute(_SPENT, key).scalar_one())
    kinds = connection.execute(
        text("SELECT outcome, count(*) FROM ai_call WHERE scope=:scope GROUP BY outcome ORDER BY outcome"), key
    )
    calls, ok, unknown, lost, into, cached, out, written = (int(value or 0) for value in row)
    return Spending(
        calls, ok, spent, unknown, lost, into, cached, out, tuple((kind, int(count)) for kind, count in kinds),
        written,
    )  # fmt: skip


def held(session: Session, scope: str) -> float:
    """Dollars reserved for calls under way: a part of what ``spending`` tells, most of which comes back."""
    found = session.connection().execute(
        text("SELECT coalesce(sum(reserved_usd), 0) FROM ai_call WHERE scope=:scope AND outcome='open'"),
        {"scope": scope},
    )
    return float(found.scalar_one())


def used_for(session: Session, scope: str, keys: Sequence[str], after: int = 0) -> Used:
    """What the attempts of a scope took that were made for these questions (``cache_key``), lost ones included.

    ``after``: only calls with a higher number (``last_call``).
    """
    row = session.connection().execute(_USED, {"scope": scope, "keys": list(keys), "after": after}).one()
    return Used(int(row[0]), int(row[1]), int(row[2]), None if row[4] else float(row[3]))


def last_call(session: Session) -> int:
    """The number of the newest call; 0 before the first."""
    return int(session.connection().execute(text("SELECT coalesce(max(id), 0) FROM ai_call")).scalar_one())

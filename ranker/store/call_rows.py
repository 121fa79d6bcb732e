"""The rows of the ledger for one piece of work, in the order in which they were written."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class CallRow:
    """One attempt as it was settled; tokens, cost (dollars) and latency are ``None`` where they are not known."""

    outcome: str
    served: str
    tokens_in: int | None
    tokens_out: int | None
    cost_usd: float | None
    latency_ms: int | None


def calls_of(session: Session, scope: str) -> tuple[CallRow, ...]:
    """Every attempt of a scope, the first one first."""
    rows = session.connection().execute(
        text(
            "SELECT outcome, served, tokens_in, tokens_out, cost_usd, latency_ms FROM ai_call WHERE scope=:scope "
            "ORDER BY id"
        ),
        {"scope": scope},
    )
    return tuple(CallRow(*row) for row in rows)

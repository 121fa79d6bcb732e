"""Whether a provider of models can be asked, as the process that asked last found it; any process may set it right."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import text
from sqlalchemy.orm import Session

from ranker.events import tell
from ranker.store.clock import now
from ranker.store.engine import Database

State = Literal["ok", "resting", "out"]
_FORMAT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class ProviderState:
    """How a provider does. ``until``: UTC, when it may be tried again by itself, "" while it is ok.

    ``failures`` in a row without an answer; ``opened``: how often it was left alone since its last answer; ``why``:
    the kind of failure (``ranker.llm.failures``).
    """

    provider: str
    state: State
    failures: int = 0
    opened: int = 0
    until: str = ""
    why: str = ""
    updated_at: str = ""


def moment(wall: float) -> str:
    """A time of day in seconds as the database keeps it."""
    return datetime.fromtimestamp(wall, UTC).strftime(_FORMAT)


def seconds_left(until: str, wall: float) -> float:
    """Seconds from ``wall`` (the time of day) until a moment of the database; below 0 if it is past."""
    try:
        return datetime.strptime(until, _FORMAT).replace(tzinfo=UTC).timestamp() - wall
    except ValueError:
        return -math.inf


def load_states(session: Session) -> dict[str, ProviderState]:
    """The providers of which something is known, by name."""
    rows = session.connection().execute(
        text("SELECT provider, state, failures, opened, until, why, updated_at FROM provider_state ORDER BY provider")
    )
    return {row[0]: ProviderState(*row) for row in rows}


def keep_state(session: Session, found: ProviderState) -> None:
    """Write down how a provider does now."""
    session.connection().execute(
        text(
            "INSERT INTO provider_state (provider, state, failures, opened, until, why, updated_at) "
            "VALUES (:provider, :state, :failures, :opened, :until, :why, :at) ON CONFLICT (provider) DO UPDATE SET "
            "state=excluded.state, failures=excluded.failures, opened=excluded.opened, until=excluded.until, "
            "why=excluded.why, updated_at=excluded.updated_at"
        ),
        {
            "provider": found.provider, "state": found.state, "failures": found.failures, "opened": found.opened,
            "until": found.until, "why": found.why, "at": now(),
        },
    )  # fmt: skip


def reset_state(database: Database, provider: str) -> bool:
    """Let a provider be asked again at once; False if nothing kept it from that. Running work notices in seconds."""
    with database.write() as session:
        found = load_states(session).get(provider)
        if found is None or found.state == "ok":
            return False
        keep_state(session, ProviderState(provider, "ok"))
    tell("llm.provider_reset", provider=provider.partition(":")[0], was=found.state)
    return True

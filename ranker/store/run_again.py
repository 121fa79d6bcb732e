"""Letting a run that has ended go on where it stopped, as the same run."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from ranker.store.clock import later_than

_ENDED = text("SELECT queued_at FROM run WHERE id=:id AND state IN :states").bindparams(
    bindparam("states", expanding=True)
)
_QUEUE = text(
    "UPDATE run SET state='queued', error='', ended_at='', queued_at=:at, live='', phase=coalesce(:phase, phase), "
    "max_usd=coalesce(:most, max_usd) WHERE id=:id"
)


def queue_again(
    session: Session, run_id: int, states: Sequence[str], phase: str | None = None, max_usd: float | None = None
) -> bool:
    """Queue a run that ended in one of these states, in the phase that it was in or another; False if it did not.

    ``max_usd``: a new limit of money, by default as before. To the worker it is new work: the time at which a run was
    queued is part of its name there.
    """
    connection = session.connection()
    found = connection.execute(_ENDED, {"id": run_id, "states": list(states)}).scalar()
    if found is None:
        return False
    connection.execute(_QUEUE, {"at": later_than(str(found)), "phase": phase, "most": max_usd, "id": run_id})
    return True

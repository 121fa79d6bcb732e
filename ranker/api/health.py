"""Whether the API can work: the database, and whether a model could be asked. Nothing is asked, nothing secret told."""

from __future__ import annotations

import asyncio
import time
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from ranker import __version__
from ranker.api.service import Service
from ranker.errors import ProvidersFailed, RankerError
from ranker.llm.settings import check_key, load_settings
from ranker.llm.spending import check_spending
from ranker.outreach.writing import TASKS
from ranker.store.provider_states import load_states, seconds_left

_PATIENCE = 5.0


class Health(BaseModel):
    """What a load balancer or a person wants to know."""

    model_config = ConfigDict(extra="forbid")

    status: Literal["ok", "unreachable"] = Field(description="`unreachable`: the database does not answer.")
    version: str = Field(description="Of the program.", examples=["0.1.0"])
    database: bool = Field(description="Whether the database answers.")
    model: bool = Field(
        description="Whether a model is set up and may be asked; without one, sequences are templates. Nothing is "
        "asked to find out. Not tried live with a paid model."
    )
    model_reason: str = Field(
        description="Why not: a code such as `llm.no_key`, `llm.providers` while all are left alone; empty if it can.",
        examples=[""],
    )


async def health_of(service: Service) -> Health:
    """Look."""
    try:
        async with asyncio.timeout(_PATIENCE):
            await service.read(lambda session: session.connection().execute(text("SELECT 1")).scalar())
        reached = True
    except (SQLAlchemyError, TimeoutError):
        reached = False
    reason = await asyncio.to_thread(_why_not, service if reached else None)
    return Health(
        status="ok" if reached else "unreachable", version=__version__, database=reached, model=not reason,
        model_reason=reason,
    )  # fmt: skip


def _why_not(service: Service | None) -> str:
    try:
        settings = load_settings()
        check_key(settings)
        check_spending(settings, TASKS)
    except RankerError as error:
        return error.code
    if service is None:
        return ""
    with service.database.session() as session:
        states = load_states(session)
    found = [states.get(one.name) for one in settings.providers]
    now = time.time()
    left_alone = all(one is not None and one.state == "out" and seconds_left(one.until, now) > 0 for one in found)
    return ProvidersFailed.code if left_alone else ""

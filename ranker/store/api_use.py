"""How often a key of the REST API was used in a minute: counted in the database, so that it holds for all processes."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

_TAKE = text(
    "INSERT INTO api_use (client, minute, requests) VALUES (:client, :minute, 1) "
    "ON CONFLICT (client, minute) DO UPDATE SET requests = api_use.requests + 1 WHERE api_use.requests < :most "
    "RETURNING requests"
)


def minute_of(moment: datetime) -> str:
    """The minute of a moment in UTC: ``2026-11-21T04:09``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M")


def take(session: Session, client: str, most: int, moment: datetime) -> int:
    """Count one request of a client; 0 if it may go, else the seconds until the next minute. ``most``: from 1 on.

    A refused request is not counted. Minutes before this one are removed with the first of a new one.
    """
    minute = minute_of(moment)
    connection = session.connection()
    count = connection.execute(_TAKE, {"client": client, "minute": minute, "most": most}).scalar()
    if count is None:
        return max(1, 60 - moment.second)
    if count == 1:
        connection.execute(text("DELETE FROM api_use WHERE minute < :minute"), {"minute": minute})
    return 0

"""The time as the database keeps it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def now() -> str:
    """This moment in UTC, to the second: ``2026-11-21T04:09:29Z``; sorts as text."""
    return datetime.now(UTC).strftime(_FORMAT)


def later_than(moment: str) -> str:
    """This moment, or the second after ``moment`` if that is later, where two times have to differ."""
    after = datetime.strptime(moment, _FORMAT).replace(tzinfo=UTC) + timedelta(seconds=1)
    return max(now(), after.strftime(_FORMAT))

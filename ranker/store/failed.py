"""Leads that a run with a model did not judge because a call failed, or because it ended before: never a verdict."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, text

FAILED = "{0}.stage='waiting' OR {0}.flags LIKE '%\"call_failed\"%'"
"""The condition on a row of ``assessment`` (its name is put in) for a lead that a run failed on or did not reach."""

_COUNT = text(
    f"SELECT a.run_id, count(*) FROM assessment AS a WHERE a.run_id IN :runs AND ({FAILED.format('a')}) "
    "GROUP BY a.run_id"
).bindparams(bindparam("runs", expanding=True))


def failed_counts(connection: Connection, run_ids: Iterable[int]) -> dict[int, int]:
    """How many leads each run failed on or did not reach; a run with none is not in it."""
    wanted = sorted(set(run_ids))
    if not wanted:
        return {}
    return {int(row[0]): int(row[1]) for row in connection.execute(_COUNT, {"runs": wanted})}

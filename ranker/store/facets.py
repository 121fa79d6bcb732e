"""Counts beside the filters of the Results page, and the figures behind its pictures."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import text

from ranker.store.engine import Database
from ranker.store.filters import Filters, where


@dataclass(frozen=True, slots=True)
class Facets:
    """Leads that fit the filters, by status, by (low, high) of the company's size, by flag, by whole score."""

    statuses: dict[str, int]
    sizes: dict[tuple[int | None, int | None], int]
    to_contact_by_size: dict[tuple[int | None, int | None], int]
    flags: dict[str, int]
    scores: dict[int, int]
    needs_review: int
    suppressed: int
    exported: int
    overruled: int


def facets(database: Database, filters: Filters | None = None) -> Facets:
    """Count the leads that fit the filters. Scores are in steps of five: 85 stands for 85.0 to 89.9."""
    clause, values = where(filters or Filters())
    condition = f" WHERE {clause}" if clause else ""
    # Unfiltered, each is read in the order of an index that holds all it needs. Filtered, that order would look
    # every row up apart: an expression in place of the column makes it one pass over the table.
    status, score = ("status || ''", "coalesce(score, -1)") if clause else ("status", "score")
    flagged_only = f"{condition} AND flags<>''" if clause else " WHERE flags<>''"
    with database.session() as session:
        connection = session.connection()
        grouped = connection.execute(
            text(
                f"SELECT {status}, size_low, size_high, count(*), count(rank), sum(needs_review), sum(suppressed), "
                "sum(CASE WHEN exported_at<>'' THEN 1 ELSE 0 END), sum(CASE WHEN review<>'' THEN 1 ELSE 0 END) "
                f"FROM current_assessment{condition} GROUP BY {status}, size_low, size_high"
            ),
            values,
        ).fetchall()
        flagged = connection.execute(
            text(f"SELECT flags, count(*) FROM current_assessment{flagged_only} GROUP BY flags"), values
        ).fetchall()
        scored = connection.execute(
            text(f"SELECT {score}, count(*) FROM current_assessment{condition} GROUP BY {score}"), values
        ).fetchall()
    statuses: Counter[str] = Counter()
    sizes: Counter[tuple[int | None, int | None]] = Counter()
    to_contact: Counter[tuple[int | None, int | None]] = Counter()
    flags: Counter[str] = Counter()
    for name, low, high, count, ranked, *_ in grouped:
        statuses[name] += count
        sizes[low, high] += count
        to_contact[low, high] += ranked
    scores: Counter[int] = Counter()
    for value, count in scored:
        if value is not None and value >= 0:
            scores[int(value // 5) * 5] += count
    for names, count in flagged:
        for flag in names.split():
            flags[flag] += count
    return Facets(
        dict(statuses),
        dict(sizes),
        dict(to_contact),
        dict(flags.most_common()),
        dict(sorted(scores.items())),
        *(sum(row[at] for row in grouped) for at in (5, 6, 7, 8)),
    )

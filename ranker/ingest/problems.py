"""What looks wrong in the rows of an import, grouped for a page."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

OUTCOMES = ("new", "changed", "unchanged", "repeated", "rejected")

PROBLEMS = {
    "blank": "a blank job title",
    "email": "an email address where the job title belongs",
    "url": "a web address where the job title belongs",
    "number": "a number where the job title belongs",
    "size": "a company size that is no number of people",
    "shape": "more cells than headers, or a stray quote mark",
}
"""What looks wrong in a row that is imported all the same: code → words that follow “12 rows with”."""


def grouped_problems(session: Session, batch_id: int) -> list[dict[str, Any]]:
    """``code``, ``message``, ``count`` and ``first_row`` of each kind, the most frequent first.

    Rejected rows (code ``rejected``) are grouped by their reason; repeated ones are left out.
    """
    grouped = session.connection().execute(
        text(
            "SELECT CASE WHEN outcome='rejected' THEN 'rejected' ELSE problem END AS code, "
            "CASE WHEN outcome='rejected' THEN reason ELSE '' END AS why, count(*), min(number) FROM import_row "
            "WHERE batch_id=:id AND outcome<>'repeated' AND (outcome='rejected' OR problem<>'') "
            "GROUP BY 1, 2 ORDER BY 3 DESC, 4"
        ),
        {"id": batch_id},
    )
    return [
        {
            "code": code,
            "message": why or f"{count:,} {'row' if count == 1 else 'rows'} with {PROBLEMS[code]}",
            "count": count,
            "first_row": first,
        }
        for code, why, count, first in grouped
    ]

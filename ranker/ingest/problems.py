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
    "damaged": "text that is damaged or in another encoding",
    "value": "a formula without its result, or an error in a cell",
    "quote": "a stray quote mark",
    "shape": "more cells than headers",
}
"""What looks wrong in a row that is imported all the same: code → words that follow “12 rows with”."""

MEND = {
    "blank": "Put the titles in below. Without one a lead can't be judged.",
    "email": "The columns are probably shifted in these rows: put the titles in below, or mend the rows in the file.",
    "url": "The columns are probably shifted in these rows: put the titles in below, or mend the rows in the file.",
    "number": "The columns are probably shifted in these rows: put the titles in below, or mend the rows in the file.",
    "size": "Write the size as 51-200, 1,001+ or 35 below. Until then these leads are judged as of unknown size.",
    "damaged": "Look at them. Where letters are wrong, export the file again as “CSV UTF-8”, and upload it.",
    "value": "Open the file in your spreadsheet program, mend or recalculate the cells, save it, and upload it again.",
    "quote": "Delete the quote mark in the file, or write it twice, if the cells below are cut wrongly.",
    "shape": "A cell holds the sign that separates the columns: put it in quotes in the file, and upload it again.",
    "no_company": "Fill in the company in the file of rejected rows, and upload that file.",
    "too_long": "A quote mark that is never closed has probably swallowed other rows: mend it, and upload them again.",
    "rejected": "Mend the rows in the file of rejected rows, and upload that file.",
}
"""Code of a group → how to put it right."""

_SHAPES = (
    ("damaged", ("in another encoding", "NUL bytes")),
    ("value", ("holds the error", "holds a formula")),
    ("quote", ("a quote mark inside a cell", 'a quote (")')),
)


def shape_code(said: str) -> str:
    """The code for what a reader says of a row."""
    return next((code for code, signs in _SHAPES if any(sign in said for sign in signs)), "shape")


def rejected_code(reason: str) -> str:
    """The code for why a row was rejected."""
    if reason.startswith("No company"):
        return "no_company"
    return "too_long" if "characters" in reason else "rejected"


def grouped_problems(session: Session, batch_id: int) -> list[dict[str, Any]]:
    """``code``, ``message``, ``mend``, ``count`` and ``first_row`` of each kind, the most frequent first.

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
            "mend": MEND[rejected_code(why) if code == "rejected" else code],
            "count": count,
            "first_row": first,
        }
        for code, why, count, first in grouped
    ]

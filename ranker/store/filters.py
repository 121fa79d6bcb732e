"""Filters of the Results page → a WHERE clause over ``current_assessment``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ranker.store.fold import like


@dataclass(frozen=True, slots=True)
class Filters:
    """What a page asks for; blank and ``None`` ask for nothing. All of them have to hold.

    ``search`` is looked for in name, title and company; ``company`` in the company. ``sizes`` are brackets of
    employees (low, high; high ``None`` for no end), of which one has to hold the company's lower bound.
    ``rank_to`` keeps those to contact up to this rank. Scores are 0 to 100, fits 0 to 1. ``flag`` is one flag.
    """

    search: str = ""
    company: str = ""
    company_id: int | None = None
    sizes: tuple[tuple[int, int | None], ...] = ()
    size_unknown: bool = False
    statuses: tuple[str, ...] = ()
    rank_to: int | None = None
    score_from: float | None = None
    score_to: float | None = None
    department_from: float | None = None
    seniority_from: float | None = None
    flag: str = ""
    needs_review: bool | None = None
    reviewed: bool | None = None
    suppressed: bool | None = None
    exported: bool | None = None


def where(filters: Filters) -> tuple[str, dict[str, Any]]:
    """The clause ("" for no filter) and its values. A user's text is only ever a value."""
    parts: list[str] = []
    values: dict[str, Any] = {}

    def add(part: str, **given: Any) -> None:
        parts.append(part)
        values.update(given)

    for n, word in enumerate(filters.search.split()):
        key = f"search{n}"
        anywhere = " OR ".join(f"{column} LIKE :{key} ESCAPE '!'" for column in _SEARCHED)
        add(f"({anywhere})", **{key: like(word)})
    if filters.company.strip():
        add("company_sort LIKE :company ESCAPE '!'", company=like(filters.company))
    if filters.company_id is not None:
        add("company_id=:company_id", company_id=filters.company_id)
    _add_sizes(filters, parts, values)
    if filters.statuses:
        names = [f"status{n}" for n in range(len(filters.statuses))]
        add(
            f"status IN ({', '.join(f':{name}' for name in names)})",
            **dict(zip(names, filters.statuses, strict=True)),
        )
    for column, sign, key, value in (
        ("rank", "<=", "rank_to", filters.rank_to),
        ("score", ">=", "score_from", filters.score_from),
        ("score", "<=", "score_to", filters.score_to),
        ("department_fit", ">=", "department_from", filters.department_from),
        ("seniority_fit", ">=", "seniority_from", filters.seniority_from),
    ):
        if value is not None:
            add(f"{column}{sign}:{key}", **{key: value})
    if filters.flag:
        add("flags LIKE :flag ESCAPE '!'", flag=f"% {like(filters.flag)[1:-1]} %")
    for column, wanted in (("needs_review", filters.needs_review), ("suppressed", filters.suppressed)):
        if wanted is not None:
            add(f"{column}={int(wanted)}")
    for column, wanted in (("review", filters.reviewed), ("exported_at", filters.exported)):
        if wanted is not None:
            add(f"{column}{'<>' if wanted else '='}''")
    return " AND ".join(parts), values


_SEARCHED = ("name_sort", "title_sort", "company_sort")


def _add_sizes(filters: Filters, parts: list[str], values: dict[str, Any]) -> None:
    options = ["size_low IS NULL"] if filters.size_unknown else []
    for n, (low, high) in enumerate(filters.sizes):
        values[f"low{n}"] = low
        if high is None:
            options.append(f"size_low>=:low{n}")
        else:
            values[f"high{n}"] = high
            options.append(f"size_low BETWEEN :low{n} AND :high{n}")
    if options:
        parts.append(f"({' OR '.join(options)})")

"""Rankings: the runs, every verdict that they gave, and the one verdict per lead that counts now."""

from sqlalchemy import Index
from sqlmodel import SQLModel

from ranker.store.tables.columns import (
    key_text,
    link,
    number,
    optional_link,
    optional_number,
    optional_real,
    row_id,
    sorted_text,
    text,
)


class Run(SQLModel, table=True):
    """One ranking of some leads by one variant: queued, running, then done, failed or cancelled."""

    __tablename__ = "run"
    __table_args__ = (Index("ix_run_state", "state", "id"), Index("ix_run_key", "kind", "work_key", "state"))

    id: int | None = row_id()
    kind: str = text("rank")
    state: str = text("queued")
    work_key: str = text()
    variant_id: int | None = optional_link("variant.id", index=True)
    selection: str = text("{}")
    total: int = number()
    done: int = number()
    phase: str = text()
    phases: str = text("{}")
    counts: str = text("{}")
    who: str = text()
    error: str = text()
    max_usd: float | None = optional_real()
    live: str = text()
    queued_at: str = text()
    started_at: str = text()
    ended_at: str = text()


class Assessment(SQLModel, table=True):
    """The verdict of one run on one lead: the fields of ``scoring.Assessment``, the inputs' hash, the stage."""

    __tablename__ = "assessment"
    __table_args__ = (Index("ix_assessment_lead", "lead_id", "run_id"), {"sqlite_with_rowid": False})

    run_id: int = link("run.id", primary_key=True)
    lead_id: int = link("lead.id", primary_key=True)
    company_id: int = number()
    status: str = key_text()
    qualified: int | None = optional_number()
    score: float | None = optional_real()
    rank: int | None = optional_number()
    department_fit: float | None = optional_real()
    seniority_fit: float | None = optional_real()
    confidence: float | None = optional_real()
    reasoning: str = text()
    flags: str = text("[]")
    needs_review: int = number()
    basis: str = text("[]")
    lines: str = text("[]")
    variant: str = text()
    title: str = text()
    company_name: str = text()
    size: str = text()
    domain: str = text()
    input_hash: str = text()
    stage: str = text("judged")
    reason: str = text()


def _sorted_by(name: str, *columns: str) -> Index:
    return Index(f"ix_current_{name}", *columns)


class CurrentAssessment(SQLModel, table=True):
    """The newest finished verdict on a lead with a person's overrule on top: what Results reads.

    One narrow row a lead; each column that a page sorts by has its index, with the lead as tie-break.
    """

    __tablename__ = "current_assessment"
    __table_args__ = (
        _sorted_by("company", "company_sort", "rank", "lead_id"),
        _sorted_by("name", "name_sort", "lead_id"),
        _sorted_by("title", "title_sort", "lead_id"),
        _sorted_by("score", "score", "lead_id"),
        _sorted_by("rank", "rank", "lead_id"),
        _sorted_by("size", "size_low", "lead_id"),
        _sorted_by("department", "department_fit", "lead_id"),
        _sorted_by("seniority", "seniority_fit", "lead_id"),
        _sorted_by("confidence", "confidence", "lead_id"),
        _sorted_by("status", "status", "lead_id"),
        _sorted_by("group", "company_id", "status", "rank", "score", "size_low", "company_sort"),
        _sorted_by("exported", "exported_at", "lead_id"),
        _sorted_by(
            "facets", "status", "size_low", "size_high", "rank", "needs_review", "suppressed", "exported_at", "review"
        ),
    )

    lead_id: int = link("lead.id", primary_key=True)
    company_id: int = link("company.id")
    run_id: int = link("run.id", index=True)
    company_sort: str = sorted_text()
    name_sort: str = sorted_text()
    title_sort: str = sorted_text()
    size_low: int | None = optional_number()
    size_high: int | None = optional_number()
    status: str = key_text()
    qualified: int | None = optional_number()
    score: float | None = optional_real()
    rank: int | None = optional_number()
    department_fit: float | None = optional_real()
    seniority_fit: float | None = optional_real()
    confidence: float | None = optional_real()
    needs_review: int = number()
    flags: str = text()
    review: str = text()
    suppressed: int = number()
    exported_at: str = text()
    input_hash: str = text()

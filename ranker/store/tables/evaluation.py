"""Labelled sets, what variants answered on them, and searches for a better variant."""

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import SQLModel

from ranker.store.tables.columns import (
    key_text,
    link,
    optional_blob,
    optional_link,
    optional_number,
    optional_real,
    row_id,
    text,
)
from ranker.store.tables.columns import number as whole


class EvalSet(SQLModel, table=True):
    """Leads that a person labelled. A ``draft`` is an upload that is looked at; once ``saved`` it never changes.

    A number is never given twice: a window that still shows a draft that is gone must not save another one.
    """

    __tablename__ = "eval_set"
    __table_args__ = {"sqlite_autoincrement": True}

    id: int | None = row_id()
    name: str = key_text()
    state: str = text("draft")
    source: str = text("upload")
    file_name: str = text()
    content: bytes | None = optional_blob()
    settings: str = text("{}")
    counts: str = text("{}")
    hash: str = text()
    who: str = text()
    created_at: str = text()
    saved_at: str = text()


class EvalItem(SQLModel, table=True):
    """One labelled lead: what is judged of it, and its label (null: judged, and not to be contacted)."""

    __tablename__ = "eval_item"
    __table_args__ = (UniqueConstraint("eval_set_id", "source_id", name="uq_eval_item_source"),)

    id: int | None = row_id()
    eval_set_id: int = link("eval_set.id")
    number: int = whole()
    source_id: str = key_text()
    company_key: str = text()
    company: str = text()
    title: str = text()
    size: str = text()
    domain: str = text()
    industry: str = text()
    label: float | None = optional_real()
    lead_id: int | None = optional_link("lead.id", index=True, on_delete="CASCADE")
    person_keys: str = text()


class EvalRun(SQLModel, table=True):
    """One variant on one labelled set; the run of the same number says how far it is."""

    __tablename__ = "eval_run"
    __table_args__ = (Index("ix_eval_run_set", "eval_set_id", "variant_id"),)

    run_id: int = link("run.id", primary_key=True)
    eval_set_id: int = link("eval_set.id")
    variant_id: int | None = optional_link("variant.id", index=True)
    repeat: int = whole(1)
    figures: str = text("{}")
    companies: str = text("{}")


class EvalPrediction(SQLModel, table=True):
    """What a variant said of one labelled lead."""

    __tablename__ = "eval_prediction"
    __table_args__ = (Index("ix_eval_prediction_item", "item_id", "run_id"), {"sqlite_with_rowid": False})

    run_id: int = link("run.id", primary_key=True)
    item_id: int = link("eval_item.id", primary_key=True)
    status: str = text("not_judged")
    qualified: int | None = optional_number()
    score: float | None = optional_real()
    rank: int | None = optional_number()
    confidence: float | None = optional_real()
    reasoning: str = text()
    flags: str = text("[]")
    needs_review: int = whole()


class Optimization(SQLModel, table=True):
    """A search for a better text of one slot of a variant; the run of the same number says how far it is."""

    __tablename__ = "optimization"

    run_id: int = link("run.id", primary_key=True)
    eval_set_id: int | None = optional_link("eval_set.id", index=True)
    persona_version_id: int | None = optional_link("persona_version.id")
    template_version_id: int | None = optional_link("template_version.id")
    slot: str = text("persona")
    settings: str = text("{}")
    split: str = text("{}")
    result: str = text("{}")
    openings: str = text("[]")
    decision: str = text()
    decided_by: str = text()
    decided_at: str = text()


class Candidate(SQLModel, table=True):
    """One text that a search tried. ``search`` 0 is on all training companies, 1, 2, … leave a fold out."""

    __tablename__ = "candidate"
    __table_args__ = (UniqueConstraint("run_id", "search", "number", name="uq_candidate_number"),)

    id: int | None = row_id()
    run_id: int = link("optimization.run_id")
    search: int = whole()
    number: int = whole()
    parent: int | None = optional_number()
    generation: int = whole()
    hash: str = key_text()
    content: str = key_text()
    critique: str = text()
    edit: str = text()
    state: str = text("proposed")
    reason: str = text()
    in_beam: int = whole()
    created_at: str = text()


class CandidateScore(SQLModel, table=True):
    """The figures of one text at one labelled company, computed once for all searches of an optimization."""

    __tablename__ = "candidate_score"
    __table_args__ = ({"sqlite_with_rowid": False},)

    run_id: int = link("optimization.run_id", primary_key=True)
    hash: str = key_text(primary_key=True)
    company: str = key_text(primary_key=True)
    figures: str = text("{}")

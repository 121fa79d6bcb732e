"""Prospects, and the messages that were written for them."""

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import SQLModel

from ranker.store.tables.columns import (
    key_text,
    link,
    optional_link,
    optional_real,
    part_of_key,
    real,
    row_id,
    text,
)
from ranker.store.tables.columns import number as whole


class Prospect(SQLModel, table=True):
    """Somebody to write to: one for a profile's address, or one for a lead that has none.

    A number is never given twice: an address that still names a deleted one must not show another person.
    """

    __tablename__ = "prospect"
    __table_args__ = {"sqlite_autoincrement": True}

    id: int | None = row_id()
    key: str = key_text(unique=True)
    profile_url: str = text()
    lead_id: int | None = optional_link("lead.id", index=True, on_delete="CASCADE")
    created_at: str = text()


class TonePreset(SQLModel, table=True):
    """A tone of voice under a name. Sequences copy it, so that changing one changes no sequence."""

    __tablename__ = "tone_preset"

    id: int | None = row_id()
    name: str = key_text(unique=True)
    formality: float = real(0.5)
    warmth: float = real(0.5)
    directness: float = real(0.5)
    who: str = text()
    created_at: str = text()
    updated_at: str = text()


class ProspectAnalysis(SQLModel, table=True):
    """What a model said of a prospect, under the hash of all that it was made from: asked again once that changes."""

    __tablename__ = "prospect_analysis"
    __table_args__ = (UniqueConstraint("prospect_id", "hash", name="uq_prospect_analysis_hash"),)

    id: int | None = row_id()
    prospect_id: int = link("prospect.id")
    hash: str = key_text()
    content: str = text("{}")
    provider: str = text()
    model: str = text()
    created_at: str = text()


class Sequence(SQLModel, table=True):
    """One request for one prospect and what came of it. Once it is not ``waiting``, only its approval changes."""

    __tablename__ = "sequence"
    __table_args__ = (
        UniqueConstraint("prospect_id", "number", name="uq_sequence_number"),
        UniqueConstraint("run_id", "prospect_id", name="uq_sequence_run"),
        Index("ix_sequence_newest", "created_at", "id"),
        Index("ix_sequence_listed", "prospect_id", "number", "state", "origin", "approved_at", "created_at"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = row_id()
    prospect_id: int = link("prospect.id")
    number: int = whole(1)
    run_id: int | None = optional_link("run.id")
    variant_id: int | None = optional_link("variant.id")
    persona_version_id: int | None = optional_link("persona_version.id")
    analysis_id: int | None = optional_link("prospect_analysis.id", index=True)
    parent_id: int | None = optional_link("sequence.id", index=True)
    state: str = text("waiting")
    origin: str = text()
    edited: int = whole()
    reason: str = text()
    tone: str = text("{}")
    context: str = text()
    wanted: int = whole()
    fallback: int = whole()
    sources: str = text("[]")
    input_hash: str = text()
    summary: str = text()
    provider: str = text()
    model: str = text()
    calls: int = whole()
    tokens_in: int = whole()
    tokens_out: int = whole()
    cost_usd: float | None = optional_real()
    asked_again: int = whole()
    made_by: str = text("page")
    client: str = text()
    who: str = text()
    approved_by: str = text()
    approved_at: str = text()
    created_at: str = text()
    ended_at: str = text()


class SequenceMessage(SQLModel, table=True):
    """One message of a sequence."""

    __tablename__ = "sequence_message"
    __table_args__ = ({"sqlite_with_rowid": False},)

    sequence_id: int = link("sequence.id", primary_key=True)
    step: int = part_of_key()
    content: str = text()
    reasoning: str = text()
    confidence: float | None = optional_real()
    cut: int = whole()
    marks: str = text("[]")
    basis: str = text("[]")


class ApiUse(SQLModel, table=True):
    """Requests of one key of the REST API in one minute; old minutes are removed. ``client`` is the key's name."""

    __tablename__ = "api_use"
    __table_args__ = ({"sqlite_with_rowid": False},)

    client: str = key_text(primary_key=True)
    minute: str = key_text(primary_key=True)
    requests: int = whole()

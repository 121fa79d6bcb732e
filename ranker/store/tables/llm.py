"""Language models: every attempt to ask one, and answers that need not be asked for again."""

from sqlalchemy import Index
from sqlmodel import SQLModel

from ranker.store.tables.columns import key_text, number, optional_number, optional_real, row_id, text


class AiCall(SQLModel, table=True):
    """One attempt to ask a model. It is written before the request leaves, as ``open``, and settled afterwards."""

    __tablename__ = "ai_call"
    __table_args__ = (Index("ix_ai_call_scope", "scope", "outcome"),)

    id: int | None = row_id()
    scope: str = key_text()
    purpose: str = text()
    provider: str = text()
    model: str = text()
    served: str = text()
    attempt: int = number(1)
    outcome: str = text("open")
    tokens_in: int | None = optional_number()
    tokens_cached: int | None = optional_number()
    tokens_out: int | None = optional_number()
    tokens_written: int | None = optional_number()
    tier: str = text()
    reserved_usd: float | None = optional_real()
    cost_usd: float | None = optional_real()
    latency_ms: int | None = optional_number()
    cache_key: str = text()
    who: str = text()
    started_at: str = text()


class CacheEntry(SQLModel, table=True):
    """An answer under the hash of everything that was asked. It may quote leads: deleting a lead empties them all."""

    __tablename__ = "cache_entry"

    namespace: str = key_text(primary_key=True)
    key: str = key_text(primary_key=True)
    value: str = text()
    created_at: str = text()


class ProviderState(SQLModel, table=True):
    """Whether a provider of models can be asked, for every process; kept only where it changes."""

    __tablename__ = "provider_state"

    provider: str = key_text(primary_key=True)
    state: str = text("ok")
    failures: int = number()
    opened: int = number()
    until: str = text()
    why: str = text()
    updated_at: str = text()

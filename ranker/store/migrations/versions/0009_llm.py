"""Calls of language models, and a cache of their answers."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def _text(name: str, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "ai_call",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("scope", sa.Text(), nullable=False),
        _text("purpose"),
        _text("provider"),
        _text("model"),
        _text("served"),
        sa.Column("attempt", sa.Integer(), nullable=False, server_default="1"),
        _text("outcome", "open"),
        sa.Column("tokens_in", sa.Integer()),
        sa.Column("tokens_cached", sa.Integer()),
        sa.Column("tokens_out", sa.Integer()),
        sa.Column("reserved_usd", sa.Double()),
        sa.Column("cost_usd", sa.Double()),
        sa.Column("latency_ms", sa.Integer()),
        _text("cache_key"),
        _text("who"),
        _text("started_at"),
    )
    op.create_index("ix_ai_call_scope", "ai_call", ["scope", "outcome"])
    op.create_table(
        "cache_entry",
        sa.Column("namespace", sa.Text(), primary_key=True),
        sa.Column("key", sa.Text(), primary_key=True),
        _text("value"),
        _text("created_at"),
    )

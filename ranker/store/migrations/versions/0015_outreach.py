"""Outreach: prospects, tones of voice, analyses, sequences with their messages, and what keys of the API used."""

from unicodedata import is_normalized, normalize

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def _text(name: str, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)


def _number(name: str, default: int = 0) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, server_default=str(default))


def _real(name: str) -> sa.Column[float]:
    return sa.Column(name, sa.Double(), nullable=False, server_default="0.5")


def upgrade() -> None:
    """Make the tables."""
    _one_spelling()
    op.create_table(
        "prospect",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.Text(), nullable=False),
        _text("profile_url"),
        sa.Column("lead_id", sa.Integer()),
        _text("created_at"),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], ondelete="CASCADE"),
        sa.UniqueConstraint("key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_prospect_lead_id", "prospect", ["lead_id"])
    op.create_table(
        "tone_preset",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        _real("formality"),
        _real("warmth"),
        _real("directness"),
        _text("who"),
        _text("created_at"),
        _text("updated_at"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "prospect_analysis",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("prospect_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        _text("content", "{}"),
        _text("provider"),
        _text("model"),
        _text("created_at"),
        sa.ForeignKeyConstraint(["prospect_id"], ["prospect.id"], ondelete="CASCADE"),
        sa.UniqueConstraint("prospect_id", "hash", name="uq_prospect_analysis_hash"),
    )
    _sequences()
    op.create_table(
        "api_use",
        sa.Column("client", sa.Text(), primary_key=True),
        sa.Column("minute", sa.Text(), primary_key=True),
        _number("requests"),
        sqlite_with_rowid=False,
    )


def _one_spelling() -> None:
    """Name leads by their profile's address with its accents put together, as imports do from now on; a lead whose name
    another one has already keeps its own. Only addresses with letters beyond ASCII can differ.
    """
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, dedup_key FROM lead WHERE dedup_key LIKE 'url:linkedin.com/in/%'"))
    moved = [(number, key, normalize("NFC", key)) for number, key in rows if not is_normalized("NFC", key)]
    if not moved:
        return
    for number, _, key in moved:
        taken = connection.execute(sa.text("SELECT 1 FROM lead WHERE dedup_key=:key"), {"key": key}).first()
        if taken is None:
            connection.execute(sa.text("UPDATE lead SET dedup_key=:key WHERE id=:id"), {"key": key, "id": number})
    connection.execute(
        sa.text("UPDATE counter SET value=value+1 WHERE name='leads'")
    )  # so that imports are checked anew


def _sequences() -> None:
    op.create_table(
        "sequence",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("prospect_id", sa.Integer(), nullable=False),
        _number("number", 1),
        sa.Column("run_id", sa.Integer()),
        sa.Column("variant_id", sa.Integer()),
        sa.Column("persona_version_id", sa.Integer()),
        sa.Column("analysis_id", sa.Integer()),
        sa.Column("parent_id", sa.Integer()),
        _text("state", "waiting"),
        _text("origin"),
        _number("edited"),
        _text("reason"),
        _text("tone", "{}"),
        _text("context"),
        _number("wanted"),
        _number("fallback"),
        _text("sources", "[]"),
        _text("input_hash"),
        _text("summary"),
        _text("provider"),
        _text("model"),
        _number("calls"),
        _number("tokens_in"),
        _number("tokens_out"),
        sa.Column("cost_usd", sa.Double()),
        _number("asked_again"),
        _text("made_by", "page"),
        _text("client"),
        _text("who"),
        _text("approved_by"),
        _text("approved_at"),
        _text("created_at"),
        _text("ended_at"),
        sa.ForeignKeyConstraint(["prospect_id"], ["prospect.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["persona_version_id"], ["persona_version.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["analysis_id"], ["prospect_analysis.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["parent_id"], ["sequence.id"], ondelete="SET NULL"),
        sa.UniqueConstraint("prospect_id", "number", name="uq_sequence_number"),
        sa.UniqueConstraint("run_id", "prospect_id", name="uq_sequence_run"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sequence_newest", "sequence", ["created_at", "id"])
    op.create_index(
        "ix_sequence_listed", "sequence", ["prospect_id", "number", "state", "origin", "approved_at", "created_at"]
    )
    op.create_index("ix_sequence_analysis_id", "sequence", ["analysis_id"])
    op.create_index("ix_sequence_parent_id", "sequence", ["parent_id"])
    op.create_table(
        "sequence_message",
        sa.Column("sequence_id", sa.Integer(), primary_key=True),
        sa.Column("step", sa.Integer(), primary_key=True),
        _text("content"),
        _text("reasoning"),
        sa.Column("confidence", sa.Double()),
        _number("cut"),
        _text("marks", "[]"),
        _text("basis", "[]"),
        sa.ForeignKeyConstraint(["sequence_id"], ["sequence.id"], ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )

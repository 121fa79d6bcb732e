"""Prompt templates, their versions and drafts."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default="")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "template",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("task", sa.Text(), nullable=False),
        _text("chosen_at"),
        _text("chosen_by"),
        _text("created_at"),
        sa.UniqueConstraint("task"),
    )
    op.create_table(
        "template_version",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Integer()),
        sa.Column("live", sa.Integer(), nullable=False, server_default="0"),
        _text("note"),
        _text("who"),
        _text("created_at"),
        sa.ForeignKeyConstraint(["parent_id"], ["template_version.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["template_id"], ["template.id"], ondelete="CASCADE"),
        sa.UniqueConstraint("template_id", "hash", name="uq_template_version_hash"),
        sa.UniqueConstraint("template_id", "version", name="uq_template_version_version"),
    )
    op.create_table(
        "template_draft",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("template_id", sa.Integer(), nullable=False),
        sa.Column("base_id", sa.Integer()),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False, server_default="0"),
        _text("who"),
        _text("created_at"),
        _text("updated_at"),
        sa.ForeignKeyConstraint(["template_id"], ["template.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["base_id"], ["template_version.id"], ondelete="SET NULL"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_template_draft_template_id", "template_draft", ["template_id"])

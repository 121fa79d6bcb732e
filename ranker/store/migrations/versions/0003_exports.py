"""Exports and their presets."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "export",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("file_name", sa.Text(), nullable=False, server_default=""),
        sa.Column("format", sa.Text(), nullable=False, server_default="csv"),
        sa.Column("selection", sa.Text(), nullable=False, server_default="{}"),
        sa.Column("columns", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("row_count", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("who", sa.Text(), nullable=False, server_default=""),
        sa.Column("created_at", sa.Text(), nullable=False, server_default=""),
    )
    op.create_table(
        "export_item",
        sa.Column("export_id", sa.Integer(), primary_key=True),
        sa.Column("lead_id", sa.Integer(), primary_key=True),
        sa.Column("position", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("rank", sa.Integer()),
        sa.ForeignKeyConstraint(["export_id"], ["export.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_export_item_lead", "export_item", ["lead_id"])
    op.create_table(
        "export_preset",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("columns", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("format", sa.Text(), nullable=False, server_default="csv"),
        sa.Column("settings", sa.Text(), nullable=False, server_default="{}"),
        sa.Column("updated_at", sa.Text(), nullable=False, server_default=""),
    )

"""Drafts of personas, and personas that were put away."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the table and the column."""
    # Not in batch mode: a rebuilt parent table is not needed for a column that has a default.
    op.add_column("persona", sa.Column("archived_at", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "persona_draft",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("persona_id", sa.Integer()),
        sa.Column("base_id", sa.Integer()),
        sa.Column("seen", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("name", sa.Text(), nullable=False, server_default=""),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("steps", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("who", sa.Text(), nullable=False, server_default=""),
        sa.Column("created_at", sa.Text(), nullable=False, server_default=""),
        sa.Column("updated_at", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["persona_id"], ["persona.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["base_id"], ["persona_version.id"], ondelete="SET NULL"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_persona_draft_persona_id", "persona_draft", ["persona_id"])

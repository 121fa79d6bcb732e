"""Rows of imports without an index that nothing reads; what a check left for its commit is kept in columns.

The row's lead is a plain number from here on: as a reference without an index, each lead that goes would look
through every row. Whoever removes leads sets it to null, for all of them in one statement.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Rebuild the table, and take back checks that were made in the former shape: they are made again."""
    op.drop_index("ix_import_row_lead", "import_row")
    op.rename_table("import_row", "import_row_before")
    op.create_table(
        "import_row",
        sa.Column("batch_id", sa.Integer(), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("outcome", sa.Text(), nullable=False, server_default=""),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("problem", sa.Text(), nullable=False, server_default=""),
        sa.Column("lead_id", sa.Integer()),
        sa.Column("first_number", sa.Integer()),
        sa.Column("prior", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO import_row SELECT * FROM import_row_before")
    op.drop_table("import_row_before")
    op.execute("DELETE FROM import_stage")
    op.execute("UPDATE import_batch SET state='staged', token='', checked_at='' WHERE state='checked'")

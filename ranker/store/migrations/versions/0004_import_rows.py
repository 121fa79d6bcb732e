"""Rows of imports without an index that nothing reads; what a check left for its commit is kept in columns."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Drop the index, and take back checks that were made in the former shape: they are made again."""
    op.drop_index("ix_import_row_lead", "import_row")
    op.execute("DELETE FROM import_stage")
    op.execute("UPDATE import_batch SET state='staged', token='', checked_at='' WHERE state='checked'")

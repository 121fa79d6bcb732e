"""Undoing an import: leads and companies as they were before; mappings under a name."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_FIELDS = (
    "title", "company_name", "domain", "size", "industry", "first_name", "last_name", "full_name", "email",
    "linkedin_url", "phone", "location", "source_id",
)  # fmt: skip


def _text(name: str, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)


def upgrade() -> None:
    """Add the columns and make the tables."""
    op.add_column("lead", sa.Column("edited", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("import_batch", _text("undo", "{}"))
    op.add_column("import_batch", _text("undone_at"))
    op.create_table(
        "import_lead_before",
        sa.Column("batch_id", sa.Integer(), primary_key=True),
        sa.Column("lead_id", sa.Integer(), primary_key=True),
        _text("company_key"),
        *(_text(name) for name in _FIELDS),
        _text("extra", "{}"),
        _text("edits", "{}"),
        sa.Column("edited", sa.Integer(), nullable=False, server_default="0"),
        _text("input_hash"),
        _text("problem"),
        sa.Column("prior_batch", sa.Integer()),
        sa.Column("row_number", sa.Integer()),
        _text("updated_at"),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["prior_batch"], ["import_batch.id"], ondelete="SET NULL"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_import_lead_before_lead", "import_lead_before", ["lead_id"])
    op.create_table(
        "import_company_before",
        sa.Column("batch_id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.Text(), primary_key=True),
        _text("name"),
        _text("name_key"),
        _text("domain"),
        _text("size"),
        sa.Column("size_low", sa.Integer()),
        sa.Column("size_high", sa.Integer()),
        _text("industry"),
        _text("created_at"),
        _text("updated_at"),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "mapping_template",
        sa.Column("name", sa.Text(), primary_key=True),
        _text("columns", "{}"),
        _text("updated_at"),
    )

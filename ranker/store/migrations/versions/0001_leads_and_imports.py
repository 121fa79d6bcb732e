"""Companies, leads, do-not-contact, imports."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "company",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, server_default=""),
        sa.Column("name_key", sa.Text(), nullable=False, server_default=""),
        sa.Column("domain", sa.Text(), nullable=False, server_default=""),
        sa.Column("size", sa.Text(), nullable=False, server_default=""),
        sa.Column("size_low", sa.Integer()),
        sa.Column("size_high", sa.Integer()),
        sa.Column("industry", sa.Text(), nullable=False, server_default=""),
        sa.Column("created_at", sa.Text(), nullable=False, server_default=""),
        sa.Column("updated_at", sa.Text(), nullable=False, server_default=""),
        sa.UniqueConstraint("key"),
    )
    op.create_index("ix_company_name_key", "company", ["name_key"])
    op.create_table(
        "counter",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("value", sa.Integer(), nullable=False, server_default="0"),
    )
    op.create_table(
        "suppression",
        sa.Column("kind", sa.Text(), primary_key=True),
        sa.Column("value", sa.Text(), primary_key=True),
        sa.Column("shown", sa.Text(), nullable=False, server_default=""),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.Column("since", sa.Text(), nullable=False, server_default=""),
    )
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("file_name", sa.Text(), nullable=False, server_default=""),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("encoding", sa.Text(), nullable=False, server_default=""),
        sa.Column("delimiter", sa.Text(), nullable=False, server_default=""),
        sa.Column("headers", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("fingerprint", sa.Text(), nullable=False, server_default=""),
        sa.Column("mapping", sa.Text(), nullable=False, server_default="{}"),
        sa.Column("why", sa.Text(), nullable=False, server_default="{}"),
        sa.Column("samples", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("fixes", sa.Text(), nullable=False, server_default="{}"),
        sa.Column("row_count", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("counts", sa.Text(), nullable=False, server_default="{}"),
        sa.Column("problems", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("reading", sa.Text(), nullable=False, server_default="{}"),
        sa.Column("employers", sa.Text(), nullable=False, server_default="{}"),
        sa.Column("leads_version", sa.Integer()),
        sa.Column("state", sa.Text(), nullable=False, server_default="staged"),
        sa.Column("token", sa.Text(), nullable=False, server_default=""),
        sa.Column("who", sa.Text(), nullable=False, server_default=""),
        sa.Column("staged_at", sa.Text(), nullable=False, server_default=""),
        sa.Column("checked_at", sa.Text(), nullable=False, server_default=""),
        sa.Column("done_at", sa.Text(), nullable=False, server_default=""),
    )
    op.create_index("ix_import_batch_sha256", "import_batch", ["sha256", "state"])
    op.create_table(
        "import_file",
        sa.Column("sha256", sa.Text(), primary_key=True),
        sa.Column("part", sa.Integer(), primary_key=True),
        sa.Column("data", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "header_mapping",
        sa.Column("fingerprint", sa.Text(), primary_key=True),
        sa.Column("mapping", sa.Text(), nullable=False, server_default="{}"),
        sa.Column("used_at", sa.Text(), nullable=False, server_default=""),
    )
    op.create_table(
        "import_stage",
        sa.Column("batch_id", sa.Integer(), primary_key=True),
        sa.Column("first_number", sa.Integer(), primary_key=True),
        sa.Column("staged", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("companies", sa.Text(), nullable=False, server_default="{}"),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "lead",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("dedup_key", sa.Text(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False, server_default=""),
        sa.Column("company_name", sa.Text(), nullable=False, server_default=""),
        sa.Column("domain", sa.Text(), nullable=False, server_default=""),
        sa.Column("size", sa.Text(), nullable=False, server_default=""),
        sa.Column("industry", sa.Text(), nullable=False, server_default=""),
        sa.Column("first_name", sa.Text(), nullable=False, server_default=""),
        sa.Column("last_name", sa.Text(), nullable=False, server_default=""),
        sa.Column("full_name", sa.Text(), nullable=False, server_default=""),
        sa.Column("email", sa.Text(), nullable=False, server_default=""),
        sa.Column("linkedin_url", sa.Text(), nullable=False, server_default=""),
        sa.Column("phone", sa.Text(), nullable=False, server_default=""),
        sa.Column("location", sa.Text(), nullable=False, server_default=""),
        sa.Column("source_id", sa.Text(), nullable=False, server_default=""),
        sa.Column("extra", sa.Text(), nullable=False, server_default="{}"),
        sa.Column("edits", sa.Text(), nullable=False, server_default="{}"),
        sa.Column("input_hash", sa.Text(), nullable=False, server_default=""),
        sa.Column("problem", sa.Text(), nullable=False, server_default=""),
        sa.Column("suppressed", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("batch_id", sa.Integer()),
        sa.Column("row_number", sa.Integer()),
        sa.Column("created_at", sa.Text(), nullable=False, server_default=""),
        sa.Column("updated_at", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], ondelete="CASCADE"),
        sa.UniqueConstraint("dedup_key"),
    )
    op.create_index("ix_lead_company_id", "lead", ["company_id"])
    op.create_table(
        "import_raw",
        sa.Column("batch_id", sa.Integer(), primary_key=True),
        sa.Column("first_number", sa.Integer(), primary_key=True),
        sa.Column("cells", sa.Text(), nullable=False, server_default="[]"),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
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
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], ondelete="SET NULL"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_import_row_lead", "import_row", ["lead_id"])
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.Column("who", sa.Text(), nullable=False, server_default=""),
        sa.Column("created_at", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], ondelete="CASCADE"),
    )
    op.create_index("ix_review_lead_id", "review", ["lead_id"])

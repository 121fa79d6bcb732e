"""Personas, variants, runs, assessments."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

SORTED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "persona",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False, server_default=""),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "persona_version",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("persona_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Integer()),
        sa.Column("live", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.Column("who", sa.Text(), nullable=False, server_default=""),
        sa.Column("created_at", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["parent_id"], ["persona_version.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["persona_id"], ["persona.id"], ondelete="CASCADE"),
        sa.UniqueConstraint("persona_id", "hash", name="uq_persona_version_hash"),
        sa.UniqueConstraint("persona_id", "version", name="uq_persona_version_version"),
    )
    op.create_table(
        "variant",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("engine", sa.Text(), nullable=False, server_default=""),
        sa.Column("persona_version_id", sa.Integer()),
        sa.Column("settings", sa.Text(), nullable=False, server_default="{}"),
        sa.Column("created_at", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["persona_version_id"], ["persona_version.id"], ondelete="SET NULL"),
        sa.UniqueConstraint("hash"),
    )
    op.create_index("ix_variant_persona_version_id", "variant", ["persona_version_id"])
    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.Text(), nullable=False, server_default="rank"),
        sa.Column("state", sa.Text(), nullable=False, server_default="queued"),
        sa.Column("work_key", sa.Text(), nullable=False, server_default=""),
        sa.Column("variant_id", sa.Integer()),
        sa.Column("selection", sa.Text(), nullable=False, server_default="{}"),
        sa.Column("total", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("done", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("phase", sa.Text(), nullable=False, server_default=""),
        sa.Column("phases", sa.Text(), nullable=False, server_default="{}"),
        sa.Column("counts", sa.Text(), nullable=False, server_default="{}"),
        sa.Column("who", sa.Text(), nullable=False, server_default=""),
        sa.Column("error", sa.Text(), nullable=False, server_default=""),
        sa.Column("queued_at", sa.Text(), nullable=False, server_default=""),
        sa.Column("started_at", sa.Text(), nullable=False, server_default=""),
        sa.Column("ended_at", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], ondelete="SET NULL"),
    )
    op.create_index("ix_run_key", "run", ["kind", "work_key", "state"])
    op.create_index("ix_run_state", "run", ["state", "id"])
    op.create_index("ix_run_variant_id", "run", ["variant_id"])
    op.create_table(
        "assessment",
        sa.Column("run_id", sa.Integer(), primary_key=True),
        sa.Column("lead_id", sa.Integer(), primary_key=True),
        sa.Column("company_id", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("qualified", sa.Integer()),
        sa.Column("score", sa.Double()),
        sa.Column("rank", sa.Integer()),
        sa.Column("department_fit", sa.Double()),
        sa.Column("seniority_fit", sa.Double()),
        sa.Column("confidence", sa.Double()),
        sa.Column("reasoning", sa.Text(), nullable=False, server_default=""),
        sa.Column("flags", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("needs_review", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("basis", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("lines", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("variant", sa.Text(), nullable=False, server_default=""),
        sa.Column("title", sa.Text(), nullable=False, server_default=""),
        sa.Column("company_name", sa.Text(), nullable=False, server_default=""),
        sa.Column("size", sa.Text(), nullable=False, server_default=""),
        sa.Column("domain", sa.Text(), nullable=False, server_default=""),
        sa.Column("input_hash", sa.Text(), nullable=False, server_default=""),
        sa.Column("stage", sa.Text(), nullable=False, server_default="judged"),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_assessment_lead", "assessment", ["lead_id", "run_id"])
    op.create_table(
        "current_assessment",
        sa.Column("lead_id", sa.Integer(), primary_key=True),
        sa.Column("company_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("company_sort", SORTED, nullable=False, server_default=""),
        sa.Column("name_sort", SORTED, nullable=False, server_default=""),
        sa.Column("title_sort", SORTED, nullable=False, server_default=""),
        sa.Column("size_low", sa.Integer()),
        sa.Column("size_high", sa.Integer()),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("qualified", sa.Integer()),
        sa.Column("score", sa.Double()),
        sa.Column("rank", sa.Integer()),
        sa.Column("department_fit", sa.Double()),
        sa.Column("seniority_fit", sa.Double()),
        sa.Column("confidence", sa.Double()),
        sa.Column("needs_review", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("flags", sa.Text(), nullable=False, server_default=""),
        sa.Column("review", sa.Text(), nullable=False, server_default=""),
        sa.Column("suppressed", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("exported_at", sa.Text(), nullable=False, server_default=""),
        sa.Column("input_hash", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], ondelete="CASCADE"),
    )
    op.create_index("ix_current_assessment_run_id", "current_assessment", ["run_id"])
    op.create_index("ix_current_company", "current_assessment", ["company_sort", "rank", "lead_id"])
    op.create_index("ix_current_confidence", "current_assessment", ["confidence", "lead_id"])
    op.create_index("ix_current_department", "current_assessment", ["department_fit", "lead_id"])
    op.create_index("ix_current_exported", "current_assessment", ["exported_at", "lead_id"])
    op.create_index(
        "ix_current_group", "current_assessment", ["company_id", "status", "rank", "score", "size_low", "company_sort"]
    )
    op.create_index("ix_current_name", "current_assessment", ["name_sort", "lead_id"])
    op.create_index("ix_current_rank", "current_assessment", ["rank", "lead_id"])
    op.create_index("ix_current_score", "current_assessment", ["score", "lead_id"])
    op.create_index("ix_current_seniority", "current_assessment", ["seniority_fit", "lead_id"])
    op.create_index("ix_current_size", "current_assessment", ["size_low", "lead_id"])
    op.create_index("ix_current_status", "current_assessment", ["status", "lead_id"])
    op.create_index("ix_current_title", "current_assessment", ["title_sort", "lead_id"])

"""Labelled sets, evaluations, optimizations."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def _text(name: str, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)


def _number(name: str, default: int = 0) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, server_default=str(default))


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "eval_set",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        _text("state", "draft"),
        _text("source", "upload"),
        _text("file_name"),
        sa.Column("content", sa.LargeBinary()),
        _text("settings", "{}"),
        _text("counts", "{}"),
        _text("hash"),
        _text("who"),
        _text("created_at"),
        _text("saved_at"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "eval_item",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("eval_set_id", sa.Integer(), nullable=False),
        _number("number"),
        sa.Column("source_id", sa.Text(), nullable=False),
        _text("company_key"),
        _text("company"),
        _text("title"),
        _text("size"),
        _text("domain"),
        _text("industry"),
        sa.Column("label", sa.Double()),
        sa.Column("lead_id", sa.Integer()),
        _text("person_keys"),
        sa.ForeignKeyConstraint(["eval_set_id"], ["eval_set.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], ondelete="CASCADE"),
        sa.UniqueConstraint("eval_set_id", "source_id", name="uq_eval_item_source"),
    )
    op.create_index("ix_eval_item_lead_id", "eval_item", ["lead_id"])
    op.create_table(
        "eval_run",
        sa.Column("run_id", sa.Integer(), primary_key=True),
        sa.Column("eval_set_id", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Integer()),
        _number("repeat", 1),
        _text("figures", "{}"),
        _text("companies", "{}"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["eval_set_id"], ["eval_set.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], ondelete="SET NULL"),
    )
    op.create_index("ix_eval_run_set", "eval_run", ["eval_set_id", "variant_id"])
    op.create_index("ix_eval_run_variant_id", "eval_run", ["variant_id"])
    op.create_table(
        "eval_prediction",
        sa.Column("run_id", sa.Integer(), primary_key=True),
        sa.Column("item_id", sa.Integer(), primary_key=True),
        _text("status", "not_judged"),
        sa.Column("qualified", sa.Integer()),
        sa.Column("score", sa.Double()),
        sa.Column("rank", sa.Integer()),
        sa.Column("confidence", sa.Double()),
        _text("reasoning"),
        _text("flags", "[]"),
        _number("needs_review"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["item_id"], ["eval_item.id"], ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_eval_prediction_item", "eval_prediction", ["item_id", "run_id"])
    op.create_table(
        "optimization",
        sa.Column("run_id", sa.Integer(), primary_key=True),
        sa.Column("eval_set_id", sa.Integer()),
        sa.Column("persona_version_id", sa.Integer()),
        sa.Column("template_version_id", sa.Integer()),
        _text("slot", "persona"),
        _text("settings", "{}"),
        _text("split", "{}"),
        _text("result", "{}"),
        _text("openings", "[]"),
        _text("decision"),
        _text("decided_by"),
        _text("decided_at"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["eval_set_id"], ["eval_set.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["persona_version_id"], ["persona_version.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["template_version_id"], ["template_version.id"], ondelete="SET NULL"),
    )
    op.create_index("ix_optimization_eval_set_id", "optimization", ["eval_set_id"])
    op.create_table(
        "candidate",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("run_id", sa.Integer(), nullable=False),
        _number("search"),
        _number("number"),
        sa.Column("parent", sa.Integer()),
        _number("generation"),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        _text("critique"),
        _text("edit"),
        _text("state", "proposed"),
        _text("reason"),
        _number("in_beam"),
        _text("created_at"),
        sa.ForeignKeyConstraint(["run_id"], ["optimization.run_id"], ondelete="CASCADE"),
        sa.UniqueConstraint("run_id", "search", "number", name="uq_candidate_number"),
    )
    op.create_table(
        "candidate_score",
        sa.Column("run_id", sa.Integer(), primary_key=True),
        sa.Column("hash", sa.Text(), primary_key=True),
        sa.Column("company", sa.Text(), primary_key=True),
        _text("figures", "{}"),
        sa.ForeignKeyConstraint(["run_id"], ["optimization.run_id"], ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
